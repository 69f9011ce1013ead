import Numerics
import Foundation
import TensorFiles
import Testing

@testable import Backbones
@testable import NeuralNetwork

/// Training the backbones, against Keras' own networks in float64 (`Tools/reference/keras_training.py`).
@Suite struct KerasTrainingTests {
    struct Training: Decodable {
        struct Trajectory: Decodable {
            let batch: Int
            let side: Int
            let learningRate: Double
            let momentum: Double
            let losses: [Double]
            let finalNorms: [String: Double]
        }
        let batch: Int
        let side: Int
        let step: Int
        let loss: Double
        let trajectory: Trajectory
    }

    /// Keras' results, and the values shared with the PyTorch oracle: names, classes, kinks.
    private func read(_ which: OracleCase) throws -> (Training, SafetensorsFile, BackboneOracle, SafetensorsFile) {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let name = "\(which.rawValue)-keras-training"
        let training = try JSONDecoder().decode(
            Training.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
        let (oracle, steps) = try which.read()
        return (training, try .read(folder.appending(path: "\(name).safetensors")), oracle, steps)
    }

    private func network(_ which: OracleCase, _ oracle: BackboneOracle, side: Int, batch: Int) throws -> Network {
        let network = try which.backbone(classes: oracle.classes).network(
            imageSize: side, batch: batch, threads: ThreadCount(2), trains: true)
        try network.load(
            network.state().map {
                SeededTensors.parameter($0.name, $0.shape, normBiasOffset: oracle.normBiasOffset)
            })
        return network
    }

    private func loss(_ network: Network, step: Int, batch: Int, side: Int, classes: Int) throws -> Double {
        try network.accumulateGradients(
            images: SeededTensors.images(step, batch * 3 * side * side),
            targets: SeededTensors.targets(step, batch, classes: classes), count: batch)
    }

    @Test(arguments: [OracleCase.densenet121, .resnet50v2]) func everyGradientIsKeras(_ which: OracleCase) throws {
        let (training, tensors, oracle, steps) = try read(which)
        let network = try network(which, oracle, side: training.side, batch: training.batch)
        let loss = try loss(
            network, step: training.step, batch: training.batch, side: training.side, classes: oracle.classes)
        #expect(abs(loss / training.loss - 1) < 1e-6)

        let norms = try #require(tensors["gradientNorms"]).values
        let sketches = try #require(tensors["gradientSketches"]).values
        // Kinks of the same step: the variation due to ReLU inputs near zero.
        let same = try #require(
            oracle.trainingSteps.first {
                ($0.batch, $0.side, $0.step) == (training.batch, training.side, training.step)
            })
        let kinks = try #require(steps[same.tensors + "gradientKinks"]).values
        let gradients = try network.state(.gradients)
        #expect(gradients.map(\.name) == oracle.parameterNames && norms.count == gradients.count)
        for (index, gradient) in gradients.enumerated() {
            let found = SeededTensors.sketches(gradient)
            let square = (0..<32).reduce(0.0) {
                let gap = found[$1] - Double(sketches[index * 32 + $1])
                return $0 + gap * gap / 32
            }
            // The tolerance of the PyTorch parity test; the other epsilon alone moves a gradient by at most 1.5e-5.
            let relative = square.squareRoot() / Double(norms[index])
            #expect(relative < 1e-3 + 1.5 * Double(kinks[index]), "\(gradient.name)")
        }
    }

    /// Oracle: Keras' own optimiser and loss.
    @Test(arguments: [OracleCase.densenet121, .resnet50v2]) func tenStepsAreKeras(_ which: OracleCase) throws {
        let (training, _, oracle, _) = try read(which)
        let expected = training.trajectory
        let network = try network(which, oracle, side: expected.side, batch: expected.batch)
        for (step, keras) in expected.losses.enumerated() {
            let found = try loss(
                network, step: step, batch: expected.batch, side: expected.side, classes: oracle.classes)
            #expect(abs(found / keras - 1) < (step == 0 ? 1e-6 : 1e-3), "step \(step): \(found), expected \(keras)")
            try network.descend(
                .sgd(rate: Float(expected.learningRate), momentum: Float(expected.momentum), decay: 0))
        }
        let state = Dictionary(uniqueKeysWithValues: try network.state().map { ($0.name, $0.values) })
        for (name, norm) in expected.finalNorms {
            let found = try #require(state[name]).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(abs(found / norm - 1) < 1e-4, "\(name): \(found), expected \(norm)")
        }
    }
}
