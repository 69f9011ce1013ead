/// Why a file is not a table of comma-separated (RFC 4180) or tab-separated values, or not the expected table.
///
/// Lines are counted from 1, as in an editor; rows are counted from 1 after the header.
public enum CSVError: Error, Equatable, CustomStringConvertible {
    /// The file holds no header.
    case empty(path: String)
    /// A byte sequence that is not UTF-8.
    case notUTF8(path: String, line: Int)
    /// A file of another kind; `advice` says what to do.
    case otherKind(path: String, found: String, advice: String)
    /// A quote within a field that does not begin with one.
    case strayQuote(path: String, line: Int)
    /// Text between a closing quote and the next separator or line end.
    case textAfterQuote(path: String, line: Int)
    /// The file ends within quotes; `line` is where they were opened.
    case unclosedQuote(path: String, line: Int)
    /// A carriage return outside quotes that is not part of a line end.
    case strayCarriageReturn(path: String, line: Int)
    /// A row with more or fewer fields than the header.
    case raggedRow(path: String, line: Int, found: Int, expected: Int)
    /// Several separators split the first records into equal numbers of fields. `option` names one; nil: there is none.
    case separatorDoubtful(path: String, candidates: [TableDialect.Separator], option: String?)
    /// A first line that could be column names or data; `line` is its beginning, and `option` says which, if there is one.
    case headerDoubtful(path: String, line: String, option: String?)
    /// More columns than any table of features has.
    case tooManyColumns(path: String, found: Int, most: Int)
    /// Two columns with the same name.
    case duplicateColumn(path: String, name: String)
    /// A required column that is missing.
    case missingColumn(path: String, name: String, header: [String])
    /// A field that should be a number.
    case notANumber(path: String, row: Int, column: String, found: String)
    /// A field that should be a whole number.
    case notAnInteger(path: String, row: Int, column: String, found: String)

    /// One line: the path, the position, what was found and what was expected.
    public var description: String {
        switch self {
        case .empty(let path):
            "\(path): the file is empty; expected a line of column names"
        case .notUTF8(let path, let line):
            "\(path), line \(line): not UTF-8; expected a table of text in UTF-8 (Excel: 'CSV UTF-8')"
        case .otherKind(let path, let found, let advice):
            "\(path): found \(found); expected a table of text: \(advice)"
        case .strayQuote(let path, let line):
            "\(path), line \(line): a quote inside an unquoted field"
        case .textAfterQuote(let path, let line):
            "\(path), line \(line): text after a closing quote; expected a separator or the end of the line"
        case .unclosedQuote(let path, let line):
            "\(path), line \(line): a quote that is never closed"
        case .strayCarriageReturn(let path, let line):
            "\(path), line \(line): a carriage return without a line feed"
        case .raggedRow(let path, let line, let found, let expected):
            "\(path), line \(line): found \(found) field\(found == 1 ? "" : "s"); expected \(expected), as in the header"
                + (line == 2 && found == expected + 1
                    ? " (if the first field names the row, as R's write.table writes it, name its column in the header)"
                    : "")
        case .separatorDoubtful(let path, let candidates, let option):
            "\(path): \(candidates.map(\.rawValue).joined(separator: " or ")) could separate the fields; "
                + (option.map { "name one with \($0)" } ?? "save the table separated by commas")
        case .headerDoubtful(let path, let line, let option):
            "\(path), line 1: '\(Self.short(line))' could be column names or data; "
                + (option.map { "say which with \($0) yes or \($0) no" } ?? "save the table with names of columns")
        case .tooManyColumns(let path, let found, let most):
            "\(path): found \(found) columns; expected at most \(most)"
        case .duplicateColumn(let path, let name):
            "\(path): two columns are named '\(Self.short(name))'"
        case .missingColumn(let path, let name, let header):
            "\(path): no column '\(Self.short(name))'; the columns are \(Self.list(header))"
        case .notANumber(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': found '\(Self.short(found))'; expected a number"
        case .notAnInteger(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': found '\(Self.short(found))'; expected a whole number"
        }
    }

    private static func short(_ text: String) -> String {
        text.displayed
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(12).map { short($0) }.joined(separator: ", ")
        return names.count <= 12 ? shown : "\(shown) … (\(names.count) in all)"
    }
}
