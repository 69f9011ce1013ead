import Foundation
import ImageDatasets
import TestSupport
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Trainings with several seeds, and on every image.
@Suite struct SeedsTests {
    private static let quick = [
        "--backbone", "resnet20_cifar", "--image-size", "32", "--epochs", "1", "--batch-size", "12", "--labels", "hard",
    ]

    @Test(arguments: [
        ("split-1", Repetition(split: .slice(1))), ("split-all", Repetition(split: .all)),
        ("split-5-seed-12", Repetition(split: .slice(5), seed: 12)),
        ("split-all-seed-0", Repetition(split: .all, seed: 0)),
    ])
    func foldersOfRepetitions(name: String, repetition: Repetition) {
        #expect(Repetition(name: name) == repetition && repetition.name == name)
    }

    @Test(arguments: [
        "split-0", "split-6", "split-1-seed", "split-1-seed-", "split-1-seed-01", "split-1-split-2", "all",
    ])
    func otherFoldersAreNoRepetitions(name: String) {
        #expect(Repetition(name: name) == nil)
    }

    /// The order must not depend on that of a folder's entries: it decides which kind is the first.
    @Test func repetitionsHaveOneOrder() throws {
        let names = ["split-1", "split-1-seed-0", "split-1-seed-2", "split-1-seed-10", "split-2", "split-all"]
        let sorted = try names.map { try #require(Repetition(name: $0)) }
        #expect(Array(sorted.reversed()).sorted(by: Repetition.precedes) == sorted)
        #expect(sorted.sorted(by: Repetition.precedes) == sorted)
    }

    @Test func severalSeedsAreTrainedMeasuredAndAveraged() throws {
        let folder = try TemporaryFolder()
        let data = folder.path("Shapes"), out = folder.path("run")
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "30", "--size", "32")
        let trained = CommandRun(
            arguments: ["train", data, "--out", out, "--seeds", "2", "--seed", "5", "--label-smoothing", "0.1"]
                + Self.quick)
        #expect(trained.status == .done, "\(trained.errors)")
        let names = ["split-1-seed-5/hard-smoothing0.1", "split-1-seed-6/hard-smoothing0.1"]
        #expect(trained.output == names.map { "\(out)/\($0)/checkpoint.safetensors\n" }.joined())
        let run = RunFolder(url: URL(fileURLWithPath: out))
        #expect(run.members.map(\.name) == names)
        let record = try run.readManifest()
        #expect(record.stages["\(names[1])/train"]?.command.contains(" --seed 6") == true)
        let evaluated = CommandRun("evaluate", out, "--json")
        let table = try JSONDecoder.forTests.decode(EvaluationTable.self, from: Data(evaluated.output.utf8))
        #expect(table.evaluations.map(\.seed) == [5, 6] && table.means.map(\.seeds) == [[5, 6]])
        let checkpoints = try names.map {
            try Data(contentsOf: run.url.appending(path: "\($0)/checkpoint.safetensors"))
        }
        #expect(checkpoints[0] != checkpoints[1])
        // A second training with seed 5 would be counted twice.
        let again = CommandRun(
            arguments: ["train", data, "--out", out, "--seed", "5", "--label-smoothing", "0.1"] + Self.quick)
        #expect(
            again.status == .wrongInput && again.errors.contains("\(names[0]) is already trained"), "\(again.errors)")
        #expect(run.members.map(\.name) == names)
    }

    @Test func aTrainingOfEveryImageIsMeasuredOnOthers() throws {
        let folder = try TemporaryFolder()
        let data = folder.path("Shapes"), out = folder.path("run")
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "20", "--size", "32")
        let trained = CommandRun(arguments: ["train", data, "--out", out, "--split", "all"] + Self.quick)
        #expect(trained.status == .done, "\(trained.errors)")
        #expect(!trained.errors.contains("validation") && trained.output.contains("/split-all/hard/"))
        let refused = CommandRun("evaluate", out)
        #expect(refused.status.rawValue == 2 && refused.errors.contains("--data"), "\(refused.errors)")
        let same = CommandRun("evaluate", out, "--data", data)
        #expect(same.status == .done, "\(same.errors)")
        #expect(same.errors.contains("was trained on these images"))
        #expect(same.output.contains("split-all/hard"))
    }

    @Test(arguments: [
        (["--seeds", "1"], "--seeds is 1"), (["--seeds", "2", "--grid", "g.json"], "--seeds and --grid"),
        (["--seeds", "2", "--profile"], "--seeds and --profile"), (["--split", "6"], "expected 1 to 5 or all"),
        (["--split", "all", "--keep", "best"], "--keep is best"),
    ])
    func whatCannotBe(words: [String], problem: String) throws {
        let folder = try TemporaryFolder()
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "10", "--size", "32")
        let run = CommandRun(
            arguments: ["train", folder.path("Shapes"), "--out", folder.path("run")] + Self.quick + words)
        #expect(run.status.rawValue == 2 && run.errors.contains(problem), "\(run.errors)")
        #expect(try folder.names == ["Shapes"])
    }
}
