import Foundation
import ImageDatasets
import RasterImages
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Training, evaluation and embedding on data sets outside DCIC's layout.
@Suite struct ForeignDatasetTests {
    private static let quick = [
        "--labels", "soft", "--backbone", "resnet20_cifar", "--image-size", "32", "--epochs", "1", "--batch-size", "12",
        "--threads", "1",
    ]

    /// Forty CIFAR-10 records with three votes each, and the same images as files with a table of their votes in two classes.
    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var records = Data()
        var votes: [Float] = []
        var table = "id,low,high,unknown\n"
        for index in 0..<40 {
            let label = index % 10
            records.append(UInt8(label))
            records.append(Data(repeating: UInt8(6 * index), count: 3072))
            votes += (0..<10).map { $0 == label ? 2 : $0 == (label + 1) % 10 ? 1 : 0 }
            let image = RGBImage(width: 32, height: 32, pixels: [UInt8](repeating: UInt8(6 * index), count: 3072))
            _ = try folder.file("images/\(index).png", "")
            try Data(PNGCodec.encode(image)).write(to: folder.url.appendingPathComponent("images/\(index).png"))
            table += "\(index),\(label < 5 ? 2 : 1),\(label < 5 ? 1 : 2),1\n"
        }
        _ = try folder.file("cifar/test_batch.bin", "")
        try records.write(to: folder.url.appendingPathComponent("cifar/test_batch.bin"))
        try NPYFile.write(
            NumericArray(shape: [40, 10], values: votes),
            to: folder.url.appendingPathComponent("cifar/cifar10h-counts.npy"))
        _ = try folder.file("votes.csv", table)
        return folder
    }

    @Test func aRunOnCIFARIsTrainedMeasuredAndEmbedded() throws {
        let folder = try Self.folder()
        let (data, run) = (folder.path("cifar"), folder.path("run"))
        let training = CommandRun(arguments: ["train", data, "--out", run] + Self.quick)
        #expect(training.status == .done, "\(training.errors)")
        let evaluation = CommandRun("evaluate", run, "--json", "--threads", "1")
        #expect(evaluation.status == .done, "\(evaluation.errors)")
        let table = try JSONDecoder.forTests.decode(EvaluationTable.self, from: Data(evaluation.output.utf8))
        #expect(table.evaluations[0].images == 8)
        let checkpoint = run + "/split-1/soft/checkpoint.safetensors"
        // In `embed`, `--format` means the output format.
        let embedding = CommandRun(
            "embed", checkpoint, data, "--out", folder.path("all.csv"), "--subset", "all", "--data-format", "cifar10h",
            "--threads", "1")
        #expect(embedding.status == .done, "\(embedding.errors)")
        #expect(try CSVTable.read(URL(fileURLWithPath: folder.path("all.csv"))).rowCount == 40)
    }

    /// The run records how the set was read, so that evaluation uses the same labels.
    @Test func aTableOutsideTheFolderIsRemembered() throws {
        let folder = try Self.folder()
        let (data, run) = (folder.path("images"), folder.path("run"))
        let training = CommandRun(
            arguments: ["train", data, "--votes", folder.path("votes.csv"), "--fold-seed", "4", "--out", run]
                + Self.quick)
        #expect(training.status == .done, "\(training.errors)")
        #expect(training.errors.contains("skipped: unknown (not a class)"))
        let record = try #require(
            try RunFolder(url: URL(fileURLWithPath: run)).readManifest().stages["split-1/soft/train"])
        #expect(record.reading?.votes?.path == "../votes.csv" && record.reading?.foldSeed == 4)
        #expect(record.command.contains("--votes ../votes.csv --fold-seed 4"))
        let evaluation = CommandRun("evaluate", run, "--threads", "1")
        #expect(evaluation.status == .done, "\(evaluation.errors)")
        let predictions = try folder.text("run/split-1/soft/predictions.csv")
        #expect(predictions.hasPrefix("id,split,true_low,true_high,predicted_low,predicted_high\n"))
    }

    @Test func aSplitThatTheSetDoesNotHaveIsWrongInput() throws {
        let folder = try Self.folder()
        for (subset, image) in [("train", 0), ("val", 1), ("test", 2)] {
            for name in ["a", "b"] {
                _ = try folder.file("set/\(subset)/\(name)/1.png", "")
                try FileManager.default.removeItem(atPath: folder.path("set/\(subset)/\(name)/1.png"))
                try FileManager.default.copyItem(
                    atPath: folder.path("images/\(image).png"), toPath: folder.path("set/\(subset)/\(name)/1.png"))
            }
        }
        let run = CommandRun(
            arguments: ["train", folder.path("set"), "--out", folder.path("run"), "--split", "2"] + Self.quick)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "\(folder.path("set")): test is read as test images, train is read as training images, val is read as "
                + "validation images\nError: \(folder.path("set")): the split is 2; expected 1: the data set itself says which images "
                + "are for training, validation and test\n")
        #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
    }
}
