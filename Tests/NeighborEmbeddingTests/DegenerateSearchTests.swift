import Numerics
import Testing

@testable import NeighborEmbedding

/// Degenerate input that must work, for both searches and both metrics.
@Suite struct DegenerateSearchTests {
    struct Way: Sendable, CustomTestStringConvertible {
        let search: TSNEParameters.NeighborSearch
        let metric: DistanceMetric

        var testDescription: String { "\(search), \(metric)" }
    }

    private static let ways = [TSNEParameters.NeighborSearch.exact, .approximate].flatMap { search in
        [DistanceMetric.euclidean, .cosine].map { Way(search: search, metric: $0) }
    }

    private func layout(
        _ way: Way, count: Int, perplexity: Double, _ values: [Float]
    ) throws -> Layout {
        let features = try FeatureMatrix(count: count, dimension: values.count / count, values: values)
        var parameters = TestData.parameters(perplexity: perplexity, iterations: 60)
        parameters.neighborSearch = way.search
        parameters.metric = way.metric
        let layout = try TSNE(parameters, threads: ThreadCount(2)).fit(features)
        let isFinite = layout.coordinates.allSatisfy { $0.isFinite }
        #expect(isFinite)
        #expect(layout.klDivergence.isFinite)
        #expect(Set(layout.coordinates).count > 1)
        #expect(layout.neighborRecall >= 0.95 && layout.neighborRecall <= 1)
        return layout
    }

    @Test(arguments: ways) func constantColumns(way: Way) throws {
        var values = TestData.normal(100 * 6, seed: 2)
        for row in 0..<100 { (values[row * 6], values[row * 6 + 3]) = (0, 1e30) }
        _ = try layout(way, count: 100, perplexity: 10, values)
    }

    @Test(arguments: ways) func allPointsEqual(way: Way) throws {
        let found = try layout(way, count: 600, perplexity: 10, [Float](repeating: -2, count: 2_400))
        // All 30 neighbours are equally likely.
        #expect(found.perplexities[0].min == 30 && found.perplexities[0].max == 30)
    }

    @Test(arguments: ways) func aThousandCopiesOfOnePoint(way: Way) throws {
        let values = TestData.normal(200 * 3, seed: 2) + [Float](repeating: 0.5, count: 3_000)
        let found = try layout(way, count: 1_200, perplexity: 30, values)
        // All neighbours that a copy can have are at distance 0.
        #expect(found.perplexities[0].max == 90)
    }

    /// Under the cosine metric only two distinct directions remain.
    @Test(arguments: ways) func oneColumn(way: Way) throws {
        _ = try layout(way, count: 600, perplexity: 10, TestData.normal(600, seed: 2))
    }

    private static let millions = TestData.normal(5_000_000, seed: 2)

    @Test(arguments: ways) func aMillionColumns(way: Way) throws {
        _ = try layout(way, count: 5, perplexity: 2, Self.millions)
    }

    @Test(arguments: ways) func barelyMorePointsThanThePerplexity(way: Way) throws {
        let found = try layout(way, count: 32, perplexity: 30, TestData.normal(96, seed: 2))
        #expect(abs(found.perplexities[0].mean - 30) < 1e-3)
        #expect(found.neighborRecall == 1)
    }

    /// Zero rows have no direction; their cosine with every other row is defined as 0.
    @Test(arguments: ways) func rowsOfZeros(way: Way) throws {
        let values = [Float](repeating: 0, count: 12) + TestData.normal(97 * 4, seed: 6)
        _ = try layout(way, count: 100, perplexity: 10, values)
        _ = try layout(way, count: 100, perplexity: 10, [Float](repeating: 0, count: 400))
    }

    /// Runs with many ties give the same bytes for any number of threads.
    @Test(arguments: [2, 3]) func copiesDoNotDependOnTheThreads(threads: Int) throws {
        let values = TestData.normal(1_500 * 3, seed: 2) + [Float](repeating: 0.5, count: 3_000)
        let features = CenteredFeatures(
            try FeatureMatrix(count: 2_500, dimension: 3, values: values), threads: ThreadCount(threads))
        func graph(_ threads: Int) -> NeighborGraph {
            ApproximateNeighbors.search(
                features, neighborsPerPoint: 30, seed: 1, threads: ThreadCount(threads), kernels: .preferred(),
                report: { _ in true })!
        }
        let (one, many) = (graph(1), graph(threads))
        #expect(one.indices.array == many.indices.array)
        #expect(one.squaredDistances.array == many.squaredDistances.array)
    }
}
