import Numerics

/// Pairs of samples with the order of their distances in a space and of the distances between their labels.
///
/// Resampling images rather than pairs is what makes its interval one over images: pairs share images, so that they are
/// not independent, and an interval by resampling pairs would be too short. A pair counts as often as the product of
/// its images' numbers of draws (Snijders and Borgatti, "Non-parametric standard errors and tests for network
/// statistics", 1999); pairs of an image with itself are left out.
struct LabelPairs: WeightedStatistic {
    private let firsts: [Int32]
    private let seconds: [Int32]
    private let distances: Ranking
    private let divergences: Ranking
    private let labels: LabelMatrix

    private static let pairsPerChunk = 1_024

    /// The number of pairs.
    var count: Int { firsts.count }

    /// All pairs where there are at most `most`, else `most` random ones, each equally likely.
    /// - Complexity: O(P (D + K + log P)) for P pairs.
    init(_ rows: CenteredRows, labels: LabelMatrix, most: Int, seed: UInt64, threads: ThreadCount) {
        let count = rows.count
        var pairs: [(Int32, Int32)] = []
        if count * (count - 1) / 2 <= most {
            for first in 0..<Int32(count) {
                for second in first + 1..<max(Int32(count), first + 1) { pairs.append((first, second)) }
            }
        } else {
            var random = CounterRandom(seed: seed, RandomStream.pairs.rawValue)
            pairs = (0..<most).map { _ in
                let (first, second) = (random.index(below: count), random.index(below: count - 1))
                return (Int32(first), Int32(second < first ? second : second + 1))
            }
        }
        let (firsts, seconds) = (pairs.map(\.0), pairs.map(\.1))
        let found = AlignedBuffer<Double>(count: pairs.count)
        nonisolated(unsafe) let (source, target) = (rows, found.base)
        threads.forEachChunk(of: pairs.count, size: Self.pairsPerChunk) { _, range in
            for pair in range { target[pair] = source.squaredDistance(Int(firsts[pair]), Int(seconds[pair])) }
        }
        (self.firsts, self.seconds, self.labels) = (firsts, seconds, labels)
        distances = Ranking(found.array)
        divergences = Self.divergences(firsts, seconds, labels, order: nil)
    }

    /// The order of the divergences between labels, which is that of their distances; with `order`, sample i has the
    /// label `order[i]`.
    private static func divergences(
        _ firsts: [Int32], _ seconds: [Int32], _ labels: LabelMatrix, order: [Int]?
    ) -> Ranking {
        Ranking(
            firsts.indices.map { pair in
                let (first, second) = (Int(firsts[pair]), Int(seconds[pair]))
                return labels.leveledDivergence(order?[first] ?? first, order?[second] ?? second)
            })
    }

    func value(weights: [Double]) -> Double {
        let correlation = RankCorrelation(first: distances, second: divergences)
        return correlation.value(weights: firsts.indices.map { weights[Int(firsts[$0])] * weights[Int(seconds[$0])] })
    }

    /// The correlation where sample i has the label `order[i]`.
    func value(permutation order: [Int]) -> Double {
        let permuted = Self.divergences(firsts, seconds, labels, order: order)
        return RankCorrelation(first: distances, second: permuted).value()
    }
}
