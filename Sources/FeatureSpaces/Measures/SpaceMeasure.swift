/// A number that describes how a space orders the label distributions of its samples.
///
/// A new measure is a case here; the switches in this file then require its title, its statistic and its value under permuted
/// labels.
public enum SpaceMeasure: String, Sendable, Codable, SnakeCaseKey {
    /// Spearman's correlation, over pairs of samples, between the Euclidean distance in the space and the
    /// Jensen-Shannon distance of the labels.
    case pairCorrelation = "pair_correlation"
    /// The same over pairs of samples of one majority class: the mean over classes, weighted by their pairs.
    case classPairCorrelation = "class_pair_correlation"
    /// The mean over samples of the Jensen-Shannon divergence, in nats, between a label and the mean label of the sample's
    /// nearest neighbours, excluding the sample itself. Lower is better.
    case neighborDivergence = "neighbor_divergence"
    /// Spearman's correlation between the entropy of a label and that of the mean label of the neighbours.
    case entropyCorrelation = "entropy_correlation"
    /// R² of ridge regression from features to label distributions, cross-validated.
    case labelProbe = "label_probe"
    /// The correlation of entropies over only the samples whose entropy is above the median.
    case ambiguousEntropyCorrelation = "ambiguous_entropy_correlation"
    /// R² between the position of two-class mixtures along the line between the centroids of the two classes and their mixing
    /// ratio; negative if the position falls as the ratio rises. It assumes that mixtures lie on a straight line, which those
    /// of networks trained on mixtures with cross-entropy do not (Fisher et al., "Pushing boundaries: mixup's influence on
    /// neural collapse", 2024).
    case betweenness
    /// Linear centred kernel alignment between features and labels (Kornblith et al., "Similarity of neural network
    /// representations revisited", 2019).
    case labelAlignment = "label_alignment"
    /// The same with the unbiased estimator (Song et al., "Feature selection via dependence maximization", 2012; Nguyen et al.,
    /// "Do wide and deep networks learn the same things?", 2021), about 0 if features and labels are independent.
    case debiasedLabelAlignment = "debiased_label_alignment"
    /// The mean silhouette of the majority classes (Rousseeuw, 1987). Favours hard labels by construction.
    case silhouette
    /// The mean share of neighbours of the same majority class. Favours hard labels by construction.
    case neighborhoodHit = "neighborhood_hit"

    /// The measures that decide whether a space is better ordered: they ask about what annotators knew and a hard label cannot
    /// express.
    public static let deciding: [SpaceMeasure] = [
        .pairCorrelation, .classPairCorrelation, .neighborDivergence, .entropyCorrelation, .labelProbe,
    ]

    /// What it examines, phrased for use in a sentence.
    public var subject: String {
        switch self {
        case .pairCorrelation: "distances"
        case .classPairCorrelation: "distances within classes"
        case .neighborDivergence: "neighbours"
        case .entropyCorrelation: "entropy"
        case .labelProbe: "the linear probe"
        case .ambiguousEntropyCorrelation: "entropy of the ambiguous half"
        case .betweenness: "straight lines between classes"
        case .labelAlignment: "alignment with the labels"
        case .debiasedLabelAlignment: "debiased alignment with the labels"
        case .silhouette: "silhouette"
        case .neighborhoodHit: "neighbourhood hit"
        }
    }

    /// Its name in reports; an arrow gives the better direction.
    public var title: String {
        switch self {
        case .pairCorrelation: "1. distances of features and of labels, Spearman ↑"
        case .classPairCorrelation: "2. the same within one class ↑"
        case .neighborDivergence: "3. label against its neighbours' mean, JS in nats ↓"
        case .entropyCorrelation: "4. entropy of label and of neighbours, Spearman ↑"
        case .labelProbe: "5. labels read off the features, ridge R² ↑"
        case .ambiguousEntropyCorrelation: "entropy as in 4, ambiguous half ↑"
        case .betweenness: "mixtures on a straight line between their classes, R² ↑"
        case .labelAlignment: "CKA with the labels ↑"
        case .debiasedLabelAlignment: "CKA with the labels, debiased ↑"
        case .silhouette: "silhouette of majority classes ↑ (favours hard labels)"
        case .neighborhoodHit: "neighbours of the same majority class ↑ (favours hard labels)"
        }
    }

    /// Whether a lower value means that the space is better ordered.
    public var lowerIsBetter: Bool { self == .neighborDivergence }

    /// The value, signed so that more is better.
    func oriented(_ value: Double) -> Double { lowerIsBetter ? -value : value }
}

extension SpaceMeasure {
    /// The measure of a space as a function of each sample's multiplicity.
    func statistic(of space: SpaceStatistics) -> any WeightedStatistic {
        switch self {
        case .pairCorrelation: space.pairs
        case .classPairCorrelation: space.classPairs
        case .neighborDivergence: space.neighborLabels.meanDivergence
        case .entropyCorrelation: space.neighborLabels.entropyCorrelation
        case .labelProbe: space.probe
        case .ambiguousEntropyCorrelation: space.neighborLabels.ambiguousEntropyCorrelation
        case .betweenness: space.betweenness
        case .labelAlignment: space.alignment.plain
        case .debiasedLabelAlignment: space.alignment.debiased
        case .silhouette: WeightedMean(contributions: space.silhouettes)
        case .neighborhoodHit: WeightedMean(contributions: HardClasses.hits(space.neighbors, labels: space.labels))
        }
    }

    /// The value to compare with those under permuted labels, if it is not the measure itself: for pairs, that of the permuted
    /// samples.
    func observed(in space: SpaceStatistics) -> Double? {
        switch self {
        case .pairCorrelation: space.pairPermutations.value
        case .classPairCorrelation: space.classPairPermutations.value
        default: nil
        }
    }

    /// The measure under permuted labels; NaN if it has no null or is undefined.
    func value(under permutation: PermutedLabels) -> Double {
        let space = permutation.space
        return switch self {
        case .pairCorrelation: permutation.pairs
        case .classPairCorrelation: permutation.classPairs
        case .neighborDivergence: WeightedMean(contributions: permutation.neighborLabels.divergences).value
        case .entropyCorrelation: permutation.neighborLabels.entropyCorrelation.value
        case .ambiguousEntropyCorrelation: permutation.neighborLabels.ambiguousEntropyCorrelation.value
        case .betweenness: permutation.betweenness
        case .labelAlignment: permutation.alignment.plain
        case .debiasedLabelAlignment: permutation.alignment.debiased
        // Cross-validated, so it is at most about 0 without permutations.
        case .labelProbe: .nan
        // It has no null: every permutation would take another pass over all distances.
        case .silhouette: .nan
        case .neighborhoodHit:
            WeightedMean(
                contributions: HardClasses.hits(space.neighbors, labels: space.labels, order: permutation.order)
            ).value
        }
    }
}
