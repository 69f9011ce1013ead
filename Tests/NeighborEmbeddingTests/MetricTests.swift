import Numerics
import Foundation
import Testing

@testable import NeighborEmbedding

/// The cosine metric, several perplexities at once, and reduction to principal components.
@Suite struct MetricTests {
    private func dense(_ sparse: AffinityFixture.Sparse, count: Int) -> [Double] {
        var matrix = [Double](repeating: 0, count: count * count)
        for (entry, value) in sparse.values.enumerated() {
            matrix[sparse.rows[entry] * count + sparse.columns[entry]] = value
        }
        return matrix
    }

    private func affinities(
        _ features: FeatureMatrix, metric: DistanceMetric, perplexities: [Double], threads: Int = 1
    ) -> SparseAffinities {
        let number = min(features.count - 1, Int((3 * perplexities.max()!).rounded(.up)))
        let graph = NearestNeighbors.search(
            CenteredFeatures(features, metric: metric, threads: ThreadCount(threads)), neighborsPerPoint: number,
            threads: ThreadCount(threads), kernels: .preferred(), report: { _ in true })!
        return SparseAffinities(
            neighbors: graph, perplexities: perplexities, threads: ThreadCount(threads), kernels: .preferred())
    }

    @Test func cosineAffinitiesEqualTheOracle() throws {
        let fixture = try MetricsFixture.load()
        let features = try FeatureMatrix(
            count: fixture.count, dimension: fixture.dimension, values: fixture.features)
        let found = affinities(features, metric: .cosine, perplexities: [fixture.cosinePerplexity])
        // As for the Euclidean metric, but squaring doubles the relative error.
        let tolerance = 2 * 20 * 16 * 0x1p-24
        for (found, expected) in zip(found.dense, dense(fixture.cosine, count: fixture.count)) {
            #expect(abs(found - expected) <= tolerance * expected)
        }
    }

    @Test func theLengthOfARowDoesNotMatterToTheCosine() throws {
        let features = TestData.features(count: 80, dimension: 6)
        let factors: [Float] = [0x1p-60, 0.25, 8, 0x1p50]
        let scaled = try FeatureMatrix(
            count: 80, dimension: 6, values: features.values.indices.map { features.values[$0] * factors[$0 / 6 % 4] })
        let (a, b) = (
            affinities(features, metric: .cosine, perplexities: [9]),
            affinities(scaled, metric: .cosine, perplexities: [9])
        )
        #expect(a.columns.array == b.columns.array)
        #expect(a.values.array == b.values.array)
    }

    @Test func severalPerplexitiesEqualTheOracle() throws {
        let fixture = try MetricsFixture.load()
        let features = try FeatureMatrix(
            count: fixture.count, dimension: fixture.dimension, values: fixture.features)
        let found = affinities(features, metric: .euclidean, perplexities: fixture.perplexities)
        for (found, expected) in zip(found.dense, dense(fixture.multiscale, count: fixture.count)) {
            #expect(abs(found - expected) <= 20 * 16 * 0x1p-24 * expected)
        }
        #expect(found.perplexities.count == 2)
        for (achieved, asked) in zip(found.perplexities, fixture.perplexities) {
            #expect(abs(achieved.min - asked) < 1e-6 && abs(achieved.max - asked) < 1e-6)
        }
    }

    @Test(arguments: [2, 11]) func severalPerplexitiesDoNotDependOnTheThreads(threads: Int) {
        let features = TestData.features(count: 700, dimension: 7)
        let one = affinities(features, metric: .euclidean, perplexities: [5, 30])
        let many = affinities(features, metric: .euclidean, perplexities: [5, 30], threads: threads)
        #expect(one.columns.array == many.columns.array)
        #expect(one.values.array == many.values.array)
    }

    @Test func componentsEqualTheOracle() throws {
        let fixture = try MetricsFixture.load()
        let features = try FeatureMatrix(
            count: fixture.count, dimension: fixture.dimension, values: fixture.features)
        let found = PrincipalComponents.reduce(
            features, to: fixture.components, seed: 0, threads: ThreadCount(2))
        // `CenteredFeatures` scales by a power of two; undo that using the largest score.
        let largest = fixture.scores.map(abs).max()!
        let unit = largest / Double(found.values.map(abs).max()!)
        for (found, expected) in zip(found.values, fixture.scores) {
            // Variances differ by a tenth of the largest, so rounding in sums of 40 turns a component by at most ten units.
            #expect(abs(Double(found) * unit - expected) < 10 * 40 * 0x1p-24 * largest)
        }
    }

    /// Three algorithms, each for sizes where the others are too slow; they must agree.
    @Test func componentsOfRowsAndColumnsAgree() throws {
        // Variances fall fast, so subspace iteration converges in a few sweeps.
        let values = TestData.normal(60 * 50, seed: 8).enumerated().map { $1 * Float(pow(0.7, Double($0 % 50))) }
        let centered = CenteredFeatures(
            try FeatureMatrix(count: 60, dimension: 50, values: values), threads: ThreadCount(1))
        let columns = PrincipalComponents.scoresByCovariance(centered, components: 5, threads: ThreadCount(1))
        let rows = PrincipalComponents.scoresByGram(centered, components: 5, threads: ThreadCount(1))
        let iterated = PrincipalComponents.scores(of: centered, components: 5, seed: 3, threads: ThreadCount(1))
        let largest = rows.map(abs).max()!
        for place in rows.indices {
            #expect(abs(rows[place] - columns[place]) < 1e-5 * largest)
            #expect(abs(rows[place] - iterated[place]) < 1e-3 * largest)
        }
    }

    @Test(arguments: [(30, 4, 10), (6, 200, 10), (50, 3, 3)]) func missingComponentsAreZero(
        count: Int, dimension: Int, components: Int
    ) throws {
        // The last column is constant.
        var values = TestData.normal(count * dimension, seed: 3)
        for row in 0..<count { values[(row + 1) * dimension - 1] = 4 }
        let reduced = PrincipalComponents.reduce(
            try FeatureMatrix(count: count, dimension: dimension, values: values), to: components, seed: 0,
            threads: ThreadCount(1))
        #expect(reduced.dimension == components && reduced.count == count)
        let rank = min(count - 1, dimension - 1)
        for row in 0..<count {
            for component in rank..<components { #expect(abs(reduced.values[row * components + component]) < 1e-3) }
        }
        #expect((0..<count).contains { abs(reduced.values[$0 * components + rank - 1]) > 1e-2 })
    }

    @Test func allComponentsKeepTheDistances() throws {
        let features = TestData.features(count: 200, dimension: 12)
        let reduced = PrincipalComponents.reduce(features, to: 12, seed: 0, threads: ThreadCount(1))
        #expect(TestData.neighbors(features, 9).indices.array == TestData.neighbors(reduced, 9).indices.array)
    }

    @Test(arguments: [2, 3]) func componentsDoNotDependOnTheThreads(threads: Int) throws {
        for (count, dimension) in [(3_000, 30), (100, 150)] {
            let features = TestData.features(count: count, dimension: dimension)
            let one = PrincipalComponents.reduce(features, to: 8, seed: 0, threads: ThreadCount(1))
            let many = PrincipalComponents.reduce(features, to: 8, seed: 0, threads: ThreadCount(threads))
            #expect(one.values == many.values)
        }
    }

    @Test func equalRowsReduceToZeros() throws {
        let reduced = PrincipalComponents.reduce(
            try FeatureMatrix(count: 20, dimension: 5, values: [Float](repeating: 3, count: 100)), to: 3, seed: 0,
            threads: ThreadCount(1))
        #expect(reduced.values == [Float](repeating: 0, count: 60))
    }

    @Test func aMillionColumnsFit() throws {
        let features = TestData.features(count: 4, dimension: 1_000_000)
        let layout = try TSNE(TestData.parameters(perplexity: 2, iterations: 50), threads: ThreadCount(2)).fit(features)
        #expect(layout.coordinates.allSatisfy { $0.isFinite })
        #expect(Set(layout.coordinates).count > 1)
    }
}
