import Foundation

extension CSVTable {
    /// Reads a table: RFC 4180 with a header, in UTF-8 with or without a byte-order mark, lines ended by CR LF or LF.
    /// Empty lines at the end are ignored. Where the file's name ends in `.tsv`, tabs stand for the commas, and all else is
    /// the same: a field that holds a tab, a quote or a line end is quoted. Throws `CSVError` or `FileReadError`.
    /// - Complexity: O(size of the file); takes at most twenty times that size (a file of commas alone).
    public static func read(_ url: URL) throws -> CSVTable {
        let file = try InputFile(url)
        let separator = url.pathExtension.lowercased() == "tsv" ? UInt8(ascii: "\t") : UInt8(ascii: ",")
        return try parse(file.bytes(at: 0, count: file.size), path: file.path, separator: separator)
    }

    /// Reads a table without a header, whose columns are then named `prefix` and their numbers from 0. Throws as `read`
    /// does.
    public static func readWithoutHeader(_ url: URL, columns prefix: String) throws -> CSVTable {
        let file = try InputFile(url)
        let separator = url.pathExtension.lowercased() == "tsv" ? UInt8(ascii: "\t") : UInt8(ascii: ",")
        return try parse(file.bytes(at: 0, count: file.size), path: file.path, separator: separator, columns: prefix)
    }

    /// Reads a table from bytes; `path` is for errors. With `columns` there is no header. Throws `CSVError`.
    static func parse(
        _ bytes: [UInt8], path: String, separator: UInt8 = UInt8(ascii: ","), columns prefix: String? = nil
    ) throws(CSVError) -> CSVTable {
        var scanner = try CSVScanner(bytes: bytes, path: path, separator: separator)
        guard let fieldsOfFirst = try scanner.record() else { throw .empty(path: path) }
        let header = (0..<fieldsOfFirst).map { column in
            prefix.map { "\($0)\(column)" } ?? scanner.text(ofField: column)
        }
        var seen: Set<String> = []
        for name in header where !seen.insert(name).inserted {
            throw .duplicateColumn(path: path, name: name)
        }
        if prefix == nil { scanner.forgetFields() }
        while let count = try scanner.record() {
            if count != header.count {
                throw .raggedRow(path: path, line: scanner.recordLine, found: count, expected: header.count)
            }
        }
        return CSVTable(path: path, header: header, bytes: scanner.output, ends: scanner.ends)
    }
}

/// Takes one record after the other from the bytes of a CSV file.
private struct CSVScanner {
    let bytes: [UInt8]
    let path: String
    /// The byte between two fields.
    let separator: UInt8
    /// The fields so far without quotes, and where each ends.
    var output: [UInt8] = []
    var ends: [Int] = []
    /// The line on which the last record began.
    var recordLine = 1
    private var position = 0
    private var line = 1
    /// Where the empty lines at the end begin.
    private let contentEnd: Int
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(bytes: [UInt8], path: String, separator: UInt8) throws(CSVError) {
        self.bytes = bytes
        self.path = path
        self.separator = separator
        let last = bytes.lastIndex { $0 != Self.lineFeed && $0 != Self.carriageReturn }
        contentEnd = last.map { $0 + 1 } ?? 0
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        output.reserveCapacity(bytes.count)
        try checkUTF8()
    }

    private func checkUTF8() throws(CSVError) {
        if String(validating: bytes, as: UTF8.self) != nil { return }
        var line = 1
        for part in bytes.split(separator: Self.lineFeed, omittingEmptySubsequences: false) {
            if String(validating: part, as: UTF8.self) == nil { throw .notUTF8(path: path, line: line) }
            line += 1
        }
    }

    func text(ofField field: Int) -> String {
        String(decoding: output[(field == 0 ? 0 : ends[field - 1])..<ends[field]], as: UTF8.self)
    }

    mutating func forgetFields() {
        output.removeAll(keepingCapacity: true)
        ends.removeAll()
    }

    /// The number of fields of the next record, or nil at the end.
    mutating func record() throws(CSVError) -> Int? {
        if position >= contentEnd { return nil }
        recordLine = line
        var count = 0
        repeat {
            try field()
            ends.append(output.count)
            count += 1
        } while try !endOfRecord()
        return count
    }

    /// Past the byte after a field: false after a separator, true after a line end or at the end of the file.
    private mutating func endOfRecord() throws(CSVError) -> Bool {
        if position == bytes.count { return true }
        let byte = bytes[position]
        position += 1
        if byte == separator { return false }
        if byte == Self.carriageReturn {
            guard position < bytes.count else { return true }
            if bytes[position] != Self.lineFeed { throw .strayCarriageReturn(path: path, line: line) }
            position += 1
        }
        line += 1
        return true
    }

    private mutating func field() throws(CSVError) {
        if position < bytes.count, bytes[position] == Self.quote { return try quotedField() }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            if byte == Self.quote { throw .strayQuote(path: path, line: line) }
            position += 1
        }
        output.append(contentsOf: bytes[start..<position])
    }

    private mutating func quotedField() throws(CSVError) {
        let opened = line
        position += 1
        while true {
            guard position < bytes.count else { throw .unclosedQuote(path: path, line: opened) }
            let byte = bytes[position]
            position += 1
            if byte == Self.quote {
                guard position < bytes.count, bytes[position] == Self.quote else { break }
                position += 1
            } else if byte == Self.lineFeed {
                line += 1
            }
            output.append(byte)
        }
        let next = position < bytes.count ? bytes[position] : separator
        if ![separator, Self.lineFeed, Self.carriageReturn].contains(next) {
            throw .textAfterQuote(path: path, line: line)
        }
    }
}
