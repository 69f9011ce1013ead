import Numerics

/// What a network is trained on.
public enum LabelKind: String, Sendable, CaseIterable {
    /// Only the majority class.
    case hard
    /// The whole distribution.
    case soft
    /// One class drawn from the distribution: the single label that most data sets have.
    case quantized

    /// The target that `label` becomes under this kind; `random` draws a quantized one.
    public func target(for label: LabelDistribution, random: CounterRandom) -> LabelDistribution {
        switch self {
        case .hard: label.oneHot
        case .soft: label
        case .quantized: LabelDistribution(oneHot: label.drawnClass(random), of: label.classCount)
        }
    }

    /// Whether targets of this kind name one class each.
    public var namesOneClass: Bool { self != .soft }
}
