import ArgumentParser
import PenumbraRuns
import TensorFiles

/// What to read from feature files, if it is not to be detected.
struct FeatureColumnOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: """
            Columns of a table that are features: names, or patterns such as 'emb_*'; without a header, numbers from 1 \
            (default: detected and printed).
            """)
    var columns: [String] = []

    @Option(parsing: .upToNextOption, help: "Columns of a table that are not features: names or patterns.")
    var skipColumns: [String] = []

    @Option(help: "Array with the features, if a file holds several two-dimensional arrays.")
    var array: String?

    /// The reading given by the options.
    var reading: FeatureReading { FeatureReading(array: array, columns: columns, skipColumns: skipColumns) }
}

/// The same for commands with a table of further columns, which `--columns` names.
struct FigureFeatureOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help:
            "Columns of a table that are features: names, or patterns such as 'emb_*' (default: detected and printed)."
    )
    var featureColumns: [String] = []

    @Option(parsing: .upToNextOption, help: "Columns of a table that are not features: names or patterns.")
    var skipColumns: [String] = []

    @Option(help: "Array with the features, if a file holds several two-dimensional arrays.")
    var array: String?

    /// The reading given by the options.
    var reading: FeatureReading { FeatureReading(array: array, columns: featureColumns, skipColumns: skipColumns) }
}

/// How to read feature files, if this is not to be detected.
struct FeatureFileOptions: ParsableArguments {
    @OptionGroup var columns: FeatureColumnOptions

    @Option(help: "Whether a table's first line names the columns: yes, no or auto.", transform: Self.header)
    var header = TableDialect.Header.auto

    @Option(
        help: "What separates a table's fields: comma, semicolon, tab or blank (default: detected).",
        transform: Self.separator)
    var separator: TableDialect.Separator?

    @Option(help: "Decimal mark of a table's numbers: point or comma (default: detected).")
    var decimal: DecimalMark?

    enum DecimalMark: String, CaseIterable, ExpressibleByArgument {
        case point, comma
    }

    /// The reading given by the options.
    var reading: FeatureReading {
        var reading = columns.reading
        reading.hasDecimalCommas = decimal.map { $0 == .comma }
        reading.hasHeader = header == .auto ? nil : header == .yes
        reading.separator = separator?.rawValue
        return reading
    }

    private static func header(_ word: String) throws -> TableDialect.Header {
        guard let header = TableDialect.Header(rawValue: word) else {
            throw ValidationError("--header is '\(word)'; expected yes, no or auto.")
        }
        return header
    }

    private static func separator(_ word: String) throws -> TableDialect.Separator {
        guard let separator = TableDialect.Separator(word: word) else {
            throw ValidationError("--separator is '\(word)'; expected comma, semicolon, tab or blank.")
        }
        return separator
    }
}
