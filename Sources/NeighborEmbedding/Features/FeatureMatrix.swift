/// Features of samples: one row of finite single-precision numbers per sample.
public struct FeatureMatrix: Sendable, Equatable {
    /// The number of samples (rows).
    public let count: Int
    /// The number of features per sample (columns).
    public let dimension: Int
    /// The `count` × `dimension` features, row by row.
    public let values: [Float]

    /// Checks and stores `values`, which hold `count` rows of `dimension` features each.
    ///
    /// - Throws: `FeatureMatrixError`.
    /// - Complexity: O(`count` × `dimension`).
    public init(count: Int, dimension: Int, values: [Float]) throws(FeatureMatrixError) {
        let (expected, overflow) = count.multipliedReportingOverflow(by: dimension)
        guard count >= 0, dimension >= 0, !overflow, values.count == expected else {
            throw .wrongCount(rows: count, columns: dimension, found: values.count)
        }
        let bad = values.withUnsafeBufferPointer { $0.firstIndex { !$0.isFinite } }
        if let bad {
            throw .nonFinite(row: bad / dimension, column: bad % dimension, value: "\(values[bad])")
        }
        self.init(count: count, dimension: dimension, finite: values)
    }

    /// Stores `values`, which the caller knows to be finite. Traps unless their number is `count` × `dimension`.
    init(count: Int, dimension: Int, finite values: [Float]) {
        precondition(values.count == count * dimension, "a matrix has a value for each row and column")
        self.count = count
        self.dimension = dimension
        self.values = values
    }

    /// Some of the rows, in this order. Traps if a row does not exist.
    public func picking(_ rows: [Int]) -> FeatureMatrix {
        FeatureMatrix(
            count: rows.count, dimension: dimension,
            finite: rows.flatMap { values[$0 * dimension..<($0 + 1) * dimension] })
    }
}

/// Why numbers are not a feature matrix. The code that read the file adds its name.
public enum FeatureMatrixError: Error, Equatable, CustomStringConvertible {
    /// The number of values is not the number of rows times the number of columns.
    case wrongCount(rows: Int, columns: Int, found: Int)
    /// A feature is NaN or infinite. Row and column are counted from 0; `value` is its spelling, so that errors can be compared
    /// for equality.
    case nonFinite(row: Int, column: Int, value: String)

    /// The position, what was found, and what was expected.
    public var description: String {
        switch self {
        case .wrongCount(let rows, let columns, let found):
            "the features hold \(found) values; \(rows) rows of \(columns) columns need a different number"
        case .nonFinite(let row, let column, let value):
            "row \(row), column \(column) (counted from 0) of the features is \(value); every feature must be finite"
        }
    }
}
