/// Why features and labels cannot be measured or compared. Rows and columns count from 0; whoever read the file adds
/// its name.
public enum FeatureSpaceError: Error, Equatable, CustomStringConvertible {
    /// There is no sample at all.
    case noSamples
    /// The samples have no feature.
    case noFeatures
    /// There are `found` numbers, and not `dimension` for each of `samples` labels.
    case wrongFeatureCount(samples: Int, dimension: Int, found: Int)
    /// A feature is NaN or infinite; `value` is its spelling, so that errors compare equal.
    case nonFiniteFeature(row: Int, column: Int, value: String)
    /// The label of a row has another number of classes than the first row's.
    case differentClassCounts(row: Int, found: Int, expected: Int)
    /// Two spaces that are compared hold different numbers of samples.
    case differentSampleCounts(first: Int, second: Int)
    /// Two spaces that are compared hold different labels, first in this row: the samples or their order are not the
    /// same.
    case differentLabels(row: Int)
    /// Two spaces that are compared were measured with different parameters, so that their replicates are not pairs.
    case differentParameters
    /// Two kinds of spaces were not measured on the same splits, or on none.
    case differentSplits(first: [String], second: [String])
    /// LAPACK's singular value decomposition did not converge.
    case noConvergence

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .noSamples:
            "there are no samples; expected at least one"
        case .noFeatures:
            "the samples have no features; expected at least one column"
        case .wrongFeatureCount(let samples, let dimension, let found):
            "there are \(found) numbers; expected \(dimension) for each of \(samples) labels"
        case .nonFiniteFeature(let row, let column, let value):
            "row \(row + 1), column \(column + 1) is \(value); expected a finite number"
        case .differentClassCounts(let row, let found, let expected):
            "the label of row \(row + 1) has \(found) classes; expected \(expected), as in the first row"
        case .differentSampleCounts(let first, let second):
            "one space has \(first) samples and the other \(second); expected the same samples"
        case .differentLabels(let row):
            "the labels of row \(row + 1) differ between the spaces; expected the same samples in the same order"
        case .differentParameters:
            "the spaces were measured with different parameters; expected the same ones"
        case .differentSplits(let first, let second):
            "one kind has the splits [\(first.joined(separator: ", "))] and the other "
                + "[\(second.joined(separator: ", "))]; expected the same splits, at least one"
        case .noConvergence:
            "the singular value decomposition did not converge"
        }
    }
}
