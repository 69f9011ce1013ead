import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// A command never overwrites a file that it reads, whatever name the file goes by.
@Suite struct InputIsOutputTests {
    private let folder: TemporaryFolder
    private let features: String

    init() throws {
        folder = try TemporaryFolder()
        features = try folder.file("f.csv", ProjectTests.csv(ProjectTests.features()))
    }

    private func project(_ out: String, _ more: String...) -> CommandRun {
        CommandRun(arguments: ["project", features, "--out", out, "--max-iter", "10", "--perplexity", "3"] + more)
    }

    private func expectRefused(_ run: CommandRun, _ path: String, _ text: String) throws {
        #expect(run.status == .wrongInput)
        #expect(
            run.errors == "Error: \(path): an input that is also an output; choose another name for the output\n")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func aProjectionNeverOverwritesWhatItReads() throws {
        let start = folder.path("m.csv")
        #expect(project(start).status == .done)
        let text = try folder.text("m.csv")
        try expectRefused(project(start, "--init", start), start, text)
        try expectRefused(project(start, "--ids", start), start, text)
        try expectRefused(project(features), features, try folder.text("f.csv"))
    }

    @Test func linksAreSeenThrough() throws {
        let start = folder.path("m.csv")
        #expect(project(start).status == .done)
        let text = try folder.text("m.csv")
        let (hard, soft) = (folder.path("hard.csv"), folder.path("soft.csv"))
        try FileManager.default.linkItem(atPath: start, toPath: hard)
        try FileManager.default.createSymbolicLink(atPath: soft, withDestinationPath: "m.csv")
        for link in [hard, soft] {
            let run = project(link, "--init", start)
            #expect(run.status == .wrongInput)
            #expect(
                run.errors
                    == "Error: \(link): an output that is the same file as the input \(start); choose another name for "
                    + "the output\n")
        }
        #expect(try folder.text("m.csv") == text)
    }

    /// The report and the state are written beside the layout.
    @Test func filesBesideTheOutputCount() throws {
        let ids = try folder.file("m.json", "id\na\n")
        try expectRefused(project(folder.path("m.csv"), "--ids", ids), ids, "id\na\n")
    }

    @Test func aFigureNeverOverwritesItsLabels() throws {
        let layout = try folder.file("layout.csv", "id,x,y\na,0,0\nb,1,0\n")
        let labels = try folder.file("x.svg", "id,a,b\na,0,1\nb,1,0\n")
        try expectRefused(
            CommandRun("plot", layout, "--labels", labels, "--out", labels), labels, "id,a,b\na,0,1\nb,1,0\n")
        let figure = folder.path("y.svg")
        #expect(CommandRun("plot", layout, "--labels", labels, "--out", figure).status == .done)
    }

    /// The maps are named after the feature files.
    @Test func aComparisonNeverOverwritesItsFeaturesOrLabels() throws {
        let labels = try folder.file(
            "samples.csv", "id,a,b\n" + (0..<40).map { "s\($0),\($0 % 2),\(1 - $0 % 2)\n" }.joined())
        let other = try folder.file("g.csv", folder.text("f.csv"))
        let texts = try ["f.csv", "g.csv", "samples.csv"].map(folder.text)
        let run = CommandRun("compare", features, other, "--labels", labels, "--out", folder.path("."))
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("choose another name for the output"), "\(run.errors)")
        #expect(try ["f.csv", "g.csv", "samples.csv"].map(folder.text) == texts)
    }

    @Test func aTableNeverOverwritesItsPredictions() throws {
        let text = "id,true_a,true_b,predicted_a,predicted_b\nx,1,0,1,0\ny,0,1,0,1\n"
        let predictions = try folder.file("p.csv", text)
        try expectRefused(
            CommandRun("evaluate", predictions, "--table", predictions), predictions, text)
    }

    /// A training overwrites its own checkpoint after the first epoch.
    @Test func aTrainingNeverOverwritesTheWeightsItStartsFrom() throws {
        let data = try Self.shapes(in: folder)
        let run = folder.url.appendingPathComponent("run")
        let checkpoint = run.appendingPathComponent("split-1/soft/checkpoint.safetensors")
        try OutputFolder.create(checkpoint.deletingLastPathComponent())
        try Data("weights".utf8).write(to: checkpoint)
        let hard = folder.path("hard.safetensors")
        try FileManager.default.linkItem(atPath: checkpoint.path, toPath: hard)
        for weights in [checkpoint.path, hard] {
            let training = CommandRun(
                "train", data, "--out", run.path, "--labels", "soft", "--image-size", "32", "--pretrained", weights)
            #expect(training.status == .wrongInput)
            #expect(training.errors.contains("choose another name for the output"), "\(training.errors)")
            #expect(try String(contentsOf: checkpoint, encoding: .utf8) == "weights")
        }
    }

    @Test func aReproductionNeitherWritesNorRemovesWhatItIsGiven() throws {
        let run = RunFolder(url: folder.url.appendingPathComponent("run"))
        let weights = run.member(Repetition(split: .slice(1)), kind: MemberKind(name: "soft")!).checkpoint
        try OutputFolder.create(weights.deletingLastPathComponent())
        try Data("weights".utf8).write(to: weights)
        try run.record(
            RunManifest.Stage(
                command: "", parameters: .null, inputs: [:], outputs: ["split-1/soft/checkpoint.safetensors"]),
            as: "split-1/soft/train")
        let sources = [weights]
        #expect(throws: InputError.inputIsOutput(input: weights.path, output: weights.path)) {
            try StageRunnerTests.runner(run).removeEverything(apartFrom: sources)
        }
        #expect(FileManager.default.fileExists(atPath: weights.path))
        // The outputs of later stages count too; inputs that an earlier stage makes do not.
        func stage(_ name: String, sources: [URL], outputs: [URL]) -> Stage {
            Stage(
                name: name, title: name, command: "", parameters: .null, isCostly: false, sources: sources,
                inputs: { [:] }, outputs: outputs
            ) { _ in }
        }
        let first = stage("first", sources: [weights], outputs: [run.evaluation])
        let second = stage("second", sources: [run.evaluation], outputs: [weights])
        try StageRunnerTests.runner(run).checkSources([first])
        #expect(throws: InputError.inputIsOutput(input: weights.path, output: weights.path)) {
            try StageRunnerTests.runner(run).checkSources([first, second])
        }
        try StageRunnerTests.runner(run).checkSources([stage("first", sources: [], outputs: [run.evaluation]), second])
    }

    /// The projector's table names are fixed, and the input may happen to have one.
    @Test func theProjectorNeverOverwritesWhatIsProjected() throws {
        let text = try folder.text("f.csv").replacing(",", with: "\t")
        let tensors = try folder.file("tensors.tsv", text)
        let run = CommandRun(
            "project", tensors, "--out", folder.path("m.csv"), "--max-iter", "10", "--perplexity", "3", "--projector",
            folder.path("."))
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("choose another name for the output"), "\(run.errors)")
        #expect(try folder.text("tensors.tsv") == text)
    }

    /// A picture found in the projector's folder on the first run belongs to the user.
    @Test func theProjectorRemovesNoPictureThatIsNotItsOwn() throws {
        let picture = try folder.file("sprite.png", "mine")
        #expect(project(folder.path("m.csv"), "--projector", folder.path(".")).status == .done)
        #expect(try folder.text("sprite.png") == "mine")
        // On the second run it counts as the projector's own.
        #expect(project(folder.path("m.csv"), "--projector", folder.path(".")).status == .done)
        #expect(!FileManager.default.fileExists(atPath: picture))
    }

    /// Makes a small data set and returns its folder.
    static func shapes(in folder: TemporaryFolder) throws -> String {
        #expect(
            CommandRun("generate", "shapes", "--out", folder.path("."), "--count", "60", "--size", "32").status == .done
        )
        return folder.path("Shapes")
    }
}
