import TensorFiles

/// Which columns of a table are annotators, where it has one column per annotator.
extension ColumnRoles {
    /// Columns with a class per annotator. By their numbered names, or, where `named` says that annotators may have names,
    /// by their texts, which are then the same in all.
    func annotatorColumns(_ others: [Int], named: Bool) throws(LabelFileError) -> [Int] {
        let others = others.filter { reading.ignored?.contains(table.header[$0]) != true }
        let numbered = try numberedAnnotators(others)
        if !numbered.isEmpty || !named { return numbered }
        if reading.form == .annotators {
            return others.filter {
                (!table.hasHeader || ColumnNames.reasonToSkip(table.header[$0]) == nil) && !profiles[$0].hasFractions
            }
        }
        let texts = others.filter { !profiles[$0].isNumeric && profiles[$0].distinct.count < max(table.rowCount, 3) }
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
            options: "name the one that holds the labels with --label-column, or read all with --label-format \(form)")
    }

    /// Columns such as `rater_1` and `rater_2`. Throws where there are several kinds of them, or where they could be classes.
    private func numberedAnnotators(_ others: [Int]) throws(LabelFileError) -> [Int] {
        if !table.hasHeader { return [] }
        func stem(_ column: Int) -> String { ColumnNames.stem(table.header[column]) ?? "" }
        let kinds = Dictionary(grouping: others.filter { ColumnNames.annotatorStems.contains(stem($0)) }, by: stem)
            .values
            // Label columns of shares are classes whose names are numbers.
            .filter { columns in columns.count > 1 && !columns.contains { profiles[$0].hasFractions } }
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
        return columns
    }

    /// Whether a column's name is one of annotators.
    func isAnnotator(_ name: String) -> Bool {
        ColumnNames.annotators.contains(ColumnName.plain(name))
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
