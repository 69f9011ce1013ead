import Numerics
import Foundation
import Testing

@testable import NeighborEmbedding

@Suite struct AffinityTests {
    @Test func affinitiesEqualTheOracle() throws {
        let fixture = try AffinityFixture.load()
        let features = try FeatureMatrix(
            count: fixture.count, dimension: fixture.dimension, values: fixture.features)
        for oracle in fixture.cases {
            let affinities = TestData.affinities(features, perplexity: oracle.perplexity)
            var expected = [Double](repeating: 0, count: fixture.count * fixture.count)
            for (entry, value) in oracle.affinities.values.enumerated() {
                expected[oracle.affinities.rows[entry] * fixture.count + oracle.affinities.columns[entry]] = value
            }
            // A squared distance in single precision sums 10 squares, with about 16 roundings. The exponent -βd², up to about
            // 20, multiplies that relative error in p.
            let tolerance = 20 * 16 * 0x1p-24
            for (found, expected) in zip(affinities.dense, expected) {
                #expect(abs(found - expected) <= tolerance * expected)
            }
            #expect(abs(affinities.total - 1) < 1e-6)
        }
    }

    @Test(arguments: [5.0, 30.0, 50.0]) func perplexityIsAchieved(perplexity: Double) {
        let affinities = TestData.affinities(TestData.features(count: 300, dimension: 20), perplexity: perplexity)
        #expect(abs(affinities.perplexities[0].min - perplexity) < 1e-6)
        #expect(abs(affinities.perplexities[0].max - perplexity) < 1e-6)
        #expect(abs(affinities.perplexities[0].mean - perplexity) < 1e-6)
    }

    @Test(arguments: KernelPath.available) func perplexityIsAchievedAcrossScales(kernels: KernelPath) {
        var distances = (0..<90).map { Float(pow(10, Double($0) / 9)) }
        distances[0] = 0
        let calibration = PerplexityCalibration(neighbors: 90, kernels: kernels)
        for perplexity in [1.5, 30, 89] {
            let achieved = calibration.calibrate(distances, perplexity: perplexity)
            let entropy = calibration.probabilities.array.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
            #expect(abs(achieved - perplexity) < 1e-6)
            #expect(abs(exp(entropy) - perplexity) < 1e-6)
        }
    }

    @Test(arguments: KernelPath.available) func copiesShareTheProbability(kernels: KernelPath) {
        let distances = [Float](repeating: 0, count: 40) + [Float](repeating: 1, count: 20)
        let calibration = PerplexityCalibration(neighbors: 60, kernels: kernels)
        let achieved = calibration.calibrate(distances, perplexity: 30)
        #expect(abs(achieved - 40) < 1e-6)
        #expect(calibration.probabilities.elements[..<40].allSatisfy { abs($0 - 1.0 / 40) < 1e-12 })
    }

    @Test(arguments: [(5, 1), (60, 7), (300, 33), (150, 1024)]) func neighborsAreTheNearest(
        count: Int, dimension: Int
    ) {
        let features = TestData.features(count: count, dimension: dimension, seed: UInt64(count))
        let number = min(12, count - 1)
        let found = TestData.neighbors(features, number)
        for row in 0..<count {
            let exact = (0..<count).filter { $0 != row }.map { other in
                var sum = 0.0
                for column in 0..<dimension {
                    let difference =
                        Double(features.values[row * dimension + column])
                        - Double(features.values[other * dimension + column])
                    sum += difference * difference
                }
                return (sum, other)
            }.sorted { $0 < $1 }
            let expected = exact.prefix(number).map { Int32($0.1) }
            #expect(Array(found.indices.elements[row * number..<(row + 1) * number]) == expected)
        }
    }

    @Test func equallyDistantNeighborsComeByIndex() throws {
        let features = try FeatureMatrix(count: 9, dimension: 1, values: (0..<9).map(Float.init))
        let found = TestData.neighbors(features, 4)
        #expect(Array(found.indices.elements[16..<20]) == [3, 5, 2, 6])
    }

    @Test func aCommonOffsetCostsNoDigits() throws {
        let features = TestData.features(count: 200, dimension: 16)
        // Multiples of 2⁻¹⁰ stay exact after adding 4,096.
        let coarse = features.values.map { ($0 * 1024).rounded() / 1024 }
        let near = try FeatureMatrix(count: 200, dimension: 16, values: coarse)
        let far = try FeatureMatrix(count: 200, dimension: 16, values: coarse.map { $0 + 4_096 })
        #expect(TestData.neighbors(near, 20).indices.array == TestData.neighbors(far, 20).indices.array)
        for (a, b) in zip(
            TestData.affinities(near, perplexity: 7).dense, TestData.affinities(far, perplexity: 7).dense)
        {
            #expect(abs(a - b) <= 1e-5 * a)
        }
    }

    @Test(arguments: [Float(0x1p100), 0x1p-100]) func theUnitOfTheFeaturesDoesNotMatter(unit: Float) throws {
        let features = TestData.features(count: 100, dimension: 8)
        let scaled = try FeatureMatrix(count: 100, dimension: 8, values: features.values.map { $0 * unit })
        #expect(
            TestData.affinities(features, perplexity: 10).dense == TestData.affinities(scaled, perplexity: 10).dense)
    }

    @Test func constantColumnsChangeNothing() throws {
        let features = TestData.features(count: 60, dimension: 5)
        var wide: [Float] = []
        for row in 0..<60 { wide += [7, 0] + features.values[row * 5..<row * 5 + 5] + [-3] }
        let padded = try FeatureMatrix(count: 60, dimension: 8, values: wide)
        for (a, b) in zip(
            TestData.affinities(features, perplexity: 7).dense, TestData.affinities(padded, perplexity: 7).dense)
        {
            #expect(abs(a - b) <= 1e-5 * a)
        }
    }

    @Test(arguments: [2, 3]) func affinitiesDoNotDependOnTheThreads(threads: Int) {
        let features = TestData.features(count: 700, dimension: 70)
        let one = TestData.affinities(features, perplexity: 20)
        let many = TestData.affinities(features, perplexity: 20, threads: threads)
        #expect(one.rowStarts.array == many.rowStarts.array)
        #expect(one.columns.array == many.columns.array)
        #expect(one.values.array == many.values.array)
    }

    @Test func affinitiesAreSymmetric() {
        let affinities = TestData.affinities(TestData.features(count: 100, dimension: 3), perplexity: 5).dense
        for row in 0..<100 {
            for column in 0..<100 { #expect(affinities[row * 100 + column] == affinities[column * 100 + row]) }
        }
    }
}
