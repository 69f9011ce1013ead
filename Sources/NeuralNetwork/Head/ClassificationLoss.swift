import Foundation

/// What a batch's logits are held against.
public enum ClassificationLoss: Sendable, Equatable {
    /// −1/N Σᵢ Σₖ tᵢₖ ln pᵢₖ with p the softmax of the logits. Targets need not sum to 1: class weights multiply them.
    case crossEntropy
    /// The non-negative positive-unlabelled risk of each class. Targets are one-hot.
    case classwisePositiveUnlabelled(ClasswiseRisk)

    /// The loss of a batch, and its gradient by the logits.
    ///
    /// - Parameters:
    ///   - logits: N × K, in rows.
    ///   - targets: N × K numbers of at least 0.
    ///   - gradient: takes N × K numbers.
    func evaluate(
        logits: UnsafePointer<Float>, targets: [Float], classes: Int, gradient: UnsafeMutablePointer<Float>
    ) -> Double {
        switch self {
        case .crossEntropy:
            Self.crossEntropy(logits: logits, targets: targets, classes: classes, gradient: gradient)
        case .classwisePositiveUnlabelled(let risk):
            risk.evaluate(logits: logits, targets: targets, classes: classes, gradient: gradient)
        }
    }

    /// The gradient behind the softmax is (p Σₖ tₖ − t) / N.
    private static func crossEntropy(
        logits: UnsafePointer<Float>, targets: [Float], classes: Int, gradient: UnsafeMutablePointer<Float>
    ) -> Double {
        let count = targets.count / classes
        var loss = 0.0
        for sample in 0..<count {
            let row = logits + sample * classes, gradient = gradient + sample * classes
            let top = (0..<classes).reduce(-Float.infinity) { row[$1].isNaN ? .nan : max($0, row[$1]) }
            let sum = (0..<classes).reduce(0.0) { $0 + exp(Double(row[$1] - top)) }
            let mass = (0..<classes).reduce(0.0) { $0 + Double(targets[sample * classes + $1]) }
            for k in 0..<classes {
                let logProbability = Double(row[k] - top) - log(sum)
                let target = Double(targets[sample * classes + k])
                if target != 0 { loss -= target * logProbability }
                gradient[k] = Float((mass * exp(logProbability) - target) / Double(count))
            }
        }
        return loss / Double(count)
    }
}
