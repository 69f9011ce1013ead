import Foundation
import Numerics

/// The class-wise positive-unlabelled (CPU) risk of Xie et al., "Learning from ambiguous data with hard labels" (arXiv
/// 2501.01844), as their training code computes it: one class against the rest, where an image labelled with one class
/// may also belong to others.
///
/// Take class k by itself, with fₖ its logit. The images of a batch that are labelled k (Pₖ) are positive. The others (Uₖ) are
/// unlabelled: a share ρ of them truly is of class k, and if Pₖ is a fair sample of the class,
///
///     E[ℓ(−fₖ) | Uₖ] = (1 − ρ) E[ℓ(−fₖ) | not k] + ρ E[ℓ(−fₖ) | k],
///
/// so that the cost of images not of class k is estimated from observed images. Two priors, the same for all classes,
/// replace the unknown shares: π₁ weighs the positives, π₂ stands for ρ.
///
///     Aₖ = π₁ mean(ℓ(fₖ), Pₖ),    Nₖ = mean(ℓ(−fₖ), Uₖ) − π₂ mean(ℓ(−fₖ), Pₖ),    R = s/K Σₖ (Aₖ + Nₖ).
///
/// A mean over no images counts as 0. Nₖ estimates a quantity that is never negative; where a flexible network pushes
/// it below −β by overfitting, it is replaced by −γ Nₖ, whose gradient leads back (Kiryo, Niu, du Plessis and Sugiyama,
/// "Positive-unlabeled learning with non-negative risk estimator", 2017; Aₖ is kept here, while they leave it out).
///
/// ℓ compares p = σ(fₖ), clamped to [10⁻⁷, 1 − 10⁻⁷], with certainty by the Jensen-Shannon divergence of weight λ. With the
/// mixture m = λ + (1 − λ) p it is λ KL(1 ‖ m) + (1 − λ) KL(p ‖ m), taken over "class k" alone as there (the term of
/// "not k", −(1 − λ)(1 − p) ln(1 − λ), is left out):
///
///     ℓ = −λ ln m + (1 − λ) p ln(p / m),    dℓ/dp = (1 − λ)(ln(p / m) + 1 − (λ + (1 − λ) p) / m) = (1 − λ) ln(p / m),
///
/// and dp/df = p (1 − p) between the clamps, 0 beyond. ℓ(−f) has σ(−f) in place of p. Towards λ = 0 the divergence goes as a
/// logarithmic loss, towards λ = ½ it is bounded and forgives labels that are far off. λ is drawn for each batch from
/// Beta(½, ½), folded to at most ½, and s = −1 / ((1 − λ) ln(1 − λ)), with 1 − λ clamped to [10⁻⁵, 1 − 10⁻⁵], makes the
/// batches alike in scale.
public struct ClasswiseRisk: ClassificationLoss, Equatable {
    /// λ, in 0...½.
    public let divergenceWeight: Double
    /// π₁, in 0...1.
    public let positivePrior: Double
    /// π₂, in 0...1.
    public let hiddenPrior: Double
    /// β: how far below 0 Nₖ may fall before its sign is reversed.
    public let tolerance: Double
    /// γ: what it is then multiplied by.
    public let reversal: Double

    /// Traps where a number is out of its range. The defaults are the published ones.
    public init(
        divergenceWeight: Double, positivePrior: Double = 0.1, hiddenPrior: Double = 0.6, tolerance: Double = 0,
        reversal: Double = 1
    ) {
        precondition((0...0.5).contains(divergenceWeight), "λ is \(divergenceWeight)")
        precondition((0...1).contains(positivePrior) && (0...1).contains(hiddenPrior), "priors are shares")
        precondition(tolerance >= 0 && reversal >= 0, "β and γ are at least 0")
        self.divergenceWeight = divergenceWeight
        self.positivePrior = positivePrior
        self.hiddenPrior = hiddenPrior
        self.tolerance = tolerance
        self.reversal = reversal
    }

    /// A λ drawn from Beta(½, ½), folded to at most ½. This is the distribution of sin²(πu/2) for a uniform u, and
    /// folding λ at ½ is the same as folding u there.
    public static func drawnWeight(_ random: CounterRandom) -> Double {
        var random = random
        let place = random.uniform()
        let root = sin(.pi / 2 * min(place, 1 - place))
        return min(root * root, 0.5)
    }

    /// The risk of a batch. Targets are one-hot.
    public func evaluate(logits: [Float], targets: [Float], classes: Int) -> (loss: Double, gradient: [Float]) {
        let (risk, gradient) = risk(scores: logits.map(Double.init), positives: targets.map { $0 > 0.5 }, classes)
        return (risk, gradient.map { Float($0) })
    }

    /// The same in double precision.
    func risk(scores: [Double], positives: [Bool], _ classes: Int) -> (value: Double, gradient: [Double]) {
        let kept = min(max(1 - divergenceWeight, 1e-5), 1 - 1e-5)
        let scale = -1 / (kept * log(kept)) / Double(classes)
        var risk = 0.0
        var gradient = [Double](repeating: 0, count: scores.count)
        for k in 0..<classes {
            let places = Array(stride(from: k, to: scores.count, by: classes))
            let part = binaryRisk(places.map { scores[$0] }, places.map { positives[$0] })
            risk += scale * part.value
            for (place, slope) in zip(places, part.gradient) { gradient[place] = scale * slope }
        }
        return (risk, gradient)
    }

    /// Aₖ + Nₖ, or Aₖ − γ Nₖ.
    private func binaryRisk(_ scores: [Double], _ isPositive: [Bool]) -> (value: Double, gradient: [Double]) {
        let positives = isPositive.count { $0 }
        let perPositive = positives > 0 ? 1 / Double(positives) : 0
        let perOther = positives < scores.count ? 1 / Double(scores.count - positives) : 0
        let costs = scores.map { (belongs: cost($0), not: cost(-$0)) }
        var certain = 0.0, others = 0.0
        for (cost, positive) in zip(costs, isPositive) {
            if positive {
                certain += positivePrior * perPositive * cost.belongs.value
                others -= hiddenPrior * perPositive * cost.not.value
            } else {
                others += perOther * cost.not.value
            }
        }
        let sign = others < -tolerance ? -reversal : 1
        let gradient = zip(costs, isPositive).map { cost, positive in
            // ℓ(−f) falls where f rises.
            if !positive { return -sign * perOther * cost.not.slope }
            return positivePrior * perPositive * cost.belongs.slope + sign * hiddenPrior * perPositive * cost.not.slope
        }
        return (certain + sign * others, gradient)
    }

    /// ℓ(f) and its derivative. NaN stays NaN.
    private func cost(_ f: Double) -> (value: Double, slope: Double) {
        let sigmoid = 1 / (1 + exp(-f))
        let p = min(max(sigmoid, 1e-7), 1 - 1e-7)
        let kept = 1 - divergenceWeight
        let mixture = divergenceWeight + kept * p
        let excess = kept * log(p / mixture)
        let slope = p == sigmoid ? excess * p * (1 - p) : 0
        return (p * excess - divergenceWeight * log(mixture), slope)
    }
}
