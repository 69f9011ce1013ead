import TensorFiles

/// Tables with a row per image and class, of which a column says how many votes the class has, or whether it is there.
extension ColumnRoles {
    /// Columns of numbers from 0 on, or of truth words, that differ among the rows of one image, where most images have several
    /// rows and none has two with the same label: annotators agree now and then.
    func columnsOfAmounts(_ others: [Int], beside label: Int) -> [Int] {
        guard let id, table.rowCount >= Self.tellingRows else { return [] }
        var rows: [String: [Int]] = [:]
        for row in 0..<table.rowCount { rows[table.text(row, id), default: []].append(row) }
        let several = rows.values.filter { $0.count > 1 }
        let areOnce = several.allSatisfy { rows in Set(rows.map { table.text($0, label) }).count == rows.count }
        if 2 * several.count <= rows.count || !areOnce { return [] }
        return others.filter { column in
            let profile = profiles[column]
            let isTruth = TruthWords.all.contains { words in
                profile.distinct.allSatisfy { words.number($0) != nil } && profile.distinct.count == 2
            }
            let isNumber = profile.isNumeric && profile.texts == 0 && !profile.hasNegatives && !profile.countsRows
            guard isTruth || isNumber, canBeAmount(table.header[column]) else { return false }
            return several.contains { rows in Set(rows.map { table.text($0, column) }).count > 1 }
        }
    }

    /// Throws where the labels are answers to several questions: a column parts them into sets of two or more without a common one.
    func checkSeveralQuestions(beside label: Int) throws(LabelFileError) {
        if table.rowCount < Self.tellingRows || !table.hasHeader { return }
        for column in table.header.indices where ![label, id, split, fold].contains(column) {
            guard (2...20).contains(profiles[column].distinct.count), profiles[column].gaps == 0,
                !isIgnored(column)
            else { continue }
            var labels: [String: Set<String>] = [:]
            for row in 0..<table.rowCount where !MissingField.isOne(table.text(row, label)) {
                labels[table.text(row, column), default: []].insert(table.text(row, label).lowercased())
            }
            let all = labels.values.reduce(into: Set<String>()) { $0.formUnion($1) }
            guard labels.count > 1, labels.values.allSatisfy({ $0.count > 1 }),
                labels.values.reduce(0, { $0 + $1.count }) == all.count, differsWithinImages(column)
            else { continue }
            throw .doubtful(
                path: table.path, columns: [label, column].map { table.header[$0] },
                problem: "the labels of each '\(table.header[column])' are others, as answers to several questions are",
                options: "write one table for each, or read them together with \(ignoring([column]))")
        }
    }

    private func differsWithinImages(_ column: Int) -> Bool {
        guard let id else { return false }
        let pairs = (0..<table.rowCount).map { [table.text($0, id), table.text($0, column)] }
        return Set(pairs).count > Set(pairs.map { $0[0] }).count
    }

    /// Whether a column is not known as something else: a measure, a time, or an id.
    private func canBeAmount(_ name: String) -> Bool {
        guard let reason = ColumnNames.reasonToSkip(name) else { return true }
        return [ColumnNames.numberOfVotes, LabelInterpretation.Skipped.notAClass].contains(reason)
            && !ColumnNames.plain(name).hasSuffix("_id")
    }
}
