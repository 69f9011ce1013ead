import ArgumentParser
import LabelFiles
import TensorFiles

extension LabelForm: ExpressibleByArgument {}
extension TableDialect.Header: ExpressibleByArgument {}

extension TableDialect.Separator: ExpressibleByArgument {
    /// The separator of that name, or the character itself.
    public init?(argument: String) { self.init(word: argument) }
}

/// How a file of labels is read: what is not said is found in the file.
struct LabelFileOptions: ParsableArguments {
    @Option(
        help: """
            What the rows say: votes or distribution (one column per class), class (one class per row), annotations (one row \
            per annotation) or annotators (one column per annotator) (default: by what is found).
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
            names for all of them (default: whole numbers by value, columns as they stand, names sorted).
            """)
    var classes: [String] = []

    @Option(
        help: """
            Columns or labels to skip, separated by commas; a name with a comma stands in double quotes (default: unknown, NF, \
            not a face and similar; '' for none).
            """)
    var ignoreColumns: String?

    @Option(
        help: "What separates the fields of the label file: comma, semicolon, tab or space (default: by what is found)."
    )
    var separator: TableDialect.Separator?

    @Option(help: "Whether the first line of the label file names its columns: yes, no or auto.")
    var header: TableDialect.Header = .auto

    @Flag(help: "Stop if a sample has no label or a label has no sample.")
    var strict = false

    /// As the readers take it.
    var reading: LabelReading {
        LabelReading(
            form: labelFormat, idColumn: idColumn, labelColumn: labelColumn, annotatorColumn: annotatorColumn,
            classes: classes.isEmpty ? nil : classes, ignored: ignoreColumns.map(NameListText.names),
            separator: separator, header: header == .auto ? nil : header, isStrict: strict ? true : nil)
    }
}

extension LabelReading {
    /// The options that say the same, for a command line.
    var words: [String] {
        var words: [String] = []
        if let form { words += ["--label-format", form.rawValue] }
        if let idColumn { words += ["--id-column", idColumn] }
        if let labelColumn { words += ["--label-column", labelColumn] }
        if let annotatorColumn { words += ["--annotator-column", annotatorColumn] }
        if let classes { words += ["--classes"] + classes }
        if let ignored { words += ["--ignore-columns", NameListText.text(ignored)] }
        if let separator { words += ["--separator", separator.rawValue] }
        if let header { words += ["--header", header.rawValue] }
        if isStrict == true { words.append("--strict") }
        return words
    }
}

/// Names between commas; one that holds a comma or begins with a quote is quoted as in a CSV.
enum NameListText {
    static func names(_ text: String) -> [String] {
        var names: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            var name = ""
            if rest.first == "\"" {
                rest.removeFirst()
                while let next = rest.popFirst() {
                    if next == "\"" {
                        if rest.first != "\"" { break }
                        rest.removeFirst()
                    }
                    name.append(next)
                }
            }
            name += rest.prefix { $0 != "," }
            rest = rest.drop { $0 != "," }.dropFirst()
            if !name.isEmpty { names.append(name) }
        }
        return names
    }

    static func text(_ names: [String]) -> String {
        names.map { name in
            name.contains(",") || name.hasPrefix("\"") ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
        }.joined(separator: ",")
    }
}
