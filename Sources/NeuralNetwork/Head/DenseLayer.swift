/// A dense layer with bias, y = x Wᵀ + b, and ReLU where that is asked for.
final class DenseLayer: VectorLayer {
    let weight: Parameter
    let bias: Parameter
    let output: FeatureVectors
    private let input: FeatureVectors
    private let rectifies: Bool

    init(name: String, _ input: FeatureVectors, outputs: Int, rectifies: Bool, _ plan: LayerPlan) {
        self.input = input
        self.rectifies = rectifies
        weight = Parameter(name: name + ".weight", shape: [outputs, input.channels], role: .weight)
        bias = Parameter(name: name + ".bias", shape: [outputs], role: .bias)
        output = FeatureVectors(channels: outputs, batch: plan.batch, trains: plan.trains)
    }

    var parameters: [Parameter] { [weight, bias] }

    func forward(count: Int, mode: RunMode, dropout: Dropout) throws(OneDNNError) {
        switch mode {
        case .training:
            try OneDNNEngine.multiply(
                input.values.base, weight.values, transposeB: true, into: output.values.base, rows: count,
                columns: output.channels, inner: input.channels)
            for i in 0..<count * output.channels { output.values.base[i] += bias.values[i % output.channels] }
        case .evaluation: multiplyInOrder(count: count)
        }
        guard rectifies else { return }
        for i in 0..<count * output.channels where output.values.base[i] < 0 { output.values.base[i] = 0 }
    }

    /// The products are summed in Double in their order: the library's matrix product takes other paths, and rounds
    /// otherwise, for other numbers of rows.
    private func multiplyInOrder(count: Int) {
        let inputs = input.channels, outputs = output.channels
        for index in 0..<count * outputs {
            let row = input.values.base + index / outputs * inputs
            let column = weight.values + index % outputs * inputs
            let start = Double(bias.values[index % outputs])
            output.values.base[index] = Float(
                (0..<inputs).reduce(start) { $0 + Double(row[$1]) * Double(column[$1]) })
        }
    }

    func backward(count: Int) throws(OneDNNError) {
        let gradient = output.gradient.base, outputs = output.channels
        if rectifies {
            for i in 0..<count * outputs where output.values.base[i] <= 0 { gradient[i] = 0 }
        }
        try OneDNNEngine.multiply(
            gradient, transposeA: true, input.values.base, into: weight.gradient, rows: outputs,
            columns: input.channels, inner: count)
        for k in 0..<outputs {
            bias.gradient[k] = Float((0..<count).reduce(0.0) { $0 + Double(gradient[$1 * outputs + k]) })
        }
        try OneDNNEngine.multiply(
            gradient, weight.values, into: input.gradient.base, rows: count, columns: input.channels, inner: outputs)
    }
}
