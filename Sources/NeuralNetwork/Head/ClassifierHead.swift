/// The layers between features and classes.
public enum HeadKind: String, Sendable, CaseIterable, Codable {
    /// Dropout and one dense layer.
    case plain
    /// Batch normalisation, 128 rectified units, dropout, batch normalisation, 64 rectified units, dropout, batch
    /// normalisation and one dense layer, as in the DCIC benchmark.
    case large

    /// The kind of head that has tensors of these names.
    public init(ofTensors names: [String]) { self = names.contains("head.norm1.weight") ? .large : .plain }
}

/// A head's layers, and the loss behind them.
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
    func train(
        count: Int, targets: [Float], loss: any ClassificationLoss, dropout: Dropout
    ) throws(OneDNNError) -> Double {
        for layer in layers { try layer.forward(count: count, mode: .training, dropout: dropout) }
        let (value, gradient) = loss.evaluate(
            logits: Array(logits.values.elements.prefix(count * classes)), targets: targets, classes: classes)
        logits.gradient.base.update(from: gradient, count: gradient.count)
        for layer in layers.reversed() { try layer.backward(count: count) }
        return value
    }
}
