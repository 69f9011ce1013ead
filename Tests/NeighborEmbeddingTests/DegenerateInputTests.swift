import Numerics
import Testing

@testable import NeighborEmbedding

/// Degenerate input that must work.
@Suite struct DegenerateInputTests {
    private static let methods = [TSNEParameters.GradientMethod.exact, .barnesHut(theta: 0.5)]

    private func layout(
        count: Int, dimension: Int, perplexity: Double, method: TSNEParameters.GradientMethod, _ values: [Float],
        iterations: Int = 100
    ) throws -> Layout {
        let features = try FeatureMatrix(count: count, dimension: dimension, values: values)
        let parameters = TestData.parameters(perplexity: perplexity, iterations: iterations, method: method)
        let layout = try TSNE(parameters, threads: ThreadCount(2)).fit(features)
        #expect(layout.coordinates.count == 2 * count)
        let isFinite = layout.coordinates.allSatisfy { $0.isFinite }
        #expect(isFinite)
        #expect(layout.klDivergence.isFinite)
        #expect(Set(layout.coordinates).count > 1)
        return layout
    }

    @Test(arguments: methods) func constantColumns(method: TSNEParameters.GradientMethod) throws {
        var values = TestData.normal(100 * 6, seed: 2)
        for row in 0..<100 { (values[row * 6], values[row * 6 + 3]) = (0, 1e30) }
        _ = try layout(count: 100, dimension: 6, perplexity: 10, method: method, values)
    }

    @Test(arguments: methods) func duplicates(method: TSNEParameters.GradientMethod) throws {
        let values = TestData.normal(50 * 6, seed: 2)
        _ = try layout(count: 100, dimension: 6, perplexity: 10, method: method, values + values)
    }

    @Test(arguments: methods) func aThousandCopiesOfOnePoint(method: TSNEParameters.GradientMethod) throws {
        let values = TestData.normal(200 * 3, seed: 2) + [Float](repeating: 0.5, count: 3_000)
        let found = try layout(count: 1_200, dimension: 3, perplexity: 30, method: method, values)
        #expect(found.perplexities[0].max > 30)
    }

    @Test(arguments: methods) func allPointsEqual(method: TSNEParameters.GradientMethod) throws {
        let found = try layout(
            count: 64, dimension: 4, perplexity: 10, method: method, [Float](repeating: -2, count: 256))
        // All 30 neighbours are equally likely.
        #expect(found.perplexities[0].min == 30 && found.perplexities[0].max == 30)
    }

    @Test(arguments: methods) func fourPoints(method: TSNEParameters.GradientMethod) throws {
        _ = try layout(
            count: 4, dimension: 3, perplexity: 2, method: method, TestData.normal(12, seed: 2), iterations: 5_000)
    }

    @Test(arguments: methods) func barelyMorePointsThanThePerplexity(method: TSNEParameters.GradientMethod) throws {
        let found = try layout(
            count: 32, dimension: 3, perplexity: 30, method: method, TestData.normal(96, seed: 2))
        #expect(abs(found.perplexities[0].mean - 30) < 1e-3)
    }

    @Test(arguments: methods) func oneColumn(method: TSNEParameters.GradientMethod) throws {
        let found = try layout(count: 100, dimension: 1, perplexity: 10, method: method, TestData.normal(100, seed: 2))
        let spread = stride(from: 1, to: 200, by: 2).map { abs(found.coordinates[$0]) }.max()!
        #expect(spread > 0)
    }

    @Test func aPerplexityBelowOne() throws {
        let found = try layout(count: 40, dimension: 3, perplexity: 0.5, method: .exact, TestData.normal(120, seed: 2))
        #expect(abs(found.perplexities[0].mean - 1) < 1e-6)
    }

    @Test func moreColumnsThanRows() throws {
        _ = try layout(count: 20, dimension: 5_000, perplexity: 5, method: .exact, TestData.normal(100_000, seed: 2))
    }
}
