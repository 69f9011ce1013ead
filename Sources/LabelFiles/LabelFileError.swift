import TensorFiles

/// Why labels cannot be read from a file. Rows count from 1 after the header.
public enum LabelFileError: Error, Equatable, CustomStringConvertible {
    /// Not a table.
    case csv(CSVError)
    /// Not JSON, or of another structure than a label file.
    case json(path: String, place: String, problem: String)
    /// A line longer than any row of labels; it was not read to its end.
    case lineTooLong(path: String, line: Int, limit: Int)
    /// A file larger than any table of labels.
    case tooLarge(path: String, size: Int, limit: Int)
    /// A table without rows.
    case noRows(path: String)
    /// No column that could name the images.
    case noIDs(path: String, header: [String])
    /// No column that could be a class, or no label that is one.
    case noClasses(path: String, header: [String], ignored: [String])
    /// A column that an option names but the table does not have.
    case noColumn(path: String, option: String, name: String, header: [String])
    /// A column or label to skip that does not exist.
    case unknownColumn(path: String, name: String, known: [String])
    /// Columns that can be read in several ways; `options` resolves it.
    case doubtful(path: String, columns: [String], problem: String, options: String)
    /// Names of images where classes or annotators are expected, as in a table with a column per image.
    case imagesAsClasses(path: String, names: [String])
    /// A field that must hold something.
    case empty(path: String, row: Int, column: String)
    /// A field of a class's column that is not a number.
    case notANumber(path: String, row: Int, column: String, found: String)
    /// A number that is neither a vote count nor one of several shares that sum to 1, as spelled in the file.
    case votes(path: String, row: Int, column: String, found: String)
    /// Shares of another sum than 1 or 100.
    case sum(path: String, row: Int, found: Double)
    /// A label that is not among the classes that the user names.
    case unknownLabel(path: String, row: Int, column: String, found: String, classes: [String])
    /// A number with a fraction where the class is to be named.
    case fraction(path: String, row: Int, column: String, found: String)
    /// One id in several rows that say different things, each in a few words.
    case contradiction(path: String, id: String, rows: [Int], found: [String])
    /// One annotator labels one image in two ways.
    case annotatorTwice(path: String, annotator: String, id: String, rows: [Int], found: [String])
    /// One image in two splits or folds: a test image would be trained on.
    case twoSplits(path: String, id: String, rows: [Int], found: [String])
    /// A number of names that differs from the table's number of class columns.
    case classCount(path: String, found: Int, expected: Int)
    /// A column with more texts than can be told apart.
    case tooManyTexts(path: String, column: String, found: Int, limit: Int)
    /// A number that is infinite.
    case notFinite(path: String, row: Int, column: String, found: Double)
    /// No sample of `samples` has a label; `hint` says why that may be.
    case nothingJoined(path: String, samples: String, ids: [String], otherIDs: [String], hint: String?)
    /// Rows without ids whose number differs from that of the samples.
    case rowCount(path: String, found: Int, samples: String, expected: Int)
    /// Rows that would be joined by their order, although a column holds the samples' ids in another order.
    case otherOrder(path: String, column: String, samples: String)
    /// Rows that can only be joined by their order, where all are to be joined by their ids; `reason` says why.
    case orderOnly(path: String, samples: String, reason: String)
    /// Samples without a label or labels without a sample, where all are to have one.
    case incomplete(path: String, samples: String, unlabelled: [String], unused: [String], hint: String?)

    /// The file, the place, what was found, what was expected, and what to do.
    public var description: String {
        switch self {
        case .csv(let error):
            error.description
        case .json(let path, let place, let problem):
            "\(path)\(place.isEmpty ? "" : ", \(place)"): \(problem)"
        case .lineTooLong(let path, let line, let limit):
            "\(path), line \(line): more than \(limit) bytes without a line end; expected a row of labels"
        case .tooLarge(let path, let size, let limit):
            "\(path): found \(size) bytes; expected at most \(limit) in a table of labels"
        case .noRows(let path):
            "\(path): no rows; expected at least one"
        case .noIDs(let path, let header):
            "\(path): found no column that names the images; the columns are \(Self.list(header)). Name one with --id-column"
        case .noClasses(let path, let header, let ignored):
            "\(path): found no class; the columns are \(Self.list(header))"
                + (ignored.isEmpty ? "" : " (skipped: \(Self.list(ignored)))")
                + ". Name the column with --label-column, or the classes with --classes"
        case .noColumn(let path, let option, let name, let header):
            "\(path): \(option) names '\(Self.short(name))'; the columns are \(Self.list(header))"
                + (option == "--classes" ? Self.separated([name]) : "")
        case .unknownColumn(let path, let name, let known):
            "\(path): '\(Self.short(name))' is to be skipped but does not exist; found \(Self.list(known))"
        case .doubtful(let path, let columns, let problem, let options):
            "\(path), \(columns.count == 1 ? "column" : "columns") "
                + "\(columns.prefix(6).map { "'\(Self.short($0))'" }.joined(separator: ", "))"
                + "\(columns.count > 6 ? " …" : ""): \(problem); \(options)"
        case .imagesAsClasses(let path, let names):
            "\(path): found names of images (\(Self.few(names))) in place of classes or annotators; expected one row per image, or "
                + "JSON such as {\"a.png\": {\"cat\": 3}} (in pandas, orient=\"index\")"
        case .empty(let path, let row, let column):
            "\(path), row \(row), column '\(Self.short(column))': the field is empty; expected text"
        case .notANumber(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': found '\(Self.short(found))'; expected a number of votes or a share "
                + "(skip other columns with --ignore-columns)"
        case .votes(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': found \(found); expected a whole number from 0 to "
                + "\(VoteCounts.largest), or shares from 0 to 1 in all rows (skip other columns "
                + "with --ignore-columns)"
        case .sum(let path, let row, let found):
            "\(path), row \(row): the shares sum to \(found); expected 0.99 to 1.01, or 99 to 101 percent in all rows (skip "
                + "other columns with --ignore-columns)"
        case .unknownLabel(let path, let row, let column, let found, let classes):
            "\(path), row \(row), column '\(Self.short(column))': found '\(Self.short(found))'; expected one of \(Self.list(classes)) "
                + "(--classes names all classes, --ignore-columns what to skip)\(Self.separated(classes))"
        case .fraction(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': found \(Self.short(found)); expected the name or whole number of a "
                + "class; name the column of classes with --label-column"
        case .contradiction(let path, let id, let rows, let found):
            "\(path): '\(Self.short(id))' appears in rows \(Self.rows(rows)) with different labels "
                + "(\(found.map { Self.short($0) }.joined(separator: " and "))); expected one row per image, or "
                + "--label-format annotations"
        case .annotatorTwice(let path, let annotator, let id, let rows, let found):
            "\(path): annotator '\(Self.short(annotator))' labels '\(Self.short(id))' in rows \(Self.rows(rows)) "
                + "(\(found.map { Self.short($0) }.joined(separator: " and "))); expected one label"
        case .twoSplits(let path, let id, let rows, let found):
            "\(path): the image '\(Self.short(id))' is in \(found.joined(separator: " and ")) (rows \(Self.rows(rows))); "
                + "expected one: test images must not be used in training"
        case .classCount(let path, let found, let expected):
            "\(path): found \(expected) classes, but \(found) are named"
        case .tooManyTexts(let path, let column, let found, let limit):
            "\(path): column '\(Self.short(column))' holds \(found) different texts; at most \(limit) can be drawn"
        case .notFinite(let path, let row, let column, let found):
            "\(path), row \(row), column '\(Self.short(column))': found \(found); expected a finite number"
        case .nothingJoined(let path, let samples, let ids, let otherIDs, let hint):
            "\(path): none of its ids (\(Self.few(ids))) is in \(samples) (\(Self.few(otherIDs)))"
                + "; "
                + (hint ?? "expected the same ids in both; if another column holds them, name it with --id-column")
        case .rowCount(let path, let found, let samples, let expected):
            "\(path): found \(found) rows without ids; expected \(expected), as in \(samples), because rows without ids are "
                + "joined by order. Give both files the same ids"
        case .otherOrder(let path, let column, let samples):
            "\(path), column '\(Self.short(column))': holds the ids of \(samples) in another order, but is not read as ids; "
                + "name it with --id-column, or leave it out with --ignore-columns to join the rows by their order"
        case .orderOnly(let path, let samples, let reason):
            "\(path): could only be joined to \(samples) by row order, because \(reason); --strict expects the same ids in "
                + "both: --id-column names the column of the labels"
        case .incomplete(let path, let samples, let unlabelled, let unused, let hint):
            "\(path): "
                + [
                    unlabelled.isEmpty
                        ? nil : "\(unlabelled.count) samples of \(samples) have no label (\(Self.few(unlabelled)))",
                    unused.isEmpty ? nil : "\(unused.count) labels have no sample in \(samples) (\(Self.few(unused)))",
                    hint,
                ].compactMap(\.self).joined(separator: "; ")
        }
    }

    /// A hint for someone who has named classes with commas.
    private static func separated(_ classes: [String]) -> String {
        classes.count == 1 && classes[0].contains(",") ? "; separate the names of --classes by blanks, not commas" : ""
    }

    private static func rows(_ rows: [Int]) -> String { rows.map(String.init).joined(separator: " and ") }

    private static func short(_ text: String) -> String { NameList.short(text) }

    private static func list(_ names: [String]) -> String { NameList.short(names) }

    static func few(_ ids: [String]) -> String {
        ids.prefix(3).map { "'\(short($0))'" }.joined(separator: ", ") + (ids.count > 3 ? " …" : "")
    }
}
