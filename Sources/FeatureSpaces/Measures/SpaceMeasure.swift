/// A number that says how a space orders the label distributions of its samples.
///
/// A new measure is a case here; the switches of this file then ask for its title, its statistic and its value under
/// permuted labels.
public enum SpaceMeasure: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// Spearman's correlation, over random pairs of samples, between the Euclidean distance in the space and the
    /// Jensen-Shannon distance of the labels.
    case pairCorrelation
    /// The mean over samples of the Jensen-Shannon divergence, in nats, between a label and the mean label of the
    /// sample's nearest neighbours, itself left out. Lower is better.
    case neighborDivergence
    /// Spearman's correlation between the entropy of a label and that of the mean label of the neighbours.
    case entropyCorrelation
    /// The same over the samples whose entropy is above the median alone.
    case ambiguousEntropyCorrelation
    /// R² of the place of two-class mixtures along the line between the centroids of the two classes against their
    /// mixing ratio; below zero where the place falls with the ratio.
    case betweenness
    /// Linear centred kernel alignment between features and labels (Kornblith et al., "Similarity of neural network
    /// representations revisited", 2019).
    case labelAlignment
    /// The same by the unbiased estimator (Song et al., "Feature selection via dependence maximization", 2012; Nguyen
    /// et al., "Do wide and deep networks learn the same things?", 2021), about 0 where features and labels are
    /// independent.
    case debiasedLabelAlignment
    /// The mean silhouette of the hard classes (Rousseeuw, 1987). Favours hard labels by construction.
    case silhouette
    /// The mean share of neighbours of the same hard class. Favours hard labels by construction.
    case neighborhoodHit

    /// Those that decide whether a space is better ordered.
    public static let decisive: [SpaceMeasure] = [
        .pairCorrelation, .neighborDivergence, .entropyCorrelation, .betweenness,
    ]

    /// Its name in reports; an arrow says which way is better.
    public var title: String {
        switch self {
        case .pairCorrelation: "1. distances of features and of labels, Spearman ↑"
        case .neighborDivergence: "2. label against its neighbours' mean, JS in nats ↓"
        case .entropyCorrelation: "3. entropy of label and of neighbours, Spearman ↑"
        case .ambiguousEntropyCorrelation: "3a. the same, ambiguous half ↑"
        case .betweenness: "4. mixtures lie between their classes, R² ↑"
        case .labelAlignment: "5. CKA with the labels ↑"
        case .debiasedLabelAlignment: "5a. the same, debiased ↑"
        case .silhouette: "6. silhouette of hard classes ↑ (favours hard labels)"
        case .neighborhoodHit: "6a. neighbours of the same hard class ↑ (favours hard labels)"
        }
    }

    /// Whether a lower value says that the space is better ordered.
    public var lowerIsBetter: Bool { self == .neighborDivergence }

    /// The value with the sign by which more is better.
    func oriented(_ value: Double) -> Double { lowerIsBetter ? -value : value }
}

extension SpaceMeasure {
    /// The measure of a space as a function of how often each sample counts.
    func statistic(of space: SpaceStatistics) -> any WeightedStatistic {
        switch self {
        case .pairCorrelation: space.pairs
        case .neighborDivergence: WeightedMean(contributions: space.neighborLabels.divergences)
        case .entropyCorrelation: space.neighborLabels.entropyCorrelation
        case .ambiguousEntropyCorrelation: space.neighborLabels.ambiguousEntropyCorrelation
        case .betweenness: space.betweenness
        case .labelAlignment: space.alignment.plain
        case .debiasedLabelAlignment: space.alignment.debiased
        case .silhouette: WeightedMean(contributions: space.silhouettes)
        case .neighborhoodHit: WeightedMean(contributions: HardClasses.hits(space.neighbors, labels: space.labels))
        }
    }

    /// The measure where the labels are permuted; NaN where it has no null, or says nothing.
    func value(under permutation: PermutedLabels) -> Double {
        let space = permutation.space
        return switch self {
        case .pairCorrelation: space.pairs.value(permutation: permutation.order)
        case .neighborDivergence: WeightedMean(contributions: permutation.neighborLabels.divergences).value
        case .entropyCorrelation: permutation.neighborLabels.entropyCorrelation.value
        case .ambiguousEntropyCorrelation: permutation.neighborLabels.ambiguousEntropyCorrelation.value
        case .betweenness: permutation.betweenness
        case .labelAlignment: permutation.alignment.plain
        case .debiasedLabelAlignment: permutation.alignment.debiased
        // It has no null: every permutation would take another pass over all distances.
        case .silhouette: .nan
        case .neighborhoodHit:
            WeightedMean(
                contributions: HardClasses.hits(space.neighbors, labels: space.labels, order: permutation.order)
            ).value
        }
    }
}
