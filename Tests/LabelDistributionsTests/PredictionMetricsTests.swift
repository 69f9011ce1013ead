import Foundation
import LabelDistributions
import Testing

struct PredictionMetricsTests {
    private struct Reference: Decodable {
        let predictions: [[Double]]
        let labels: [[Double]]
        let macroAccuracy: Double
        let macroF1: Double
        let klDivergence: Double
        let expectedCalibrationError: Double
        let softCrossEntropy: Double
        let jensenShannonSimilarity: Double
        let softAccuracy: Double
        let manhattanDistance: Double
        let entropyCorrelation: Double
        let top1Accuracy: Double
        let entropies: [Double]
    }

    private static func reference(_ name: String) throws -> Reference {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/metrics", withExtension: "json"))
        let cases = try JSONDecoder().decode([String: Reference].self, from: Data(contentsOf: url))
        return try #require(cases[name])
    }

    @Test(arguments: ["allPresent", "absent", "sharp"])
    func equalsScikitLearnNumpyAndSciPy(name: String) throws {
        let reference = try Self.reference(name)
        let predictions = reference.predictions
        let labels = try reference.labels.map { try LabelDistribution($0) }
        func agrees(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) <= 1e-12 }

        let accuracy = PredictionMetrics.macroAccuracy(predictions: predictions, labels: labels)
        #expect(agrees(accuracy.value, reference.macroAccuracy))
        #expect(accuracy.absentClasses == (name == "absent" ? [3, 4] : []))
        let f1 = PredictionMetrics.macroF1(predictions: predictions, labels: labels)
        #expect(agrees(f1.value, reference.macroF1))
        #expect(f1.absentClasses == (name == "absent" ? [4] : []))
        let divergence = PredictionMetrics.klDivergence(predictions: predictions, labels: labels)
        #expect(agrees(divergence, reference.klDivergence))
        let error = PredictionMetrics.expectedCalibrationError(predictions: predictions, labels: labels)
        #expect(agrees(error, reference.expectedCalibrationError))
        for (measure, expected) in [
            (PredictionMeasure.softCrossEntropy, reference.softCrossEntropy),
            (.jensenShannonSimilarity, reference.jensenShannonSimilarity), (.softAccuracy, reference.softAccuracy),
            (.manhattanDistance, reference.manhattanDistance), (.entropyCorrelation, reference.entropyCorrelation),
            (.top1Accuracy, reference.top1Accuracy),
        ] {
            let value = try #require(measure.value(predictions: predictions, labels: labels))
            #expect(agrees(value, expected), "\(measure): \(value) and \(expected)")
        }
        for (label, entropy) in zip(labels, reference.entropies) { #expect(agrees(label.entropy, entropy)) }
    }

    @Test func divergenceClipsBothSides() {
        let label = LabelDistribution(oneHot: 0, of: 2)
        let (low, high) = (1e-5, 1 - 1e-5)
        let expected = high * log(high / low) + low * log(low / high)
        let value = PredictionMetrics.klDivergence(predictions: [[0, 1]], labels: [label])
        #expect(abs(value - expected) < 1e-12)
        #expect(PredictionMetrics.klDivergence(predictions: [[.nan, 1]], labels: [label]).isNaN)
    }

    @Test func confidenceOnABinsEdgeBelongsToTheBinBelow() throws {
        // Both fall into (0.4, 0.5]: one right, one wrong, mean confidence 0.475. If the first fell into (0.5, 0.6], the gaps
        // of 0.5 and 0.45 would be in separate bins.
        let labels = [LabelDistribution(oneHot: 0, of: 3), LabelDistribution(oneHot: 2, of: 3)]
        let predictions = [[0.5, 0.25, 0.25], [0.45, 0.3, 0.25]]
        let error = PredictionMetrics.expectedCalibrationError(predictions: predictions, labels: labels)
        #expect(abs(error - 0.025) < 1e-15)
        let sure = PredictionMetrics.expectedCalibrationError(predictions: [[1, 0, 0]], labels: [labels[0]])
        #expect(sure == 0)
    }

    @Test func aClassWithoutImagesIsLeftOutAndNamed() {
        let labels = [0, 0, 1].map { LabelDistribution(oneHot: $0, of: 3) }
        let score = PredictionMetrics.macroAccuracy(
            predictions: [[0.8, 0.1, 0.1], [0, 0.2, 0.8], [0, 1, 0]], labels: labels)
        #expect(score.byClass == [0.5, 1, nil])
        #expect(score.value == 0.75)
        #expect(score.absentClasses == [2])
    }

    @Test func hardPredictionsOfHardLabels() {
        let labels = [0, 1, 1, 2].map { LabelDistribution(oneHot: $0, of: 3) }
        let predictions: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]
        func value(_ measure: PredictionMeasure) -> Double? { measure.value(predictions: predictions, labels: labels) }
        // One of four images has no mass in common with its label.
        #expect(value(.softAccuracy) == 0.75 && value(.jensenShannonSimilarity) == 0.75)
        #expect(value(.manhattanDistance) == 0.5)
        // Class 1 has probability 0, which is clamped to 2⁻⁵².
        #expect(abs(value(.softCrossEntropy)! - 52 * log(2) / 4) < 1e-12)
        // No image is ambiguous, so nothing can be correlated.
        #expect(value(.entropyCorrelation) == nil)
    }

    @Test func entropiesThatDifferByRoundingAreConstant() throws {
        // The same three probabilities in another order, so the entropies differ by at most the last bit.
        let labels = try [[0.2, 0.3, 0.5], [0.5, 0.2, 0.3], [0.3, 0.5, 0.2]].map { try LabelDistribution($0) }
        let varied = [[0.2, 0.3, 0.5], [0.8, 0.1, 0.1], [1, 0, 0]]
        #expect(PredictionMetrics.entropyCorrelation(predictions: varied, labels: labels) == nil)
        #expect(
            PredictionMetrics.entropyCorrelation(
                predictions: labels.map(\.probabilities), labels: try varied.map { try LabelDistribution($0) }) == nil)
        // Over many images the mean rounds more; that must not become a correlation.
        for count in [30, 300, 1_000, 30_000] {
            let many = Array(repeating: labels[0], count: count)
            let uneven = (0..<count).map { varied[$0 % varied.count] }
            #expect(PredictionMetrics.entropyCorrelation(predictions: uneven, labels: many) == nil, "\(count)")
        }
        #expect(PredictionMetrics.entropyCorrelation(predictions: [varied[0]], labels: [labels[0]]) == nil)
    }
}
