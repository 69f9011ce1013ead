import TensorFiles

/// Columns that would be read as one per annotator, and could be something else.
extension ColumnRoles {
    /// Throws where columns of labels could be the classes of a ranking, answers to several questions, or names of annotators.
    func checkAnnotators(_ columns: [Int], _ others: [Int]) throws(LabelFileError) {
        if reading.form != nil || !table.hasHeader { return }
        try checkMarks(columns)
        let differ = labelsDiffer(columns)
        try checkNamesOfAnnotators(columns, others, differ: differ)
        if differ {
            try checkAmountsOfRanks(columns, others)
            try checkRanking(columns)
        }
        try checkQuestions(columns)
    }

    /// Whether no row holds a label twice, and some hold several: each row ranks classes, or names annotators.
    private func labelsDiffer(_ columns: [Int]) -> Bool {
        var several = false
        for row in 0..<table.rowCount {
            let texts = columns.map { table.text(row, $0) }.filter { !MissingField.isOne($0) }
            if Set(texts).count < texts.count { return false }
            several = several || texts.count > 1
        }
        return several
    }

    /// Throws where numbered columns hold names of annotators rather than labels: a column of labels has other values.
    private func checkNamesOfAnnotators(_ columns: [Int], _ others: [Int], differ: Bool) throws(LabelFileError) {
        let own = Set(columns)
        guard let label = namedLabel(others.filter({ !own.contains($0) })) else { return }
        let isPlain = ColumnNames.plainLabels.contains(ColumnNames.plain(table.header[label]))
        guard isPlain || differ && table.rowCount >= Self.tellingRows,
            columns.allSatisfy({ profiles[$0].distinct.isDisjoint(with: profiles[label].distinct) })
        else { return }
        throw .doubtful(
            path: table.path, columns: ([label] + columns).map { table.header[$0] },
            problem:
                "'\(table.header[label])' has none of the values of the others, which could be names of annotators",
            options: "name it with --label-column, or read the others with --label-format annotators")
    }

    /// Throws where each label has a number beside it: `label_1`, `prob_1`, `label_2`, `prob_2`.
    private func checkAmountsOfRanks(_ columns: [Int], _ others: [Int]) throws(LabelFileError) {
        let labels = Set(columns)
        let numbers = others.filter { column in
            profiles[column].isNumeric && !profiles[column].hasNegatives && !labels.contains(column)
                && !isIgnored(column)
        }
        guard let amounts = partners(of: columns, among: numbers),
            table.rowCount >= Self.tellingRows || amounts.allSatisfy({ ColumnNames.isAmount(table.header[$0]) })
        else { return }
        let name = table.header[amounts[0]]
        throw .doubtful(
            path: table.path, columns: zip(columns, amounts).flatMap { [$0, $1] }.map { table.header[$0] },
            problem:
                "each label could be one annotation, or as many or as large a share as '\(name)' and the like say; "
                + "expected one column per class for votes or shares",
            options: "name one with --label-column, or count each label once with --label-format annotators")
    }

    /// Throws where the labels of every row could be in order, the first first.
    private func checkRanking(_ columns: [Int]) throws(LabelFileError) {
        let full = (0..<table.rowCount).count { row in
            columns.count { !MissingField.isOne(table.text(row, $0)) } > 2
        }
        if full < Self.tellingRows { return }
        throw .doubtful(
            path: table.path, columns: columns.map { table.header[$0] },
            problem: "no row holds a label twice, as in a ranking of classes",
            options: "name the column of the first with --label-column, or read them as annotators with --label-format "
                + "annotators")
    }

    /// Throws where the columns fall into groups that have no label in common.
    private func checkQuestions(_ columns: [Int]) throws(LabelFileError) {
        if table.rowCount < Self.tellingRows || columns.count < 4 { return }
        // Columns with a label in common are of one group, which its first column stands for.
        var before = Array(columns.indices)
        func group(_ place: Int) -> Int {
            var place = place
            while before[place] != place {
                before[place] = before[before[place]]
                place = before[place]
            }
            return place
        }
        var places: [String: Int] = [:]
        for (place, column) in columns.enumerated() {
            for label in profiles[column].distinct.map({ $0.lowercased() }) {
                let groups = [group(place), group(places[label] ?? place)].sorted()
                before[groups[1]] = groups[0]
                places[label] = groups[0]
            }
        }
        let groups = Dictionary(grouping: columns.indices, by: group).sorted { $0.key < $1.key }.map(\.value)
        let labels = Dictionary(grouping: places.values, by: group).mapValues(\.count)
        if groups.count < 2 || groups.contains(where: { $0.count < 2 || labels[$0[0], default: 0] < 2 }) { return }
        let rest = groups[1...].flatMap(\.self).sorted().map { columns[$0] }
        throw .doubtful(
            path: table.path, columns: columns.map { table.header[$0] },
            problem: "they fall into \(groups.count) groups without a common label, as answers to several questions do",
            options: "leave all groups but one out, for example with \(ignoring(rest)), or read them together with "
                + "--label-format annotators")
    }

    /// Throws where columns of numbers that would be classes stand beside columns of labels, one for each: `first_label`,
    /// `first_votes`, `second_label`, `second_votes`.
    func checkLabelsBesideAmounts(_ wide: [Int], _ others: [Int]) throws(LabelFileError) {
        let texts = others.filter { column in
            !profiles[column].isNumeric && profiles[column].distinct.count < max(table.rowCount, 3)
                && !isIgnored(column)
        }
        guard let labels = partners(of: wide, among: texts), sharesClasses(labels) else { return }
        throw .doubtful(
            path: table.path, columns: zip(labels, wide).flatMap { [$0, $1] }.map { table.header[$0] },
            problem: "'\(table.header[wide[0]])' could hold the votes or the share of the class in "
                + "'\(table.header[labels[0]])'; expected one column per class for votes or shares",
            options: "name the column of one label per row with --label-column")
    }

    /// For each of `columns` the one of `candidates` whose name differs from its own in the same words: `prob_1` and `prob_2` for
    /// `label_1` and `label_2`; nil where there is none for some. Those with names of amounts come first.
    private func partners(of columns: [Int], among candidates: [Int]) -> [Int]? {
        func words(_ column: Int) -> [String] {
            ColumnNames.words(table.header[column]).flatMap { word in
                let end = word.reversed().prefix { ("0"..."9").contains($0) }.count
                return [String(word.dropLast(end)), String(word.suffix(end))].filter { !$0.isEmpty }
            }
        }
        let own = columns.map(words)
        let shared = own.reduce(Set(own.first ?? [])) { $0.intersection($1) }
        let keys = own.map { $0.filter { !shared.contains($0) } }
        if keys.contains(where: { $0.count != 1 }) || Set(keys).count < keys.count || columns.count < 2 { return nil }
        let known = Set(keys.map { $0[0] })
        var byPattern: [[String]: [String: Int]] = [:]
        for candidate in candidates {
            let words = words(candidate)
            for key in Set(words) where known.contains(key) {
                byPattern[words.map { $0 == key ? "*" : $0 }, default: [:]][key] = candidate
            }
        }
        let complete = byPattern.values.compactMap { found -> [Int]? in
            let partners = keys.compactMap { found[$0[0]] }
            return partners.count == keys.count ? partners : nil
        }
        func rank(_ partners: [Int]) -> (Int, Int) {
            (ColumnNames.isAmount(table.header[partners[0]]) ? 0 : 1, partners[0])
        }
        return complete.min { rank($0) < rank($1) }
    }
}
