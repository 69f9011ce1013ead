import Backbones
import Numerics
import Foundation
import NeuralNetwork
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `train --pretrained` with other programs' checkpoints, and what `inspect` calls our own.
@Suite struct PretrainedTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func state(_ architecture: Architecture, classes: Int = 4) throws -> [NamedTensor] {
        let network = try architecture.backbone(classes: classes).network(
            imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
        try network.initialize(seed: 3)
        return try network.state()
    }

    /// A training from a `.pth` begins where the file ends; its classifier, of other classes, is left out.
    @Test func trainingBeginsWithPyTorchsWeights() throws {
        let data = folder.path("Shapes"), weights = folder.path("model.pth")
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "30", "--size", "32")
        let tensors = try state(.densenet121)
        try TorchStreamFixture.write(tensors, to: weights)
        let options = [
            "train", data, "--labels", "soft", "--image-size", "32", "--epochs", "1", "--batch-size", "18",
            "--threads", "1", "--pretrained", weights, "--lr", "1e-12", "--weight-decay", "0",
        ]
        var run = CommandRun(arguments: options + ["--out", folder.path("run")])
        #expect(run.status == .done, "\(run.errors)")
        let url = URL(fileURLWithPath: folder.path("run/split-1/soft/checkpoint.safetensors"))
        let trained = try Checkpoint.read(url)
        #expect(trained.classes.count == 6)
        let values = Dictionary(uniqueKeysWithValues: trained.tensors.map { ($0.name, $0.values) })
        for tensor in tensors where !tensor.name.contains("running") && !tensor.name.hasPrefix("classifier") {
            let found = try #require(values[tensor.name])
            #expect(zip(found, tensor.values).allSatisfy { abs($0 - $1) < 1e-6 }, "\(tensor.name)")
        }
        run = CommandRun(arguments: options + ["--out", folder.path("other"), "--backbone", "resnet50v2"])
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.hasSuffix(
                "Error: \(weights): holds DenseNet-121 (torchvision, timm); expected weights of resnet50v2 (--backbone "
                    + "chooses the network)\n"), "\(run.errors)")
    }

    @Test(arguments: [
        (Architecture.resnet50v2, "ResNet-50 V2 (Penumbra, Keras' order)"),
        (.resnetv2_50, "ResNet-50 V2 (Penumbra, timm's order)"),
    ])
    func inspectTellsOurNamesFromKeras(architecture: Architecture, title: String) throws {
        let path = folder.path("own.safetensors")
        try Checkpoint(
            architecture: architecture.rawValue, classes: ["a", "b", "c", "d"], imageSize: 32, labels: "soft",
            tensors: state(architecture)
        ).write(to: URL(fileURLWithPath: path))
        let run = CommandRun("inspect", path, "--summary")
        #expect(run.status == .done)
        let lines = run.output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        func fact(_ name: String) -> String? {
            lines.first { $0[0] == name }.map { $0[1].trimmingCharacters(in: .whitespaces) }
        }
        #expect(fact("network") == title)
        #expect(fact("features") == "2048, global average pool after post_bn")
        #expect(fact("classifier") == "4 classes")
    }

    /// Options of a checkpoint would change nothing where none is given.
    @Test(arguments: [
        ["train", "data", "--out", "run", "--labels", "soft"], ["reproduce", "--out", "run", "--preset", "quick"],
    ]) func optionsOfWeightsNeedThem(command: [String]) {
        for (option, words) in [("--part", ["--part", "base."]), ("--allow-missing", ["--allow-missing"])] {
            let run = CommandRun(arguments: command + words)
            #expect(run.status == .wrongInput)
            #expect(run.errors.contains("\(option) requires --pretrained."))
        }
    }
}
