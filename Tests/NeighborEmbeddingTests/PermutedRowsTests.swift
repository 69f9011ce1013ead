import Numerics
import Foundation
import Testing

@testable import NeighborEmbedding

/// The order of the rows must not matter to the map.
///
/// Sums run over points in order and over neighbours by index. A permuted run therefore rounds differently in the last bits,
/// and the descent amplifies that. So a few iterations must give the same positions up to rounding, and a whole run an equally
/// good map.
@Suite struct PermutedRowsTests {
    private let count = 120
    private let order: [Int]
    private let features: FeatureMatrix
    private let permuted: FeatureMatrix
    private let start: [Float]

    init() throws {
        var random = CounterRandom(seed: 31)
        order = random.permutation(of: count)
        // Four groups, so that the map has structure.
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
        let gaps = order.enumerated().flatMap { row, point in
            (0..<2).map { abs(map.coordinates[2 * point + $0] - other.coordinates[2 * row + $0]) / extent }
        }
        // Ten steps, each with forces that sum 120 single-precision terms. Where a force is nearly zero, rounding decides its
        // sign and thus the coordinate's gain, so one or two may differ more.
        #expect(gaps.count { $0 > 10 * 120 * Float.ulpOfOne } <= 2)
        #expect(gaps.max()! < 0.01)
    }

    @Test func theDivergenceIsThatOfTheMap() throws {
        let (map, other) = try maps(iterations: 400, method: .exact)
        #expect(abs(map.klDivergence - other.klDivergence) <= 0.03 * map.klDivergence)
    }
}
