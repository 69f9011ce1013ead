import TensorFiles

/// A column of labels beside columns of numbers: of votes or shares whose largest it names, or of anything else.
extension ColumnRoles {
    /// Whether `columns` hold the votes or shares of the classes, and `label` names the largest in every row: by the column's
    /// name, or by its number from 0 or 1. Throws where both could hold the labels, and they differ.
    func areVotes(_ columns: [Int], beside label: Int) throws(LabelFileError) -> Bool {
        let all = withLeftOut(columns)
        let names = all.map { table.header[$0] }
        let namings =
            [names, withoutSharedWords(names)] + [0, 1].map { first in columns.indices.map { String($0 + first) } }
        let isNamed = namings[..<2].contains { !profiles[label].distinct.isDisjoint(with: $0) }
        let isLike = canBeVotes(all)
        let largest = columns.count > 1 && (isLike || isNamed) ? rowsByLargest(all, label) : [:]
        let arePredicted = names.contains(where: ColumnNames.isPrediction)
        if isLike, !largest.isEmpty, !arePredicted {
            let agrees = namings.contains { naming in
                largest.allSatisfy { text, rows in
                    naming.firstIndex(of: text).map { rows.ofColumn[$0] == rows.count } ?? false
                }
            }
            if agrees { return true }
        }
        try checkClassBesideVotes(label, columns)
        let isOneEach = isLike && columns.count == largest.count && columns.allSatisfy { profiles[$0].isInteger }
        if !largest.isEmpty,
            isNamed || isOneEach || areShares(columns) || isRenamed(largest) || vary(columns, asBeside: label)
        {
            let form = all.contains { profiles[$0].hasFractions } ? "distribution" : "votes"
            throw .doubtful(
                path: table.path, columns: ([label] + columns).map { table.header[$0] },
                problem:
                    "'\(table.header[label])' could hold the classes, or the other columns their "
                    + (form == "votes" ? "votes" : "shares") + ", "
                    + (arePredicted
                        ? "whose names speak of predictions" : "of which it does not name the largest in every row"),
                options: "say which with --label-format class or --label-format \(form)")
        }
        return false
    }

    /// The columns of votes where the user says that there are some: all but one of labels, unless it can be a class itself.
    func columnsOfVotes(_ columns: [Int]) throws(LabelFileError) -> [Int] {
        let wide = try wideColumns(columns)
        if reading.classes == nil, let total = sumOfOthers(wide) {
            throw .doubtful(
                path: table.path, columns: [table.header[total]],
                problem: "it is the sum of the other columns, which no class is",
                options: "skip it with \(ignoring([total])), or name all classes with --classes")
        }
        guard reading.classes == nil, let label = namedLabel(wide) else { return wide }
        let others = wide.filter { $0 != label }
        return others.count > 1 && !areShares(wide) ? others : wide
    }

    /// The columns, and those that are left out by their names: a label may name one of them.
    private func withLeftOut(_ columns: [Int]) -> [Int] {
        if columns.isEmpty { return columns }
        return columns
            + table.header.indices.filter { column in
                profiles[column].isNumeric
                    && ColumnNames.nonClasses.contains(ColumnNames.plain(table.header[column]))
                    && !columns.contains(column)
            }
    }

    /// Names without the words that all of them begin with, or end with: `cat` and `dog` of `n_cat` and `n_dog`.
    private func withoutSharedWords(_ names: [String]) -> [String] {
        let words = names.map(ColumnNames.words)
        guard words.count > 1, let shortest = words.map(\.count).min(), shortest > 1 else { return [] }
        let before = (0..<(shortest - 1)).prefix { index in words.allSatisfy { $0[index] == words[0][index] } }.count
        let after = (0..<(shortest - 1 - before)).prefix { index in
            words.allSatisfy { $0[$0.count - 1 - index] == words[0][words[0].count - 1 - index] }
        }.count
        return before + after == 0 ? [] : words.map { $0[before..<($0.count - after)].joined(separator: "_") }
    }

    /// Throws where all columns with a label column in their midst have the sums of votes or shares.
    private func checkClassBesideVotes(_ label: Int, _ columns: [Int]) throws(LabelFileError) {
        guard profiles[label].isNumeric, !columns.isEmpty, areShares([label] + columns) else { return }
        throw .doubtful(
            path: table.path, columns: ([label] + columns).map { table.header[$0] },
            problem: "'\(table.header[label])' could hold the classes, or all of them could be classes with votes",
            options: "say which with --label-format class or --label-format votes")
    }

    /// Of the rows with one label: how many there are, and in how many of them each column is the largest.
    private struct LabelledRows {
        var count = 0
        var ofColumn: [Int]
    }

    /// The rows that have a label and a largest number, by label. O(rows x columns).
    private func rowsByLargest(_ columns: [Int], _ label: Int) -> [String: LabelledRows] {
        var found: [String: LabelledRows] = [:]
        for row in 0..<table.rowCount {
            let text = table.text(row, label)
            let numbers = columns.map { table.number(row, $0) ?? 0 }
            guard !MissingField.isOne(text), let largest = numbers.max(), largest > 0 else { continue }
            let name = table.number(row, label).flatMap(Int.init(exactly:)).map(String.init) ?? text
            found[name, default: LabelledRows(ofColumn: columns.map { _ in 0 })].count += 1
            for column in numbers.indices where numbers[column] == largest { found[name]!.ofColumn[column] += 1 }
        }
        return found
    }

    /// Whether each label has a column of its own that is the largest in most of its rows.
    private func isRenamed(_ labels: [String: LabelledRows]) -> Bool {
        let columns = labels.values.map { rows in rows.ofColumn.indices.max { rows.ofColumn[$0] < rows.ofColumn[$1] }! }
        let shares = zip(labels.values, columns).map { Double($0.ofColumn[$1]) / Double($0.count) }
        return labels.count > 1 && Set(columns).count == labels.count
            && shares.reduce(0, +) >= 0.8 * Double(labels.count)
    }

    /// Whether whole numbers vary from row to row as votes do that several annotators share among the classes: their sums vary
    /// much less than they themselves; or, beside whole numbers whose name is not only one of labels (`cluster`, `grade`), they
    /// all have the same few values.
    private func vary(_ columns: [Int], asBeside label: Int) -> Bool {
        guard table.rowCount >= Self.tellingRows, columns.count > 1, areNumbersOfVotes(columns) else { return false }
        let isPlain = ColumnNames.plainLabels.contains(ColumnNames.plain(table.header[label]))
        let numbers = Ratings(table, columns)
        return numbers.spread < 0.25 || !isPlain && profiles[label].isInteger && numbers.holdTheSame
    }

    /// Whether columns are of whole numbers from 0 on, more than flags and no more than votes.
    private func areNumbersOfVotes(_ columns: [Int]) -> Bool {
        columns.allSatisfy { column in
            let profile = profiles[column]
            return profile.isInteger && !profile.hasNegatives && profile.gaps == 0
                && profile.largest <= Double(VoteCounts.plausible)
        } && columns.contains { profiles[$0].largest > 1 }
    }

    /// Whether numbers can be votes, or sum to 1 or 100 in every row.
    private func canBeVotes(_ columns: [Int]) -> Bool {
        if columns.contains(where: { profiles[$0].hasNegatives }) { return false }
        if columns.allSatisfy({ profiles[$0].isInteger }) { return true }
        return (0..<table.rowCount).allSatisfy { row in
            let sum = columns.reduce(0) { $0 + (table.number(row, $1) ?? 0) }
            return [1, 100].contains { abs(sum - $0) <= LabelTable.shareTolerance * $0 }
        }
    }
}
