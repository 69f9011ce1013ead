import Foundation
import Numerics
import TensorFiles
import Testing

@testable import Backbones

/// A backbone with reference results.
enum OracleCase: String, CaseIterable {
    case densenet121
    case resnet50v2
    case resnet50v2timm = "resnet50v2-timm"
    case resnet18_cifar, resnet50, preactresnet18, wrn_28_2

    func backbone(classes: Int) -> any Backbone {
        let architecture: Architecture =
            switch self {
            case .densenet121: .densenet121
            case .resnet50v2: .resnet50v2
            case .resnet50v2timm: .resnetv2_50
            case .resnet18_cifar: .resnet18_cifar
            case .resnet50: .resnet50
            case .preactresnet18: .preactresnet18
            case .wrn_28_2: .wrn_28_2
            }
        return architecture.backbone(classes: classes)
    }

    /// PyTorch's results (`Tools/reference/backbone_oracles.py`) and training steps.
    func read() throws -> (oracle: BackboneOracle, steps: SafetensorsFile) {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let data = try Data(contentsOf: folder.appending(path: "\(rawValue).json"))
        return (
            try JSONDecoder().decode(BackboneOracle.self, from: data),
            try SafetensorsFile.read(folder.appending(path: "\(rawValue)-steps.safetensors"))
        )
    }
}

struct BackboneOracle: Decodable {
    struct Evaluation: Decodable {
        let batch: Int
        let side: Int
        let logits: [[Double]]
        let features: [[Double]]
    }
    struct TrainingStep: Decodable {
        let batch: Int
        let side: Int
        let step: Int
        let tensors: String
        let loss: Double
    }
    struct Trajectory: Decodable {
        let batch: Int
        let side: Int
        let learningRate: Double
        let momentum: Double
        let weightDecay: Double
        let losses: [Double]
        let finalNorms: [String: Double]
    }
    let classes: Int
    let parameterNames: [String]
    let parameterCounts: [Int]
    let normNames: [String]
    let normBiasOffset: Float
    let evaluations: [Evaluation]
    let trainingSteps: [TrainingStep]
    let trajectory: Trajectory?
}

extension OpenedCheckpoint {
    /// Extracts features of the oracle's first images, one row each, and expects `expected` within 1e-5 of its norm, the
    /// tolerance of the networks' own parity tests.
    func checkFeatures(_ expected: [[Double]], side: Int) throws -> FeatureExtractor.Extraction {
        let extractor = try FeatureExtractor(checkpoint, path: "x", imageSize: side, threads: ThreadCount(1))
        let size = 3 * side * side
        let images = SeededTensors.images(0, expected.count * size)
        let result = try #require(
            try extractor.extract(count: expected.count) { range in
                Array(images[range.lowerBound * size..<range.upperBound * size])
            })
        let expected = expected.flatMap(\.self)
        let square = zip(result.features.values, expected).reduce(0) { sum, pair in
            sum + (Double(pair.0) - pair.1) * (Double(pair.0) - pair.1)
        }
        #expect(square <= 1e-10 * expected.reduce(0) { $0 + $1 * $1 })
        return result
    }
}
