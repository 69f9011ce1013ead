import Foundation
import TensorFiles

/// The records of a label file as a table of texts, whatever the file's form: the forms of labels are found in it.
struct RecordTable {
    let path: String
    let header: [String]
    /// False where the columns are only numbered.
    let hasHeader: Bool
    /// What is unusual about the file's own form.
    let remarks: [String]
    /// Rows of samples that nobody has labelled, where all others are annotations.
    let unlabelled: Set<Int>
    /// Columns in which words stand for 1 and 0.
    private(set) var truth: (words: TruthWords, columns: Set<Int>)?
    private let source: Source

    private enum Source {
        case csv(CSVTable)
        case records([[String]])
    }

    /// Longer than any row of labels: 10,000 classes take a tenth.
    static let lineLimit = 1 << 20
    /// A thousand annotations for each of a million images take no more.
    static let sizeLimit = 1 << 30

    init(
        path: String, header: [String], records: [[String]], remarks: [String] = [], unlabelled: Set<Int> = []
    ) {
        self.path = path
        self.header = header
        self.remarks = remarks
        self.unlabelled = unlabelled
        hasHeader = true
        source = .records(records)
    }

    /// Reads a table or a JSON file. Throws `LabelFileError` or `FileReadError`.
    /// - Complexity: O(size of the file); a line of more than `lineLimit` bytes ends the reading before anything is
    ///   allocated for it.
    static func read(_ url: URL, _ reading: LabelReading) throws -> RecordTable {
        let file = try InputFile(url)
        if file.size > sizeLimit {
            throw LabelFileError.tooLarge(path: file.path, size: file.size, limit: sizeLimit)
        }
        let start = try file.bytes(at: 0, count: min(file.size, 64)).first { !" \n\r\t\u{FEFF}".utf8.contains($0) }
        let isJSON = ["json", "jsonl", "ndjson"].contains(url.pathExtension.lowercased())
        if isJSON || start == UInt8(ascii: "{") || start == UInt8(ascii: "[") {
            return try JSONRecords(path: file.path, reading).table(
                file.contents(takingTimes: ForeignJSON.memoryFactor))
        }
        if let line = try file.firstLine(longerThan: lineLimit) {
            throw LabelFileError.lineTooLong(path: file.path, line: line, limit: lineLimit)
        }
        // The DCIC benchmark's dumps of labels have no header, and 0,1 may be their first row.
        let isDump = url.deletingPathExtension().lastPathComponent.hasSuffix("-gt")
        let hints = TableDialect.Hints(
            separator: reading.separator, header: reading.header ?? .auto, columnNames: ColumnNames.header,
            doubtfulHeader: isDump ? false : nil, options: TableDialect.OptionNames())
        do throws(any Error) {
            return try RecordTable(CSVTable.read(url, hints: hints))
        } catch let error as LabelFileError {
            throw error
        } catch let error as CSVError {
            throw LabelFileError.csv(error)
        }
    }

    /// Names of columns are taken without the blanks around them. Throws `LabelFileError` where two are then the same.
    private init(_ table: CSVTable) throws(LabelFileError) {
        path = table.path
        hasHeader = table.dialect.hasHeader
        header =
            hasHeader
            ? table.header.map { $0.trimmingCharacters(in: .whitespaces) }
            : table.header.indices.map { "column \($0 + 1)" }
        remarks = table.dialect.remarks
        unlabelled = []
        source = .csv(table)
        var seen: Set<String> = []
        if let name = header.first(where: { !seen.insert($0).inserted }) {
            throw .csv(.duplicateColumn(path: path, name: name))
        }
    }

    var rowCount: Int {
        switch source {
        case .csv(let table): table.rowCount
        case .records(let records): records.count
        }
    }

    /// A field without the blanks around it; `row` and `column` count from 0.
    func text(_ row: Int, _ column: Int) -> String {
        let text =
            switch source {
            case .csv(let table): table[row, column]
            case .records(let records): records[row][column]
            }
        func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 || byte ?? 0 > 0x7F || byte == 0x0A }
        return isBlank(text.utf8.first) || isBlank(text.utf8.last)
            ? text.trimmingCharacters(in: .whitespacesAndNewlines) : text
    }

    /// All fields of a column.
    func texts(_ column: Int) -> [String] { (0..<rowCount).map { text($0, column) } }

    /// The same table, in which `words` in `columns` are numbers.
    func reading(_ words: TruthWords, in columns: Set<Int>) -> RecordTable {
        var table = self
        table.truth = (words, columns)
        return table
    }

    /// A field as a number, with a percent sign perhaps; nil for all else.
    func number(_ row: Int, _ column: Int) -> Double? {
        if let truth, truth.columns.contains(column) { return truth.words.number(text(row, column)) }
        if case .csv(let table) = source, let number = try? table.number(row, column) { return number }
        let text = text(row, column)
        let digits = text.hasSuffix("%") ? text.dropLast().trimmingCharacters(in: .whitespaces) : text
        guard let last = digits.utf8.last, last < UInt8(ascii: ":") || last == UInt8(ascii: "f") || last | 0x20 == 0x6E,
            !digits.lowercased().hasPrefix("0x")
        else { return nil }
        return Double(digits)
    }
}

extension InputFile {
    /// The number, from 1, of the first line of more than `limit` bytes; nil where there is none. Reads in small parts and
    /// no further than needed. Throws `FileReadError`.
    func firstLine(longerThan limit: Int) throws(FileReadError) -> Int? {
        var (line, length, position) = (1, 0, 0)
        while position < size {
            let part = try bytes(at: position, count: min(1 << 16, size - position))
            position += part.count
            var rest = part[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                length += end - rest.startIndex
                if length > limit { return line }
                (line, length) = (line + 1, 0)
                rest = rest[(end + 1)...]
            }
            length += rest.count
            if length > limit { return line }
        }
        return nil
    }
}
