import Foundation

/// A table of text with a name for each column, as read from a CSV or TSV file.
///
/// Fields are kept in one byte buffer and become strings or numbers on request, so a table of a million numbers costs little
/// more than its file.
public struct CSVTable: Sendable {
    /// The file that the table came from, for errors.
    public let path: String
    /// The column names, all distinct.
    public let header: [String]
    /// How the file is laid out.
    public let dialect: TableDialect
    /// The number of rows below the header.
    public let rowCount: Int
    /// All fields one after another, row by row, without quotes; valid UTF-8.
    private let bytes: [UInt8]
    /// Where each field ends in `bytes`.
    private let ends: FieldEnds

    init(path: String, header: [String], dialect: TableDialect, bytes: [UInt8], ends: FieldEnds) {
        self.path = path
        self.header = header
        self.dialect = dialect
        self.bytes = bytes
        self.ends = ends
        rowCount = header.isEmpty ? 0 : ends.count / header.count
    }

    /// The text of a field; `row` and `column` count from 0.
    public subscript(row: Int, column: Int) -> String {
        String(decoding: bytes[range(row, column)], as: UTF8.self)
    }

    /// All texts of a row.
    public func row(_ row: Int) -> [String] {
        header.indices.map { self[row, $0] }
    }

    /// All texts of a column.
    public func column(_ column: Int) -> [String] {
        (0..<rowCount).map { self[$0, column] }
    }

    /// The index of the column with that name. Throws `CSVError.missingColumn`.
    public func column(named name: String) throws(CSVError) -> Int {
        guard let column = header.firstIndex(of: name) else {
            throw .missingColumn(path: path, name: name, header: header)
        }
        return column
    }

    /// A field as a number: decimal or scientific notation, or `nan`, `inf` and `infinity` in any case; surrounding spaces are
    /// ignored. Throws `CSVError.notANumber`, also for an empty field.
    public func number(_ row: Int, _ column: Int) throws(CSVError) -> Double {
        guard let value = value(row, column, rounded: { $0 }) else {
            throw .notANumber(path: path, row: row + 1, column: header[column], found: self[row, column])
        }
        return value
    }

    /// A field as a number, as `number` reads it; nil if it is not one.
    package func double(_ row: Int, _ column: Int) -> Double? { value(row, column, rounded: { $0 }) }

    /// A field as the `Float` nearest to the number written there, without rounding to `Double` first. Throws as `number` does.
    public func float(_ row: Int, _ column: Int) throws(CSVError) -> Float {
        guard let value = value(row, column, rounded: ShortDecimal.nearestFloat) else {
            throw .notANumber(path: path, row: row + 1, column: header[column], found: self[row, column])
        }
        return value
    }

    /// A field as a whole number. Throws `CSVError.notAnInteger`.
    public func integer(_ row: Int, _ column: Int) throws(CSVError) -> Int {
        guard let value = Int(self[row, column].trimmingCharacters(in: .whitespaces)) else {
            throw .notAnInteger(path: path, row: row + 1, column: header[column], found: self[row, column])
        }
        return value
    }

    private func range(_ row: Int, _ column: Int) -> Range<Int> {
        precondition(
            row >= 0 && row < rowCount && column >= 0 && column < header.count, "no field at \(row), \(column)")
        let field = row * header.count + column
        return (field == 0 ? 0 : ends[field - 1])..<ends[field]
    }

    /// Swift's own number parser also accepts hexadecimal and NaN payloads, which no table means.
    ///
    /// `rounded` returns the number nearest to a decimal fraction, given the nearest `Double`, or nil.
    private func value<Number: LosslessStringConvertible>(
        _ row: Int, _ column: Int, rounded: (Double) -> Number?
    ) -> Number? {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        if let number = ShortDecimal.double(bytes[range(row, column)]).flatMap(rounded) { return number }
        let field = bytes[range(row, column)].drop(while: isSpace)
        let trimmed = field.prefix((field.lastIndex { !isSpace($0) } ?? field.startIndex - 1) + 1 - field.startIndex)
        let isDecimal = trimmed.allSatisfy { byte in
            (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
        }
        if isDecimal { return Number(String(decoding: trimmed, as: UTF8.self)) }
        if trimmed.count > "-infinity".utf8.count { return nil }
        let word = String(decoding: trimmed, as: UTF8.self).lowercased()
        return ["nan", "inf", "infinity"].contains(word.drop { $0 == "-" || $0 == "+" }) ? Number(word) : nil
    }
}
