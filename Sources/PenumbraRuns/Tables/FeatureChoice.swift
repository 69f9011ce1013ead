import TensorFiles

/// What was taken as features from a table, as it is said, recorded beside a layout, and compared before a run resumes.
struct FeatureChoice: Codable, Equatable, Sendable {
    struct Skipped: Codable, Equatable, Sendable {
        /// One column, or several that are numbered one after the other.
        var column: String
        var reason: String
    }

    /// What `ids` says where there are none.
    static let rowNumbers = "row numbers"

    /// How the user said that the file is to be read.
    var reading: FeatureReading
    /// The columns in their order; those that are numbered one after the other as `f0 … f767`.
    var features: [String]
    /// How many they are; of a column of lists the length of a list.
    var count: Int
    var skipped: [Skipped]
    /// Where the ids are from: a column's name, or `row numbers`.
    var ids: String
    var separator: String
    var hasHeader: Bool
    var hasDecimalCommas: Bool

    /// Said on standard error: one line, or two where columns were skipped.
    var lines: [String] {
        let names = features == ["column 1 … column \(count)"] ? "" : ": \(Self.list(features))"
        let notes = remarks + (ids == "id" || ids == Self.rowNumbers ? [] : ["ids from \(ids)"])
        var lines = [
            "\(count) feature\(count == 1 ? "" : "s")\(names)"
                + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
        ]
        let others = skipped.filter { $0 != Skipped(column: "id", reason: "ids") }
        if !others.isEmpty { lines.append("skipped: " + Self.list(others.map { "\($0.column) (\($0.reason))" })) }
        return lines
    }

    /// What a plain comma-separated table with a header is not.
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
            // Columns skipped for one reason stand together.
            let same = rest.prefix { $0.reason == first.reason }
            skipped += Self.runs(same.map { columns.name($0.column) }).map { Skipped(column: $0, reason: first.reason) }
            rest = rest.dropFirst(same.count)
        }
        self.skipped = skipped
        self.ids = ids
        separator = table.dialect.separator.rawValue
        hasHeader = table.dialect.hasHeader
        hasDecimalCommas = table.dialect.hasDecimalCommas
    }

    /// Names with three or more that are numbered one after the other drawn together.
    static func runs(_ names: [String]) -> [String] {
        var result: [String] = []
        var start = 0
        func numbered(_ index: Int) -> (prefix: String, number: Int)? {
            FeatureColumns.numbered(names[index]).flatMap { found in Int(found.number).map { (found.prefix, $0) } }
        }
        while start < names.count {
            var end = start + 1
            if let first = numbered(start) {
                while end < names.count, let next = numbered(end), next == (first.prefix, first.number + end - start) {
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

    /// At most twelve names.
    static func list(_ names: [String]) -> String {
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count <= 12 ? shown : "\(shown) … (\(names.count) in all)"
    }
}

/// How a file of features is to be read, as far as the user says it.
package struct FeatureReading: Codable, Equatable, Sendable {
    /// The array of a file that may hold several.
    package var array: String?
    /// Patterns of the columns that are features; empty: found out.
    package var columns: [String]
    /// Patterns of columns that are none.
    package var skipColumns: [String]
    /// `yes`, `no`, or nil to find out.
    package var hasHeader: Bool?
    /// A `TableDialect.Separator`; nil to find out.
    package var separator: String?
    /// Whether `1,5` is a number; nil to find out.
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

    /// The options that say the same.
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

    /// What is known of a table before it is looked at.
    var hints: TableDialect.Hints {
        TableDialect.Hints(
            separator: separator.flatMap(TableDialect.Separator.init(rawValue:)),
            header: hasHeader.map { $0 ? .yes : .no } ?? .auto, columnNames: ["id"], hasDecimalCommas: hasDecimalCommas)
    }
}
