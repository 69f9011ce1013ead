import Numerics

/// Drops each number of a vector with a probability and scales the others up (Srivastava et al., 2014), in training.
final class VectorDropout: VectorLayer {
    let output: FeatureVectors
    private let input: FeatureVectors
    /// 0 for what is dropped, else what it is multiplied by.
    private let keep: AlignedBuffer<Float>
    /// Tells the random numbers of a head's dropouts apart.
    private let number: Int
    private var rate = 0.0

    init(_ input: FeatureVectors, number: Int, _ plan: LayerPlan) {
        self.input = input
        self.number = number
        output = FeatureVectors(channels: input.channels, batch: plan.batch, trains: plan.trains)
        keep = AlignedBuffer<Float>(count: plan.trains ? plan.batch * input.channels : 0)
    }

    var parameters: [Parameter] { [] }

    func forward(count: Int, mode: RunMode, dropout: Dropout) {
        let total = count * input.channels
        rate = mode == .training ? dropout.rate : 0
        guard rate > 0 else { return output.values.base.update(from: input.values.base, count: total) }
        let kept = Float(1 / (1 - rate))
        var random = dropout.stream(number)
        for i in 0..<total {
            keep.base[i] = random.uniform() < rate ? 0 : kept
            output.values.base[i] = input.values.base[i] * keep.base[i]
        }
    }

    func backward(count: Int) {
        for i in 0..<count * input.channels {
            input.gradient.base[i] = rate > 0 ? output.gradient.base[i] * keep.base[i] : output.gradient.base[i]
        }
    }
}

/// Dropout of features in one training step: each is dropped with probability `rate`, the others are scaled by 1 / (1 −
/// rate).
public struct Dropout: Sendable {
    /// A probability in 0..<1; 0 drops nothing.
    public let rate: Double
    private let random: CounterRandom

    /// Traps unless 0 ≤ `rate` < 1. `random` is the stream of this step.
    public init(rate: Double, random: CounterRandom) {
        precondition(rate >= 0 && rate < 1, "a dropout rate lies in 0..<1")
        self.rate = rate
        self.random = random
    }

    /// No dropout.
    public static let none = Dropout(rate: 0, random: CounterRandom(seed: 0))

    /// The random numbers of the head's dropout numbered so, from 0.
    func stream(_ number: Int) -> CounterRandom {
        if number == 0 { return random }
        var first = random
        return CounterRandom(seed: first.next(), UInt64(number))
    }
}
