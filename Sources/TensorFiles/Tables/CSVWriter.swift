import Foundation

/// One field of a row to be written.
public enum CSVField: Sendable {
    /// Text, quoted if necessary.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A number in the fewest digits that read back as the same `Float`.
    case float(Float)
    /// A number in the fewest digits that read back as the same `Double`.
    case double(Double)
}

/// Writes a table of text row by row, whole or not at all.
///
///     try CSVWriter.write(to: url, header: ["id", "x"]) { table in
///         try table.append([.text("a"), .double(0.5)])
///     }
public struct CSVWriter {
    /// How fields are separated. Lines end with LF.
    public enum Dialect: Sendable {
        /// Commas, with quotes if necessary (RFC 4180).
        case commas
        /// Tabs without quotes, for readers that do not support quotes: tabs and line breaks within a text become spaces, and a
        /// line without any text begins with a hyphen, since readers skip empty lines.
        case tabs
    }

    /// Whether texts that a spreadsheet would take for formulas (those that begin with `=`, `+`, `-`, `@`, a tab or a carriage
    /// return) are written in quotes with a leading apostrophe. The apostrophe is then part of the text when it is read back.
    @TaskLocal public static var guardsFormulas = false

    private let sink: FileSink
    private let columnCount: Int
    private let dialect: Dialect
    private var line: [UInt8] = []

    /// Writes the table whose rows `body` appends. Throws `FileWriteError`, or what `body` throws.
    public static func write<Value>(
        to url: URL, header: [String], dialect: Dialect = .commas, _ body: (inout CSVWriter) throws -> Value
    ) throws -> Value {
        try write(to: url, columnCount: header.count, dialect: dialect) { writer in
            try writer.append(header.map { .text($0) })
            return try body(&writer)
        }
    }

    /// Writes a table without a header and with at least one column. Throws as `write(to:header:dialect:_:)` does.
    public static func write<Value>(
        to url: URL, columnCount: Int, dialect: Dialect = .commas, _ body: (inout CSVWriter) throws -> Value
    ) throws -> Value {
        precondition(columnCount > 0, "a table has a column")
        return try AtomicFile.write(to: url) { sink in
            var writer = CSVWriter(sink: sink, columnCount: columnCount, dialect: dialect)
            return try body(&writer)
        }
    }

    private init(sink: FileSink, columnCount: Int, dialect: Dialect) {
        self.sink = sink
        self.columnCount = columnCount
        self.dialect = dialect
    }

    /// Appends a row. Traps unless there are as many fields as columns. Throws `FileWriteError`.
    public mutating func append(_ fields: [CSVField]) throws {
        precondition(fields.count == columnCount, "\(fields.count) fields for \(columnCount) columns")
        line.removeAll(keepingCapacity: true)
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: dialect == .commas ? "," : "\t")) }
            switch field {
            case .text(let text): dialect == .commas ? appendQuoted(text) : appendInOneLine(text)
            case .integer(let value): line.append(contentsOf: value.description.utf8)
            case .float(let value): line.append(contentsOf: value.description.utf8)
            case .double(let value): line.append(contentsOf: value.description.utf8)
            }
        }
        // A row with a single empty field would read as an empty line, which a reader may skip.
        switch dialect {
        case .commas: if line.isEmpty { line.append(contentsOf: "\"\"".utf8) }
        case .tabs: if line.allSatisfy(Self.isBlank) { line.insert(UInt8(ascii: "-"), at: 0) }
        }
        line.append(UInt8(ascii: "\n"))
        try sink.write(line)
    }

    private static let formulaStarts = Array("=+-@\t\r".utf8)

    /// The text, with the apostrophe if needed.
    private func guarded(_ text: String) -> (text: String, isFormula: Bool) {
        guard Self.guardsFormulas, let first = text.utf8.first, Self.formulaStarts.contains(first) else {
            return (text, false)
        }
        return ("'" + text, true)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private mutating func appendInOneLine(_ text: String) {
        let text = guarded(text).text
        for scalar in text.unicodeScalars {
            let isBreak = scalar == "\t" || Character(scalar).isNewline || (0x1C...0x1E).contains(scalar.value)
            line.append(contentsOf: isBreak ? [UInt8(ascii: " ")] : Array(UTF8.encode(scalar)!))
        }
    }

    private mutating func appendQuoted(_ text: String) {
        let (text, isFormula) = guarded(text)
        let needsQuotes =
            isFormula
            || text.utf8.contains { byte in
                byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
                    || byte == UInt8(ascii: "\r")
            }
        guard needsQuotes else {
            line.append(contentsOf: text.utf8)
            return
        }
        line.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { line.append(byte) }
            line.append(byte)
        }
        line.append(UInt8(ascii: "\""))
    }
}
