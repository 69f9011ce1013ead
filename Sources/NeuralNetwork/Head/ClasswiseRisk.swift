import Foundation

/// The class-wise positive-unlabelled (CPU) risk: one-versus-rest where an image labelled with one class may belong to
/// another as well.
///
/// Take class k by itself. Of n images nₖ are labelled k (Pₖ); they are drawn from p(x | k). The others (Uₖ) are labelled
/// otherwise, but a share ρₖ of them truly is of class k:
///
///     p(x | Uₖ) = (1 − ρₖ) p(x | not k) + ρₖ p(x | k),    πₖ = nₖ/n + (1 − nₖ/n) ρₖ,
///
/// with πₖ the true share of k. The risk of a classifier fₖ of k against the rest, under a margin loss ℓ, is
///
///     Rₖ = πₖ E[ℓ(fₖ) | k] + (1 − πₖ) E[ℓ(−fₖ) | not k].
///
/// 1 − πₖ is (1 − nₖ/n) (1 − ρₖ), and by the mixture above (1 − ρₖ) E[ℓ(−fₖ) | not k] = E[ℓ(−fₖ) | Uₖ] − ρₖ E[ℓ(−fₖ) | k].
/// Every expectation is then one over images that there are:
///
///     Rₖ = πₖ mean(ℓ(fₖ), Pₖ) + (1 − nₖ/n) (mean(ℓ(−fₖ), Uₖ) − ρₖ mean(ℓ(−fₖ), Pₖ)),    R = Σₖ Rₖ.
///
/// The bracket estimates a risk, which is never negative; a flexible network can make its estimate so by overfitting. As in
/// the non-negative estimator of Kiryo, Niu, du Plessis and Sugiyama ("Positive-Unlabeled Learning with Non-Negative Risk
/// Estimator", 2017) it then counts as 0, and where it falls below −β the step goes up its gradient, times γ, and
/// leaves that class's first term out. With ρ = 0 this is plain one-versus-rest. ℓ is the logistic loss
/// ln(1 + e⁻ᶻ), whose fₖ is the logit of the probability of k.
public struct ClasswiseRisk: Sendable, Equatable {
    /// nₖ/n of each class, over all images trained on.
    public let labelledShares: [Double]
    /// ρₖ of each class, in 0..<1.
    public let hiddenShares: [Double]
    /// β: how far below 0 a batch's bracket may fall before the step turns round.
    public let tolerance: Double
    /// γ: how far the step then goes.
    public let reversal: Double

    /// A risk over as many classes as there are shares. Traps where they differ or are no shares.
    public init(labelledShares: [Double], hiddenShares: [Double], tolerance: Double = 0, reversal: Double = 1) {
        precondition(labelledShares.count == hiddenShares.count, "two shares a class")
        precondition(
            labelledShares.allSatisfy { (0...1).contains($0) } && hiddenShares.allSatisfy { (0..<1).contains($0) })
        precondition(tolerance >= 0 && reversal >= 0, "β and γ are at least 0")
        self.labelledShares = labelledShares
        self.hiddenShares = hiddenShares
        self.tolerance = tolerance
        self.reversal = reversal
    }

    /// The risk of a batch, whose means are taken over the batch; a mean over no image counts as 0.
    func evaluate(
        logits: UnsafePointer<Float>, targets: [Float], classes: Int, gradient: UnsafeMutablePointer<Float>
    ) -> Double {
        precondition(classes == labelledShares.count, "a risk of \(labelledShares.count) classes for \(classes)")
        let count = targets.count / classes
        var risk = 0.0
        for k in 0..<classes {
            let isPositive = (0..<count).map { targets[$0 * classes + k] > 0.5 }
            let part = binaryRisk(k, scores: (0..<count).map { Double(logits[$0 * classes + k]) }, isPositive)
            risk += part.value
            for sample in 0..<count { gradient[sample * classes + k] = Float(part.gradient[sample]) }
        }
        return risk
    }

    private func binaryRisk(_ k: Int, scores: [Double], _ isPositive: [Bool]) -> (value: Double, gradient: [Double]) {
        let share = labelledShares[k], hidden = hiddenShares[k]
        let weight = share + (1 - share) * hidden
        let positives = isPositive.count { $0 }
        let perPositive = positives > 0 ? 1 / Double(positives) : 0
        let perOther = positives < scores.count ? 1 / Double(scores.count - positives) : 0
        var first = 0.0, bracket = 0.0
        for (score, positive) in zip(scores, isPositive) {
            if positive {
                first += perPositive * Self.logistic(score)
                bracket -= hidden * perPositive * Self.logistic(-score)
            } else {
                bracket += perOther * Self.logistic(-score)
            }
        }
        let isReversed = bracket < -tolerance
        let rest = (1 - share) * (isReversed ? -reversal : 1)
        let gradient = zip(scores, isPositive).map { score, positive in
            // σ(f) is the derivative of ℓ(−f), and σ(f) − 1 that of ℓ(f).
            let sigmoid = 1 / (1 + exp(-score))
            if !positive { return rest * perOther * sigmoid }
            let pull = isReversed ? 0 : weight * perPositive * (sigmoid - 1)
            return pull - rest * hidden * perPositive * sigmoid
        }
        return (weight * first + (1 - share) * max(0, bracket), gradient)
    }

    /// ln(1 + e⁻ᶻ), without overflow. NaN stays NaN.
    private static func logistic(_ z: Double) -> Double { max(-z, 0) + log1p(exp(-abs(z))) }
}
