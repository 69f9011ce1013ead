import Foundation
import Numerics
import Testing

@testable import NeighborEmbedding

/// Zero rows under the cosine metric: their distance 1 − cos to every other row is 1, as in scikit-learn's `cosine_distances`.
@Suite struct ZeroVectorTests {
    private static let count = 60, dimension = 4

    /// Rows in all directions, some of them zero.
    private static func values(zeros: Set<Int>) -> [Float] {
        var values = TestData.normal(count * dimension, seed: 6)
        for row in zeros { for column in 0..<dimension { values[row * dimension + column] = 0 } }
        return values
    }

    private static func distance(_ values: [Float], _ first: Int, _ second: Int) -> Double {
        var (product, one, other) = (0.0, 0.0, 0.0)
        for column in 0..<dimension {
            let (a, b) = (Double(values[first * dimension + column]), Double(values[second * dimension + column]))
            (product, one, other) = (product + a * b, one + a * a, other + b * b)
        }
        return one * other == 0 ? 1 : 1 - product / (one * other).squareRoot()
    }

    /// Whether `found` are nearest among `candidates`, with any choice among ties: distinct rows whose distances match the
    /// nearest, rank by rank.
    private static func areNearest(_ found: [Int], _ values: [Float], to row: Int, of candidates: Range<Int>) -> Bool {
        let distances = candidates.filter { $0 != row }.map { distance(values, row, $0) }.sorted()
        return Set(found).count == found.count && found.allSatisfy { candidates.contains($0) && $0 != row }
            && zip(found, distances).allSatisfy { abs(distance(values, row, $0) - $1) < 1e-6 }
    }

    /// Ties around a zero row are drawn from the whole file, since its first rows often share one class.
    private static func isSpread(_ found: [Int], over count: Int) -> Bool {
        let sorted = found.sorted()
        let gaps = zip(sorted, sorted.dropFirst() + [sorted[0] + count]).map { $1 - $0 }
        return gaps.max()! <= count / found.count + 2
    }

    @Test(arguments: [[3], [0, 17, 59], Array(0..<30), Array(0..<59), Array(0..<60)])
    func neighboursAreThoseOfAllDistances(zeros: [Int]) throws {
        let values = Self.values(zeros: Set(zeros))
        let matrix = try FeatureMatrix(count: Self.count, dimension: Self.dimension, values: values)
        let features = CenteredFeatures(matrix, metric: .cosine, threads: ThreadCount(1))
        let vectors = try #require(ZeroVectors(features))
        let graph = try #require(
            vectors.neighbors(20, threads: ThreadCount(1)) { part, number in
                NearestNeighbors.search(
                    part, neighborsPerPoint: number, threads: ThreadCount(1), kernels: .preferred(),
                    report: { _ in true })
            })
        // The graph's unit: a pair at distance 1.
        let unit = Double(
            features.metric.squaredDistance(squaredDifference: Float(2 * features.scale * features.scale)))
        for row in 0..<Self.count {
            let neighbors = graph.indices.array[row * 20..<row * 20 + 20].map(Int.init)
            #expect(Self.areNearest(neighbors, values, to: row, of: 0..<Self.count), "row \(row)")
            if zeros.contains(row) { #expect(Self.isSpread(neighbors, over: Self.count), "row \(row)") }
            for (place, other) in neighbors.enumerated() {
                let found = Double(graph.squaredDistances[row * 20 + place]) / unit
                let distance = Self.distance(values, row, other)
                #expect(abs(found - distance * distance) < 1e-5)
            }
        }
    }

    @Test(arguments: [[0, 45], [50], Array(0..<40), Array(40..<60)])
    func newPointsFindTheirsAmongTheReference(zeros: [Int]) throws {
        let values = Self.values(zeros: Set(zeros))
        func matrix(_ rows: Range<Int>) throws -> FeatureMatrix {
            try FeatureMatrix(
                count: rows.count, dimension: Self.dimension,
                values: Array(values[rows.lowerBound * Self.dimension..<rows.upperBound * Self.dimension]))
        }
        let features = try CenteredFeatures(
            matrix(0..<40), followedBy: matrix(40..<60), metric: .cosine, threads: ThreadCount(1))
        let vectors = try #require(ZeroVectors(features))
        let graph = try #require(
            vectors.crossNeighbors(9, reference: 40, threads: ThreadCount(1)) {
                CrossNeighbors.search(
                    $0, reference: $1, neighborsPerPoint: $2, threads: ThreadCount(1), kernels: .preferred(),
                    report: { _ in true })
            })
        for row in 40..<60 {
            let start = (row - 40) * 9
            let neighbors = graph.indices.array[start..<start + 9].map(Int.init)
            #expect(Self.areNearest(neighbors, values, to: row, of: 0..<40), "row \(row)")
            if zeros.contains(row) { #expect(Self.isSpread(neighbors, over: 40), "row \(row)") }
        }
    }

    @Test func noZerosNoWork() throws {
        let matrix = try FeatureMatrix(count: 60, dimension: 4, values: Self.values(zeros: []))
        #expect(ZeroVectors(CenteredFeatures(matrix, metric: .cosine, threads: ThreadCount(1))) == nil)
        let zeros = try FeatureMatrix(count: 2, dimension: 2, values: [0, 0, 1, 1])
        #expect(ZeroVectors(CenteredFeatures(zeros, threads: ThreadCount(1))) == nil)
    }
}
