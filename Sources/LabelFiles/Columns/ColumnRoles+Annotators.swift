import LabelDistributions
import TensorFiles

/// Which columns of a table are annotators, where it has one column per annotator.
extension ColumnRoles {
    /// Columns with a class per annotator. By their numbered names, or, where `named` says that annotators may have names,
    /// by their texts, which are then the same in all.
    func annotatorColumns(_ others: [Int], named: Bool) throws(LabelFileError) -> [Int] {
        let others = others.filter { !isIgnored($0) }
        let numbered = try numberedAnnotators(others)
        if !numbered.isEmpty || !named { return numbered }
        if reading.form == .annotators {
            return others.filter {
                reasonToSkip($0) == nil && !profiles[$0].hasFractions
            }
        }
        let texts = others.filter {
            !profiles[$0].isNumeric && profiles[$0].distinct.count < max(table.rowCount, 3) && reasonToSkip($0) == nil
        }
        if !sharesClasses(texts) { return [] }
        let names = texts.map { table.header[$0] }
        if names.contains(where: ColumnNames.isPrediction) || names.contains(where: ColumnNames.isTruth) {
            throw predictions(texts, or: "annotators")
        }
        return texts
    }

    /// The error for columns of which one holds predictions or the truth, though all could be `form`.
    func predictions(_ columns: [Int], or form: String) -> LabelFileError {
        .doubtful(
            path: table.path, columns: columns.map { table.header[$0] },
            problem: "the names speak of predictions or the truth, not of \(form)",
            options:
                "name the one that holds the labels with --label-column, leave some out with --ignore-columns, or read "
                + "all with --label-format \(form)")
    }

    /// Columns such as `rater_1` and `rater_2`. Throws where there are several kinds of them, or where they could be classes.
    private func numberedAnnotators(_ others: [Int]) throws(LabelFileError) -> [Int] {
        if !table.hasHeader { return [] }
        func stem(_ column: Int) -> String { ColumnNames.stem(table.header[column]) ?? "" }
        var kinds: [[Int]] = []
        let named = others.filter { ColumnNames.annotatorStems.contains(stem($0)) }
        for (stem, numbered) in Dictionary(grouping: named, by: stem).sorted(by: { $0.value[0] < $1.value[0] }) {
            // Label columns of shares are classes whose names are numbers.
            if numbered.contains(where: { profiles[$0].hasFractions }) { continue }
            let columns = try first(of: stem, numbered, others).map { [$0] + numbered } ?? numbered
            if columns.count > 1 { kinds.append(columns) }
        }
        let columns = kinds.flatMap(\.self).sorted()
        if kinds.count > 1 {
            let areAlike = sharesClasses(columns)
            if areAlike, reading.form == .annotators { return columns }
            throw .doubtful(
                path: table.path, columns: columns.map { table.header[$0] },
                problem: "numbered columns of \(kinds.count) kinds, each of which could be the annotators",
                options: "skip the others with --ignore-columns"
                    + (areAlike ? ", or read all of them with --label-format annotators" : ""))
        }
        if reading.form == nil, !columns.isEmpty,
            columns.allSatisfy({ profiles[$0].isInteger && profiles[$0].gaps == 0 }), areShares(columns)
        {
            throw .doubtful(
                path: table.path, columns: columns.map { table.header[$0] },
                problem: "every row has the same sum, so they could be classes with votes as well as annotators",
                options: "say which with --label-format votes or --label-format annotators")
        }
        if reading.form == nil, couldBeVotes(columns) {
            throw .doubtful(
                path: table.path, columns: columns.map { table.header[$0] },
                problem: "the columns agree no more than by chance, as votes for classes and unlike annotators' labels",
                options: "say which with --label-format votes or --label-format annotators")
        }
        return columns
    }

    /// Whether numbers under such names as `vote_1` or `label_1` are hardly labels of annotators, who agree at least in part.
    private func couldBeVotes(_ columns: [Int]) -> Bool {
        guard columns.count > 1, table.rowCount > 2,
            columns.allSatisfy({ column in
                profiles[column].isInteger && profiles[column].gaps == 0 && !profiles[column].hasNegatives
                    && ColumnNames.stem(table.header[column]).map(ColumnNames.classStems.contains) == true
            })
        else { return false }
        let ratings = Ratings(table, columns)
        if table.rowCount < Self.tellingRows { return ratings.spread < 0.5 }
        if ratings.agreement < 0.1 { return true }
        // Numbers of votes are many, and seldom the same in two columns.
        let values = columns.reduce(into: Set<String>()) { $0.formUnion(profiles[$1].distinct) }.sorted()
        if !(12...200).contains(values.count) { return false }
        let places = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
        let counts = (0..<table.rowCount).map { row in
            columns.reduce(into: values.map { _ in 0 }) { $0[places[table.text(row, $1)]!] += 1 }
        }
        return AnnotatorAgreement.fleissKappa(counts).map { $0 < 0.1 } ?? false
    }

    /// The column without a number before those with numbers: pandas calls repeated columns `label`, `label.1`, `label.2`.
    /// Throws where it could also be what became of them.
    private func first(of stem: String, _ numbered: [Int], _ others: [Int]) throws(LabelFileError) -> Int? {
        guard let column = others.first(where: { ColumnNames.plain(table.header[$0]) == stem }),
            numbered.allSatisfy({ sharesClasses([column, $0]) })
        else { return nil }
        let numbers = numbered.compactMap {
            Int(table.header[$0].reversed().prefix { $0.isNumber }.reversed().map(String.init).joined())
        }
        let areRepeats = numbered.allSatisfy { table.header[$0].hasPrefix(table.header[column] + ".") }
        if areRepeats || numbers.min() == 2 { return column }
        if numbered.count < 2 { return nil }
        throw .doubtful(
            path: table.path, columns: ([column] + numbered).map { table.header[$0] },
            problem: "'\(table.header[column])' could be one of the annotators, or what became of their labels",
            options: "name it with --label-column, or leave it out with \(ignoring([column]))")
    }

    /// Whether a column's name is one of annotators.
    func isAnnotator(_ name: String) -> Bool {
        ColumnNames.annotators.contains(ColumnNames.plain(name))
            || ColumnNames.stem(name).map(ColumnNames.annotatorStems.contains) == true
    }

    /// Whether there are several columns of which each holds at least half of all classes, and some that another holds too.
    func sharesClasses(_ columns: [Int]) -> Bool {
        let all = columns.reduce(into: Set<String>()) { $0.formUnion(profiles[$1].distinct) }
        return columns.count > 1
            && columns.allSatisfy { column in
                let own = profiles[column].distinct
                return 2 * own.count >= all.count
                    && columns.contains { $0 != column && !profiles[$0].distinct.isDisjoint(with: own) }
            }
    }
}
