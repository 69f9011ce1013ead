import LabelDistributions

/// What a network is to answer for a label of its kind: smoothed, weighted.
struct TargetRule {
    /// The share of a target that goes to all classes alike (Szegedy et al., 2016).
    var smoothing = 0.0
    /// A factor for each class, by which its part of the loss is multiplied, or nil for 1.
    private(set) var classWeights: [Double]?

    /// Weights classes by n / (K · nₖ), with n samples, K classes and nₖ the mass of class k in the labels as the network
    /// sees them (their number, where they name one class). A class without mass has a weight of 0: it has no loss to weight.
    mutating func balance(_ labels: [LabelDistribution]) {
        guard let count = labels.first?.classCount else { return }
        classWeights = (0..<count).map { k in
            let mass = labels.reduce(0) { $0 + $1.probabilities[k] }
            return mass > 0 ? Double(labels.count) / (Double(count) * mass) : 0
        }
    }

    /// wₖ ((1 − s) yₖ + s / K): the factor of −ln pₖ in the loss.
    func target(for label: LabelDistribution) -> [Float] {
        label.probabilities.enumerated().map { k, y in
            let smoothed = (1 - smoothing) * y + smoothing / Double(label.classCount)
            return Float(smoothed * (classWeights?[k] ?? 1))
        }
    }
}
