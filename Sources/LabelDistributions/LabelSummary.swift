import Foundation

/// What a set of label distributions looks like as a whole.
///
/// - Complexity: O(N · K).
public struct LabelSummary: Sendable, Equatable {
    /// The images whose hard label is the class, in class order.
    public let majorityCounts: [Int]
    /// The mean over images of each class's probability, in class order.
    public let meanShares: [Double]
    /// The indices of labels whose largest probability is shared by several classes, ascending.
    public let ties: [Int]
    /// The histogram of the labels' entropies, in nats.
    public let entropy: EntropyHistogram

    /// A summary of `labels`. Traps if there are none or their numbers of classes differ.
    public init(_ labels: [LabelDistribution], bins: Int = 10) {
        let mean = LabelDistribution.mean(of: labels)
        var counts = [Int](repeating: 0, count: mean.classCount)
        for label in labels { counts[label.hardClass] += 1 }
        majorityCounts = counts
        meanShares = mean.probabilities
        ties = labels.indices.filter { labels[$0].isTied }
        entropy = EntropyHistogram(labels.map(\.entropy), largest: log(Double(mean.classCount)), bins: bins)
    }
}

/// How many labels have an entropy within each of equal intervals from 0 to the largest possible, ln K.
public struct EntropyHistogram: Sendable, Equatable {
    /// From the lowest interval to the highest; an interval includes its lower edge, the last one both edges.
    public let counts: [Int]
    /// In nats: one number more than intervals.
    public let edges: [Double]
    /// In nats.
    public let mean: Double
    /// In nats.
    public let median: Double

    /// Sorts `entropies` into `bins` intervals of 0…`largest`; a largest of 0 (one class) leaves one interval. Traps where
    /// there are none.
    init(_ entropies: [Double], largest: Double, bins: Int) {
        precondition(!entropies.isEmpty && bins > 0, "a histogram of something, with an interval")
        let bins = largest > 0 ? bins : 1
        var counts = [Int](repeating: 0, count: bins)
        for entropy in entropies {
            let position = largest > 0 ? (entropy / largest * Double(bins)).rounded(.down) : 0
            counts[min(max(Int(position), 0), bins - 1)] += 1
        }
        self.counts = counts
        edges = (0...bins).map { largest * Double($0) / Double(bins) }
        mean = entropies.reduce(0, +) / Double(entropies.count)
        let sorted = entropies.sorted()
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
