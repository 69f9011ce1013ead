import Foundation

/// What the labels of a sample's neighbours say about its own label; the sample itself is excluded.
///
/// Under the bootstrap the neighbours remain those in the whole space: a neighbourhood in a resample would contain copies of
/// the sample itself, at distance 0 and with its own label. Entropies are drawn with their contributions; divergences with
/// their linear part, in which a sample also counts as a neighbour of others.
struct NeighborLabels: Sendable {
    /// For every sample, the Jensen-Shannon divergence, in nats, between its label and the mean of its neighbours' labels.
    let divergences: [Double]
    /// The change in the sum of divergences, over the samples that have this sample as a neighbour, if the sample counts once
    /// more; empty if labels are permuted.
    private let influencesOnOthers: [Double]
    /// Shannon entropy, in nats, of every sample's label, leveled.
    let entropies: [Double]
    /// The same for the mean of its neighbours' labels.
    let neighborEntropies: [Double]

    /// With `order`, sample i has the label `order[i]`. Samples without neighbours have no divergence and no entropies.
    /// - Complexity: O(N k K).
    init(_ neighbors: NeighborLists, labels: LabelMatrix, order: [Int]? = nil) {
        if neighbors.neighborsPerSample == 0 {
            (divergences, influencesOnOthers, entropies, neighborEntropies) = ([], [], [], [])
            return
        }
        let (count, classCount) = (labels.count, labels.classCount)
        var (divergences, neighborEntropies) = ([Double](), [Double]())
        var influences = [Double](repeating: 0, count: order == nil ? count : 0)
        divergences.reserveCapacity(count)
        neighborEntropies.reserveCapacity(count)
        labels.values.withUnsafeBufferPointer { values in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: classCount) { mean in
                let base = values.baseAddress!
                for sample in 0..<count {
                    mean.update(repeating: 0)
                    for neighbor in neighbors[sample] {
                        let label = base + (order?[Int(neighbor)] ?? Int(neighbor)) * classCount
                        for index in 0..<classCount { mean[index] += label[index] }
                    }
                    for index in 0..<classCount { mean[index] /= Double(neighbors.neighborsPerSample) }
                    let own = base + (order?[sample] ?? sample) * classCount
                    divergences.append(LabelMatrix.divergence(own, mean.baseAddress!, classCount))
                    if order == nil {
                        // The derivative of JS(p, m) with respect to m is ½ ln(m / a) with a = (p + m) / 2, and m moves by (pⱼ
                        // - m) / k.
                        for neighbor in neighbors[sample] {
                            let label = base + Int(neighbor) * classCount
                            var slope = 0.0
                            for index in 0..<classCount where mean[index] > 0 {
                                let middle = (own[index] + mean[index]) / 2
                                slope += log(mean[index] / middle) / 2 * (label[index] - mean[index])
                            }
                            influences[Int(neighbor)] += slope / Double(neighbors.neighborsPerSample)
                        }
                    }
                    neighborEntropies.append(
                        LabelMatrix.leveled(LabelMatrix.entropy(mean.baseAddress!, classCount)))
                }
            }
        }
        self.divergences = divergences
        influencesOnOthers = influences
        self.neighborEntropies = neighborEntropies
        entropies = order.map { $0.map { labels.entropies[$0] } } ?? labels.entropies
    }

    /// The mean divergence and its derivatives with respect to the weight of each sample.
    var meanDivergence: LinearStatistic {
        let count = Double(divergences.count)
        let mean = divergences.reduce(0, +) / count
        return LinearStatistic(
            value: mean, influences: zip(divergences, influencesOnOthers).map { ($0 - mean + $1) / count })
    }

    /// Spearman's correlation between the entropies of labels and of their neighbours' means.
    var entropyCorrelation: EntropyCorrelation { EntropyCorrelation(self, samples: Array(entropies.indices)) }

    /// The same over the ambiguous half: the samples whose entropy is above the median. This half is smaller if many samples
    /// share the median, and empty if at least half of all share the largest entropy.
    var ambiguousEntropyCorrelation: EntropyCorrelation { EntropyCorrelation(self, samples: ambiguousSamples) }

    /// The samples whose entropy is above the median; with two middle values the median is their mean.
    var ambiguousSamples: [Int] { Self.ambiguousSamples(entropies) }

    /// The same for any entropies.
    static func ambiguousSamples(_ entropies: [Double]) -> [Int] {
        if entropies.isEmpty { return [] }
        let sorted = entropies.sorted()
        let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        return entropies.indices.filter { entropies[$0] > median }
    }
}

/// Spearman's correlation between the entropies of labels and of their neighbours' means, over some samples.
struct EntropyCorrelation: WeightedStatistic {
    private let samples: [Int]
    private let correlation: RankCorrelation

    fileprivate init(_ labels: NeighborLabels, samples: [Int]) {
        self.samples = samples
        correlation = RankCorrelation(
            first: Ranking(samples.map { labels.entropies[$0] }),
            second: Ranking(samples.map { labels.neighborEntropies[$0] }))
    }

    func value(weights: [Double]) -> Double { correlation.value(weights: samples.map { weights[$0] }) }

    /// The correlation over the samples, each counted once.
    var value: Double { correlation.value() }
}
