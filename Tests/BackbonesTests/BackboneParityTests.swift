import Numerics
import Foundation
import Testing

@testable import Backbones
@testable import NeuralNetwork

/// The backbones against PyTorch in float64 with the same weights (`Tools/reference/*_fixtures.py`).
@Suite struct BackboneParityTests {
    func network(
        _ which: OracleCase, _ oracle: BackboneOracle, side: Int, batch: Int, threads: Int, trains: Bool
    ) throws -> Network {
        let network = try which.backbone(classes: oracle.classes).network(
            imageSize: side, batch: batch, threads: ThreadCount(threads), trains: trains)
        try network.load(
            network.state().map {
                SeededTensors.parameter($0.name, $0.shape, normBiasOffset: oracle.normBiasOffset)
            })
        return network
    }

    func distance(_ found: [Double], _ expected: [Double]) -> Double {
        let square = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (square / expected.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }

    @Test(arguments: OracleCase.allCases)
    func namesAndSizes(_ which: OracleCase) throws {
        let oracle = try which.read().oracle
        let network = try network(which, oracle, side: 32, batch: 1, threads: 1, trains: true)
        let trained = try network.state(.gradients)
        // Our order is execution order, in which a block's projection comes next to its first convolution.
        let counts = Dictionary(uniqueKeysWithValues: zip(oracle.parameterNames, oracle.parameterCounts))
        #expect(Dictionary(uniqueKeysWithValues: trained.map { ($0.name, $0.values.count) }) == counts)
        if [OracleCase.densenet121, .resnet50v2, .resnet50v2timm].contains(which) {
            #expect(trained.map(\.name) == oracle.parameterNames)
        }
    }

    @Test(arguments: OracleCase.allCases)
    func featuresAndLogitsInEvaluationMode(_ which: OracleCase) throws {
        let oracle = try which.read().oracle
        for evaluation in oracle.evaluations {
            let network = try network(
                which, oracle, side: evaluation.side, batch: 4, threads: 1, trains: false)
            let images = SeededTensors.images(0, evaluation.batch * 3 * evaluation.side * evaluation.side)
            let (features, logits) = try network.evaluate(images: images, count: evaluation.batch)
            #expect(distance(features.map(Double.init), evaluation.features.flatMap(\.self)) < 1e-5)
            #expect(distance(logits.map(Double.init), evaluation.logits.flatMap(\.self)) < 1e-5)
        }
    }

    /// Oracle: Keras' own network with the same weights.
    @Test func featuresAndLogitsOfKeras() throws {
        struct Answer: Decodable {
            let classes: Int
            let batch: Int
            let side: Int
            let logits: [[Double]]
            let features: [[Double]]
        }
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let answer = try JSONDecoder().decode(
            Answer.self, from: Data(contentsOf: folder.appending(path: "resnet50v2-keras.json")))
        let oracle = try OracleCase.resnet50v2.read().oracle
        let network = try network(
            .resnet50v2, oracle, side: answer.side, batch: answer.batch, threads: 1, trains: false)
        let images = SeededTensors.images(0, answer.batch * 3 * answer.side * answer.side)
        let (features, logits) = try network.evaluate(images: images, count: answer.batch)
        #expect(distance(features.map(Double.init), answer.features.flatMap(\.self)) < 1e-5)
        #expect(distance(logits.map(Double.init), answer.logits.flatMap(\.self)) < 1e-5)
    }

    @Test(arguments: [
        (OracleCase.densenet121, 1), (.densenet121, 2), (.densenet121, 3), (.resnet50v2, 2), (.resnet50v2timm, 3),
    ])
    func everyGradientAfterATrainingStep(_ which: OracleCase, threads: Int) throws {
        try checkTrainingStep(which, threads: threads)
    }

    @Test(arguments: [(OracleCase.resnet18_cifar, 2), (.preactresnet18, 2), (.wrn_28_2, 3)])
    func everyGradientForSmallImages(_ which: OracleCase, threads: Int) throws {
        try checkTrainingStep(which, threads: threads)
    }

    @Test func everyGradientOfBottlenecks() throws { try checkTrainingStep(.resnet50, threads: 2) }

    private func checkTrainingStep(_ which: OracleCase, threads: Int) throws {
        let (oracle, steps) = try which.read()
        for expected in oracle.trainingSteps {
            // The network is planned for more samples than it gets, so its last tiles are partly empty.
            let network = try network(
                which, oracle, side: expected.side, batch: expected.batch + 3, threads: threads, trains: true)
            let loss = try network.accumulateGradients(
                images: SeededTensors.images(expected.step, expected.batch * 3 * expected.side * expected.side),
                targets: SeededTensors.targets(expected.step, expected.batch, classes: oracle.classes),
                count: expected.batch)
            #expect(abs(loss / expected.loss - 1) < 1e-5)

            let sketches = try #require(steps[expected.tensors + "gradientSketches"]).values
            let norms = try #require(steps[expected.tensors + "gradientNorms"]).values
            let kinks = try #require(steps[expected.tensors + "gradientKinks"]).values
            for gradient in try network.state(.gradients) {
                let index = try #require(oracle.parameterNames.firstIndex(of: gradient.name))
                let found = SeededTensors.sketches(gradient)
                let square = (0..<32).reduce(0.0) {
                    let gap = found[$1] - Double(sketches[index * 32 + $1])
                    return $0 + gap * gap / 32
                }
                let relative = square.squareRoot() / Double(norms[index])
                // A distance from 32 sketches has a standard deviation of an eighth; the extra half is four of these.
                #expect(relative < 1e-3 + 1.5 * Double(kinks[index]), "\(gradient.name), \(expected.tensors)")
            }

            let state = Dictionary(uniqueKeysWithValues: try network.state().map { ($0.name, $0.values) })
            for (statistic, key) in [("running_mean", "runningMean"), ("running_var", "runningVar")] {
                let heads = try #require(steps[expected.tensors + key + "Heads"]).values
                let norms = try #require(steps[expected.tensors + key + "Norms"]).values
                for (index, name) in oracle.normNames.enumerated() {
                    let values = try #require(state["\(name).\(statistic)"]).map(Double.init)
                    let head = heads[index * 8..<index * 8 + 8].map(Double.init)
                    #expect(distance(Array(values.prefix(8)), head) < 1e-4, "\(name).\(statistic)")
                    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
                    #expect(abs(norm / Double(norms[index]) - 1) < 1e-5, "\(name).\(statistic)")
                }
            }
        }
    }

    @Test(arguments: [OracleCase.densenet121, .resnet50v2])
    func tenStepsOfGradientDescent(_ which: OracleCase) throws { try checkTenSteps(which) }

    @Test func tenStepsForSmallImages() throws { try checkTenSteps(.resnet18_cifar) }

    private func checkTenSteps(_ which: OracleCase) throws {
        let oracle = try which.read().oracle
        let expected = try #require(oracle.trajectory)
        let network = try network(
            which, oracle, side: expected.side, batch: expected.batch, threads: 2, trains: true)
        for (step, loss) in expected.losses.enumerated() {
            let schedule = 0.5 * (1 + cos(.pi * Double(step) / 10))
            let found = try network.accumulateGradients(
                images: SeededTensors.images(step, expected.batch * 3 * expected.side * expected.side),
                targets: SeededTensors.targets(step, expected.batch, classes: oracle.classes), count: expected.batch)
            #expect(abs(found / loss - 1) < (step == 0 ? 1e-6 : 1e-3), "step \(step): \(found), expected \(loss)")
            try network.descend(
                .sgdw(
                    rate: Float(expected.learningRate * schedule), momentum: Float(expected.momentum),
                    decay: Float(expected.weightDecay * schedule)))
        }
        let state = Dictionary(uniqueKeysWithValues: try network.state().map { ($0.name, $0.values) })
        for (name, norm) in expected.finalNorms {
            let found = try #require(state[name]).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            // Without weight decay, or if it also applied to normalisations, a norm would end 2e-3 away.
            #expect(abs(found / norm - 1) < 1e-4, "\(name)")
        }
    }
}
