import Numerics

/// A convolution's weight and bias with the batch normalisation behind it folded in: with the running statistics it
/// multiplies each output channel by `s` and adds `t`, which makes weight · s of the weight and bias · s + t of the bias.
final class FoldedFilter {
    /// In the layout and precision that the forward pass reads.
    let weight: AlignedBuffer<UInt8>
    let bias: AlignedBuffer<Float>

    private let source: (weight: Parameter, bias: Parameter?)
    private let normalization: BatchNormalization
    private let toPlain: OneDNNReorder
    private let fromPlain: OneDNNReorder

    /// - Parameters:
    ///   - layout: that of `weight`.
    ///   - target: that of the folded weight.
    init(
        _ weight: Parameter, _ bias: Parameter?, _ normalization: BatchNormalization, from layout: OneDNNLayout,
        to target: OneDNNLayout, _ engine: OneDNNEngine
    ) throws(OneDNNError) {
        source = (weight, bias)
        self.normalization = normalization
        self.weight = AlignedBuffer<UInt8>(count: target.byteCount)
        self.bias = AlignedBuffer<Float>(count: normalization.channels)
        let plain = try OneDNNLayout.rowMajor(weight.storedShape)
        toPlain = try OneDNNReorder(from: layout, to: plain, engine)
        fromPlain = try OneDNNReorder(from: plain, to: target, engine)
    }

    /// Folds again, after weights or running statistics have changed.
    func parametersChanged() throws(OneDNNError) {
        let plain = AlignedBuffer<Float>(count: source.weight.plainCount)
        try toPlain.execute(from: source.weight.values, to: plain.base)
        let inputs = source.weight.plainCount / normalization.channels
        for c in 0..<normalization.channels {
            let line = normalization.runningLine(c)
            bias.base[c] = (source.bias?.values[c] ?? 0) * line.slope + line.intercept
            for i in c * inputs..<(c + 1) * inputs { plain.base[i] *= line.slope }
        }
        try plain.withBase { (plain) throws(OneDNNError) in
            try fromPlain.execute(from: plain, to: weight.base)
        }
    }
}
