import Numerics

/// The pair correlations under permuted labels (Mantel's test), on all pairs of at most `mostSamples` random samples.
///
/// A permutation of samples permutes the labels' distances, so their ranks are computed only once. Over all samples every
/// permutation would visit millions of pairs. Over some of them the test is still valid, and loses power only where it is not
/// needed.
struct PairPermutations: Sendable {
    static let mostSamples = 600

    /// The samples that are permuted with each other, and their pairs.
    private struct Group {
        let places: [Int]
        /// Centred ranks of the distances, from index i to each later j, row by row.
        let distances: [Double]
        /// Centred ranks of the divergences, between every two indices.
        let divergences: [Double]
        let scale: Double
        let weight: Double
    }

    private let groups: [Group]

    /// The samples all of whose pairs `pairs` must contain: all samples, or random ones in ascending order.
    static func samples(of count: Int, random: inout CounterRandom) -> [Int] {
        count <= mostSamples ? Array(0..<count) : random.permutation(of: count).prefix(mostSamples).sorted()
    }

    /// - Parameters:
    ///   - samples: in ascending order.
    ///   - pairs: all their pairs, with their squared `distances`.
    ///   - withinClasses: whether samples are permuted within their majority classes, for the correlation there.
    init(
        _ samples: [Int], pairs: SamplePairs, distances: [Double], labels: LabelMatrix, withinClasses: Bool,
        threads: ThreadCount
    ) {
        let divergences = LabelDivergences.of(pairs, labels: labels, threads: threads)
        var members = [[Int]](repeating: [], count: withinClasses ? labels.classCount : 1)
        for place in samples.indices {
            members[withinClasses ? Int(labels.hardClasses[samples[place]]) : 0].append(place)
        }
        groups = members.compactMap { places in
            let size = places.count
            var numbers: [Int] = []
            for (index, place) in places.enumerated() {
                let start = pairs.range(of: samples[place]).lowerBound
                numbers += places[(index + 1)...].map { start + $0 - place - 1 }
            }
            let ranks = (
                Ranking(numbers.map { distances[$0] }).centredRanks,
                Ranking(numbers.map { divergences[$0] }).centredRanks
            )
            let squares = (ranks.0.reduce(0) { $0 + $1 * $1 }, ranks.1.reduce(0) { $0 + $1 * $1 })
            if squares.0 == 0 || squares.1 == 0 { return nil }
            var matrix = [Double](repeating: 0, count: size * size)
            var pair = 0
            for first in 0..<size {
                for second in first + 1..<max(size, first + 1) {
                    matrix[first * size + second] = ranks.1[pair]
                    matrix[second * size + first] = ranks.1[pair]
                    pair += 1
                }
            }
            return Group(
                places: places, distances: ranks.0, divergences: matrix,
                scale: (squares.0 * squares.1).squareRoot(), weight: Double(numbers.count))
        }
    }

    /// The correlation of these samples without permutation; NaN if it is undefined.
    var value: Double {
        value { Array(0..<$0) }
    }

    /// The correlation after a random permutation.
    /// - Complexity: O(P) for P pairs.
    func value(permutingBy random: inout CounterRandom) -> Double {
        value { random.permutation(of: $0) }
    }

    private func value(_ order: (_ size: Int) -> [Int]) -> Double {
        if groups.isEmpty { return .nan }
        var (sum, total) = (0.0, 0.0)
        for group in groups {
            let size = group.places.count
            let products = order(size).withUnsafeBufferPointer { order in
                group.divergences.withUnsafeBufferPointer { divergences in
                    group.distances.withUnsafeBufferPointer { distances in
                        var (products, pair) = (0.0, 0)
                        for first in 0..<size {
                            let line = order[first] * size
                            for second in first + 1..<max(size, first + 1) {
                                products += distances[pair] * divergences[line + order[second]]
                                pair += 1
                            }
                        }
                        return products
                    }
                }
            }
            sum += group.weight * products / group.scale
            total += group.weight
        }
        return sum / total
    }
}
