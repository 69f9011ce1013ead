/// The epoch from which the checkpoint of a training is taken.
public enum KeptEpoch: String, Sendable, CaseIterable, Codable {
    /// The last one.
    case last
    /// The epoch with the lowest KL on the validation samples; on a tie the first. If none has a finite KL, the last
    /// epoch.
    case best

    /// The index in `history` of the epoch to keep; nil if no epoch has ended.
    public func index(in history: [EpochRecord]) -> Int? {
        switch self {
        case .last: history.indices.last
        case .best:
            history.indices.filter { history[$0].validationKL.isFinite }
                .min { history[$0].validationKL < history[$1].validationKL } ?? history.indices.last
        }
    }
}
