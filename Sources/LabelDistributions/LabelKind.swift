/// What a network is trained on.
public enum LabelKind: String, Sendable, CaseIterable {
    /// The majority's class alone.
    case hard
    /// The whole distribution.
    case soft

    /// The target that `label` becomes under this kind.
    public func target(for label: LabelDistribution) -> LabelDistribution {
        switch self {
        case .hard: label.oneHot
        case .soft: label
        }
    }
}
