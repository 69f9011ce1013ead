import Foundation

/// How a network's logits become class probabilities, as in its loss.
public enum ClassOutput: String, Sendable, CaseIterable {
    /// exp(fₖ) / Σ exp(fⱼ).
    case softmax
    /// σ(fₖ) / Σ σ(fⱼ): each logit is for one class against the rest.
    case oneVersusRest = "one-versus-rest"

    /// Rows of probabilities from rows of logits, both N × `classCount`.
    func probabilities(_ logits: [Float], classCount: Int) -> [Float] {
        stride(from: 0, to: logits.count, by: classCount).flatMap { start in
            let row = logits[start..<start + classCount].map(Double.init)
            // One-versus-rest through ln σ(f): there is a largest one even if every class is ruled out.
            let exponents =
                switch self {
                case .softmax: row
                case .oneVersusRest: row.map { min($0, 0) - log1p(exp(-abs($0))) }
                }
            let top = exponents.max()!
            let exponentials = exponents.map { exp($0 - top) }
            let sum = exponentials.reduce(0, +)
            return exponentials.map { Float($0 / sum) }
        }
    }
}
