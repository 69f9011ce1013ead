import LabelDistributions
import TensorFiles

/// Collects one row per sample: a repeated row is counted once, and contradictory rows are an error.
struct RowCollector {
    private let roles: ColumnRoles
    private(set) var rows: [LabelTable.Row] = []
    private var places: [ExactText: Int] = [:]
    private var identical: [Int] = []
    private var replaced: [String] = []
    private var nameless = 0

    init(_ roles: ColumnRoles) {
        self.roles = roles
        rows.reserveCapacity(roles.table.rowCount)
        places.reserveCapacity(roles.table.rowCount)
    }

    /// Adds the label of `row`. Where an earlier row has the same id, `words` gives both labels in words, to compare and to
    /// show. A row without a vote is replaced by a row of the same id with votes. Throws `LabelFileError`.
    mutating func append(
        row: Int, label: LabelDistribution?, votes: [Int]?, words: (LabelTable.Row) -> String
    ) throws(LabelFileError) {
        guard let id = try self.id(ofRow: row, hasLabel: label != nil) else { return }
        let entry = LabelTable.Row(
            id: id, number: row + 1, label: label, votes: votes, split: field(roles.split, row),
            fold: field(roles.fold, row))
        let name = ExactText(id)
        guard let place = places[name] else {
            places[name] = rows.count
            rows.append(entry)
            return
        }
        let first = rows[place]
        try Self.requireOneSplit(first, entry, path: roles.table.path)
        let found = [words(first), words(entry)]
        if found[0] == found[1] {
            identical.append(row + 1)
        } else if label == nil && first.label != nil || first.label == nil && label != nil {
            replaced.append(id)
            if first.label == nil { rows[place] = entry }
        } else {
            throw .contradiction(
                path: roles.table.path, id: id, rows: [first.number, row + 1], found: found)
        }
    }

    /// The sample that `row` is of; nil where it has no id and no label, which FER+ has for images that were taken out.
    mutating func id(ofRow row: Int, hasLabel: Bool) throws(LabelFileError) -> String? {
        guard let column = roles.id else { return "\(row)" }
        let id = roles.table.text(row, column)
        if !id.isEmpty { return id }
        if hasLabel { throw .empty(path: roles.table.path, row: row + 1, column: roles.table.header[column]) }
        nameless += 1
        return nil
    }

    private func field(_ column: Int?, _ row: Int) -> String? { roles.placement(column, row) }

    /// Throws `LabelFileError.twoSplits` where two rows of a sample name different splits or folds.
    static func requireOneSplit(
        _ first: LabelTable.Row, _ second: LabelTable.Row, path: String
    ) throws(LabelFileError) {
        for (one, other, word) in [(first.split, second.split, ""), (first.fold, second.fold, "fold ")] {
            if let one, let other, one.lowercased() != other.lowercased() {
                throw .twoSplits(
                    path: path, id: first.id, rows: [first.number, second.number],
                    found: [word + one, word + other])
            }
        }
    }

    var remarks: [String] {
        var remarks: [String] = []
        if !identical.isEmpty {
            let rows = identical.prefix(3).map(String.init).joined(separator: ", ") + (identical.count > 3 ? " …" : "")
            remarks.append(
                identical.count == 1
                    ? "1 repeated row is counted once (row \(rows))"
                    : "\(identical.count) repeated rows are counted once (rows \(rows))")
        }
        if !replaced.isEmpty {
            remarks.append(
                "\(Count.of(replaced.count, "row", "rows")) without a vote for a class, whose id has a row with votes, skipped "
                    + "(\(LabelFileError.few(replaced)))")
        }
        if nameless > 0 {
            remarks.append("\(Count.of(nameless, "row", "rows")) without an id and without a vote skipped")
        }
        return remarks
    }
}

/// Whose row it is, where each annotator has one for an image.
struct AnnotatorVote: Hashable {
    let id: ExactText
    let annotator: String
}

extension ColumnRoles {
    /// The votes for `id`, whose first row is `row`.
    func entry(_ row: Int, _ id: String, _ votes: [Int]) -> LabelTable.Row {
        LabelTable.Row(
            id: id, number: row + 1, label: try? LabelDistribution(counts: votes), votes: votes,
            split: placement(split, row), fold: placement(fold, row))
    }

    /// What a column of splits or folds says in a row; nil where there is none, or nothing in it, or where it is left out.
    func placement(_ column: Int?, _ row: Int) -> String? {
        guard let column, reading.ignored?.contains(table.header[column]) != true else { return nil }
        let text = table.text(row, column)
        return text.isEmpty ? nil : text
    }
}
