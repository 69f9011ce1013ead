import Numerics

/// Whether samples with more different labels lie further apart: Spearman's correlation, over pairs of samples, between the
/// Euclidean distance in the space and the Jensen-Shannon distance of the labels (the Mantel statistic; Mantel, "The detection
/// of disease clustering and a generalized regression approach", 1967).
///
/// Pairs share images, so they are not independent. A pair counts as often as the product of its two images' numbers of draws
/// (Snijders and Borgatti, "Non-parametric standard errors and tests for network statistics", 1999); to first order an image
/// contributes the sum of the influences of its pairs.
enum PairCorrelation {
    /// Measure 1, over the pairs of `pairs`.
    /// - Parameter distances: squared, in the order of the pairs.
    /// - Complexity: O(P K) for P pairs.
    static func statistic(
        _ pairs: SamplePairs, distances: [Double], labels: LabelMatrix, threads: ThreadCount
    ) -> LinearStatistic {
        let divergences = LabelDivergences.of(pairs, labels: labels, threads: threads)
        let correlation = RankCorrelation(first: Ranking(distances), second: Ranking(divergences)).linear
        var influences = [Double](repeating: 0, count: labels.count)
        for (pair, first) in pairs.firsts.enumerated() {
            influences[Int(first)] += correlation.influences[pair]
            influences[Int(pairs.seconds[pair])] += correlation.influences[pair]
        }
        return LinearStatistic(value: correlation.value, influences: influences)
    }

    /// Measure 2, over pairs of samples of one majority class: precisely the order that hard labels hide. It is the mean of the
    /// classes' correlations, weighted by their pairs; classes whose labels are all equally far apart have none and are left
    /// out.
    ///
    /// The classes' shares of the pairs are fixed under the bootstrap. It is undefined for samples of a single class, where
    /// measure 1 says the same.
    static func withinClasses(
        _ pairs: SamplePairs, distances: [Double], labels: LabelMatrix, threads: ThreadCount
    ) -> LinearStatistic {
        let divergences = LabelDivergences.of(pairs, labels: labels, threads: threads)
        let firsts = pairs.firsts
        var groups = [[Int]](repeating: [], count: labels.classCount)
        for (pair, first) in firsts.enumerated() { groups[Int(labels.hardClasses[Int(first)])].append(pair) }
        var (sum, total) = (0.0, 0.0)
        var influences = [Double](repeating: 0, count: labels.count)
        let isAlone = Set(labels.hardClasses).count < 2
        for group in groups where group.count > 1 && !isAlone {
            let correlation = RankCorrelation(
                first: Ranking(group.map { distances[$0] }), second: Ranking(group.map { divergences[$0] })
            ).linear
            if correlation.value.isNaN { continue }
            let weight = Double(group.count)
            sum += weight * correlation.value
            total += weight
            for (place, pair) in group.enumerated() {
                influences[Int(firsts[pair])] += weight * correlation.influences[place]
                influences[Int(pairs.seconds[pair])] += weight * correlation.influences[place]
            }
        }
        return LinearStatistic(value: total > 0 ? sum / total : .nan, influences: influences.map { $0 / max(total, 1) })
    }
}

/// Divergences between labels; they have the same order as the Jensen-Shannon distances.
enum LabelDivergences {
    private static let pairsPerChunk = 1_024

    /// In nats, leveled, in the order of the pairs.
    static func of(_ pairs: SamplePairs, labels: LabelMatrix, threads: ThreadCount) -> [Double] {
        let firsts = pairs.firsts
        let found = AlignedBuffer<Double>(count: pairs.count)
        nonisolated(unsafe) let target = found.base
        threads.forEachChunk(of: pairs.count, size: pairsPerChunk) { _, range in
            for pair in range {
                target[pair] = labels.leveledDivergence(Int(firsts[pair]), Int(pairs.seconds[pair]))
            }
        }
        return found.array
    }
}
