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

    /// Throws where a column called `id` differs in every row, and that of the images repeats, as with a row per annotation.
    func checkOtherIDs() throws(LabelFileError) {
        guard let id, table.hasHeader, reading.idColumn == nil,
            ["id", "uid", "key"].contains(ColumnNames.plain(table.header[id])),
            table.rowCount > 2, Set(table.texts(id)).count == table.rowCount
        else { return }
        let images: Set = ["image", "img", "file", "filename", "path", "sample", "example", "task", "item"]
        for column in table.header.indices where column != id && ![split, fold].contains(column) && !isIgnored(column) {
            let name = table.header[column]
            let isID =
                ColumnNames.ids.contains(ColumnNames.plain(name))
                && ColumnNames.words(name).contains(where: images.contains)
            let count = Set(table.texts(column)).count
            guard isID, profiles[column].gaps == 0, count > 1, 10 * (table.rowCount - count) >= count else { continue }
            throw .doubtful(
                path: table.path, columns: [id, column].map { table.header[$0] },
                problem:
                    "'\(table.header[id])' differs in every row and '\(name)' repeats, as in a table of annotations",
                options: "say which names the images with --id-column")
        }
    }

    /// Throws where a spreadsheet has rounded the ids, so that several images have the same: `1.23457E+12`.
    func checkRoundedIDs() throws(LabelFileError) {
        guard let id, !isOwn else { return }
        var seen: Set<String> = []
        for row in 0..<table.rowCount {
            let text = table.text(row, id)
            let parts = text.split(separator: "+", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].last.map({ "eE".contains($0) }) == true, Int(parts[1]) != nil,
                Double(parts[0].dropLast()) != nil, !seen.insert(text).inserted
            else { continue }
            throw .doubtful(
                path: table.path, columns: [table.header[id]],
                problem: "'\(text)' in row \(row + 1) occurs before, and is a number that a spreadsheet has rounded",
                options: "save the ids as text, with all their digits, or name another column with --id-column")
        }
    }

    /// Throws where columns of whole numbers, named after annotators, could hold their labels.
    func checkAnnotatorsAsVotes(_ wide: [Int]) throws(LabelFileError) {
        let names = wide.map { table.header[$0] }
        let named = names.count { ColumnNames.speaksOfAnnotators($0) }
        let areLabels = names.allSatisfy { ColumnNames.words($0).contains("label") } && !areShares(wide)
        guard !isChosenByUser, table.hasHeader, named > 1 || areLabels, wide.allSatisfy({ profiles[$0].isInteger })
        else {
            return
        }
        throw .doubtful(
            path: table.path, columns: names, problem: "their names speak of annotators, whose labels they could hold",
            options: "say which with --label-format annotators or --label-format votes")
    }

    /// Throws where the only column of numbers counts the votes for one class, of as many as another column says.
    func checkCountBesideTotal(_ wide: [Int]) throws(LabelFileError) {
        guard let only = wide.first, wide.count == 1, profiles[only].isInteger, table.rowCount > 2, !repeatsIDs else {
            return
        }
        for total in table.header.indices
        where reasonToSkip(total) == ColumnNames.numberOfVotes && profiles[total].isInteger {
            let pairs = (0..<table.rowCount).map { (table.number($0, only) ?? 0, table.number($0, total) ?? 0) }
            if pairs.allSatisfy({ $0.0 <= $0.1 }), pairs.contains(where: { $0.0 < $0.1 }) {
                throw .doubtful(
                    path: table.path, columns: [only, total].map { table.header[$0] },
                    problem:
                        "'\(table.header[only])' could name the class, or count its votes of '\(table.header[total])'; "
                        + "expected one column per class for votes",
                    options: "add a column for the other votes, or read it as the class with --label-format class")
            }
        }
    }

    /// Throws where a row holds an annotation that was rejected or skipped.
    func checkRejected(beside used: Set<Int>) throws(LabelFileError) {
        let words: Set = ["reject", "rejected", "ignore", "ignored", "skipped", "cancelled", "canceled", "invalid"]
        var areVotes = false
        if case .wide = labels { areVotes = true }
        for column in table.header.indices where !used.contains(column) && ![id, split, fold].contains(column) {
            let name = table.header[column]
            guard table.hasHeader, !isIgnored(column) else { continue }
            let isFlag = ColumnNames.marksRejection(name)
            if isFlag ? areVotes && profiles[column].isNumeric : profiles[column].distinct.count > 10 { continue }
            func isRejected(_ row: Int) -> Bool {
                let text = table.text(row, column)
                guard isFlag else { return words.contains(text.lowercased()) }
                if let number = table.number(row, column) { return number == 1 }
                return !MissingField.isOne(text) && !["false", "f", "no", "n"].contains(text.lowercased())
            }
            guard profiles[column].texts > 0 || isFlag, let row = (0..<table.rowCount).first(where: isRejected) else {
                continue
            }
            throw .doubtful(
                path: table.path, columns: [name],
                problem:
                    "found '\(NameList.short(table.text(row, column)))' in row \(row + 1); its label would count like all others",
                options: "remove such rows, or count them with \(ignoring([column]))")
        }
    }

    /// Throws where a column says how many annotations each row stands for, by its name or by its numbers.
    func checkWeights(beside label: Int) throws(LabelFileError) {
        if !table.hasHeader { return }
        let others = table.header.indices.filter { column in
            ![label, id, split, fold].contains(column) && !isIgnored(column)
        }
        let named = others.filter { column in
            ColumnNames.isAmount(table.header[column]) && profiles[column].isNumeric && !profiles[column].countsRows
                && profiles[column].distinct != ["1"]
        }
        let weights = named.isEmpty ? columnsOfAmounts(others, beside: label) : named
        guard let weight = weights.first else { return }
        throw .doubtful(
            path: table.path, columns: ([label] + weights).map { table.header[$0] },
            problem: "each row could be one annotation, or as many as '\(table.header[weight])' says; expected one "
                + "column per class for votes or shares",
            options: "count each row once with \(ignoring(weights)) or --label-format annotations")
    }

    /// Throws where another column has the name of labels too, and is not the same labels in other words (such as numbers):
    /// beside annotations, or of texts, if some of its labels are the same.
    func checkOtherLabels(_ label: Int, _ others: [Int], areAnnotations: Bool = false) throws(LabelFileError) {
        func isPlain(_ column: Int) -> Bool {
            ColumnNames.plainLabels.contains(ColumnNames.plain(table.header[column]))
        }
        if reading.labelColumn != nil || !table.hasHeader { return }
        for other in others
        where other != label && other != id && !isIgnored(other) {
            let arePlain = isPlain(label) && isPlain(other)
            if !arePlain {
                let name = table.header[other]
                let isNamed = ColumnNames.labels.contains(ColumnNames.plain(name)) || ColumnNames.isTruth(name)
                let areTexts = !profiles[label].isNumeric && !profiles[other].isNumeric
                guard isNamed, areAnnotations || areTexts,
                    !profiles[label].distinct.isDisjoint(with: profiles[other].distinct)
                else { continue }
            }
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
