import TensorFiles

/// What was read as features from a table: reported to the user, recorded beside a layout, and compared before a run resumes.
struct FeatureChoice: Codable, Equatable, Sendable {
    struct Skipped: Codable, Equatable, Sendable {
        /// One column, or several with consecutive numbers.
        var column: String
        var reason: String
    }

    /// The value of `ids` if there are none.
    static let rowNumbers = "row numbers"

    /// The user's options for reading the file.
    var reading: FeatureReading
    /// The columns in order; those with consecutive numbers are abbreviated, as in `f0 … f767`.
    var features: [String]
    /// The number of features; for a column of lists, the length of a list.
    var count: Int
    var skipped: [Skipped]
    /// What may be no features although it was read as such; nil if there is nothing.
    var warnings: [String]?
    /// Where the ids come from: a column's name, or `row numbers`.
    var ids: String
    var separator: String
    var hasHeader: Bool
    var hasDecimalCommas: Bool

    /// Lines for standard error: one, or two if columns were skipped.
    var lines: [String] {
        let names = features == ["column 1 … column \(count)"] ? "" : ": \(Self.ends(features))"
        let notes = remarks + (ids == "id" || ids == Self.rowNumbers ? [] : ["ids from \(ids)"])
        var lines = [
            "\(count) feature\(count == 1 ? "" : "s")\(names)"
                + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
        ]
        let others = skipped.filter { $0 != Skipped(column: "id", reason: "ids") }
        if !others.isEmpty { lines.append("skipped: " + Self.list(others.map { "\($0.column) (\($0.reason))" })) }
        return lines
    }

    /// How the table differs from a plain comma-separated one with a header.
    private var remarks: [String] {
        TableDialect(
            separator: TableDialect.Separator(rawValue: separator) ?? .comma, hasHeader: hasHeader,
            hasDecimalCommas: hasDecimalCommas
        ).remarks
    }

    init(_ columns: FeatureColumns, of table: CSVTable, count: Int, ids: String, reading: FeatureReading) {
        self.reading = reading
        features = Self.runs(columns.taken.map(columns.name))
        self.count = count
        var skipped: [Skipped] = []
        var rest = columns.skipped[...]
        while let first = rest.first {
            // Columns that were skipped for the same reason are listed together.
            let same = rest.prefix { $0.reason == first.reason }
            skipped += Self.runs(same.map { columns.name($0.column) }).map { Skipped(column: $0, reason: first.reason) }
            rest = rest.dropFirst(same.count)
        }
        self.skipped = skipped
        warnings = columns.warnings.isEmpty ? nil : columns.warnings
        self.ids = ids
        separator = table.dialect.separator.rawValue
        hasHeader = table.dialect.hasHeader
        hasDecimalCommas = table.dialect.hasDecimalCommas
    }

    /// Throws `InputError` if a feature has the name of a class of the labels in the file at `labels`, unless the user has named
    /// the features. Numbers name both in many files.
    func requireApart(from classes: [String], labels: String, features path: String) throws(InputError) {
        if !reading.columns.isEmpty { return }
        let names = features.flatMap { $0.components(separatedBy: " … ") }
        let shared = classes.filter { Int($0) == nil && names.contains($0) }
        if shared.isEmpty { return }
        throw .unusable(
            path: path,
            problem:
                "features have names of classes in \(labels) (\(InputError.list(shared))); leave these columns out with "
                + "--skip-columns, or name the features with \(FeatureReading.options.columns)")
    }

    /// Names, where three or more with consecutive numbers are merged into one.
    static func runs(_ names: [String]) -> [String] {
        var result: [String] = []
        var start = 0
        func numbered(_ index: Int) -> (prefix: String, number: Int)? {
            FeatureColumns.numbered(names[index]).flatMap { found in Int(found.number).map { (found.prefix, $0) } }
        }
        while start < names.count {
            var end = start + 1
            if let first = numbered(start) {
                // A sum could overflow.
                while end < names.count, let next = numbered(end), next.prefix == first.prefix,
                    next.number - first.number == end - start
                {
                    end += 1
                }
            }
            if end - start > 2 {
                result.append("\(names[start]) … \(names[end - 1])")
            } else {
                result += names[start..<end]
            }
            start = end
        }
        return result
    }

    /// At most twelve of the names, the first and the last, joined.
    private static func ends(_ names: [String]) -> String {
        if names.count <= 12 { return names.joined(separator: ", ") }
        return names.prefix(8).joined(separator: ", ") + " … " + names.suffix(4).joined(separator: ", ")
    }

    /// At most twelve of the names, joined.
    static func list(_ names: [String]) -> String {
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count <= 12 ? shown : "\(shown) … (\(names.count) in all)"
    }
}

/// How to read a file of features, as far as the user specifies it.
package struct FeatureReading: Codable, Equatable, Sendable {
    /// How a command calls the options for tables of features.
    package struct OptionNames: Sendable {
        var columns = "--columns"
        var dialect = TableDialect.OptionNames()
        var decimal = "--decimal"

        /// Of commands that read no other tables.
        package static let alone = OptionNames()
        /// Of commands that also read a file of labels.
        package static let besideLabels = OptionNames(
            dialect: TableDialect.OptionNames(separator: "--feature-separator", header: "--feature-header"),
            decimal: "--feature-decimal")
        /// Of commands for which `--columns` is another table.
        package static let besideColumns = OptionNames(
            columns: "--feature-columns", dialect: besideLabels.dialect, decimal: besideLabels.decimal)
    }

    /// For messages.
    @TaskLocal package static var options = OptionNames.alone

    /// The name of the array, for a file that may hold several.
    package var array: String?
    /// Patterns of the columns that are features; if empty, they are detected.
    package var columns: [String]
    /// Patterns of columns that are not features.
    package var skipColumns: [String]
    /// Whether there is a header; nil: detected.
    package var hasHeader: Bool?
    /// A `TableDialect.Separator`; nil: detected.
    package var separator: String?
    /// Whether `1,5` is a number; nil: detected.
    package var hasDecimalCommas: Bool?

    package init(
        array: String? = nil, columns: [String] = [], skipColumns: [String] = [], hasHeader: Bool? = nil,
        separator: String? = nil, hasDecimalCommas: Bool? = nil
    ) {
        self.array = array
        self.columns = columns
        self.skipColumns = skipColumns
        self.hasHeader = hasHeader
        self.separator = separator
        self.hasDecimalCommas = hasDecimalCommas
    }

    /// The equivalent options.
    var words: [String] {
        var words: [String] = []
        if let array { words += ["--array", array] }
        if !columns.isEmpty { words += ["--columns"] + columns }
        if !skipColumns.isEmpty { words += ["--skip-columns"] + skipColumns }
        if let hasHeader { words += ["--header", hasHeader ? "yes" : "no"] }
        if let separator { words += ["--separator", separator] }
        if let hasDecimalCommas { words += ["--decimal", hasDecimalCommas ? "comma" : "point"] }
        return words
    }

    /// The options given that are for tables only.
    var optionsOfTables: [String] {
        let names = Self.options
        return [
            (!columns.isEmpty, names.columns), (!skipColumns.isEmpty, "--skip-columns"),
            (hasHeader != nil, names.dialect.header), (separator != nil, names.dialect.separator),
            (hasDecimalCommas != nil, names.decimal),
        ].filter(\.0).map(\.1)
    }

    /// What is known about a table before it is examined.
    var hints: TableDialect.Hints {
        TableDialect.Hints(
            separator: separator.flatMap(TableDialect.Separator.init(rawValue:)),
            header: hasHeader.map { $0 ? .yes : .no } ?? .auto, columnNames: ["id"], hasDecimalCommas: hasDecimalCommas,
            options: Self.options.dialect)
    }
}
