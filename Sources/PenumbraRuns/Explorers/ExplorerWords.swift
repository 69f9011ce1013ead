import FeatureSpaces
import Figures

/// Explanations of an explorer's terms, one sentence each, in the order of its overlay.
enum ExplorerWords {
    /// For any map with labels.
    static let ofMaps: [Explorer.Explanation] = [
        .init(
            "entropy",
            "How ambiguous a label is, in nats: 0 if all annotators agree, ln K if K classes are equally likely."),
        .init("entropy of the label", "How ambiguous a label is, in nats: 0 if all annotators agree."),
        .init("annotation", "One annotator's choice of a class for one sample."),
        .init("annotations", "The number of annotations of a sample."),
        .init("shares of votes", "For each class, the share of annotators that chose it."),
        .init(
            "ACC",
            "Macro accuracy: the share of samples whose predicted class is the majority class, averaged over classes."
        ),
        .init(
            "KL",
            "Kullback-Leibler divergence from the annotators' label to the prediction, in nats: 0 if they agree, lower is better."
        ),
        .init(
            "hue", "The angle of the object's colour on the colour circle, in degrees: 0 is red, 120 green, 240 blue."),
        .init(
            "ellipse_share",
            "How far the object is from a circle (0) towards an ellipse twice as long as it is wide (1)."),
    ]

    /// For comparisons.
    static let ofComparisons: [Explorer.Explanation] =
        [
            .init(
                "better ordered",
                "At least four of the five measures speak for this space on every split, and none against it."),
            .init("mixed", "Some measures speak for one space and some for the other."),
            .init("not distinguishable", "Too few measures speak for either space."),
            .init("same", "Not distinguishable: too few measures speak for either."),
            .init(
                "measures",
                "Five numbers that measure how well the distances of a space follow the labels of the annotators."),
            .init(
                "gap",
                "The first space's value minus the second's, with its 95 % confidence interval."),
            .init(
                "speaks for",
                "The space that the gap favours, if the gap differs from zero on every split after Holm's correction."),
            .init(
                "label misfit",
                "How far a sample's label is from the mean label of its nearest neighbours (Jensen-Shannon divergence in nats): lower is better."
            ),
            .init(
                "label misfit change",
                "How much the label misfit of a sample differs between the two spaces; negative if it is better in the second."
            ),
            .init(
                "neighbours changed",
                "The share of a sample's nearest neighbours in one space that it does not have in the other."),
            .init(
                "distances",
                "Measure 1: whether samples with similar labels are near each other (Spearman's correlation over pairs)."
            ),
            .init("distances within classes", "Measure 2: the same among samples of one majority class."),
            .init(
                "neighbours", "Measure 3: how far a label is from the mean label of the sample's nearest neighbours."),
            .init(
                "the linear probe",
                "Measure 5: how well a linear regression predicts the labels from the features (R², cross-validated)."),
            .init(
                "JS", "Jensen-Shannon divergence: how far apart two label distributions are; 0 if they are equal."),
            .init(
                "Spearman",
                "Rank correlation: 1 if both numbers rise together, 0 if they are unrelated."
            ),
            .init("ridge R²", "The share of the labels' variance that a regularised linear regression explains."),
        ]
        + SpaceMeasure.deciding.map { .init($0.title, meaning(of: $0)) }

    private static func meaning(of measure: SpaceMeasure) -> String {
        switch measure {
        case .pairCorrelation:
            "Whether samples with similar labels are near each other: rank correlation over pairs; higher is better."
        case .classPairCorrelation: "The same among samples that share their majority class; higher is better."
        case .neighborDivergence:
            "How far a label is from the mean label of the sample's nearest neighbours; lower is better."
        case .entropyCorrelation:
            "Whether undecided samples lie among undecided ones: rank correlation of entropies; higher is better."
        case .labelProbe: "How well a linear regression predicts the labels from the features; higher is better."
        default: measure.title
        }
    }
}
