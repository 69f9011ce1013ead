import Foundation

/// The layers between features and classes.
public enum HeadKind: String, Sendable, CaseIterable, Codable {
    /// Dropout and one dense layer.
    case plain
    /// Batch normalisation, 128 rectified units, dropout, batch normalisation, 64 rectified units, dropout, batch
    /// normalisation and one dense layer, as DCIC's benchmark has it.
    case large

    /// The head that tensors of these names belong to.
    public init(ofTensors names: [String]) { self = names.contains("head.norm1.weight") ? .large : .plain }
}

/// A head's layers, and softmax with cross-entropy against a target distribution behind them.
///
/// The loss of a batch of N is −1/N Σᵢ Σₖ tᵢₖ ln pᵢₖ, its gradient behind the softmax (p Σₖ tₖ − t)/N. Targets need not sum
/// to 1: class weights multiply them.
final class ClassifierHead {
    let layers: [any VectorLayer]
    private let logits: FeatureVectors

    /// - Parameter layers: of which the last has an output for each class.
    init(_ layers: [any VectorLayer]) {
        self.layers = layers
        logits = layers.last!.output
    }

    var classes: Int { logits.channels }
    var parameters: [Parameter] { layers.flatMap(\.parameters) }

    /// The logits of `count` samples, N × classes, without dropout.
    func evaluate(count: Int) throws(OneDNNError) -> [Float] {
        for layer in layers { try layer.forward(count: count, mode: .evaluation, dropout: .none) }
        return Array(logits.values.elements.prefix(count * classes))
    }

    /// The loss of `count` samples; leaves the gradients of features and parameters behind.
    ///
    /// - Parameter targets: N × classes numbers of at least 0.
    func train(count: Int, targets: [Float], dropout: Dropout) throws(OneDNNError) -> Double {
        for layer in layers { try layer.forward(count: count, mode: .training, dropout: dropout) }
        let loss = crossEntropy(count: count, targets: targets)
        for layer in layers.reversed() { try layer.backward(count: count) }
        return loss
    }

    private func crossEntropy(count: Int, targets: [Float]) -> Double {
        var loss = 0.0
        for sample in 0..<count {
            let row = logits.values.base + sample * classes, gradient = logits.gradient.base + sample * classes
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
