import Foundation

/// Reads the records of a table one after another from its bytes.
struct CSVScanner {
    let bytes: [UInt8]
    let path: String
    /// The byte between two fields.
    let separator: UInt8
    /// Whether consecutive separators count as one.
    let joinsSeparators: Bool
    /// Whether a quote that does not close on its line, or closes inside the field, is an ordinary character.
    let looseQuotes: Bool
    /// Whether blanks around the quotes of a field do not count.
    private let skipsBlanks: Bool
    /// Whether fields such as `1,5` are turned into `1.5`.
    var hasDecimalCommas = false
    /// The fields so far without quotes, and where each ends.
    var output: [UInt8] = []
    var ends = FieldEnds()
    /// The line on which the last record began.
    var recordLine = 1
    private var position = 0
    private var line = 1
    /// Where the empty lines at the end begin.
    private let contentEnd: Int
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(bytes: [UInt8], path: String, separator: TableDialect.Separator, looseQuotes: Bool) {
        self.bytes = bytes
        self.path = path
        self.separator = separator.byte
        joinsSeparators = separator == .blank
        self.looseQuotes = looseQuotes
        skipsBlanks = !separator.hasLooseQuotes
        let last = bytes.lastIndex { $0 != Self.lineFeed && $0 != Self.carriageReturn }
        contentEnd = last.map { $0 + 1 } ?? 0
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The first records, at most `limit`, as split by a separator that need not be the true one; nil if that is not possible,
    /// or gives more fields than a table may have columns.
    static func records(of bytes: [UInt8], separator: TableDialect.Separator, limit: Int) -> [[String]]? {
        var scanner = CSVScanner(bytes: bytes, path: "", separator: separator, looseQuotes: separator.hasLooseQuotes)
        var records: [[String]] = []
        do throws(CSVError) {
            while records.count < limit, let count = try scanner.record() {
                if count > CSVTable.mostColumns { return nil }
                records.append((0..<count).map(scanner.text(ofField:)))
                scanner.forgetFields()
            }
        } catch {
            return nil
        }
        return records
    }

    /// Throws `CSVError.notUTF8` with the first line that is not UTF-8.
    func checkUTF8() throws(CSVError) {
        if String(validating: bytes, as: UTF8.self) != nil { return }
        var line = 1
        var start = 0
        while true {
            let end = bytes[start...].firstIndex(of: Self.lineFeed) ?? bytes.count
            if String(validating: bytes[start..<end], as: UTF8.self) == nil { throw .notUTF8(path: path, line: line) }
            if end == bytes.count { return }
            start = end + 1
            line += 1
        }
    }

    /// Makes room for all fields.
    mutating func reserve() {
        output.reserveCapacity(bytes.count)
        ends.reserve(bytes.reduce(into: 1) { $0 += $1 == separator || $1 == Self.lineFeed ? 1 : 0 })
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
        skipJoined()
        repeat {
            let start = output.count
            try field()
            if hasDecimalCommas { replaceDecimalComma(from: start) }
            ends.append(output.count)
            count += 1
        } while try !endOfRecord()
        return count
    }

    /// Moves past the byte after a field: false after a separator, true after a line end or at the end of the file.
    private mutating func endOfRecord() throws(CSVError) -> Bool {
        if position == bytes.count { return true }
        let byte = bytes[position]
        position += 1
        if byte == separator {
            guard joinsSeparators else { return false }
            skipJoined()
            // Blanks at the end of a line separate nothing.
            let isAtEnd =
                position >= contentEnd || bytes[position] == Self.lineFeed || bytes[position] == Self.carriageReturn
            return isAtEnd ? try endOfRecord() : false
        }
        if byte == Self.carriageReturn {
            guard position < bytes.count else { return true }
            if bytes[position] != Self.lineFeed { throw .strayCarriageReturn(path: path, line: line) }
            position += 1
        }
        line += 1
        return true
    }

    /// Skips blanks if several of them count as one separator.
    private mutating func skipJoined() {
        while joinsSeparators, position < bytes.count, bytes[position] == separator { position += 1 }
    }

    private mutating func replaceDecimalComma(from start: Int) {
        guard output[start...].contains(UInt8(ascii: ",")) else { return }
        let text = String(decoding: output[start...], as: UTF8.self).trimmingCharacters(in: .whitespaces)
        guard let point = DecimalComma.point(in: text) else { return }
        output.replaceSubrange(start..., with: point.utf8)
    }

    private mutating func field() throws(CSVError) {
        if skipsBlanks {
            let next = afterBlanks()
            if next < bytes.count, bytes[next] == Self.quote { position = next }
        }
        if position < bytes.count, bytes[position] == Self.quote, !looseQuotes || closesOnLine() {
            return try quotedField()
        }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            if byte == Self.quote && !looseQuotes { throw .strayQuote(path: path, line: line) }
            position += 1
        }
        output.append(contentsOf: bytes[start..<position])
    }

    /// Whether the quote at the current position closes on its line, before a separator or the line's end.
    private func closesOnLine() -> Bool {
        var place = position + 1
        while place < bytes.count, bytes[place] != Self.lineFeed {
            if bytes[place] == Self.quote {
                let next = place + 1 < bytes.count ? bytes[place + 1] : separator
                if next != Self.quote { return [separator, Self.lineFeed, Self.carriageReturn].contains(next) }
                place += 1
            }
            place += 1
        }
        return false
    }

    /// The position of the next byte that is not a blank.
    private func afterBlanks() -> Int {
        var next = position
        while next < bytes.count, bytes[next] == UInt8(ascii: " ") { next += 1 }
        return next
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
        if skipsBlanks { position = afterBlanks() }
        let next = position < bytes.count ? bytes[position] : separator
        if ![separator, Self.lineFeed, Self.carriageReturn].contains(next) {
            throw .textAfterQuote(path: path, line: line)
        }
    }
}
