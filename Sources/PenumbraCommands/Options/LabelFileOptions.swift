import ArgumentParser
import LabelFiles
import PenumbraRuns
import TensorFiles

extension LabelForm: ExpressibleByArgument {}
extension TableDialect.Header: ExpressibleByArgument {}

extension TableDialect.Separator: ExpressibleByArgument {
    /// The separator with that name, or the character itself.
    public init?(argument: String) { self.init(word: argument) }
}

/// How to read a label file; what is not given is detected.
struct LabelFileOptions: ParsableArguments {
    @Option(
        help: """
            What the rows hold: votes or distribution (one column per class), class (one class per row), annotations (one row \
            per annotation) or annotators (one column per annotator) (default: detected).
            """)
    var labelFormat: LabelForm?

    @Option(help: "Column that names the samples (default: id, image, filename and similar).")
    var idColumn: String?

    @Option(help: "Column that holds the classes (default: label, class, choice and similar).")
    var labelColumn: String?

    @Option(help: "Column that names the annotators (default: annotator, worker, rater and similar).")
    var annotatorColumn: String?

    @Option(
        parsing: .upToNextOption,
        help: """
            Classes in their order. If the file has one column per class, these columns and no others; if it has no header, \
            names for all of them (default: whole numbers by value, columns in file order, names sorted).
            """)
    var classes: [String] = []

    @Option(
        help: """
            Columns or labels to skip, separated by commas; put a name with a comma in double quotes (default: unknown, NF, \
            not a face and similar; '' for none).
            """)
    var ignoreColumns: String?

    @Option(help: "What separates the fields of the label file (default: detected).")
    var separator: TableDialect.Separator?

    @Option(help: "Whether the first line of the label file names its columns.")
    var header: TableDialect.Header = .auto

    @Flag(help: "Stop if a sample has no label or a label has no sample.")
    var strict = false

    /// In the form that the readers take.
    var reading: LabelReading {
        LabelReading(
            form: labelFormat, idColumn: idColumn, labelColumn: labelColumn, annotatorColumn: annotatorColumn,
            classes: classes.isEmpty ? nil : classes, ignored: ignoreColumns.map(NameListText.names),
            separator: separator, header: header == .auto ? nil : header, isStrict: strict ? true : nil)
    }
}
