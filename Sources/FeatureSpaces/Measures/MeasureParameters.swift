/// How spaces are measured. Two spaces measured with equal parameters share their resampled images, so differences between them
/// can be paired.
public struct MeasureParameters: Sendable, Codable, Equatable {
    /// Nearest neighbours of a sample, at least 1. A space of N samples uses at most N − 1, and map fidelity at most
    /// (N − 1) / 2.
    public var neighbors = 15
    /// Pairs of samples for the correlations between distances, at least 1; the same number again within classes. If there are
    /// no more pairs than this, all are used.
    public var pairs = 200_000
    /// Samples whose largest probability is at least this are pure, and those whose two largest sum to at least this
    /// are mixtures of two classes. Between 0.5 (excluded) and 1.
    public var purity = 0.95
    /// Bootstrap replicates; 0 omits intervals.
    public var bootstraps = 1_000
    /// The share of replicates that an interval spans, between 0 and 1 (both excluded).
    public var confidence = 0.95
    /// Permutations of the labels for the null distribution; 0 omits it.
    public var permutations = 200
    /// Determines pairs, folds, resampled images, permutations and which of equally distant samples are neighbours.
    public var seed: UInt64 = 0

    /// The defaults.
    public init() {}

    /// Traps unless every number is in its range.
    func check() {
        precondition(neighbors >= 1, "a sample has at least one neighbour")
        precondition(pairs >= 1, "a correlation needs pairs")
        precondition(purity > 0.5 && purity <= 1, "purity is a share above one half")
        precondition(bootstraps >= 0 && permutations >= 0, "there are at least no replicates")
        precondition(confidence > 0 && confidence < 1, "confidence is a share")
    }
}

/// The purposes that random numbers are drawn for; each has its own stream.
enum RandomStream: UInt64 {
    case pairs = 1
    case bootstrap
    case permutation
    case ratios
    case classPairs
    case permutedSamples
    case pairPermutation
    case folds
    case landmarks
    case votes
    case ties
}
