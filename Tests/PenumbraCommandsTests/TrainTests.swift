import Backbones
import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Commands that need a trained network; all tests share one short training.
@Suite struct TrainTests {
    /// A set of 60 images and a run of one epoch on its soft labels.
    private final class Trained: Sendable {
        let folder: TemporaryFolder
        let data: String
        let run: String
        let outcome: CommandRun

        init() throws {
            folder = try TemporaryFolder()
            data = folder.path("Shapes")
            run = folder.path("run")
            _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "60", "--size", "32")
            outcome = CommandRun(arguments: ["train", data, "--out", run] + TrainTests.quick)
        }

        var checkpoint: String { run + "/split-1/soft/checkpoint.safetensors" }

        /// Removed when the process exits, since nothing else releases it.
        static let shared: Result<Trained, any Error> = Result {
            atexit { if let trained = try? Trained.shared.get() { trained.folder.remove() } }
            return try Trained()
        }
    }

    private static let quick = [
        "--labels", "soft", "--backbone", "resnet20_cifar", "--image-size", "32", "--epochs", "1", "--batch-size", "12",
        "--threads", "1",
    ]

    @Test func trainingLeavesACheckpointAHistoryAndARecord() throws {
        let trained = try Trained.shared.get()
        #expect(trained.outcome.status == .done, "\(trained.outcome.errors)")
        #expect(trained.outcome.output == trained.checkpoint + "\n")
        // What was read is said first.
        #expect(
            trained.outcome.errors.contains(
                #/^Shapes \(dcic\): 6 classes \(bc, be, .*\); split 1: \d+ train, \d+ val, \d+ test; /#)
                && trained.outcome.errors.contains("; splits: from the folders fold1, "), "\(trained.outcome.errors)")
        let history = try trained.folder.text("run/split-1/soft/history.csv").split(separator: "\n")
        #expect(
            history[0]
                == "epoch,loss,learning_rate,validation_accuracy,validation_kl,validation_macro_f1,validation_ece,"
                + "validation_soft_cross_entropy,validation_jsd_similarity,validation_soft_accuracy,"
                + "validation_manhattan_distance,validation_entropy_correlation,validation_top1_accuracy,seconds")
        #expect(history.count == 2)
        let record = try #require(
            try RunFolder(url: URL(fileURLWithPath: trained.run)).readManifest().stages["split-1/soft/train"])
        #expect(record.data == "../Shapes")
        #expect(record.outputs == ["split-1/soft/checkpoint.safetensors", "split-1/soft/history.csv"])
        #expect(record.command.hasPrefix("penumbra train ../Shapes --out . --labels soft "))
    }

    @Test func theSameCommandAgainDoesNothingAndAnotherIsRefused() throws {
        let trained = try Trained.shared.get()
        let digest = try SHA256Digest.of(file: URL(fileURLWithPath: trained.checkpoint))
        var run = CommandRun(arguments: ["train", trained.data, "--out", trained.run] + Self.quick)
        #expect(run.status == .done)
        #expect(run.errors.hasSuffix("train soft: already done\n"))
        run = CommandRun(arguments: ["train", trained.data, "--out", trained.run, "--lr", "0.1"] + Self.quick)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.hasSuffix(
                "Error: \(trained.run)/split-1/soft: train soft was made with other settings: --lr is 0.02, not 0.1. Choose "
                    + "another folder, or use --fresh to start again\n"), "\(run.errors)")
        #expect(try SHA256Digest.of(file: URL(fileURLWithPath: trained.checkpoint)) == digest)
    }

    @Test func embeddingsComeAsAnArrayWithItsTableOrAsOneTable() throws {
        let trained = try Trained.shared.get()
        let folder = try TemporaryFolder()
        var run = CommandRun("embed", trained.checkpoint, trained.data, "--out", folder.path("embeddings.npy"))
        #expect(run.status == .done, "\(run.errors)")
        #expect(
            run.output
                == "12 samples of 64 features in \(folder.path("embeddings.npy")), \(folder.path("samples.csv"))\n")
        let array = try NPYFile.read(URL(fileURLWithPath: folder.path("embeddings.npy")))
        #expect(array.shape == [12, 64])
        let samples = try SampleTable.read(URL(fileURLWithPath: folder.path("samples.csv")))
        #expect(samples.classes == ["bc", "be", "gc", "ge", "rc", "re"])
        #expect(samples.appearances?.count == 12)

        // `--format` works with any file name, and the features do not depend on the number of threads.
        run = CommandRun(
            "embed", trained.checkpoint, trained.data, "--out", folder.path("table"), "--format", "csv", "--threads",
            "2")
        #expect(run.status == .done, "\(run.errors)")
        let table = try CSVTable.read(URL(fileURLWithPath: folder.path("table")))
        #expect(table.header.prefix(9) == ["id", "split", "bc", "be", "gc", "ge", "rc", "re", "f0"])
        #expect(table.header.count == 2 + 6 + 64)
        #expect(table.column(0) == samples.ids.ids)
        #expect(Set(table.column(1)) == ["test"])
        for row in 0..<12 { #expect(try table.float(row, 8 + 17) == array.values[row * 64 + 17]) }

        run = CommandRun(
            "embed", trained.checkpoint, trained.data, "--out", folder.path("all.npy"), "--subset", "all", "--split",
            "3", "--json")
        #expect(run.output.contains("\"samples\" : 60"))
        #expect(try folder.text("all-samples.csv").split(separator: "\n").count == 61)
    }

    @Test func evaluateMakesThePredictionsOfARun() throws {
        let trained = try Trained.shared.get()
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: trained.run, toPath: copy.path("run"))
        try FileManager.default.copyItem(atPath: trained.data, toPath: copy.path("Shapes"))
        var run = CommandRun("evaluate", copy.path("run"))
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output.contains("run/split-1/soft"))
        let predictions = try copy.text("run/split-1/soft/predictions.csv")
        #expect(predictions.split(separator: "\n").count == 13)
        #expect(try Set(copy.names) == ["Shapes", "run"])
        // Stored predictions make images and network unnecessary.
        let lines = run.output
        try FileManager.default.removeItem(atPath: copy.path("run/split-1/soft/samples.csv"))
        run = CommandRun("evaluate", copy.path("run"))
        #expect(run.output == lines)
        run = CommandRun("evaluate", copy.path("run"), "--data", copy.path("none"))
        #expect(run.status == .wrongInput)
    }

    @Test func aCheckpointOfOtherClassesIsRefused() throws {
        let trained = try Trained.shared.get()
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: trained.run, toPath: copy.path("run"))
        try FileManager.default.copyItem(atPath: trained.data, toPath: copy.path("Shapes"))
        let document = try copy.text("Shapes/Shapes.json").replacing("\"re\"", with: "\"other\"")
        _ = try copy.file("Shapes/Shapes.json", document)
        let run = CommandRun("evaluate", copy.path("run"), "--data", copy.path("Shapes"))
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(copy.path("run/split-1/soft/checkpoint.safetensors")): its classes are bc, be, "
                + "gc, ge, rc, re; expected those of the labels: bc, be, gc, ge, rc, other\n")
        #expect(!FileManager.default.fileExists(atPath: copy.path("run/split-1/soft/predictions.csv")))
    }

    @Test func damagedCheckpointsAreRefused() throws {
        let trained = try Trained.shared.get()
        let folder = try TemporaryFolder()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: trained.checkpoint))
        let cut = URL(fileURLWithPath: folder.path("cut.safetensors"))
        try bytes.prefix(bytes.count / 2).write(to: cut)
        var file = try SafetensorsFile.read(URL(fileURLWithPath: trained.checkpoint))
        file.metadata["penumbra.architecture"] = "vgg16"
        let other = URL(fileURLWithPath: folder.path("other.safetensors"))
        try file.write(to: other)
        for (url, message) in [
            (cut, "the header accounts for"),
            (
                other,
                "architecture is vgg16; expected one of "
                    + Architecture.allCases.map(\.rawValue).joined(separator: ", ")
            ),
            (URL(fileURLWithPath: folder.path("none")), "no such file"),
        ] {
            let run = CommandRun("embed", url.path, trained.data, "--out", folder.path("e.npy"))
            #expect(run.status == .wrongInput)
            #expect(run.errors.hasPrefix("Error: \(url.path): ") && run.errors.contains(message), "\(run.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path("e.npy")))
        }
    }

    @Test func damagedDataSetsAreRefused() throws {
        let trained = try Trained.shared.get()
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: trained.data, toPath: copy.path("Shapes"))
        func train() -> CommandRun {
            CommandRun(arguments: ["train", copy.path("Shapes"), "--out", copy.path("run")] + Self.quick)
        }
        let fold = copy.path("Shapes/fold1")
        let image = fold + "/" + (try FileManager.default.contentsOfDirectory(atPath: fold).sorted()[0])
        let whole = try Data(contentsOf: URL(fileURLWithPath: image))
        try whole.prefix(60).write(to: URL(fileURLWithPath: image))
        var run = train()
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("\nError: \(image): "), "\(run.errors)")
        try FileManager.default.removeItem(atPath: image)
        run = train()
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("does not exist"), "\(run.errors)")
        try whole.write(to: URL(fileURLWithPath: image))
        let document = try copy.text("Shapes/Shapes.json")
        let label = try #require(document.firstMatch(of: #/"soft_gt"\s*:\s*\[\s*[0-9.e-]+/#))
        _ = try copy.file("Shapes/Shapes.json", document.replacingCharacters(in: label.range, with: "\"soft_gt\":[7"))
        run = train()
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("; expected 1 (within 1e-06)"), "\(run.errors)")
        try FileManager.default.removeItem(atPath: copy.path("Shapes"))
        run = train()
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(copy.path("Shapes")): there is no such folder\n")
        try FileManager.default.createDirectory(atPath: copy.path("Shapes"), withIntermediateDirectories: true)
        run = train()
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: \(copy.path("Shapes")): no data set found"), "\(run.errors)")
    }

    @Test(arguments: [
        (["--image-size", "16"], "The value '16' is invalid for '--image-size <image-size>': expected 32 to 4096."),
        (["--epochs", "0"], "The value '0' is invalid for '--epochs <epochs>': expected 1 to 1000000."),
        (["--batch-size", "0"], "The value '0' is invalid for '--batch-size <batch-size>': expected 1 to 65536."),
        (["--lr", "0"], "The value '0' is invalid for '--lr <lr>': expected a number above 0."),
        (["--upsample", "0"], "The value '0' is invalid for '--upsample <upsample>': expected 1 to 64."),
        (
            ["--upsample", "65", "--image-size", "64"],
            "The value '65' is invalid for '--upsample <upsample>': expected 1 to 64."
        ),
        (["--split", "6"], "The value '6' is invalid for '--split <split>': expected 1 to 5 or all."),
        (
            ["--dropout", "1"],
            "The value '1' is invalid for '--dropout <dropout>': expected a number of at least 0 and below 1."
        ),
    ])
    func wrongParameters(options: [String], message: String) throws {
        let folder = try TemporaryFolder()
        let run = CommandRun(
            arguments: ["train", folder.url.path, "--out", folder.path("run"), "--labels", "hard"] + options)
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: \(message)\n"), "\(run.errors)")
    }

    @Test func aLastBatchOfOneWorks() throws {
        let trained = try Trained.shared.get()
        let folder = try TemporaryFolder()
        // 36 of the 60 images are for training.
        let run = CommandRun(
            arguments: ["train", trained.data, "--out", folder.path("run")] + Self.quick + ["--batch-size", "35"])
        #expect(run.status == .done, "\(run.errors)")
    }

    @Test func aLossThatIsNoNumberIsAFailure() throws {
        let trained = try Trained.shared.get()
        let folder = try TemporaryFolder()
        let run = CommandRun(
            arguments: ["train", trained.data, "--out", folder.path("run"), "--lr", "1e30"] + Self.quick)
        #expect(run.status == .failed)
        #expect(run.errors.contains("Try a smaller learning rate"), "\(run.errors)")
    }
}
