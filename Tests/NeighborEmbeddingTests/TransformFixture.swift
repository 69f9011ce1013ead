import Numerics
import Foundation

@testable import NeighborEmbedding

/// Written by `Tools/reference/transform_fixtures.py`: openTSNE's `transform` on the digits of `DigitsFixture`.
struct TransformFixture: Decodable {
    struct Step: Decodable {
        let iterations: Int
        let positions: [Double]
        /// How far each point's end moves per unit that its start moves.
        let sensitivity: [Double]
    }

    struct Case: Decodable {
        let degreesOfFreedom: Double
        let steps: [Step]
    }

    let reference: Int
    let perplexity: Double
    let labels: [Int]
    let layout: [Float]
    let neighborsPerPoint: Int
    /// Row by row, with ascending columns.
    let columns: [Int32]
    let affinities: [Double]
    let medians: [Float]
    let start: [Float]
    let cases: [Case]
    let neighborsOfScore: Int
    let score: Double

    static func load() throws -> TransformFixture {
        let url = Bundle.module.url(forResource: "transform", withExtension: "json", subdirectory: "Fixtures")!
        return try JSONDecoder().decode(TransformFixture.self, from: Data(contentsOf: url))
    }

    /// The map, and the digits to be placed in it.
    func data() throws -> (map: ReferenceMap, new: FeatureMatrix) {
        let digits = try DigitsFixture.load()
        let split = reference * digits.dimension
        let known = try FeatureMatrix(
            count: reference, dimension: digits.dimension, values: Array(digits.features[..<split]))
        let new = try FeatureMatrix(
            count: digits.count - reference, dimension: digits.dimension, values: Array(digits.features[split...]))
        return (try ReferenceMap(features: known, coordinates: layout), new)
    }

    /// The share of nearest neighbours in the map that have the new point's label.
    func score(of coordinates: [Float]) -> Double {
        var hits = 0
        let count = coordinates.count / 2
        for point in 0..<count {
            let order = (0..<reference).sorted { distance($0, point, coordinates) < distance($1, point, coordinates) }
            hits += order.prefix(neighborsOfScore).count { labels[$0] == labels[reference + point] }
        }
        return Double(hits) / Double(count * neighborsOfScore)
    }

    private func distance(_ known: Int, _ point: Int, _ coordinates: [Float]) -> Float {
        let (x, y) = (coordinates[2 * point] - layout[2 * known], coordinates[2 * point + 1] - layout[2 * known + 1])
        return x * x + y * y
    }
}

extension TestData {
    /// A map with a random layout, and new points for it.
    static func map(
        _ reference: Int, new: Int, dimension: Int = 6, seed: UInt64 = 5
    ) -> (map: ReferenceMap, new: FeatureMatrix) {
        let map = try! ReferenceMap(
            features: features(count: reference, dimension: dimension, seed: seed),
            coordinates: normal(2 * reference, scale: 20, seed: seed + 1))
        return (map, features(count: new, dimension: dimension, seed: seed + 2))
    }

    static func neighbors(
        of new: FeatureMatrix, in map: FeatureMatrix, _ number: Int, metric: DistanceMetric = .euclidean,
        threads: Int = 1, kernels: KernelPath = .preferred()
    ) -> NeighborGraph {
        CrossNeighbors.search(
            CenteredFeatures(map, followedBy: new, metric: metric, threads: ThreadCount(threads)),
            reference: map.count, neighborsPerPoint: number, threads: ThreadCount(threads), kernels: kernels,
            report: { _ in true })!
    }
}
