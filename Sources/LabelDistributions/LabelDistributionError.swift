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
            "the label has no classes; expected at least one number"
        case .notFinite(let index, let value):
            "the label's number \(index + 1) is \(value); expected a finite number"
        case .negative(let index, let value):
            "the label's number \(index + 1) is \(value); expected a number of at least 0"
        case .sum(let sum):
            "the label sums to \(sum); expected 1 (within \(LabelDistribution.tolerance))"
        case .noVotes:
            "all counts are 0; expected at least one vote"
        }
    }
}
