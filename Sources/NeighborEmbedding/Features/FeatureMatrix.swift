/// Features of samples: one row of single-precision numbers a sample, all finite.
public struct FeatureMatrix: Sendable, Equatable {
    /// The number of samples (rows).
    public let count: Int
    /// The number of features of a sample (columns).
    public let dimension: Int
    /// The `count` × `dimension` features, row after row.
    public let values: [Float]

    /// Checks and keeps `values`, which hold `count` rows of `dimension` features each.
    ///
    /// - Throws: `TSNEError.wrongFeatureCount` when the number of values is another, and
    ///   `TSNEError.nonFiniteFeature` with the first row and column that hold NaN or an infinity.
    /// - Complexity: O(`count` × `dimension`).
    public init(count: Int, dimension: Int, values: [Float]) throws(TSNEError) {
        let (expected, overflow) = count.multipliedReportingOverflow(by: dimension)
        guard count >= 0, dimension >= 0, !overflow, values.count == expected else {
            throw .wrongFeatureCount(count: count, dimension: dimension, found: values.count)
        }
        let bad = values.withUnsafeBufferPointer { $0.firstIndex { !$0.isFinite } }
        if let bad {
            throw .nonFiniteFeature(row: bad / dimension, column: bad % dimension, value: "\(values[bad])")
        }
        self.count = count
        self.dimension = dimension
        self.values = values
    }
}
