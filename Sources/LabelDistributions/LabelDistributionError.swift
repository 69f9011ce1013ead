/// Why a row of numbers is not a label distribution. The reader of a file adds which file and row.
public enum LabelDistributionError: Error, Equatable, CustomStringConvertible {
    /// There is no class at all.
    case empty
    /// The number of class `index` (from 0) is NaN or infinite; `value` is its spelling, so that errors compare equal.
    case notFinite(index: Int, value: String)
    /// The number of class `index` (from 0) is below 0.
    case negative(index: Int, value: Double)
    /// The probabilities sum to this and not to 1.
    case sum(Double)
    /// All counts are 0.
    case noVotes

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .empty:
            "the label has no classes, at least one number was expected"
        case .notFinite(let index, let value):
            "the label's number \(index + 1) is \(value), a finite number was expected"
        case .negative(let index, let value):
            "the label's number \(index + 1) is \(value), a number of at least 0 was expected"
        case .sum(let sum):
            "the label sums to \(sum), a sum of 1 (within \(LabelDistribution.tolerance)) was expected"
        case .noVotes:
            "all counts are 0, at least one vote was expected"
        }
    }
}
