/// Which epoch of a training its checkpoint is of.
public enum KeptEpoch: String, Sendable, CaseIterable, Codable {
    /// The last one.
    case last
    /// The one of the least KL on the validation samples; of equal ones the first, and the last of all where none has a
    /// finite KL.
    case best

    /// The place in `history` of the epoch to keep; nil where no epoch has ended.
    public func index(in history: [EpochRecord]) -> Int? {
        switch self {
        case .last: history.indices.last
        case .best:
            history.indices.filter { history[$0].validationKL.isFinite }
                .min { history[$0].validationKL < history[$1].validationKL } ?? history.indices.last
        }
    }
}
