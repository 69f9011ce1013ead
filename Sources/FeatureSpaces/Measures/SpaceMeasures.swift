/// Every measure of how a space orders the labels of its samples, for a report.
public struct SpaceMeasures: Sendable, Codable, Equatable {
    /// N, the number of samples.
    public let count: Int
    /// The number of features.
    public let dimension: Int
    /// K, the number of classes.
    public let classCount: Int
    /// The number of neighbours used per sample: as requested, but at most N − 1.
    public let neighbors: Int
    /// The number of pairs of samples behind `pairCorrelation`.
    public let pairs: Int
    /// The number behind `classPairCorrelation`.
    public let classPairs: Int
    /// The number of features behind `labelProbe`, those of the largest variance.
    public let probeFeatures: Int
    /// The number of samples behind `ambiguousEntropyCorrelation`.
    public let ambiguousSamples: Int
    /// The number of two-class mixtures behind `betweenness`.
    public let mixtures: Int
    /// The number of samples that have exactly the features of another one; nil in reports from before it was counted.
    public let copiedSamples: Int?
    /// The largest number of other samples with exactly the features of one sample. If there are more than `neighbors`, which of
    /// them are neighbours is random. Nil in reports from before it was counted.
    public let mostCopies: Int?
    /// The measures that are defined for this space. Those without a meaning are missing: correlations if one side is constant,
    /// betweenness without mixtures, the silhouette of a single class, and so on.
    public let values: [SpaceMeasure: MeasuredValue]

    /// The value of a measure; nil if it is undefined.
    public subscript(measure: SpaceMeasure) -> MeasuredValue? { values[measure] }
}
