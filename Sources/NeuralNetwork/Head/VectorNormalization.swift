import Numerics

/// Batch normalisation of vectors (Ioffe and Szegedy, 2015), each number over the samples of a batch.
final class VectorNormalization: VectorLayer {
    let scale: Parameter
    let shift: Parameter
    let runningMean: Parameter
    let runningVariance: Parameter
    let output: FeatureVectors
    private let input: FeatureVectors
    private let epsilon: Double
    private let momentum: Float
    /// Of the present batch.
    private var mean: [Double]
    private var inverseDeviation: [Double]

    init(name: String, _ input: FeatureVectors, epsilon: Float, momentum: Float, _ plan: LayerPlan) {
        self.input = input
        self.epsilon = Double(epsilon)
        self.momentum = momentum
        let channels = input.channels
        scale = Parameter(name: name + ".weight", shape: [channels], role: .scale)
        shift = Parameter(name: name + ".bias", shape: [channels], role: .shift)
        runningMean = Parameter(name: name + ".running_mean", shape: [channels], role: .runningMean)
        runningVariance = Parameter(name: name + ".running_var", shape: [channels], role: .runningVariance)
        output = FeatureVectors(channels: channels, batch: plan.batch, trains: plan.trains)
        mean = Array(repeating: 0, count: channels)
        inverseDeviation = mean
    }

    var parameters: [Parameter] { [scale, shift, runningMean, runningVariance] }

    func forward(count: Int, mode: RunMode, dropout: Dropout) {
        let channels = input.channels
        switch mode {
        case .training: useBatchStatistics(count: count)
        case .evaluation:
            for c in 0..<channels {
                mean[c] = Double(runningMean.values[c])
                inverseDeviation[c] = 1 / (Double(runningVariance.values[c]) + epsilon).squareRoot()
            }
        }
        for sample in 0..<count {
            let x = input.values.base + sample * channels, y = output.values.base + sample * channels
            for c in 0..<channels {
                let normalized = (Double(x[c]) - mean[c]) * inverseDeviation[c]
                y[c] = Float(Double(scale.values[c]) * normalized + Double(shift.values[c]))
            }
        }
    }

    /// As in `BatchNormalization`: the running variance moves towards the unbiased one, and a single sample moves nothing.
    private func useBatchStatistics(count: Int) {
        let channels = input.channels
        var variance = Array(repeating: 0.0, count: channels)
        for c in 0..<channels { mean[c] = 0 }
        forEach(count) { c, _, x in mean[c] += x / Double(count) }
        forEach(count) { c, _, x in variance[c] += (x - mean[c]) * (x - mean[c]) / Double(count) }
        for c in 0..<channels {
            inverseDeviation[c] = 1 / (variance[c] + epsilon).squareRoot()
            if count == 1 { continue }
            let unbiased = Float(variance[c] * Double(count) / Double(count - 1))
            runningMean.values[c] += momentum * (Float(mean[c]) - runningMean.values[c])
            runningVariance.values[c] += momentum * (unbiased - runningVariance.values[c])
        }
    }

    func backward(count: Int) {
        let channels = input.channels
        var sums = Array(repeating: 0.0, count: channels), products = sums
        forEach(count) { c, index, x in
            let d = Double(output.gradient.base[index])
            sums[c] += d
            products[c] += d * (x - mean[c]) * inverseDeviation[c]
        }
        forEach(count) { c, index, x in
            let normalized = (x - mean[c]) * inverseDeviation[c]
            let centered = Double(output.gradient.base[index]) - (sums[c] + normalized * products[c]) / Double(count)
            input.gradient.base[index] = Float(Double(scale.values[c]) * inverseDeviation[c] * centered)
        }
        for c in 0..<channels {
            scale.gradient[c] = Float(products[c])
            shift.gradient[c] = Float(sums[c])
        }
    }

    /// Calls `body` with each channel, index and value of the input, sample by sample.
    private func forEach(_ count: Int, _ body: (_ channel: Int, _ index: Int, _ value: Double) -> Void) {
        let channels = input.channels
        for sample in 0..<count {
            for c in 0..<channels {
                body(c, sample * channels + c, Double(input.values.base[sample * channels + c]))
            }
        }
    }
}
