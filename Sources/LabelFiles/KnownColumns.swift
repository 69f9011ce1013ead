import TensorFiles

/// What columns of tables of features hold by their names, which are those that label files have: both kinds of tables are to be
/// read alike.
public enum KnownColumns {
    private static let labels: Set = [
        "label", "labels", "class", "classes", "class_label", "class_id", "target", "targets", "category", "split",
        "subset", "fold", "partition", "annotators", "ground_truth", "y_true",
    ]
    private static let possibleLabels = Set(ColumnNames.labels + ColumnNames.splits)
    private static let predictions: Set = [
        "prediction", "predictions", "predicted", "predicted_label", "predicted_class", "pred", "pred_label",
        "pred_class", "y_pred", "y_hat", "confidence",
    ]

    /// The names that columns of ids have and nothing else in a table, as `TableDialect.Hints.columnNames`.
    public static let namesOfIDs = Set(ColumnNames.ids).intersection(ColumnNames.header)

    /// The columns that name samples by their names, the best known first.
    public static func ids(_ header: [String]) -> [Int] {
        let names = header.map(ColumnName.plain)
        return ColumnNames.ids.compactMap { names.firstIndex(of: $0) }
    }

    /// Whether a column of that name is a label or a split, whatever it holds.
    public static func isLabel(_ name: String) -> Bool { labels.contains(ColumnName.plain(name)) }

    /// Whether a column of whole numbers with that name is a label: `cluster`, `rating`, `level`.
    public static func isLabelOfWholeNumbers(_ name: String) -> Bool {
        possibleLabels.contains(ColumnName.plain(name))
    }

    /// Whether a column of that name holds what a classifier predicted.
    public static func isPrediction(_ name: String) -> Bool { predictions.contains(ColumnName.plain(name)) }

    /// Whether a column of that name holds ids of whatever kind.
    public static func isID(_ name: String) -> Bool {
        let plain = ColumnName.plain(name)
        return plain == "id" || plain.hasSuffix("_id")
    }

    /// Whether a first column has no name of its own: pandas' row numbers or row names.
    public static func isUnnamed(_ name: String) -> Bool { ["", "unnamed:_0"].contains(ColumnName.plain(name)) }

    /// Whether a text is the name of an image's file.
    public static func isImageName(_ text: String) -> Bool { SampleName.isImage(text) }
}
