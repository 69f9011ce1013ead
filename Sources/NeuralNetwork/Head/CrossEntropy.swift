import Foundation

/// −1/N Σᵢ Σₖ tᵢₖ ln pᵢₖ with p the softmax of the logits. Targets need not sum to 1: class weights multiply them.
public struct CrossEntropy: ClassificationLoss {
    /// The loss; it has no parameters.
    public init() {}

    /// The gradient with respect to the logits is (p Σₖ tₖ − t) / N.
    public func evaluate(logits: [Float], targets: [Float], classes: Int) -> (loss: Double, gradient: [Float]) {
        let count = targets.count / classes
        var loss = 0.0
        var gradient = [Float](repeating: 0, count: targets.count)
        for start in stride(from: 0, to: targets.count, by: classes) {
            let row = start..<start + classes
            let top = row.reduce(-Float.infinity) { logits[$1].isNaN ? .nan : max($0, logits[$1]) }
            let sum = row.reduce(0.0) { $0 + exp(Double(logits[$1] - top)) }
            let mass = row.reduce(0.0) { $0 + Double(targets[$1]) }
            for k in row {
                let logProbability = Double(logits[k] - top) - log(sum)
                let target = Double(targets[k])
                if target != 0 { loss -= target * logProbability }
                gradient[k] = Float((mass * exp(logProbability) - target) / Double(count))
            }
        }
        return (loss / Double(count), gradient)
    }
}
