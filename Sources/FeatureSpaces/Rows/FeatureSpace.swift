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

    /// One for each sample: a hash of its id, or its row without ids. Equally distant samples are ordered by these
    /// (`TieOrder`), so that with ids results do not depend on the order of the rows.
    package let tieNumbers: [UInt64]

    /// N, the number of samples (rows).
    public var count: Int { labels.count }
    /// K, the number of classes.
    public var classCount: Int { labels[0].classCount }

    /// Checks and stores `features`, `dimension` numbers for each of `labels`.
    ///
    /// With `ids`, one for each sample and all different, neighbours do not depend on the order of the rows, even if samples are
    /// exact copies of each other. Traps if there are more or fewer ids than labels.
    /// - Throws: the first applicable of `FeatureSpaceError.noSamples`, `noFeatures`, `wrongFeatureCount`,
    ///   `differentClassCounts` and `nonFiniteFeature`.
    /// - Complexity: O(N · `dimension`).
    public init(
        features: [Float], dimension: Int, labels: [LabelDistribution], ids: [String]? = nil
    ) throws(FeatureSpaceError) {
        precondition(ids.map { $0.count == labels.count } ?? true, "there is one id per sample")
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
        tieNumbers = ids.map { $0.map(Self.hash) } ?? labels.indices.map { UInt64($0) }
    }

    /// FNV-1a (Fowler, Noll and Vo) of the bytes of an id.
    private static func hash(_ id: String) -> UInt64 {
        id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// How many samples have exactly the features of another one, and the most others that share those of one sample.
    /// - Complexity: O(N D) time.
    var copies: (samples: Int, most: Int) {
        var counts: [ArraySlice<Float>: Int] = [:]
        for row in 0..<count { counts[features[row * dimension..<(row + 1) * dimension], default: 0] += 1 }
        return (counts.values.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }, counts.values.max()! - 1)
    }

    /// The `neighbors` nearest samples of each by Euclidean distance, excluding itself, nearest first: N × `neighbors`, row by
    /// row. Which of equally distant ones is nearer is random, but the same in every call. Traps unless there are that many others.
    /// - Complexity: O(N² (D + log k)) time.
    public func nearestNeighbors(_ neighbors: Int, threads: ThreadCount = .available) -> [Int32] {
        DistanceScan(
            CenteredRows(self, threads: threads), ties: TieOrder(self, seed: 0), neighbors: neighbors, threads: threads
        ).neighbors.indices
    }

    /// Throws unless `other` holds the same samples in the same order, as far as the labels show.
    func checkSameSamples(as other: FeatureSpace) throws(FeatureSpaceError) {
        if count != other.count { throw .differentSampleCounts(first: count, second: other.count) }
        if let row = labels.indices.first(where: { labels[$0] != other.labels[$0] }) {
            throw .differentLabels(row: row)
        }
    }
}
