import Foundation
import LabelDistributions
import TensorFiles

/// The labels of images in a CSV or TSV file with a header, in one of two forms:
///
/// - wide: a row an image, with its id and a column a class, which holds numbers of votes, or shares that sum to 1;
/// - long: a row an annotation, with the image's id, the annotator (where known) and the label.
///
/// Both may have a column `split` (also called `usage`: train, val or test, in FER's words too) or `fold` (1 to 5), of which
/// `fold` comes first. Names of columns are compared without regard to case, and with blanks and hyphens as underscores.
struct LabelTable {
    /// The labels of one image.
    struct Row: Equatable {
        /// As the table spells it.
        let id: String
        /// Counted from 1 after the header; of a long table the first.
        let number: Int
        /// Nil where nobody voted for any of the classes.
        let label: LabelDistribution?
        /// Nil where only shares are known.
        let votes: [Int]?
        let placement: Placement?
    }

    /// What the table says of training and test.
    enum Placement: Equatable {
        case subset(Subset)
        case fold(Int)

        var words: String {
            switch self {
            case .subset(let subset): subset.rawValue
            case .fold(let fold): "fold \(fold)"
            }
        }
    }

    let path: String
    /// Wide: in the order of their columns; long: sorted.
    let classes: [String]
    /// In the order of the file, of a long table in that of the first annotations.
    let rows: [Row]
    /// Columns, or labels of a long table, that were left out.
    let ignored: [String]
    /// Rows without an id and without a vote for a class, which FER+ has for images that were taken out.
    let namelessRows: Int

    /// Names of the column that names the images, the first of which that is there counts.
    static let idNames = [
        "id", "image_id", "image", "image_name", "image_path", "filename", "file_name", "file", "path",
    ]
    static let annotatorNames = ["annotator", "annotator_id", "worker", "worker_id", "rater", "user"]
    static let labelNames = ["label", "class_label", "class"]
    static let splitNames = ["split", "usage", "subset"]
    static let foldNames = ["fold"]
    /// What is no class unless the user says what is: people say thereby that they cannot label the image.
    static let nonClasses: Set = [
        "unknown", "nf", "not_a_face", "non_face", "no_face", "unsure", "dont_know", "don't_know",
    ]
    /// How far a sum of shares may be from 1: other tools round to three digits. They are then divided by their sum.
    static let shareTolerance = 2e-3

    /// Longer than any row of labels: 10,000 classes take a tenth.
    static let lineLimit = 1 << 20
    /// A thousand annotations for each of a million images take no more.
    static let sizeLimit = 1 << 30

    /// Reads the table at `url`, without the columns or labels `ignored` (nil: `nonClasses`, as far as they are there).
    /// Throws `DatasetError`.
    /// - Complexity: O(size of the file) in time and memory; a line of more than `lineLimit` bytes ends the reading before
    ///   anything is allocated for it.
    static func read(_ url: URL, ignoring ignored: [String]?) throws(DatasetError) -> LabelTable {
        do {
            let file = try InputFile(url)
            if file.size > sizeLimit {
                throw LabelTableError.tooLarge(path: file.path, size: file.size, limit: sizeLimit)
            }
            if let line = try file.firstLine(longerThan: lineLimit) {
                throw LabelTableError.lineTooLong(path: file.path, line: line, limit: lineLimit)
            }
            return try parse(CSVTable.read(url), ignoring: ignored)
        } catch {
            throw DatasetError(error, path: url.path)
        }
    }

    private static func parse(_ table: CSVTable, ignoring ignored: [String]?) throws -> LabelTable {
        let columns = Columns(table.header)
        guard let id = columns.first(idNames) ?? table.header.firstIndex(of: "") else {
            throw LabelTableError.noIDs(path: table.path, header: table.header)
        }
        if let label = columns.first(labelNames) {
            let known = [id, label] + [annotatorNames, splitNames, foldNames].compactMap(columns.first)
            if columns.first(annotatorNames) != nil || known.count == table.header.count {
                return try long(table, columns, id: id, label: label, ignoring: ignored)
            }
        }
        return try wide(table, columns, id: id, ignoring: ignored)
    }

    /// Whether a column of this name beside `id` and `split` is never taken for a class.
    static func isNoClassColumn(_ name: String) -> Bool {
        let plain = plain(name)
        return plain.isEmpty || nonClasses.contains(plain)
            || (["id", "annotators"] + labelNames + splitNames + foldNames).contains(plain)
    }

    /// A name as it is compared.
    static func plain(_ name: String) -> String {
        name.trimmingCharacters(in: .whitespaces).lowercased().replacing(" ", with: "_").replacing("-", with: "_")
    }

    /// A header's columns by their plain names.
    struct Columns {
        private let names: [String]

        init(_ header: [String]) { names = header.map(LabelTable.plain) }

        /// Where the first of `wanted` that there is stands.
        func first(_ wanted: [String]) -> Int? {
            wanted.lazy.compactMap { names.firstIndex(of: $0) }.first
        }
    }

    /// Which of `names` are left out; all that the user names must be there. Throws `LabelTableError.unknownColumn`.
    static func left(_ ignored: [String]?, outOf names: [String], path: String) throws(LabelTableError) -> Set<String> {
        guard let ignored else { return Set(names.filter { nonClasses.contains(plain($0)) }) }
        for name in ignored where !names.contains(name) {
            throw .unknownColumn(path: path, name: name, known: names)
        }
        return Set(ignored)
    }

    /// What the columns `split` and `fold` say in a row. Throws `LabelTableError`.
    static func placement(_ table: CSVTable, _ columns: Columns, row: Int) throws(LabelTableError) -> Placement? {
        if let column = columns.first(foldNames) {
            guard let fold = try? table.integer(row, column), (1...Folds.count).contains(fold) else {
                throw .unknownFold(
                    path: table.path, row: row + 1, column: table.header[column], found: table[row, column])
            }
            return .fold(fold)
        }
        guard let column = columns.first(splitNames) else { return nil }
        guard let subset = Subset(word: table[row, column]) else {
            throw .unknownSplit(
                path: table.path, row: row + 1, column: table.header[column], found: table[row, column])
        }
        return .subset(subset)
    }
}

extension Subset {
    /// The subset that a table or folder calls so, in the words of the DCIC benchmark, torchvision, Keras and FER.
    init?(word: String) {
        switch LabelTable.plain(word) {
        case "train", "training": self = .train
        case "val", "valid", "validation", "dev", "development", "publictest": self = .validation
        case "test", "testing", "privatetest": self = .test
        default: return nil
        }
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
