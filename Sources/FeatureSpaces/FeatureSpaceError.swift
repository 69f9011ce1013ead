/// Why features and labels cannot be measured or compared. Rows and columns are counted from 0; the code that read the file
/// adds its name.
public enum FeatureSpaceError: Error, Equatable, CustomStringConvertible {
    /// There are no samples.
    case noSamples
    /// The samples have no features.
    case noFeatures
    /// There are `found` numbers instead of `dimension` for each of `samples` labels.
    case wrongFeatureCount(samples: Int, dimension: Int, found: Int)
    /// A feature is NaN or infinite; `value` is its spelling, so that errors can be compared for equality.
    case nonFiniteFeature(row: Int, column: Int, value: String)
    /// The label of a row has a different number of classes from the first row's.
    case differentClassCounts(row: Int, found: Int, expected: Int)
    /// Two spaces to compare hold different numbers of samples.
    case differentSampleCounts(first: Int, second: Int)
    /// Two spaces to compare hold different labels, first in this row: the samples or their order differ.
    case differentLabels(row: Int)
    /// Two spaces to compare were measured with different parameters, so their replicates are not paired.
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
