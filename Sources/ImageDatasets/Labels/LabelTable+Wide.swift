import LabelDistributions
import TensorFiles

extension LabelTable {
    /// Reads a row an image. Throws `LabelTableError`.
    ///
    /// Where every number is whole they are votes. Otherwise they are shares: each row sums to 1 (within
    /// `shareTolerance`, with the columns that are left out) and what is left of it is divided by its sum.
    static func wide(
        _ table: CSVTable, _ columns: Columns, id: Int, ignoring: [String]?
    ) throws(LabelTableError) -> LabelTable {
        let others = [id] + [splitNames, foldNames].compactMap(columns.first)
        // A label of its own in a wide table is somebody's majority; a column without a name is a row number.
        let labels = table.header.indices.filter { column in
            let name = plain(table.header[column])
            return labelNames.contains(name) || name.isEmpty || name == "annotators"
        }
        let candidates = table.header.indices.filter { !others.contains($0) && !labels.contains($0) }
        let leftOut = try left(ignoring, outOf: candidates.map { table.header[$0] }, path: table.path)
        let chosen = candidates.filter { !leftOut.contains(table.header[$0]) }
        let ignored = table.header.filter { leftOut.contains($0) }
        if chosen.isEmpty { throw .noClasses(path: table.path, header: table.header, ignored: ignored) }
        let numbers = try Numbers(table, columns: chosen, others: candidates.filter { !chosen.contains($0) })
        var rows: [Row] = []
        var rowByID: [String: Int] = [:]
        var namelessRows = 0
        for row in 0..<table.rowCount {
            let (label, votes) = try numbers.label(of: row)
            let name = table[row, id]
            if name.isEmpty {
                if label != nil { throw .empty(path: table.path, row: row + 1, column: table.header[id]) }
                namelessRows += 1
                continue
            }
            let placement = try placement(table, columns, row: row)
            if let first = rowByID.updateValue(rows.count, forKey: name) {
                if let before = rows[first].placement, let placement, before != placement {
                    throw .twoSplits(
                        path: table.path, id: name, rows: [rows[first].number, row + 1],
                        found: [before.words, placement.words])
                }
                throw .duplicateID(path: table.path, id: name, rows: [rows[first].number, row + 1])
            }
            rows.append(Row(id: name, number: row + 1, label: label, votes: votes, placement: placement))
        }
        return LabelTable(
            path: table.path, classes: chosen.map { table.header[$0] }, rows: rows, ignored: ignored,
            namelessRows: namelessRows)
    }

    /// The numbers of a wide table, all of them votes or all of them shares.
    private struct Numbers {
        private let table: CSVTable
        private let columns: [Int]
        private let others: [Int]
        private let areVotes: Bool

        init(_ table: CSVTable, columns: [Int], others: [Int]) throws(LabelTableError) {
            (self.table, self.columns, self.others) = (table, columns, others)
            var fraction: (row: Int, column: Int)?
            for row in 0..<table.rowCount {
                for column in columns + others {
                    let value = try Self.number(table, row, column)
                    if !(value >= 0 && value <= Double(VoteCounts.largest)) {
                        throw .votes(
                            path: table.path, row: row + 1, column: table.header[column], found: "\(value)")
                    }
                    if fraction == nil && value != value.rounded() { fraction = (row, column) }
                }
            }
            areVotes = fraction == nil
            if let fraction {
                // Where its row is none of shares, the number is a mistake among votes.
                let sum = try Self.sum(table, fraction.row, columns + others)
                if abs(sum - 1) > LabelTable.shareTolerance {
                    throw .votes(
                        path: table.path, row: fraction.row + 1, column: table.header[fraction.column],
                        found: "\(try Self.number(table, fraction.row, fraction.column))")
                }
            }
        }

        func label(of row: Int) throws(LabelTableError) -> (label: LabelDistribution?, votes: [Int]?) {
            var values: [Double] = []
            for column in columns { values.append(try Self.number(table, row, column)) }
            if areVotes {
                let votes = values.map { Int($0) }
                return (try? LabelDistribution(counts: votes), votes)
            }
            let total = try Self.sum(table, row, columns + others)
            if abs(total - 1) > LabelTable.shareTolerance { throw .sum(path: table.path, row: row + 1, found: total) }
            let sum = values.reduce(0, +)
            if sum <= LabelTable.shareTolerance { return (nil, nil) }
            return (try? LabelDistribution(values.map { $0 / sum }), nil)
        }

        private static func sum(_ table: CSVTable, _ row: Int, _ columns: [Int]) throws(LabelTableError) -> Double {
            var sum = 0.0
            for column in columns { sum += try number(table, row, column) }
            return sum
        }

        private static func number(_ table: CSVTable, _ row: Int, _ column: Int) throws(LabelTableError) -> Double {
            do throws(CSVError) {
                return try table.number(row, column)
            } catch {
                throw .notANumber(
                    path: table.path, row: row + 1, column: table.header[column], found: table[row, column])
            }
        }
    }
}
