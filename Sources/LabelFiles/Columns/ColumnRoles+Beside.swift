import TensorFiles

/// Columns that would be read as the labels although others in the table tell another story.
extension ColumnRoles {
    /// Columns of texts that may hold the labels, by what is in them: a few values, each in two rows or more on average.
    func textsOfLabels(_ others: [Int]) -> [Int] {
        others.filter { column in
            let profile = profiles[column]
            return !profile.isNumeric && profile.distinct.count > 1 && 2 * profile.distinct.count <= table.rowCount
                && reasonToSkip(column) == nil && !isAnnotator(table.header[column]) && !isIgnored(column)
        }
    }

    /// Throws where numbers may be properties of the images beside labels in a column of texts: their sums vary as if the
    /// numbers had little to do with each other, or more.
    func checkNumbersBesideTexts(_ wide: [Int], _ others: [Int]) throws(LabelFileError) {
        let texts = textsOfLabels(others)
        guard !isChosenByUser, table.hasHeader, table.truth == nil, let first = texts.first, table.rowCount > 3,
            !areShares(wide), Ratings(table, wide).spread >= 0.7
        else { return }
        throw .doubtful(
            path: table.path, columns: (wide + texts).map { table.header[$0] },
            problem:
                "the numbers could be votes, or properties of the images, whose labels '\(table.header[first])' could "
                + "hold",
            options: "name the column of labels with --label-column, or the classes with --classes"
                + (sharesClasses(texts) ? ", or read the texts with --label-format annotators \(ignoring(wide))" : ""))
    }

    /// Throws where the label is the same in all rows of an image and another column differs there, as the answers of
    /// annotators do beside the truth.
    func checkAnswersBesideTruth(_ label: Int, annotator: Int?) throws(LabelFileError) {
        guard let id, table.hasHeader, reading.labelColumn == nil, repeatsIDs, isConstant(label, within: id) else {
            return
        }
        let others = table.header.indices.filter { ![id, label, annotator, split, fold].contains($0) }
        let named = others.filter { column in
            profiles[column].isNumeric && profiles[column].distinct.count > 1 && !isIgnored(column)
                && reasonToSkip(column) == nil && ColumnNames.isLabel(table.header[column])
        }
        let answers = (textsOfLabels(others) + named).filter {
            profiles[$0].gaps == 0 && !isConstant($0, within: id)
        }
        guard let answer = answers.first else { return }
        throw .doubtful(
            path: table.path, columns: ([label] + answers).map { table.header[$0] },
            problem:
                "'\(table.header[label])' is the same in all rows of an image, as the truth is, and "
                + "'\(table.header[answer])' differs, as annotators' labels do",
            options: "name the one that holds the labels with --label-column")
    }

    private func isConstant(_ column: Int, within id: Int) -> Bool {
        var known: [String: String] = [:]
        for row in 0..<table.rowCount {
            let text = table.text(row, column)
            if known.updateValue(text, forKey: table.text(row, id)).map({ $0 != text }) == true { return false }
        }
        return true
    }

    /// Throws where exactly one column of every row holds a word, as marks of the row's class would.
    func checkMarks(_ columns: [Int]) throws(LabelFileError) {
        if columns.count < 3 || table.rowCount < Self.tellingRows { return }
        let words = columns.reduce(into: Set<String>()) { $0.formUnion(profiles[$1].distinct) }
        if words.count > 2 { return }
        for word in words.sorted() {
            let areOne = (0..<table.rowCount).allSatisfy { row in columns.count { table.text(row, $0) == word } == 1 }
            if !areOne { continue }
            throw .doubtful(
                path: table.path, columns: columns.map { table.header[$0] },
                problem: "exactly one column of every row holds '\(NameList.short(word))', which could mark its class",
                options: "write 1 and 0 for that, or read them as annotators with --label-format annotators")
        }
    }

    /// Throws where columns of votes or shares fall into two groups of neighbours, each with the same sum in every row.
    func checkGroups(_ columns: [Int]) throws(LabelFileError) {
        if columns.count < 4 || table.rowCount < Self.tellingRows { return }
        let varies = columns.map { profiles[$0].distinct.count > 1 }
        func sums(_ row: Int) -> [Double] {
            columns.reduce(into: [0]) { $0.append($0.last! + (table.number(row, $1) ?? 0)) }
        }
        let first = sums(0)
        var open = (2...columns.count - 2).filter { end in
            first[end] > 0 && first[columns.count] > first[end] && varies[..<end].count { $0 } > 1
                && varies[end...].count { $0 } > 1
        }
        for row in 1..<table.rowCount {
            if open.isEmpty { return }
            let sums = sums(row)
            func isSame(_ place: Int) -> Bool {
                abs(sums[place] - first[place]) <= LabelTable.shareTolerance * max(1, first[place])
            }
            if !isSame(columns.count) { return }
            open.removeAll { !isSame($0) }
        }
        guard let end = open.first else { return }
        throw .doubtful(
            path: table.path, columns: columns.map { table.header[$0] },
            problem:
                "the first \(end) and the other \(columns.count - end) each have the same sum in every row, as answers "
                + "to two questions have, or votes beside shares",
            options: "leave one group out, for example with \(ignoring(Array(columns[end...]))), or name all classes "
                + "with --classes")
    }
}
