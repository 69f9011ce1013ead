import Determinism
import Foundation

/// Dropout, a dense layer and softmax, with cross-entropy against a target distribution.
///
/// The loss of a batch of N is −1/N Σᵢ Σₖ yᵢₖ ln pᵢₖ, its gradient behind the softmax (p − y)/N. The layer is small, so
/// it runs on one thread.
final class SoftmaxClassifier {
    let weight: Parameter
    let bias: Parameter
    let classes: Int
    private let features: FeatureOutput
    private let dropped: AlignedBuffer<Float>
    private let keep: AlignedBuffer<Float>
    private let logits: AlignedBuffer<Float>
    private let logitGradient: AlignedBuffer<Float>

    init(name: String, _ features: FeatureOutput, classes: Int, batch: Int, trains: Bool) {
        self.features = features
        self.classes = classes
        weight = Parameter(name: name + ".weight", shape: [classes, features.channels], role: .weight)
        bias = Parameter(name: name + ".bias", shape: [classes], role: .bias)
        dropped = AlignedBuffer<Float>(count: trains ? batch * features.channels : 0)
        keep = AlignedBuffer<Float>(count: trains ? batch * features.channels : 0)
        logits = AlignedBuffer<Float>(count: batch * classes)
        logitGradient = AlignedBuffer<Float>(count: trains ? batch * classes : 0)
    }

    var parameters: [Parameter] { [weight, bias] }

    /// The logits of `count` samples, N × classes, without dropout.
    ///
    /// The products are summed in Double in their order: the library's matrix product takes other paths, and rounds
    /// otherwise, for other numbers of rows.
    func evaluate(count: Int) -> [Float] {
        let channels = features.channels
        return (0..<count * classes).map { index in
            let row = features.values.base + index / classes * channels
            let column = weight.values + index % classes * channels
            let start = Double(bias.values[index % classes])
            return Float((0..<channels).reduce(start) { $0 + Double(row[$1]) * Double(column[$1]) })
        }
    }

    /// The loss of `count` samples; leaves the gradients of features, weight and bias behind.
    ///
    /// - Parameter targets: N × classes probabilities.
    func train(count: Int, targets: [Float], dropout: Dropout) throws(OneDNNError) -> Double {
        let channels = features.channels
        drop(count: count, dropout)
        try multiply(dropped.base, count: count)
        var loss = 0.0
        for sample in 0..<count {
            let row = logits.base + sample * classes, gradient = logitGradient.base + sample * classes
            let top = (0..<classes).reduce(-Float.infinity) { row[$1].isNaN ? .nan : max($0, row[$1]) }
            let sum = (0..<classes).reduce(0.0) { $0 + exp(Double(row[$1] - top)) }
            for k in 0..<classes {
                let logProbability = Double(row[k] - top) - log(sum)
                let target = Double(targets[sample * classes + k])
                if target != 0 { loss -= target * logProbability }
                gradient[k] = Float((exp(logProbability) - target) / Double(count))
            }
        }
        try OneDNNEngine.multiply(
            logitGradient.base, transposeA: true, dropped.base, into: weight.gradient, rows: classes,
            columns: channels, inner: count)
        for k in 0..<classes {
            bias.gradient[k] = Float((0..<count).reduce(0.0) { $0 + Double(logitGradient.base[$1 * classes + k]) })
        }
        try OneDNNEngine.multiply(
            logitGradient.base, weight.values, into: features.gradient.base, rows: count, columns: channels,
            inner: classes)
        if dropout.rate > 0 {
            for i in 0..<count * channels { features.gradient.base[i] *= keep.base[i] }
        }
        return loss / Double(count)
    }

    private func multiply(_ input: UnsafePointer<Float>, count: Int) throws(OneDNNError) {
        try OneDNNEngine.multiply(
            input, weight.values, transposeB: true, into: logits.base, rows: count, columns: classes,
            inner: features.channels)
        for i in 0..<count * classes { logits.base[i] += bias.values[i % classes] }
    }

    private func drop(count: Int, _ dropout: Dropout) {
        let channels = features.channels
        guard dropout.rate > 0 else {
            dropped.base.update(from: features.values.base, count: count * channels)
            return
        }
        let kept = Float(1 / (1 - dropout.rate))
        var random = dropout.random
        for i in 0..<count * channels {
            keep.base[i] = random.uniform() < dropout.rate ? 0 : kept
            dropped.base[i] = features.values.base[i] * keep.base[i]
        }
    }
}

/// How features are dropped in one training step: each with probability `rate`, the others scaled by 1 / (1 − rate).
public struct Dropout: Sendable {
    /// A probability in 0..<1; 0 drops nothing.
    public let rate: Double
    let random: CounterRandom

    /// Traps unless 0 ≤ `rate` < 1. `random` is the stream of this step.
    public init(rate: Double, random: CounterRandom) {
        precondition(rate >= 0 && rate < 1, "a dropout rate lies in 0..<1")
        self.rate = rate
        self.random = random
    }

    /// No dropout.
    public static let none = Dropout(rate: 0, random: CounterRandom(seed: 0))
}
