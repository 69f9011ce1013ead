import TensorFiles

/// Tables whose columns can be read in several ways: an error, which names the option that settles it.
extension ColumnRoles {
    /// Throws where the first of several columns without names could number the rows.
    func checkNumbersBesideVotes(_ wide: [Int]) throws(LabelFileError) {
        guard let first = wide.first, !table.hasHeader, id == nil, reading.idColumn == nil, table.rowCount > 2,
            profiles[first].isInteger, profiles[first].distinct.count == table.rowCount
        else { return }
        throw .doubtful(
            path: table.path, columns: [table.header[first]], problem: "its numbers could be ids or votes",
            options: "say which with --id-column 1 or --label-format votes")
    }

    /// Throws where columns of whole numbers are named as predictions and as the truth.
    func checkPredictionsAsVotes(_ wide: [Int]) throws(LabelFileError) {
        let names = wide.map { table.header[$0] }
        if !isChosenByUser, names.contains(where: ColumnNames.isPrediction), names.contains(where: ColumnNames.isTruth),
            wide.allSatisfy({ profiles[$0].isInteger })
        {
            throw predictions(wide, or: "votes")
        }
    }

    /// Throws where a column says how many annotations each row stands for.
    func checkWeights(beside label: Int) throws(LabelFileError) {
        let weights = table.header.indices.filter { column in
            let name = table.header[column]
            return table.hasHeader && ColumnNames.weights.contains(ColumnName.plain(name)) && column != label
                && reading.ignored?.contains(name) != true && profiles[column].isNumeric
                && !profiles[column].countsRows && profiles[column].distinct != ["1"]
        }
        if let weight = weights.first {
            throw .doubtful(
                path: table.path, columns: ([label] + weights).map { table.header[$0] },
                problem: "each row could be one annotation, or as many as '\(table.header[weight])' says; expected one "
                    + "column per class for votes or shares",
                options:
                    "count each row once with --ignore-columns \(table.header[weight]) or --label-format annotations")
        }
    }

    /// Throws where another column has the name of labels too, and is not the same labels in other words (such as numbers).
    func checkOtherLabels(_ label: Int, _ others: [Int]) throws(LabelFileError) {
        func isPlain(_ column: Int) -> Bool { ColumnNames.plainLabels.contains(ColumnName.plain(table.header[column])) }
        if reading.labelColumn != nil || !isPlain(label) { return }
        for other in others
        where other != label && isPlain(other) && reading.ignored?.contains(table.header[other]) != true {
            let pairs = (0..<table.rowCount).map { row in [label, other].map { table.text(row, $0) } }
                .filter { !$0.contains(where: MissingField.isOne) }
            guard let different = pairs.first(where: { $0[0] != $0[1] }) else { continue }
            let (own, others) = (Set(pairs.map { $0[0] }), Set(pairs.map { $0[1] }))
            if own.isDisjoint(with: others), Set(pairs).count == own.count, own.count == others.count { continue }
            throw .doubtful(
                path: table.path, columns: [label, other].map { table.header[$0] },
                problem:
                    "each could hold the labels, and they differ (for example '\(NameList.short(different[0]))' and "
                    + "'\(NameList.short(different[1]))' in one row)",
                options: "name one with --label-column")
        }
    }

    /// Without names of columns only that is taken which can be nothing else. Throws otherwise.
    func checkWithoutHeader() throws(LabelFileError) {
        func doubtful(_ problem: String, _ options: String) -> LabelFileError {
            .doubtful(path: table.path, columns: table.header, problem: problem, options: options)
        }
        let others = table.header.indices.filter { $0 != id && !profiles[$0].isEmpty }
        switch labels {
        case .wide(let columns):
            if reading.classes != nil || areShares(columns) { return }
            throw doubtful(
                "no names, and sums that differ from row to row",
                "name the classes with --classes, or the columns in a header")
        case .class where id == nil, .annotations where id == nil, .annotators where id == nil:
            throw doubtful("none can be recognised as the ids", "name one with --id-column and its number, from 1")
        case .class, .annotations:
            if reading.labelColumn != nil || others.count == 1 { return }
            throw doubtful("several could hold the labels", "name one with --label-column and its number, from 1")
        case .annotators(let columns):
            if columns == others, sharesClasses(columns) { return }
            throw doubtful("not all hold the same classes", "name the columns in a header")
        case .none: return
        }
    }
}
