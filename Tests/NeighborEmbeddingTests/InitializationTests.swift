import Numerics
import Testing

@testable import NeighborEmbedding

@Suite struct InitializationTests {
    @Test func principalComponentsEqualTheOracle() throws {
        let fixture = try AffinityFixture.load()
        let features = CenteredFeatures(
            try FeatureMatrix(count: fixture.count, dimension: fixture.dimension, values: fixture.features),
            threads: ThreadCount(1))
        let found = PrincipalComponents.scores(of: features, components: 2, seed: 0, threads: ThreadCount(1))
        // `CenteredFeatures` scales by a power of two; undo that using the largest score.
        let unit = fixture.principalComponents.map(abs).max()! / found.map(abs).max()!
        for (found, expected) in zip(found, fixture.principalComponents) {
            #expect(abs(found * unit - expected) < 1e-4)
        }
    }

    @Test func theFirstAxisHasTheSpread() {
        let features = CenteredFeatures(TestData.features(count: 500, dimension: 30), threads: ThreadCount(1))
        for method in [TSNEParameters.Initialization.pca, .random] {
            let layout = LayoutInitialization.coordinates(
                method, dimensions: 2, features: features, seed: 3, threads: ThreadCount(1))
            var (sum, squares) = (0.0, 0.0)
            for point in 0..<500 {
                sum += Double(layout[2 * point])
                squares += Double(layout[2 * point]) * Double(layout[2 * point])
            }
            #expect(abs(sum / 500) < 1e-10)
            // Ten standard errors of the standard deviation of 500 normal numbers.
            #expect(abs((squares / 500).squareRoot() / 1e-4 - 1) < 10 / Double(1_000).squareRoot())
        }
    }

    @Test func givenCoordinatesAreCentredOnly() {
        let features = CenteredFeatures(TestData.features(count: 4, dimension: 3), threads: ThreadCount(1))
        let layout = LayoutInitialization.coordinates(
            .given([1, 10, 3, 10, 5, 12, 7, 12]), dimensions: 2, features: features, seed: 0, threads: ThreadCount(1))
        #expect(layout == [-3, -1, -1, -1, 1, 1, 3, 1])
    }

    @Test func theSeedDecides() {
        let features = CenteredFeatures(TestData.features(count: 50, dimension: 3), threads: ThreadCount(1))
        func layout(_ seed: UInt64) -> [Float] {
            LayoutInitialization.coordinates(
                .random, dimensions: 2, features: features, seed: seed, threads: ThreadCount(1))
        }
        #expect(layout(1) == layout(1))
        #expect(layout(1) != layout(2))
    }

    @Test func equalPointsAreSpreadAtRandom() throws {
        let features = CenteredFeatures(
            try FeatureMatrix(count: 20, dimension: 3, values: [Float](repeating: 5, count: 60)),
            threads: ThreadCount(1))
        let layout = LayoutInitialization.coordinates(
            .pca, dimensions: 2, features: features, seed: 0, threads: ThreadCount(1))
        #expect(Set(layout).count == 40)
    }
}
