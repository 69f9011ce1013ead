import TensorFiles

/// What columns of tables of features hold by their names, which are those that label files have: both kinds of tables are to be
/// read alike.
public enum KnownColumns {
    private static let labels: Set = [
        "label", "labels", "class", "classes", "class_label", "class_id", "target", "targets", "category", "split",
        "subset", "fold", "partition", "annotators", "ground_truth", "y_true",
    ]
    /// Names that are made of these words alone, one of them of `labelWords`, are labels: `true_label`, `class_idx`, `gt`.
    private static let labelWords: Set = [
        "label", "labels", "class", "classes", "cls", "target", "targets", "category", "truth", "groundtruth", "gt",
        "labelid", "classid", "labelidx", "classidx", "truelabel", "targetid",
    ]
    private static let wordsBesideLabels: Set = [
        "true", "ground", "hard", "soft", "majority", "id", "ids", "idx", "index", "name", "no", "nr", "num", "number",
        "gold", "given", "noisy", "clean", "actual",
    ]
    /// What comes before the name or number of a class, or of an annotator.
    private static let wordsBeforeClasses: Set = [
        "votes", "vote", "prob", "probs", "proba", "probability", "pred", "preds", "predicted", "prediction", "true",
    ]
    private static let wordsBeforeNumbers = wordsBeforeClasses.union(["label", "class", "target", "annotator", "rater"])
    private static let rowNumberWords: Set = ["no", "nr", "num", "number", "idx", "index", "row"]
    private static let possibleLabels = Set(ColumnNames.labels + ColumnNames.splits)
    private static let predictions: Set = [
        "prediction", "predictions", "predicted", "predicted_label", "predicted_class", "pred", "pred_label",
        "pred_class", "y_pred", "y_hat", "confidence",
    ]

    /// The names that columns of ids have and nothing else in a table, as `TableDialect.Hints.columnNames`.
    public static let namesOfIDs = Set(ColumnNames.ids).intersection(ColumnNames.header)

    /// The columns that name samples by their names, the best known first.
    public static func ids(_ header: [String]) -> [Int] {
        let names = header.map(ColumnNames.plain)
        return ColumnNames.ids.compactMap { names.firstIndex(of: $0) }
    }

    /// Whether a column of that name is a label or a split, whatever it holds.
    public static func isLabel(_ name: String) -> Bool {
        let words = ColumnNames.words(name)
        return labels.contains(ColumnNames.plain(name))
            || words.contains(where: labelWords.contains)
                && words.allSatisfy { labelWords.contains($0) || wordsBesideLabels.contains($0) }
    }

    /// Whether a column of that name holds what is said of one of several classes, or by one of several annotators: `votes_0`,
    /// `prob_cat`, `label_2`.
    public static func isOfClass(_ name: String) -> Bool {
        let words = ColumnNames.words(name)
        if let stem = ColumnNames.stem(name) { return wordsBeforeNumbers.contains(stem) }
        return words.count > 1 && wordsBeforeClasses.contains(words[0])
    }

    /// Whether a column of distinct whole numbers with that name counts rows or samples: `sample_no`.
    public static func isRowNumber(_ name: String) -> Bool {
        ColumnNames.words(name).last.map(rowNumberWords.contains) ?? false
    }

    /// Whether a column of whole numbers with that name is a label: `cluster`, `rating`, `level`.
    public static func isLabelOfWholeNumbers(_ name: String) -> Bool {
        possibleLabels.contains(ColumnNames.plain(name))
    }

    /// Whether a column of that name holds what a classifier predicted.
    public static func isPrediction(_ name: String) -> Bool { predictions.contains(ColumnNames.plain(name)) }

    /// Whether a column of that name holds ids of whatever kind.
    public static func isID(_ name: String) -> Bool {
        let plain = ColumnNames.plain(name)
        return plain == "id" || plain.hasSuffix("_id")
    }

    /// Whether a first column has no name of its own: pandas' row numbers or row names.
    public static func isUnnamed(_ name: String) -> Bool { ["", "unnamed:_0"].contains(ColumnNames.plain(name)) }

    /// Whether a text is the name of an image's file.
    public static func isImageName(_ text: String) -> Bool { SampleName.isImage(text) }
}
