import Backbones
import Numerics
import Foundation
import NeuralNetwork
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `train --pretrained` with other programs' checkpoints, and what `inspect` says of our own.
@Suite struct PretrainedTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func state(_ architecture: Architecture, classes: Int = 4) throws -> [NamedTensor] {
        let network = try architecture.backbone(classes: classes).network(
            imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
        try network.initialize(seed: 3)
        return try network.state()
    }

    /// Training starts from the weights in a `.pth`; its classifier has other classes and is left out.
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

    /// Training keeps its own pixel scaling, so it must report weights made with another one.
    @Test func otherPixelValuesAreSaid() {
        #expect(
            TrainingWork.lines(CheckpointMatch(), WeightNaming(.pytorchCIFAR, .resnet20_cifar)) == [
                "pre-trained weights: ResNet-20 with a CIFAR stem (pytorch-cifar), 0 tensors matched",
                "  this training scales pixel values by mean 0.4914, 0.4822, 0.4465 and std 0.247, 0.2435, 0.2616; the "
                    + "weights were made with mean 0.4914, 0.4822, 0.4465 and std 0.2023, 0.1994, 0.201",
            ])
        let lines = TrainingWork.lines(CheckpointMatch(), WeightNaming(.wideResNet, .wrn_28_2))
        #expect(lines.count == 2 && lines[1].hasPrefix("  ReLU is assumed, "))
        #expect(TrainingWork.lines(CheckpointMatch(), WeightNaming(.torchvision, .resnet18)).count == 1)
    }

    /// Two-layer heads, unrecognised heads, and what the tensor names of WideResNets leave undetermined.
    @Test func inspectSaysWhatTheHeadIs() throws {
        let path = folder.path("model.pth")
        func dense(_ name: String, _ outputs: Int, _ inputs: Int) -> NamedTensor {
            NamedTensor(name: name, shape: [outputs, inputs], values: .init(repeating: 0, count: outputs * inputs))
        }
        func fact(_ name: String) throws -> String {
            let lines = CheckpointReport(try WeightFile(URL(fileURLWithPath: path))).lines(columns: 1000)
            let line = try #require(lines.first { $0.hasPrefix(name + " ") })
            return line.dropFirst(name.count).trimmingCharacters(in: .whitespaces)
        }
        let backbone = try state(.resnet20_cifar).filter { !$0.name.hasPrefix("fc.") }
        let head = [dense("fc.0.weight", 5, 64), dense("fc.3.weight", 3, 5)]
        try TorchStreamFixture.write(backbone + head, to: path)
        #expect(try fact("classifier") == "3 classes, two dense layers with ReLU between them (fc.0, fc.3)")
        try TorchStreamFixture.write(backbone + head + [dense("fc.6.weight", 2, 3)], to: path)
        #expect(
            try fact("classifier") == "none that fits; the file has fc.0.weight, fc.3.weight, fc.6.weight")
        let run = CommandRun("inspect", path, "--json")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let network = try #require(report["network"] as? [String: Any])
        #expect(network["other_head"] as? [String] == ["fc.0.weight", "fc.3.weight", "fc.6.weight"])
        try TorchStreamFixture.write(state(.wrn_28_2), to: path)
        #expect(
            try fact("note")
                == "ReLU is assumed, as in WideResNet-pytorch: networks of FixMatch's code have the same names and leaky "
                + "ReLU, so their features would be wrong")
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

    /// Without a checkpoint, its options would silently do nothing.
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
