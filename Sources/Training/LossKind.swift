import Backbones
import NeuralNetwork
import Numerics
import TensorFiles

/// What a training minimises.
public enum LossKind: String, Sendable, CaseIterable, Codable {
    /// Cross-entropy of the softmax against the target distribution.
    case crossEntropy = "cross-entropy"
    /// The class-wise positive-unlabelled risk, for labels that name one class of an image that may belong to others too.
    case cpu

    /// For the help of the option that chooses it.
    public var explanation: String {
        switch self {
        case .crossEntropy: "the cross-entropy of the softmax"
        case .cpu:
            "the class-wise positive-unlabelled risk, which allows images labelled with one class to belong to others as "
                + "well (for hard and quantized labels)"
        }
    }

    /// What the network's logits mean afterwards.
    var output: ClassOutput {
        switch self {
        case .crossEntropy: .softmax
        case .cpu: .oneVersusRest
        }
    }

    /// Whether targets are one-hot: neither soft nor smoothed nor weighted.
    var needsOneClass: Bool { self == .cpu }
}

extension TrainingParameters {
    /// What the step of this number, from 0, minimises. The same for all parts of its batch.
    func stepLoss(_ number: Int) -> any ClassificationLoss {
        switch loss {
        case .crossEntropy: return CrossEntropy()
        case .cpu:
            let priors = cpuPriors ?? Self.defaultPriors
            let random = CounterRandom(seed: seed, Self.divergenceStream, UInt64(number))
            return ClasswiseRisk(
                divergenceWeight: ClasswiseRisk.drawnWeight(random), positivePrior: priors[0], hiddenPrior: priors[1])
        }
    }

    /// These parameters as stored in a record, where they distinguish the training from others: with the digest of the
    /// weights that it starts from, and the default priors in place of nil. Records of `cpu` without priors come from
    /// an earlier estimator. From scratch, running statistics move by a tenth; published weights keep their program's
    /// momentum, for which nil stands.
    ///
    /// - Throws: `FileReadError`.
    package func identified(startingFrom pretrained: WeightSource?) throws -> TrainingParameters {
        var identified = self
        identified.pretrained = try pretrained.map {
            try SHA256Digest.of(file: $0.url).description + ($0.part.map { "#\($0)" } ?? "")
        }
        if loss == .cpu && cpuPriors == nil { identified.cpuPriors = Self.defaultPriors }
        let own = architecture.batchNormMomentum
        if pretrained == nil && batchNormMomentum == nil && own != Self.momentumFromScratch {
            identified.batchNormMomentum = Self.momentumFromScratch
        } else if batchNormMomentum == own {
            identified.batchNormMomentum = nil
        }
        return identified
    }

    /// π₁ and π₂ as they were published.
    public static let defaultPriors = [0.1, 0.6]

    /// How far running statistics move with each batch when training from scratch. With Keras' hundredth they lag
    /// behind the weights, which move fast then: networks that have learnt look in validation as if they had not.
    static let momentumFromScratch = 0.1

    /// Tells the random numbers of the divergence's weight from others of the same seed ("lambda" in ASCII).
    private static let divergenceStream: UInt64 = 0x6C61_6D62_6461
}
