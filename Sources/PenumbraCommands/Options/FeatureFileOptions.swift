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

/// For commands that also read a file of labels, for which `--header` and `--separator` are.
struct FeatureOptions: ParsableArguments {
    @OptionGroup var columns: FeatureColumnOptions
    @OptionGroup var dialect: FeatureDialectOptions

    /// The reading given by the options.
    var reading: FeatureReading { dialect.reading(columns.reading) }
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

    @OptionGroup var dialect: FeatureDialectOptions

    /// The reading given by the options.
    var reading: FeatureReading {
        dialect.reading(FeatureReading(array: array, columns: featureColumns, skipColumns: skipColumns))
    }
}

/// The dialect of tables of features beside a file of labels.
struct FeatureDialectOptions: ParsableArguments {
    @Option(help: "Whether the first line of a table of features names its columns.")
    var featureHeader = TableDialect.Header.auto

    @Option(help: "What separates the fields of a table of features (default: detected).")
    var featureSeparator: TableDialect.Separator?

    @Option(help: "Decimal mark of the numbers in a table of features (default: detected).")
    var featureDecimal: DecimalMark?

    /// `reading` in this dialect.
    func reading(_ reading: FeatureReading) -> FeatureReading {
        reading.with(featureHeader, featureSeparator, featureDecimal)
    }
}

/// How to read feature files, if this is not to be detected.
struct FeatureFileOptions: ParsableArguments {
    @OptionGroup var columns: FeatureColumnOptions

    @Option(help: "Whether a table's first line names the columns.")
    var header = TableDialect.Header.auto

    @Option(help: "What separates a table's fields (default: detected).")
    var separator: TableDialect.Separator?

    @Option(help: "Decimal mark of a table's numbers (default: detected).")
    var decimal: DecimalMark?

    /// The reading given by the options.
    var reading: FeatureReading { columns.reading.with(header, separator, decimal) }
}

enum DecimalMark: String, CaseIterable, ExpressibleByArgument {
    case point, comma
}

extension FeatureReading {
    fileprivate func with(
        _ header: TableDialect.Header, _ separator: TableDialect.Separator?, _ decimal: DecimalMark?
    ) -> FeatureReading {
        var reading = self
        reading.hasHeader = header == .auto ? nil : header == .yes
        reading.separator = separator?.rawValue
        reading.hasDecimalCommas = decimal.map { $0 == .comma }
        return reading
    }
}
