import Numerics
import LabelDistributions

/// N samples in a space, either the features of a network or the plane of a map, with their label distributions.
public struct FeatureSpace: Sendable, Equatable {
    /// N × `dimension` finite numbers, row by row.
    public let features: [Float]
    /// The number of features per sample (columns).
    public let dimension: Int
    /// The annotators' label for each sample, in the order of the rows; all have K classes.
    public let labels: [LabelDistribution]

    /// N, the number of samples (rows).
    public var count: Int { labels.count }
    /// K, the number of classes.
    public var classCount: Int { labels[0].classCount }

    /// Checks and stores `features`, `dimension` numbers for each of `labels`.
    ///
    /// - Throws: the first applicable of `FeatureSpaceError.noSamples`, `noFeatures`, `wrongFeatureCount`,
    ///   `differentClassCounts` and `nonFiniteFeature`.
    /// - Complexity: O(N · `dimension`).
    public init(features: [Float], dimension: Int, labels: [LabelDistribution]) throws(FeatureSpaceError) {
        guard let classCount = labels.first?.classCount else { throw .noSamples }
        if dimension < 1 { throw .noFeatures }
        let (expected, overflow) = labels.count.multipliedReportingOverflow(by: dimension)
        if overflow || features.count != expected {
            throw .wrongFeatureCount(samples: labels.count, dimension: dimension, found: features.count)
        }
        if let row = labels.firstIndex(where: { $0.classCount != classCount }) {
            throw .differentClassCounts(row: row, found: labels[row].classCount, expected: classCount)
        }
        if let bad = features.withUnsafeBufferPointer({ $0.firstIndex { !$0.isFinite } }) {
            throw .nonFiniteFeature(row: bad / dimension, column: bad % dimension, value: "\(features[bad])")
        }
        self.features = features
        self.dimension = dimension
        self.labels = labels
    }

    /// The `neighbors` nearest samples of each by Euclidean distance, excluding itself, nearest first: N × `neighbors`, row by
    /// row. Traps unless there are that many others.
    /// - Complexity: O(N² (D + log k)) time.
    public func nearestNeighbors(_ neighbors: Int, threads: ThreadCount = .available) -> [Int32] {
        DistanceScan(CenteredRows(self, threads: threads), neighbors: neighbors, threads: threads).neighbors.indices
    }

    /// Throws unless `other` holds the same samples in the same order, as far as the labels show.
    func checkSameSamples(as other: FeatureSpace) throws(FeatureSpaceError) {
        if count != other.count { throw .differentSampleCounts(first: count, second: other.count) }
        if let row = labels.indices.first(where: { labels[$0] != other.labels[$0] }) {
            throw .differentLabels(row: row)
        }
    }
}
