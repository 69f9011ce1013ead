import TensorFiles

/// What the rows of a label file contain.
public enum LabelForm: String, Sendable, CaseIterable, Codable {
    /// A row per image and a column per class, which holds the number of annotators who chose it.
    case votes
    /// A row per image and a column per class, which holds its share.
    case distribution
    /// A row per image and one column that names its class.
    case `class`
    /// A row per annotation: the image, the class, and the annotator if known.
    case annotations
    /// A row per image and a column per annotator, which names the class; empty where the annotator did not label the
    /// image.
    case annotators
}

/// What the user specifies about a label file; everything else is detected. All of it affects the result.
public struct LabelReading: Sendable, Equatable, Codable {
    /// Nil: found in the columns.
    public var form: LabelForm?
    /// The column that names the samples; in a table without a header, its number from 1.
    public var idColumn: String?
    /// The column that names the class.
    public var labelColumn: String?
    /// The column that names the annotator.
    public var annotatorColumn: String?
    /// The classes in their order. In a table with a column per class, exactly these columns are the classes; in one
    /// without a header, these are the names of all its class columns.
    public var classes: [String]?
    /// Columns or labels to skip; nil skips those with names such as "unknown" or "not a face"
    /// (`ColumnNames.nonClasses`).
    public var ignored: [String]?
    /// Nil: found in the first lines.
    public var separator: TableDialect.Separator?
    /// Whether the first line holds the names of columns; nil: found in the first lines.
    public var header: TableDialect.Header?

    /// Whether a sample without a label and a label without a sample are an error (nil: no).
    public var isStrict: Bool?

    private enum CodingKeys: String, CodingKey {
        case form = "labelFormat"
        case idColumn, labelColumn, annotatorColumn, classes
        case ignored = "ignoredColumns"
        case separator, header
        case isStrict = "strict"
    }

    /// Everything that is not given is detected.
    public init(
        form: LabelForm? = nil, idColumn: String? = nil, labelColumn: String? = nil, annotatorColumn: String? = nil,
        classes: [String]? = nil, ignored: [String]? = nil, separator: TableDialect.Separator? = nil,
        header: TableDialect.Header? = nil, isStrict: Bool? = nil
    ) {
        self.form = form
        self.idColumn = idColumn
        self.labelColumn = labelColumn
        self.annotatorColumn = annotatorColumn
        self.classes = classes
        self.ignored = ignored
        self.separator = separator
        self.header = header
        self.isStrict = isStrict
    }
}
