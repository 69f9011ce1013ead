import Backbones
import Numerics
import Foundation
import LabelDistributions
import NeuralNetwork
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Checkpoints from other programs in `embed`, `evaluate` and `inspect`.
@Suite struct ForeignCheckpointTests {
    let folder: TemporaryFolder
    let data: String

    init() throws {
        folder = try TemporaryFolder()
        data = folder.path("Shapes")
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "40", "--size", "32")
    }

    private func network(classes: Int = 6) throws -> [NamedTensor] {
        let network = try Architecture.densenet121.backbone(classes: classes).network(
            imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
        try network.initialize(seed: 3)
        return try network.state()
    }

    private func stream(_ name: String, _ tensors: [NamedTensor]) throws -> String {
        try TorchStreamFixture.write(tensors, to: folder.path(name))
        return folder.path(name)
    }

    @Test func aFolderNamesTheCheckpointsInIt() throws {
        let training = folder.file("training")
        try FileManager.default.createDirectory(at: training, withIntermediateDirectories: true)
        func problem() -> String {
            CommandRun("embed", training.path, data, "--out", folder.path("e.npy")).errors
        }
        let expected =
            "Error: \(training.path): is a folder; expected a checkpoint (.safetensors, .pt, .pth, .h5, .keras)"
        #expect(problem() == expected + "\n")
        for name in ["checkpoint.safetensors", "last.PTH", "log.txt"] {
            try Data().write(to: training.appendingPathComponent(name))
        }
        #expect(problem() == expected + ", such as checkpoint.safetensors or last.PTH in it\n")
    }

    @Test func theSameWeightsGiveTheSameNumbersInAnyFormat() throws {
        let tensors = try network(), classes = ["bc", "be", "gc", "ge", "rc", "re"]
        let own = folder.path("own.safetensors")
        try Checkpoint(architecture: "densenet121", classes: classes, imageSize: 32, labels: "soft", tensors: tensors)
            .write(to: URL(fileURLWithPath: own))
        let foreign = try stream("model.pth.tar", tensors)
        func features(_ checkpoint: String, _ options: String...) throws -> NumericArray {
            let run = CommandRun(
                arguments: ["embed", checkpoint, data, "--out", folder.path("e.npy"), "--threads", "1"] + options)
            #expect(run.status == .done, "\(run.errors)")
            let isOwn = checkpoint == own
            #expect(run.errors.hasPrefix(isOwn ? "" : "\(checkpoint): 606 tensors matched\n"))
            #expect(run.errors.isEmpty == isOwn)
            return try NPYFile.read(URL(fileURLWithPath: folder.path("e.npy")))
        }
        let expected = try features(own)
        #expect(expected.shape == [8, 1024] && expected.values.contains { $0 > 0 })
        #expect(try features(foreign, "--image-size", "32") == expected)

        func measures(_ checkpoint: String) throws -> [Double?] {
            let run = CommandRun(
                "evaluate", checkpoint, "--data", data, "--image-size", "32", "--json", "--threads", "1")
            #expect(run.status == .done, "\(run.errors)")
            let table = try JSONDecoder.forTests.decode(EvaluationTable.self, from: Data(run.output.utf8))
            #expect(table.evaluations.map(\.images) == [8])
            let outputs = "outputs read as the classes, in order: 0 bc, 1 be, 2 gc, 3 ge, 4 rc, 5 re\n"
            #expect(run.errors.contains(outputs) == (checkpoint != own), "\(run.errors)")
            return PredictionMeasure.allCases.map { table.evaluations[0][$0] }
        }
        #expect(try measures(foreign) == measures(own))
        let run = CommandRun("evaluate", foreign)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(foreign): needs a data set with the true labels; name one with --data\n")
    }

    @Test func predictionsNeedAClassifierForTheseClasses() throws {
        let tensors = try network(classes: 4)
        var path = try stream("four.pt", tensors)
        var run = CommandRun("evaluate", path, "--data", data, "--image-size", "32", "--threads", "1", "--quiet")
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(path): its classes are 0, 1, 2, 3; expected those of the labels: bc, be, gc, ge, rc, re\n"
        )
        path = try stream("features.pt", tensors.filter { !$0.name.hasPrefix("classifier") })
        run = CommandRun("evaluate", path, "--data", data, "--image-size", "32", "--threads", "1", "--quiet")
        #expect(
            run.errors
                == "Error: \(path): the checkpoint has no classifier, so it makes no predictions; extract features "
                + "with 'penumbra embed'\n")
        run = CommandRun(
            "embed", path, data, "--image-size", "32", "--out", folder.path("l.csv"), "--threads", "1", "--logits")
        #expect(
            run.errors.hasSuffix(
                "Error: \(path): the checkpoint has no classifier, so it has no logits; omit --logits, or name another "
                    + "layer\n"), "\(run.errors)")
        run = CommandRun("embed", path, data, "--image-size", "32", "--out", folder.path("e.csv"), "--threads", "1")
        #expect(run.status == .done, "\(run.errors)")
    }

    /// Weights and their averages in separate dicts are two networks, of which one must be chosen.
    @Test func weightsAndTheirAverages() throws {
        func network(seed: UInt64) throws -> [NamedTensor] {
            let network = try Architecture.resnet20_cifar.backbone(classes: 6).network(
                imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
            try network.initialize(seed: seed)
            return try network.state()
        }
        func embed(_ path: String, _ options: String...) -> CommandRun {
            CommandRun(
                arguments: ["embed", path, data, "--out", folder.path("e.npy"), "--threads", "1"] + options)
        }
        func features() throws -> NumericArray { try NPYFile.read(URL(fileURLWithPath: folder.path("e.npy"))) }
        let (weights, averages) = (try network(seed: 3), try network(seed: 4))
        let path = folder.path("both.pth")
        try TorchStreamFixture.write(dicts: [("state_dict_ema", averages), ("state_dict", weights)], to: path)
        let run = embed(path)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors == """
                Error: \(path): holds 2 networks; choose one with --part PREFIX:
                  state_dict: ResNet-20 with a CIFAR stem (torchvision, timm)
                  state_dict_ema: ResNet-20 with a CIFAR stem (torchvision, timm)

                """)
        for (part, tensors) in [("state_dict", weights), ("state_dict_ema", averages)] {
            #expect(embed(path, "--part", part).status == .done)
            let found = try features()
            #expect(embed(try stream("one.pth", tensors)).status == .done)
            #expect(try features() == found)
        }
        // A dense layer in another dict is not the network's classifier.
        let isHead = { (tensor: NamedTensor) in tensor.name.hasPrefix("fc.") }
        let backbone = weights.filter { !isHead($0) }
        try TorchStreamFixture.write(dicts: [("model", backbone), ("net", weights.filter(isHead))], to: path)
        let file = try WeightFile(URL(fileURLWithPath: path))
        #expect(file.networks.map(\.part) == ["model"] && file.classCount == nil && file.otherHead == nil)
        #expect(embed(path).status == .done)
    }

    @Test func whatIsMissingIsListedUnlessAllowed() throws {
        let path = try stream("lacking.pt", try network().filter { $0.name != "features.norm5.bias" })
        let arguments = [
            "embed", path, data, "--image-size", "32", "--out", folder.path("e.npy"), "--threads", "1",
        ]
        var run = CommandRun(arguments: arguments)
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: \(path): 605 tensors matched, 1 missing; --allow-missing loads "))
        #expect(run.errors.hasSuffix("\n  missing features.norm5.bias [1024]\n"))
        run = CommandRun(arguments: arguments + ["--allow-missing"])
        #expect(run.status == .done)
        #expect(
            run.errors.hasPrefix("\(path): 605 tensors matched, 1 missing\n  missing features.norm5.bias [1024]\n"))
    }

    @Test func inspectNamesTheNetwork() throws {
        let path = try stream("model.pth", try network())
        var run = CommandRun("inspect", path, "--summary")
        #expect(run.status == .done)
        #expect(
            run.output == """
                file         \(path)
                format       PyTorch (legacy stream)
                found under  state_dict
                other data   epoch
                network      DenseNet-121 (torchvision, timm)
                features     1024, global average pool after features.norm5
                classifier   6 classes
                tensors      606
                parameters   6,960,006
                statistics   83,648

                """)
        run = CommandRun("inspect", path)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 606 + 1 + 10 + 1)
        #expect(lines[0].hasPrefix("features.conv0.weight ") && lines[0].hasSuffix("  64 × 3 × 7 × 7      float32"))
        run = CommandRun("inspect", path, "--json")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(report["format"] as? String == "pytorch-legacy" && report["parameters"] as? Int == 6_960_006)
        let network = try #require(report["network"] as? [String: Any])
        #expect(network["naming"] as? String == "torchvision-densenet121" && network["classes"] as? Int == 6)
        #expect((report["tensors"] as? [[String: Any]])?.count == 606)
    }

    /// safetensors of Hugging Face name a format of their own.
    @Test func metadataWithTheNameOfAFactSaySo() throws {
        let folder = try TemporaryFolder()
        var file = SafetensorsFile(metadata: ["format": "pt", "seed": "3"])
        file.append("w", NumericArray(shape: [2, 2], values: [1, 2, 3, 4]))
        try file.write(to: folder.file("w.safetensors"))
        let lines = CommandRun("inspect", folder.path("w.safetensors"), "--summary").output.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("format ") } == 1, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("metadata format  pt") } && lines.contains { $0.hasPrefix("seed ") })
    }

    /// Lines break between words. A name that leaves no room for its shape gets its own line.
    @Test func inspectFitsANarrowTerminal() throws {
        let path = try stream(
            "m.pt",
            [
                NamedTensor(name: "a\u{1B}[31m", shape: [2, 3], values: [Float](repeating: 0, count: 6)),
                NamedTensor(name: "a.name.that.is.longer.than.all", shape: [], values: [0]),
            ])
        let report = CheckpointReport(try WeightFile(URL(fileURLWithPath: path)))
        let lines = report.lines(columns: 30).filter { !$0.hasPrefix("file") }
        #expect(
            lines.prefix(8) + lines.suffix(2) == [
                "a\u{FFFD}[31m               2 × 3   float32".replacing("               ", with: "                "),
                "a.name.that.is.longer.than.all", "    scalar  float32", "", "format       PyTorch (legacy",
                "             stream)", "found under  state_dict", "other data   epoch", "tensors      2",
                "parameters   7",
            ])
        // The reason is wrapped too; only a word longer than the line may stick out.
        let reason = lines.dropFirst(8).dropLast(2)
        #expect(reason.first == "network      unknown: its")
        #expect(reason.allSatisfy { $0.count <= 30 || !$0.dropFirst(13).contains(" ") }, "\(reason)")
        #expect(reason.dropFirst().allSatisfy { $0.hasPrefix("             ") && $0.count > 13 })
        #expect(reason.map { $0.dropFirst(13) }.joined(separator: " ").hasSuffix("project' and 'penumbra compare'"))
    }

    @Test func otherFilesAreNoCheckpoints() throws {
        let text = try folder.file("notes.txt", "nothing")
        let run = CommandRun("inspect", text)
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: \(text): begins with the bytes 6e 6f 74 68 69 6e 67; expected "))
        // `evaluate` treats anything that is not a checkpoint as a table.
        #expect(CommandRun("evaluate", text).errors.contains("\(text)"))
    }
}
