import Backbones
import Foundation
import NeuralNetwork
import Numerics
import TensorFiles
import TestSupport
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `figure`: from checkpoints or feature files to a figure.
@Suite struct FigureCommandTests {
    private static let map = ["--perplexity", "3", "--max-iter", "60", "--threads", "1"]

    /// A shapes set with 10 test images, and two checkpoints of a small network with different weights.
    private struct Trained {
        let folder: TemporaryFolder
        let data: String
        let checkpoints: [String]

        init() throws {
            let folder = try TemporaryFolder()
            (self.folder, data) = (folder, folder.path("Shapes"))
            _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "50", "--size", "32")
            let network = try Architecture.wrn_28_2.backbone(classes: 6).network(
                imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
            checkpoints = try ["a", "b"].enumerated().map { seed, name in
                try network.initialize(seed: UInt64(seed))
                let path = folder.path("\(name).pth")
                try TorchStreamFixture.write(network.state(), to: path)
                return path
            }
        }

        func figure(_ options: String...) -> CommandRun {
            CommandRun(
                arguments: ["figure"] + checkpoints + ["--data", data, "--out", folder.path("figure.svg")]
                    + FigureCommandTests.map + options)
        }

        func inode(_ name: String) throws -> UInt64? {
            try FileManager.default.attributesOfItem(atPath: folder.path(name))[.systemFileNumber] as? UInt64
        }
    }

    @Test func checkpointsBecomePanelsAndNothingIsMadeTwice() throws {
        let files = try Trained()
        var run = files.figure()
        #expect(run.status == .done, "\(run.errors)")
        #expect(
            run.output
                == "\(files.folder.path("figure.svg"))\n\(files.folder.path("figure-files")) (features and maps)\n")
        let picture = try files.folder.text("figure.svg")
        #expect(picture.contains(">a<") && picture.contains(">b<") && picture.contains("ACC"))
        let made = ["a/embeddings.npy", "a/map.csv", "b/map.csv"].map { "figure-files/\($0)" }
        let inodes = try made.map(files.inode)

        // Another theme only redraws the figure.
        run = files.figure("--theme", "dark")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("embed a: already done") && run.errors.contains("project b: already done"))
        #expect(try made.map(files.inode) == inodes)
        #expect(try files.folder.text("figure.svg") != picture)
        #expect(files.figure().status == .done)
        #expect(try files.folder.text("figure.svg") == picture)

        // A removed file is made again, here the predictions, without redoing the map.
        try FileManager.default.removeItem(atPath: files.folder.path("figure-files/a/predictions.csv"))
        #expect(files.figure().status == .done)
        #expect(try files.folder.text("figure.svg") == picture)
        #expect(try files.inode(made[2]) == inodes[2])

        // Another perplexity recomputes the maps; another layer recomputes everything.
        let features = try files.inode(made[0])
        #expect(files.figure("--perplexity", "2.5").status == .done)
        #expect(
            try files.inode(made[0]) == features && files.inode(made[1]) != inodes[1]
                && files.inode(made[2]) != inodes[2])
        #expect(files.figure("--layer", "block1").status == .done)
        #expect(try files.inode(made[0]) != features)
    }

    /// The single command gives the same features and map as `embed` and `project` run one by one.
    @Test func oneCheckpointGivesTheMapOfTheThreeCommands() throws {
        let files = try Trained()
        let (checkpoint, folder) = (files.checkpoints[0], files.folder)
        let run = CommandRun(
            arguments: ["figure", checkpoint, "--data", files.data, "--out", folder.path("f.png"), "--dpi", "40"]
                + Self.map)
        #expect(run.status == .done, "\(run.errors)")
        let features = folder.path("x.npy")
        #expect(
            CommandRun("embed", checkpoint, files.data, "--out", features, "--threads", "1").status == .done)
        #expect(CommandRun(arguments: ["project", features, "--out", folder.path("x.csv")] + Self.map).status == .done)
        #expect(try folder.text("f-files/a/map.csv") == folder.text("x.csv"))
        #expect(try Data(contentsOf: folder.file("f-files/a/embeddings.npy")) == Data(contentsOf: folder.file("x.npy")))
        // The record lists the equivalent single commands.
        let record = try folder.text("f-files/run.json")
        #expect(record.contains("penumbra embed ../a.pth ../Shapes --out a/embeddings.npy --subset test --split 1"))
    }

    /// Reordered rows are joined by id: the maps share a start, and the figure uses the first one's order.
    @Test func featuresInAnotherOrderAreJoined() throws {
        let files = try CompareFiles()
        let folder = files.folder
        let lines = try folder.text("soft.csv").split(separator: "\n")
        _ = try folder.file("turned.csv", ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n") + "\n")
        func figure(_ second: String, _ out: String) -> CommandRun {
            CommandRun(
                arguments: [
                    "figure", folder.path("hard.csv"), folder.path(second), "--labels", folder.path("samples.csv"),
                    "--out", folder.path(out), "--names", "hard", "other", "--json",
                ] + Self.map)
        }
        let run = figure("turned.csv", "t.svg")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output.contains("\"points\" : 60"))
        #expect(figure("soft.csv", "s.svg").status == .done)
        func start(_ name: String) throws -> [String] {
            try folder.text("\(name)-files/other/start.csv").split(separator: "\n").map(String.init).sorted()
        }
        #expect(try start("t") == start("s"))
        #expect(try folder.text("t-files/hard/map.csv") == folder.text("s-files/hard/map.csv"))
    }

    /// Changing only the ids beside the same features must not reuse the old ids, not even in the shared start.
    @Test func otherIDsBesideTheFeaturesAreTaken() throws {
        let folder = try TemporaryFolder()
        for (name, factor) in [("a", 7), ("b", 11)] {
            let values = (0..<20).map { Float($0 * factor % 13) + Float($0) / 9 }
            try NPYFile.write(NumericArray(shape: [10, 2], values: values), to: folder.file("\(name).npy"))
        }
        for prefix in ["s", "t"] {
            for name in ["a", "b"] {
                let rows = (0..<10).map { "\(prefix)\($0),\($0 % 2)" }.joined(separator: "\n")
                _ = try folder.file("\(name)-samples.csv", "id,class\n\(rows)\n")
            }
            let run = CommandRun(
                arguments: ["figure", folder.path("a.npy"), folder.path("b.npy"), "--out", folder.path("f.svg")]
                    + Self.map)
            #expect(run.status == .done, "\(run.errors)")
            #expect(try folder.text("f-files/b/map.csv").contains("\(prefix)9,"))
        }
    }

    @Test func whatCannotBeDrawnSaysWhy() throws {
        let files = try CompareFiles()
        let folder = files.folder
        let (features, out) = (folder.path("soft.csv"), folder.path("f.svg"))
        _ = try folder.file("model.pth", "x")
        _ = try folder.file("few.csv", "id,f0,f1\ns0,1,2\ns1,2,3\ns2,3,5\n")
        func error(_ arguments: String...) -> String {
            let run = CommandRun(arguments: ["figure"] + arguments + Self.map)
            #expect(run.status == .wrongInput)
            return run.errors
        }
        #expect(error(folder.path("model.pth"), "--out", out).contains("name one with --data"))
        #expect(error(folder.url.path, "--out", out).contains("for a run, use penumbra compare"))
        #expect(error(features, "--data", folder.url.path, "--out", out).contains("there is no checkpoint"))
        #expect(error(features, "--labels", out, "--out", out).contains(out))
        #expect(error(features, "--out", out, "--names", "a", "b").contains("--names has 2 values; expected 1"))
        #expect(error(features, folder.path("few.csv"), "--out", out).contains("'s3'"))
        #expect(error(features, "--out", folder.path("f.gif")).contains(".gif"))
        #expect(
            error(features, "--out", out, "--layer", "block1", "--upsample", "2").contains(
                "not a checkpoint, which --layer, --upsample require"))
        #expect(error(features, "--out", out, "--theta", "7").contains("the Barnes-Hut angle is 7.0"))
        #expect(!FileManager.default.fileExists(atPath: out))
    }

    /// Predictions are measured on test images only, so other subsets show no measures.
    @Test func allImagesHaveNoMeasures() throws {
        let files = try Trained()
        let run = files.figure("--subset", "all")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("ACC and KL are measured on test images only"))
        #expect(try !files.folder.text("figure.svg").contains("ACC"))
        #expect(try files.folder.text("figure.svg").contains("N = 50 images"))
    }

    /// Features without labels are drawn in one colour, with a note.
    @Test func noLabelsAreSaid() throws {
        let files = try CompareFiles()
        let run = CommandRun(
            arguments: ["figure", files.folder.path("soft.csv"), "--out", files.folder.path("f.svg")] + Self.map)
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("found no labels, so all points have the same colour"))
    }
}
