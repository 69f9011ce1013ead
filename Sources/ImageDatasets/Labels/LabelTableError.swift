import TensorFiles

/// Why a table does not say what images are labelled. Rows count from 1 after the header.
public enum LabelTableError: Error, Equatable, CustomStringConvertible {
    /// Not a CSV or TSV file.
    case csv(CSVError)
    /// A line longer than any row of labels; it was not read to its end.
    case lineTooLong(path: String, line: Int, limit: Int)
    /// A file larger than any table of labels.
    case tooLarge(path: String, size: Int, limit: Int)
    /// No column that could name the images.
    case noIDs(path: String, header: [String])
    /// No column that could be a class, or no label that is one.
    case noClasses(path: String, header: [String], ignored: [String])
    /// A column to be left out that is not there.
    case unknownColumn(path: String, name: String, known: [String])
    /// A field that must hold something.
    case empty(path: String, row: Int, column: String)
    /// A field of a class's column that is no number.
    case notANumber(path: String, row: Int, column: String, found: String)
    /// A number that is neither a number of votes nor one of shares that sum to 1, in its spelling.
    case votes(path: String, row: Int, column: String, found: String)
    /// Shares of another sum than 1.
    case sum(path: String, row: Int, found: Double)
    /// One id in several rows of a wide table.
    case duplicateID(path: String, id: String, rows: [Int])
    /// One annotator labels one image twice.
    case annotatorTwice(path: String, annotator: String, id: String, rows: [Int])
    /// Neither training, validation nor test.
    case unknownSplit(path: String, row: Int, column: String, found: String)
    /// No fold from 1 to 5.
    case unknownFold(path: String, row: Int, column: String, found: String)
    /// One image in two splits or folds: a test image would be trained on.
    case twoSplits(path: String, id: String, rows: [Int], found: [String])

    /// The file, the place, what was found and what was expected.
    public var description: String {
        switch self {
        case .csv(let error):
            error.description
        case .lineTooLong(let path, let line, let limit):
            "\(path), line \(line): more than \(limit) bytes without a line end, a row of labels expected"
        case .tooLarge(let path, let size, let limit):
            "\(path): \(size) bytes found, at most \(limit) expected of a table of labels"
        case .noIDs(let path, let header):
            "\(path): a column that names the images expected (\(LabelTable.idNames.joined(separator: ", "))), "
                + "the columns are \(Self.list(header))"
        case .noClasses(let path, let header, let ignored):
            "\(path): no class found; the columns are \(Self.list(header))"
                + (ignored.isEmpty ? "" : ", left out are \(Self.list(ignored))")
        case .unknownColumn(let path, let name, let known):
            "\(path): '\(Self.short(name))' is to be left out and is not there; there are \(Self.list(known))"
        case .empty(let path, let row, let column):
            "\(path), row \(row), column '\(Self.short(column))': nothing found, a text expected"
        case .notANumber(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': '\(Self.short(found))' found, a number of votes or a share "
                + "expected (a column that is no class is left out with --ignore-columns)"
        case .votes(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': \(found) found, a whole number from 0 to "
                + "\(VoteCounts.largest), or shares from 0 to 1 in all rows, expected"
        case .sum(let path, let row, let found):
            "\(path), row \(row): the shares sum to \(found), a sum of 1 (within \(LabelTable.shareTolerance)) expected"
        case .duplicateID(let path, let id, let rows):
            "\(path): the id '\(Self.short(id))' stands in rows \(Self.rows(rows))"
        case .annotatorTwice(let path, let annotator, let id, let rows):
            "\(path): annotator '\(Self.short(annotator))' labels '\(Self.short(id))' in rows \(Self.rows(rows)), one label "
                + "expected"
        case .unknownSplit(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': '\(Self.short(found))' found, train, val or test expected"
        case .unknownFold(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': '\(Self.short(found))' found, a fold from 1 to 5 expected"
        case .twoSplits(let path, let id, let rows, let found):
            "\(path): the image '\(Self.short(id))' is in \(found.joined(separator: " and ")) (rows \(Self.rows(rows))), "
                + "one expected: what is tested must not be trained on"
        }
    }

    private static func rows(_ rows: [Int]) -> String { rows.map(String.init).joined(separator: " and ") }

    private static func short(_ text: String) -> String { text.count <= 40 ? text : text.prefix(40) + "…" }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(12).map { short($0) }.joined(separator: ", ")
        return names.count <= 12 ? shown : "\(shown) … (\(names.count) in all)"
    }
}
