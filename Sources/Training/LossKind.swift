import Backbones

/// What a training minimises.
public enum LossKind: String, Sendable, CaseIterable, Codable {
    /// Cross-entropy of the softmax against the target distribution.
    case crossEntropy = "cross-entropy"
    /// The class-wise positive-unlabelled risk, for labels that name one class of an image that may belong to others too.
    case cpu

    /// What the network's logits mean afterwards.
    var output: ClassOutput {
        switch self {
        case .crossEntropy: .softmax
        case .cpu: .oneVersusRest
        }
    }
}
