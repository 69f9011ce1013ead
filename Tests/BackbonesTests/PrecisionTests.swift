import Numerics
import Foundation
import NeuralNetwork
import TensorFiles
import Testing

@testable import Backbones

/// Features in bf16, and the precision recorded in checkpoints.
@Suite struct PrecisionTests {
    static let isSupported = (try? Precision.bf16.check()) != nil

    @Test(
        .enabled(if: isSupported),
        arguments: [
            Architecture.densenet121, .resnet18, .resnet18_cifar, .preactresnet18, .wrn_16_8, .resnet50v2, .resnetv2_50,
        ])
    func featuresAreNear(_ architecture: Architecture) throws {
        let backbone = architecture.backbone(classes: 6), count = 20, size = 3 * 32 * 32
        let images = SeededTensors.images(0, count * size)
        var features: [[Float]] = [], state: [NamedTensor] = []
        for precision in [Precision.float32, .bf16] {
            if state.isEmpty {
                let network = try backbone.network(imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
                state = try network.state().map {
                    SeededTensors.parameter($0.name, $0.shape, normBiasOffset: 0.5)
                }
            }
            let extractor = try FeatureExtractor(
                backbone, imageSize: 32, threads: ThreadCount(2), precision: precision)
            try extractor.load(state)
            let extraction = try extractor.extract(count: count) {
                Array(images[$0.lowerBound * size..<$0.upperBound * size])
            }
            features.append(try #require(extraction).features.values)
        }
        let gap = zip(features[0], features[1]).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
        let norm = features[0].reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(gap > 0 && (gap / norm).squareRoot() < 0.02)
    }

    @Test func aCheckpointSaysItsPrecision() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: url) }
        let checkpoint = Checkpoint(
            architecture: "densenet121", classes: ["a"], imageSize: 32, labels: "soft", precision: .bf16,
            tensors: [NamedTensor(name: "x", shape: [1], values: [1])])
        try checkpoint.write(to: url)
        #expect(try Checkpoint.read(url) == checkpoint)
        var file = try SafetensorsFile.read(url)
        file.metadata["penumbra.precision"] = nil
        try file.write(to: url)
        #expect(try Checkpoint.read(url).precision == .float32)
        file.metadata["penumbra.precision"] = "float8"
        try file.write(to: url)
        #expect(
            throws: CheckpointError.badMetadata(
                path: url.path, key: "penumbra.precision", found: "float8", expected: "float32 or bf16")
        ) { try Checkpoint.read(url) }
    }
}
