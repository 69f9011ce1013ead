import Foundation

/// The measures that treat both sides as distributions, as studies of human label variation use them (Rizzi et al.,
/// "Soft metrics for evaluation with disagreements", 2024; Kurniawan et al., "Training and evaluating with human label
/// variation", 2025). They are means over images; neither side is renormalised.
extension PredictionMetrics {
    /// The cross-entropy in nats: the mean of −Σₖ yₖ ln pₖ, with p at least 2⁻⁵² (double precision's epsilon, as in
    /// scikit-learn's `log_loss`), so that a class that annotators chose and the model excludes costs 36 nats.
    public static func softCrossEntropy(predictions: [[Double]], labels: [LabelDistribution]) -> Double {
        mean(predictions, labels) { y, p in y == 0 ? 0 : -y * log(p < 0x1p-52 ? 0x1p-52 : p) }
    }

    /// 1 − the mean Jensen-Shannon divergence in bits, from 0 (nothing in common) to 1 (equal). The divergence, not its root,
    /// which is a distance: ½ KL(y ‖ m) + ½ KL(p ‖ m) with m = (y + p) / 2 and 0 log 0 = 0.
    public static func jensenShannonSimilarity(predictions: [[Double]], labels: [LabelDistribution]) -> Double {
        1
            - mean(predictions, labels) { y, p in
                let middle = (y + p) / 2
                return 0.5 * (y == 0 ? 0 : y * log2(y / middle)) + 0.5 * (p == 0 ? 0 : p * log2(p / middle))
            }
    }

    /// The mean of Σₖ min(yₖ, pₖ), the mass that both sides share. With one-hot labels and predictions it is the accuracy.
    public static func softAccuracy(predictions: [[Double]], labels: [LabelDistribution]) -> Double {
        mean(predictions, labels) { y, p in y < p ? y : p }
    }

    /// The mean of Σₖ |yₖ − pₖ|, from 0 to 2.
    public static func manhattanDistance(predictions: [[Double]], labels: [LabelDistribution]) -> Double {
        mean(predictions, labels) { y, p in abs(y - p) }
    }

    /// Pearson's correlation over images of the entropies of labels and predictions: whether the model is unsure where people
    /// disagree. (Entropies that are normalised by ln K correlate alike.) Nil where it is not defined: for a single image,
    /// or where all labels, or all predictions, have the same entropy.
    public static func entropyCorrelation(predictions: [[Double]], labels: [LabelDistribution]) -> Double? {
        check(predictions, labels)
        let given = deviations(labels.map(\.entropy))
        let predicted = deviations(predictions.map { row in row.reduce(0) { $1 == 0 ? $0 : $0 - $1 * log($1) } })
        guard let given, let predicted else { return nil }
        return zip(given, predicted).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The differences from the mean, divided by the root of the sum of their squares; nil where the values differ by no more
    /// than rounding. Their range says that for any number of them: the rounding of their mean grows with it.
    private static func deviations(_ values: [Double]) -> [Double]? {
        guard let least = values.min(), let most = values.max(), most - least > 1e-12 * most else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let differences = values.map { $0 - mean }
        let norm = differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return differences.map { $0 / norm }
    }

    /// The mean over images of the sum over classes of `term(y, p)`.
    private static func mean(
        _ predictions: [[Double]], _ labels: [LabelDistribution], _ term: (_ y: Double, _ p: Double) -> Double
    ) -> Double {
        check(predictions, labels)
        var sum = 0.0
        for (row, label) in zip(predictions, labels) {
            for (prediction, probability) in zip(row, label.probabilities) { sum += term(probability, prediction) }
        }
        return sum / Double(labels.count)
    }
}
