import Foundation
import TestSupport
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// A command that is refused or killed leaves a run whose numbers are still those of its checkpoints and data.
@Suite struct RunIntegrityTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for (name, seed) in [("a", "1"), ("b", "2")] {
            let made = CommandRun(
                "generate", "shapes", "--out", folder.path(name), "--count", "40", "--size", "32", "--seed", seed, "-q")
            #expect(made.status == .done, "\(made.errors)")
        }
    }

    private func train(_ data: String = "a", _ labels: String = "hard", _ options: String...) -> CommandRun {
        CommandRun(
            arguments: [
                "train", folder.path("\(data)/Shapes"), "--out", folder.path("run"), "--labels", labels, "--epochs",
                "1",
                "--image-size", "32", "--batch-size", "8", "--backbone", "resnet20_cifar", "--threads", "1", "-q",
            ] + options)
    }

    private func evaluate(_ options: String...) -> CommandRun {
        CommandRun(arguments: ["evaluate", folder.path("run")] + options)
    }

    private func record(_ stage: String) throws -> RunManifest.Stage? {
        try RunFolder(url: folder.file("run")).readManifest().stages["split-1/\(stage)"]
    }

    @Test func aRefusedTrainingOrEvaluationChangesNothing() throws {
        #expect(train().status == .done)
        let first = evaluate("--json")
        let records = try [record("hard/train"), record("hard/embed")]
        #expect(first.status == .done && records.allSatisfy { $0 != nil })
        // Of other images, alone in its run: the state of the training is of the first ones.
        let other = train("b")
        #expect(other.status == .wrongInput)
        #expect(other.errors.contains("other images, labels or folds (digest "), "\(other.errors)")
        // Of other classes.
        let images = folder.path("c")
        for name in ["x/1.png", "y/2.png"] {
            let copy = folder.file("c/\(name)")
            try FileManager.default.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            let image = try #require(
                FileManager.default.enumerator(at: folder.file("a/Shapes/fold1"), includingPropertiesForKeys: nil)?
                    .compactMap { $0 as? URL }.first { $0.pathExtension == "png" })
            try FileManager.default.copyItem(at: image, to: copy)
        }
        #expect(evaluate("--data", images).status == .wrongInput)
        #expect(try [record("hard/train"), record("hard/embed")] == records)
        #expect(evaluate("--json").output == first.output)
    }

    /// After kill -9 in the middle of an extraction, the files of the former checkpoint are there without a record.
    @Test func predictionsOfAFormerCheckpointAreMadeAgain() throws {
        #expect(train().status == .done)
        let former = evaluate("--json")
        #expect(train("a", "hard", "--fresh", "--seed", "7", "--lr", "0.2").status == .done)
        try RunFolder(url: folder.file("run")).record(nil, as: "split-1/hard/embed")
        let left = evaluate("--json")
        try FileManager.default.removeItem(at: folder.file("run/split-1/hard/predictions.csv"))
        let new = evaluate("--json")
        #expect(new.status == .done && left.output == new.output && left.output != former.output)
    }

    @Test func aRunHasOneDataSet() throws {
        #expect(train().status == .done)
        let other = train("b", "soft")
        #expect(other.status == .wrongInput)
        let folders = ["hard on \(folder.path("a/Shapes"))", "soft on \(folder.path("b/Shapes"))"]
        #expect(
            other.errors
                == "Error: \(folder.path("run")): found split-1/\(folders[0]) and split-1/\(folders[1]), whose "
                + "images, labels or folds differ; expected one data set in a run, because its trainings are compared; "
                + "choose another folder for this training\n")
        #expect(train("a", "soft").status == .done)
        #expect(evaluate().status == .done)
        // A run of before this was checked.
        var stage = try #require(try record("soft/train"))
        stage.inputs["dataset"] = "other"
        try RunFolder(url: folder.file("run")).record(stage, as: "split-1/soft/train")
        let mixed = evaluate()
        #expect(mixed.status == .wrongInput)
        #expect(mixed.errors.contains("name each training on its own"), "\(mixed.errors)")
        #expect(CommandRun("evaluate", folder.path("run/split-1/hard")).status == .done)
    }

    @Test func aChangedDataSetIsSaid() throws {
        #expect(train().status == .done)
        let before = evaluate()
        #expect(before.status == .done && !before.errors.contains("has changed"), "\(before.errors)")
        let image = try #require(
            FileManager.default.enumerator(at: folder.file("a/Shapes/fold1"), includingPropertiesForKeys: nil)?
                .compactMap { $0 as? URL }.first { $0.pathExtension == "png" })
        try (Data(contentsOf: image) + Data([0])).write(to: image)
        let after = evaluate()
        #expect(after.status == .done && after.output == before.output)
        #expect(
            after.errors.contains(
                "/a/Shapes has changed since split-1/hard was trained (images, labels or folds): what follows is of the "
                    + "images and labels of then (see --data)"), "\(after.errors)")
    }
}
