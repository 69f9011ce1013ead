import Foundation
import NeighborEmbedding
import Parameters
import Testing
import Training

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Checks each parameter table against reflection, so that a parameter missing from the table fails here.
@Suite struct ParameterTableTests {
    /// For each parameter, a `Root` in which only that parameter differs from its default.
    private static func variants<Root: ParameterSet>(of type: Root.Type) -> [(Parameter<Root>, Root)] {
        Root.parameters.map { parameter in
            let words = (parameter.words ?? []) + ["2", "3", "64", "0.25", "0.25,0.5", "3,5", "true", "false", "word"]
            for word in words {
                var changed = Root.defaults
                let isChanged = parameter.set(word, in: &changed) && changed != Root.defaults
                if isChanged && parameter.problem(in: changed) == nil { return (parameter, changed) }
            }
            Issue.record("\(parameter.name) cannot be changed")
            return (parameter, Root.defaults)
        }
    }

    private static func roundTrip<Root: ParameterSet>(_ type: Root.Type) throws {
        for (parameter, changed) in variants(of: type) {
            let record = try JSONValue(encoding: changed)
            #expect(try record.decoded(as: Root.self) == changed, "\(parameter.name)")
        }
    }

    /// The stored properties that no variant changes.
    private static func unchanged<Root: ParameterSet, Part>(
        in type: Root.Type, _ part: (Root) -> Part
    ) -> Set<String> {
        let original = Mirror(reflecting: part(.defaults)).children
        var unchanged = Set(original.compactMap(\.label))
        for (_, changed) in variants(of: type) {
            for (old, new) in zip(original, Mirror(reflecting: part(changed)).children)
            where "\(old.value)" != "\(new.value)" { unchanged.remove(old.label!) }
        }
        return unchanged
    }

    @Test func everyPropertyIsInItsTable() {
        #expect(
            Set(Mirror(reflecting: TrainingParameters.defaults).children.compactMap(\.label))
                == Set(TrainingParameters.parameters.map(\.name)))
        #expect(Self.unchanged(in: ProjectionParameters.self) { $0 }.isEmpty)
        // These two are set by properties beside `tsne`.
        #expect(
            Self.unchanged(in: ProjectionParameters.self, \.tsne) == ["initialization", "gradientMethod"])
        #expect(Self.unchanged(in: PlacementParameters.self) { $0 }.isEmpty)
        // Library-only parameters without command-line options.
        #expect(
            Self.unchanged(in: PlacementParameters.self, \.transform) == ["momentum", "maxGradientNorm", "repulsion"])
    }

    @Test func recordsGiveTheSameParameters() throws {
        try Self.roundTrip(TrainingParameters.self)
        try Self.roundTrip(ProjectionParameters.self)
        try Self.roundTrip(PlacementParameters.self)
    }

    @Test func theCommandOfARecordGivesTheSameTraining() throws {
        for (parameter, changed) in Self.variants(of: TrainingParameters.self) where parameter.form != .none {
            let words = ["train", "images", "--out", "run"] + changed.commandLine
            let command = try #require(try PenumbraCommand.parseAsRoot(words) as? TrainCommand)
            let source = DatasetSource(URL(fileURLWithPath: "images"), note: { _ in })
            #expect(try command.parameters(of: source) == changed, "\(parameter.name)")
        }
    }

    @Test func theCommandOfARecordGivesTheSameProjection() throws {
        for (parameter, changed) in Self.variants(of: ProjectionParameters.self) {
            let words = ["project", "features.npy", "--out", "map.csv"] + changed.commandLine
            let command = try #require(try PenumbraCommand.parseAsRoot(words) as? ProjectCommand)
            #expect(command.parameters == changed, "\(parameter.name)")
        }
    }

    @Test func theCommandOfAPlacementGivesTheSamePlacement() throws {
        for (parameter, changed) in Self.variants(of: PlacementParameters.self) {
            let words =
                ["place", "new.npy", "--into", "map.csv", "--reference", "f.npy", "--out", "new.csv"]
                + changed.commandLine
            let command = try #require(try PenumbraCommand.parseAsRoot(words) as? PlaceCommand)
            #expect(command.parameters == changed, "\(parameter.name)")
        }
    }
}
