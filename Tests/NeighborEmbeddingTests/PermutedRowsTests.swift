import Numerics
import Foundation
import Testing

@testable import NeighborEmbedding

/// The order of the rows does not matter to the map.
///
/// Sums run over points in their order and over neighbours by their index, so that other rows come first in a permuted
/// run and the last bits differ; the descent amplifies them. So a few iterations give the same places but for rounding, and
/// a whole run a map that is as good.
@Suite struct PermutedRowsTests {
    private let count = 120
    private let order: [Int]
    private let features: FeatureMatrix
    private let permuted: FeatureMatrix
    private let start: [Float]

    init() throws {
        var random = CounterRandom(seed: 31)
        order = random.permutation(of: count)
        // Four groups, so that the map has a form.
        let values = (0..<count).flatMap { point in
            (0..<6).map { Float(random.normal() + ($0 == point % 4 ? 6 : 0)) }
        }
        features = try FeatureMatrix(count: count, dimension: 6, values: values)
        permuted = try FeatureMatrix(
            count: count, dimension: 6, values: order.flatMap { values[$0 * 6..<$0 * 6 + 6] })
        start = TestData.normal(2 * count, scale: 1e-4, seed: 32)
    }

    private func maps(iterations: Int, method: TSNEParameters.GradientMethod) throws -> (Layout, Layout) {
        func map(_ features: FeatureMatrix, from start: [Float]) throws -> Layout {
            var parameters = TestData.parameters(iterations: iterations, method: method)
            parameters.initialization = .given(start)
            return try TSNE(parameters, threads: ThreadCount(2)).fit(features)
        }
        let permutedStart = order.flatMap { start[2 * $0..<2 * $0 + 2] }
        return (try map(features, from: start), try map(permuted, from: permutedStart))
    }

    @Test(arguments: [
        TSNEParameters.GradientMethod.exact, .barnesHut(theta: 0.5), .interpolation(InterpolationGrid()),
    ])
    func placesArePermuted(method: TSNEParameters.GradientMethod) throws {
        let (map, other) = try maps(iterations: 10, method: method)
        let extent = map.coordinates.map(abs).max()!
        for (row, point) in order.enumerated() {
            for axis in 0..<2 {
                let (expected, found) = (map.coordinates[2 * point + axis], other.coordinates[2 * row + axis])
                // Ten steps, in each of which a force is a sum of 120 terms in single precision.
                #expect(abs(expected - found) <= 10 * 120 * Float.ulpOfOne * extent)
            }
        }
    }

    @Test func theDivergenceIsThatOfTheMap() throws {
        let (map, other) = try maps(iterations: 400, method: .exact)
        #expect(abs(map.klDivergence - other.klDivergence) <= 0.03 * map.klDivergence)
    }
}
