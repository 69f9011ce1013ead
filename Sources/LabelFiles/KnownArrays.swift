import TensorFiles

/// What the arrays of a file hold by their names; in a file with groups, by the last part of their names. They are those of
/// columns (`KnownColumns`), also in the plural.
public enum KnownArrays {
    private static let labels: Set = [
        "y", "y_true", "y_train", "y_test", "y_val", "y_soft", "y_hard", "soft", "hard", "votes", "vote", "counts",
        "vote_counts", "distribution", "distributions", "annotations", "one_hot", "onehot",
    ]
    private static let predictions: Set = [
        "logits", "logit", "probs", "prob", "proba", "probas", "probabilities", "softmax", "scores", "outputs",
        "y_prob",
        "y_score", "y_proba", "preds",
    ]
    private static let onlyClasses: Set = ["classes", "class_names", "classnames", "class_labels", "class_order"]
    private static let classes = onlyClasses.union(["label_names", "labels", "columns", "categories", "target_names"])
    private static let features: Set = [
        "features", "feature", "feats", "feat", "embeddings", "embedding", "embeds", "embed", "emb",
    ]
    private static let otherFeatures: Set = [
        "x", "x_train", "x_test", "x_val", "z", "latents", "latent", "representations", "representation", "activations",
        "hidden", "vectors", "codes",
    ]
    private static let indices = ["index", "indices", "idx", "idxs"]

    /// The last part of a name, as columns are compared.
    public static func plain(_ name: String) -> String {
        ColumnNames.plain(name.split(separator: "/").last.map(String.init) ?? name)
    }

    /// Whether the name is one of labels: hard or soft ones, or votes.
    public static func areLabels(_ name: String) -> Bool {
        let plain = plain(name)
        return labels.contains(plain) || KnownColumns.isLabel(plain)
    }

    /// Whether the name is one of what a classifier says.
    public static func arePredictions(_ name: String) -> Bool {
        let plain = plain(name)
        return predictions.contains(plain) || KnownColumns.isPrediction(plain)
    }

    /// Whether the name is one of the classes' names in their order.
    public static func areClasses(_ name: String) -> Bool { classes.contains(plain(name)) }

    /// Whether the name says nothing but that: `labels` may be those of the samples.
    public static func areOnlyClasses(_ name: String) -> Bool { onlyClasses.contains(plain(name)) }

    /// 2 for a name that only features have, 1 for one that they often have, 0 for others.
    public static func rankAsFeatures(_ name: String) -> Int {
        let plain = plain(name)
        return features.contains(plain) ? 2 : otherFeatures.contains(plain) ? 1 : 0
    }

    /// Whether the name is `ids` or `id`.
    public static func areOwnIDs(_ name: String) -> Bool { ["ids", "id"].contains(plain(name)) }

    /// Whether the name is one of row numbers or of places in a data set.
    public static func areIndices(_ name: String) -> Bool { indices.contains(plain(name)) }

    /// Whether the name is one of ids of samples.
    public static func areIDs(_ name: String) -> Bool { rankAsIDs(name) != nil }

    /// The smaller, the better known the name is for ids; nil for other names.
    public static func rankAsIDs(_ name: String) -> Int? {
        let plain = plain(name)
        let known = ColumnNames.ids + indices
        return known.firstIndex(of: plain)
            ?? (plain.hasSuffix("s") ? known.firstIndex(of: String(plain.dropLast())) : nil)
    }
}
