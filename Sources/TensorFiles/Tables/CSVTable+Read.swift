import Foundation

extension CSVTable {
    /// Reads a table in this program's own form: RFC 4180 with a header, in UTF-8 with or without a byte-order mark, with lines
    /// ending in CR LF or LF. Empty lines at the end are ignored, and so are blanks around the quotes of a field and `# ` before
    /// the header. If the file's name ends in `.tsv`, tabs replace the commas, and a quote that does not close on its line is an
    /// ordinary character. Throws `CSVError` or `FileReadError`.
    /// - Complexity: O(size of the file); takes at most four times that size (for a file of only commas and line ends).
    public static func read(_ url: URL) throws -> CSVTable {
        let file = try InputFile(url)
        let dialect = TableDialect(separator: isNamedTSV(url) ? .tab : .comma)
        return try parse(file.contents(takingTimes: memoryFactor), path: file.path, dialect: dialect)
    }

    /// Reads a table of another program. Its dialect is detected as far as `hints` do not give it (`TableDialect.detect`).
    /// Without a header the columns are named `prefix` plus their numbers, counted from 0. Throws as `read` does.
    /// - Complexity: As `read`.
    public static func read(
        _ url: URL, hints: TableDialect.Hints, columns prefix: String = "column "
    ) throws -> CSVTable {
        let file = try InputFile(url)
        let bytes = try file.contents(takingTimes: memoryFactor)
        let dialect = try TableDialect.detect(bytes, path: file.path, isNamedTSV: isNamedTSV(url), hints: hints)
        return try parse(bytes, path: file.path, dialect: dialect, columns: prefix)
    }

    /// The most memory that reading takes, as a multiple of the table's size.
    private static let memoryFactor = 4

    /// A column name takes many times as much memory as a field.
    static let mostColumns = 1 << 18

    private static func isNamedTSV(_ url: URL) -> Bool {
        ["tsv", "tab"].contains(url.pathExtension.lowercased())
    }

    /// Reads a table from bytes; `path` is for errors. Throws `CSVError`.
    static func parse(
        _ bytes: [UInt8], path: String, dialect: TableDialect = TableDialect(), columns prefix: String = "column "
    ) throws(CSVError) -> CSVTable {
        do throws(CSVError) {
            return try parse(
                bytes, path: path, dialect: dialect, columns: prefix, looseQuotes: dialect.separator.hasLooseQuotes)
        } catch .raggedRow(let path, let line, let found, let expected) where dialect.separator.hasLooseQuotes {
            // A quoted field may contain line ends after all.
            let whole = try? parse(bytes, path: path, dialect: dialect, columns: prefix, looseQuotes: false)
            if let whole { return whole }
            throw .raggedRow(path: path, line: line, found: found, expected: expected)
        }
    }

    /// Throws `CSVError.otherKind` for files that are often taken for tables of text.
    private static func checkKind(_ bytes: [UInt8], path: String) throws(CSVError) {
        let kinds: [(start: [UInt8], found: String, advice: String)] = [
            ([0xFF, 0xFE], "UTF-16", "save it as CSV in UTF-8"), ([0xFE, 0xFF], "UTF-16", "save it as CSV in UTF-8"),
            (Array("PK\u{3}\u{4}".utf8), "an Excel workbook or another zip archive", "save the sheet as CSV in UTF-8"),
            ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook", "save the sheet as CSV in UTF-8"),
            ([0x1F, 0x8B], "a gzip file", "unpack it with gunzip"),
            (Array("PAR1".utf8), "a Parquet file", "write it as CSV"),
            (
                Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }), "a NumPy array",
                "name it where arrays are read"
            ),
            (Array("sep=".utf8), "'sep=', an instruction to Excel, in line 1", "remove that line"),
        ]
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let kind = kinds.first(where: { content.starts(with: $0.start) }) {
            throw .otherKind(path: path, found: kind.found, advice: kind.advice)
        }
    }

    private static func parse(
        _ bytes: [UInt8], path: String, dialect: TableDialect, columns prefix: String, looseQuotes: Bool
    ) throws(CSVError) -> CSVTable {
        var scanner = CSVScanner(bytes: bytes, path: path, separator: dialect.separator, looseQuotes: looseQuotes)
        scanner.hasDecimalCommas = dialect.hasDecimalCommas
        try checkKind(bytes, path: path)
        try scanner.checkUTF8()
        scanner.reserve()
        guard let fieldsOfFirst = try scanner.record() else { throw .empty(path: path) }
        if fieldsOfFirst > mostColumns {
            throw .tooManyColumns(path: path, found: fieldsOfFirst, most: mostColumns)
        }
        var header = (0..<fieldsOfFirst).map { column in
            dialect.hasHeader ? scanner.text(ofField: column) : "\(prefix)\(column)"
        }
        if dialect.hasHeader { scanner.forgetFields() }
        var next = try scanner.record()
        if dialect.hasHeader {
            header = CommentMark.removed(from: header, fieldsBelow: dialect.separator == .blank ? next : nil)
        }
        // Spreadsheets write columns without names, often empty ones, after the others.
        if let first = header.firstIndex(of: "") {
            for column in header.indices where column > first && header[column].isEmpty {
                header[column] = "\(prefix)\(column)"
            }
        }
        var seen: Set<String> = []
        for name in header where !seen.insert(name).inserted {
            throw .duplicateColumn(path: path, name: name)
        }
        while let count = next {
            if count != header.count {
                throw .raggedRow(path: path, line: scanner.recordLine, found: count, expected: header.count)
            }
            next = try scanner.record()
        }
        return CSVTable(path: path, header: header, dialect: dialect, bytes: scanner.output, ends: scanner.ends)
    }
}
