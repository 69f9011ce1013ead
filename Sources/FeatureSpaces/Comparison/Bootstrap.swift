import Numerics

/// A measure as a function of each sample's multiplicity.
protocol WeightedStatistic: Sendable {
    /// The measure when sample i counts `weights[i]` times; NaN if it is undefined.
    func value(weights: [Double]) -> Double
}

/// The mean of the samples' contributions; NaN if there are none.
struct WeightedMean: WeightedStatistic {
    let contributions: [Double]

    func value(weights: [Double]) -> Double {
        var (sum, total) = (0.0, 0.0)
        for index in contributions.indices {
            sum += weights[index] * contributions[index]
            total += weights[index]
        }
        return sum / total
    }

    /// The mean with each sample counted once.
    var value: Double { value(weights: [Double](repeating: 1, count: contributions.count)) }
}

/// Efron's bootstrap over samples: N samples drawn from N, with replacement.
enum Bootstrap {
    private static let replicatesPerChunk = 4

    /// The values of each statistic in `count` replicates. A replicate draws the same samples for all statistics, and for any
    /// other space with the same number of samples and the same seed, so differences between them are paired.
    ///
    /// - Returns: `count` values for each statistic.
    static func replicates(
        of statistics: [any WeightedStatistic], samples: Int, count: Int, seed: UInt64, threads: ThreadCount
    ) -> [[Double]] {
        let values = AlignedBuffer<Double>(count: statistics.count * count)
        nonisolated(unsafe) let target = values.base
        threads.forEachChunk(of: count, size: replicatesPerChunk) { _, range in
            var weights = [Double](repeating: 0, count: samples)
            for replicate in range {
                var random = CounterRandom(seed: seed, RandomStream.bootstrap.rawValue, UInt64(replicate))
                for index in weights.indices { weights[index] = 0 }
                for _ in 0..<samples { weights[random.index(below: samples)] += 1 }
                for (index, statistic) in statistics.enumerated() {
                    target[index * count + replicate] = statistic.value(weights: weights)
                }
            }
        }
        return statistics.indices.map { Array(values.elements[$0 * count..<($0 + 1) * count]) }
    }
}
