import Testing

@testable import NeuralNetwork

@Suite struct ClassifierHeadTests {
    /// A layer with constant logits.
    private final class FixedLogits: VectorLayer {
        let parameters: [Parameter] = []
        let output: FeatureVectors

        init(_ rows: [[Float]]) {
            output = FeatureVectors(channels: rows[0].count, batch: rows.count, trains: true)
            for (i, value) in rows.joined().enumerated() { output.values.base[i] = value }
        }

        func forward(count: Int, mode: RunMode, dropout: Dropout) {}
        func backward(count: Int) {}
    }

    /// PyTorch's `cross_entropy(logits, targets, weight=[.5, 2, 1.25], label_smoothing=.1)` and gradient, in float64.
    @Test func weightedAndSmoothedTargets() throws {
        let layer = FixedLogits([[0.5, -1, 2], [1, 0.25, -0.5]])
        let weights: [Float] = [0.5, 2, 1.25]
        let targets = ([[0.7, 0.3, 0], [0.2, 0.2, 0.6]] as [[Float]]).flatMap { row in
            zip(row, weights).map { $1 * (0.9 * $0 + 0.1 / 3) }
        }
        let loss = try ClassifierHead([layer]).train(count: 2, targets: targets, loss: CrossEntropy(), dropout: .none)
        #expect(abs(loss - 2.304477375271576) < 1e-6)
        let expected: [Float] = [
            -0.07994104118471536, -0.2841681724306965, 0.3641092136154118, 0.31529020645217454, -0.039207902585662716,
            -0.2760823038665119,
        ]
        for (found, expected) in zip(layer.output.gradient.array, expected) { #expect(abs(found - expected) < 1e-6) }
    }

    @Test func kindsAreToldByTheirTensors() {
        #expect(HeadKind(ofTensors: ["classifier.weight"]) == .plain)
        #expect(HeadKind(ofTensors: ["head.norm1.weight", "classifier.weight"]) == .large)
    }
}
