import Numerics
import Foundation
import Testing
import TestSupport

@testable import NeighborEmbedding

@Suite struct TSNEErrorTests {
    private func expect(
        _ error: TSNEError, _ description: String, count: Int = 50, _ change: (inout TSNEParameters) -> Void
    ) {
        var parameters = TestData.parameters()
        change(&parameters)
        #expect(throws: error) {
            try TSNE(parameters, threads: ThreadCount(1)).fit(TestData.features(count: count, dimension: 3))
        }
        #expect("\(error)" == description)
    }

    @Test func wrongFeatureCount() {
        let error = FeatureMatrixError.wrongCount(rows: 3, columns: 2, found: 5)
        #expect(throws: error) { try FeatureMatrix(count: 3, dimension: 2, values: [1, 2, 3, 4, 5]) }
        #expect(throws: FeatureMatrixError.self) { try FeatureMatrix(count: .max, dimension: 2, values: []) }
        #expect(throws: FeatureMatrixError.self) { try FeatureMatrix(count: -1, dimension: -1, values: [1]) }
        #expect("\(error)" == "the features hold 5 values; 3 rows of 2 columns need a different number")
    }

    @Test(arguments: [(Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")]) func nonFiniteFeature(
        value: Float, name: String
    ) {
        let error = FeatureMatrixError.nonFinite(row: 1, column: 2, value: name)
        #expect(throws: error) { try FeatureMatrix(count: 2, dimension: 3, values: [1, 2, 3, 4, 5, value]) }
        #expect(
            "\(error)"
                == "row 1, column 2 (counted from 0) of the features is \(name); every feature must be finite")
    }

    @Test func tooFewPoints() {
        expect(.tooFewPoints(found: 3), "the features have 3 rows; t-SNE needs at least 4", count: 3) { _ in }
    }

    @Test func tooManyPoints() {
        let error = TSNEError.tooManyPoints(found: 1 << 31, most: (1 << 31) - 1)
        #expect(throws: error) { try TSNEParameters().validate(count: 1 << 31) }
        #expect("\(error)" == "the features have 2147483648 rows; the limit is 2147483647")
    }

    @Test func noFeatures() {
        #expect(throws: TSNEError.noFeatures) {
            try TSNE(TestData.parameters(perplexity: 2)).fit(FeatureMatrix(count: 5, dimension: 0, values: []))
        }
        #expect("\(TSNEError.noFeatures)" == "the features have no columns; t-SNE needs at least 1")
    }

    @Test(arguments: [(0, "0.0"), (-3, "-3.0"), (Double.nan, "nan")]) func perplexityNotPositive(
        perplexity: Double, name: String
    ) {
        expect(.perplexityNotPositive(found: name), "the perplexity is \(name); it must be a number above 0") {
            $0.perplexities = [perplexity]
        }
    }

    @Test(arguments: [49, 50, Double.infinity]) func perplexityTooLarge(perplexity: Double) {
        expect(
            .perplexityTooLarge(found: perplexity, points: 50),
            "the perplexity is \(perplexity); with 50 points it must be below 49"
        ) { $0.perplexities = [perplexity] }
    }

    @Test func negativeIterations() {
        expect(.negativeIterations(found: -1), "the number of iterations is -1; it must be at least 0") {
            $0.iterations = -1
        }
    }

    @Test func negativeEarlyExaggerationIterations() {
        expect(
            .negativeEarlyExaggerationIterations(found: -2),
            "the number of iterations of the early exaggeration is -2; it must be at least 0"
        ) { $0.earlyExaggerationIterations = -2 }
    }

    @Test(arguments: [(0.5, "0.5"), (Double.nan, "nan"), (.infinity, "inf")]) func earlyExaggerationBelowOne(
        exaggeration: Double, name: String
    ) {
        expect(
            .earlyExaggerationBelowOne(found: name),
            "the early exaggeration is \(name); it must be a number of at least 1"
        ) { $0.earlyExaggeration = exaggeration }
    }

    @Test(arguments: [(0, "0.0"), (Double.nan, "nan"), (.infinity, "inf")]) func learningRateNotPositive(
        rate: Double, name: String
    ) {
        expect(
            .learningRateNotPositive(found: name), "the learning rate is \(name); it must be a number above 0"
        ) { $0.learningRate = .value(rate) }
    }

    @Test(arguments: [(-0.1, "-0.1"), (1.5, "1.5"), (Double.nan, "nan")]) func thetaOutOfRange(
        theta: Double, name: String
    ) {
        expect(
            .thetaOutOfRange(found: name), "the Barnes-Hut angle is \(name); it must be a number from 0 to 1"
        ) { $0.gradientMethod = .barnesHut(theta: theta) }
    }

    @Test func wrongInitializationCount() {
        expect(
            .wrongInitializationCount(found: 99, expected: 100),
            "the initial layout holds 99 numbers; expected 100, one per point and axis"
        ) { $0.initialization = .given([Float](repeating: 0, count: 99)) }
    }

    @Test func nonFiniteInitialization() {
        expect(
            .nonFiniteInitialization(row: 3, axis: 1, value: "nan"),
            "row 3, axis 1 (counted from 0) of the initial layout is nan; it must be finite"
        ) {
            var coordinates = [Float](repeating: 0, count: 100)
            coordinates[7] = .nan
            $0.initialization = .given(coordinates)
        }
    }

    @Test(arguments: [TSNEParameters.GradientMethod.exact, .barnesHut(theta: 0.5)]) func initializationTooLarge(
        method: TSNEParameters.GradientMethod
    ) {
        expect(
            .initializationTooLarge(row: 2, axis: 0, value: -1e18),
            "row 2, axis 0 (counted from 0) of the initial layout is -1e+18; it must be below 1e+18 in magnitude"
        ) {
            var coordinates = [Float](repeating: 0, count: 100)
            coordinates[4] = -1e18
            $0.initialization = .given(coordinates)
            $0.gradientMethod = method
        }
    }

    @Test(arguments: [TSNEParameters.GradientMethod.exact, .barnesHut(theta: 0.5)], [Double(1e38), 1e20, 1e300])
    func diverged(method: TSNEParameters.GradientMethod, rate: Double) {
        var parameters = TestData.parameters(method: method)
        parameters.learningRate = .value(rate)
        let error = thrown(TSNEError.self) {
            try TSNE(parameters, threads: ThreadCount(1)).fit(TestData.features(count: 50, dimension: 3))
        }
        if case .diverged(let iteration) = error {
            #expect(iteration >= 1)
        } else {
            Issue.record("the run did not diverge: \(String(describing: error))")
        }
        #expect(
            "\(TSNEError.diverged(iteration: 3))"
                == "the layout left the range of single precision at iteration 3; the learning rate is too large")
    }

    /// Meshes never have such lengths; they stand in for running out of memory.
    @Test(arguments: [0, 4, 6, 10, 28, 584]) func noTransformPlan(length: Int) {
        let error = TSNEError.noTransformPlan(length: length)
        #expect(throws: error) { try FourierPlan(length: length, kernels: .baseline) }
        #expect(
            "\(error)"
                == "no memory for Fourier transforms of \(length) values; "
                + "the exact and the Barnes-Hut gradient need none")
    }

    @Test func stoppedBeforeLayout() {
        #expect("\(TSNEError.stoppedBeforeLayout)" == "the run was stopped before there was a layout")
    }

    @Test func parametersSurviveCoding() throws {
        var parameters = TestData.parameters(method: .barnesHut(theta: 0.3))
        parameters.initialization = .given([1, 2])
        parameters.learningRate = .value(3)
        let data = try JSONEncoder().encode(parameters)
        #expect(try JSONDecoder().decode(TSNEParameters.self, from: data) == parameters)
    }
}
