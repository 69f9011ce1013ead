import FeatureSpaces
import Foundation
import LabelDistributions
import Numerics
import Testing
import TestSupport

@testable import PenumbraRuns

/// A comparison reuses saved measurements only if they belong to the same spaces and parameters.
@Suite struct MeasuringStateTests {
    private let folder: TemporaryFolder
    private let features: FeatureSpace
    private let map: FeatureSpace
    private let state: MeasuringState

    init() throws {
        folder = try TemporaryFolder()
        let count = 40
        let labels = (0..<count).map { index in
            let share = Double(index % 10) / 10
            return try! LabelDistribution([share, 1 - share])
        }
        let values = (0..<count * 3).map { Float(($0 * 37) % 101) / 10 }
        features = try FeatureSpace(features: values, dimension: 3, labels: labels)
        map = try FeatureSpace(features: Array(values[..<(2 * count)]), dimension: 2, labels: labels)
        state = MeasuringState(
            folder: URL(fileURLWithPath: folder.path(".")), parameters: Self.parameters(), threads: ThreadCount(1))
    }

    private static func parameters(neighbors: Int = 5) -> MeasureParameters {
        var parameters = MeasureParameters()
        (parameters.neighbors, parameters.bootstraps, parameters.permutations) = (neighbors, 20, 10)
        return parameters
    }

    @Test func whatIsKeptIsTheSame() throws {
        let first = try state.measured(features: features, map: map, name: "a")
        let again = try state.measured(features: features, map: map, name: "a")
        #expect(
            try text(again.findings) == text(first.findings) && again.features.labelMisfit == first.features.labelMisfit
        )
        let differences = try SpaceComparison(first.features, first.map).summary
        #expect(try SpaceComparison(again.features, again.map).summary == differences)
        let alone = try state.measured(features, name: "b")
        #expect(try text(state.measured(features, name: "b").findings) == text(alone.findings))
        state.remove(["a", "b"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(".")).isEmpty)
    }

    /// The file is edited to hold another pair count. Getting that count back proves that nothing was measured again.
    @Test func aFileOfTheSameSpacesIsTaken() throws {
        _ = try state.measured(features, name: "a")
        try replace(#""dimension" : 3"#, with: #""dimension" : 3, "pairs" : 77"#, dropping: #""pairs" : 780"#)
        #expect(try state.measured(features, name: "a").measures.pairs == 77)
    }

    @Test func aFileOfOthersIsNotTaken() throws {
        _ = try state.measured(features, name: "a")
        try replace(#""dimension" : 3"#, with: #""dimension" : 3, "pairs" : 77"#, dropping: #""pairs" : 780"#)
        let other = MeasuringState(
            folder: state.folder, parameters: Self.parameters(neighbors: 6), threads: ThreadCount(1))
        #expect(try other.measured(features, name: "a").measures.pairs == 780)
        #expect(try state.measured(map, name: "a").measures.dimension == 2)
    }

    /// Anyone can edit the file, so numbers that cannot belong to the space are rejected.
    @Test(arguments: [
        (#""neighbors" : 5"#, #""neighbors" : 4"#), (#""count" : 40"#, #""count" : 4000"#),
        (#""label_misfit" : ["#, #""label_misfit" : [1, "#), (#""neighbors" : ["#, #""neighbors" : [-1, "#), ("{", ""),
        ("40", "x"),
    ]) func aChangedFileIsNotTaken(found: String, put: String) throws {
        let plain = try text(state.measured(features, name: "a").findings)
        try replace(found, with: put)
        #expect(try text(state.measured(features, name: "a").findings) == plain)
    }

    /// Compares as text: replicates without a value are NaN, which equals nothing.
    private func text(_ findings: some Encodable) throws -> String { try JSONText.of(findings) }

    private func replace(_ text: String, with other: String, dropping: String? = nil) throws {
        var content = try folder.text("a.measures.json")
        let place = try #require(content.range(of: text))
        content.replaceSubrange(place, with: other)
        if let dropping {
            let line = try #require(content.split(separator: "\n").first { $0.contains(dropping) })
            content = content.replacing("\(line)\n", with: "")
        }
        _ = try folder.file("a.measures.json", content)
    }
}
