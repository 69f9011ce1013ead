import TensorFiles

/// Which columns of a table are classes, where it has one column per class.
extension ColumnRoles {
    /// Columns of numbers whose names do not say that they are something else; of truth words, where they are read as numbers.
    func wideCandidates(_ columns: [Int]) -> [Int] {
        if let truth = table.truth { return columns.filter(truth.columns.contains) }
        return columns.filter { column in
            profiles[column].isNumeric
                && reasonToSkip(column) == nil
        }
    }

    /// Columns of numbers that can be classes. Throws where one is implausible and the user has not said that it is one, unless
    /// they are not to be checked.
    func wideColumns(_ others: [Int], areChecked: Bool = true) throws(LabelFileError) -> [Int] {
        if let classes = reading.classes, table.hasHeader {
            var columns: [Int] = []
            for name in classes {
                guard let column = table.header.firstIndex(of: name) else {
                    // Where no column has that name, they are names of labels.
                    if reading.form == nil, !classes.contains(where: table.header.contains) { return [] }
                    throw .noColumn(path: table.path, option: "--classes", name: name, header: table.header)
                }
                columns.append(column)
            }
            return columns
        }
        let candidates = wideCandidates(others)
        let ignored = Set(
            reading.ignored ?? table.header.filter { ColumnNames.nonClasses.contains(ColumnNames.plain($0)) })
        let chosen = candidates.filter { !ignored.contains(table.header[$0]) }
        // With fewer columns, what is to be skipped may be labels in another column.
        if areChecked, chosen.count > 1 { try checkIgnored(among: candidates) }
        if areChecked, !isChosenByUser {
            try checkPlausible(chosen)
            try checkSkippedClasses(chosen, others)
        }
        if chosen.count < 2 || !ClassOrder.areNumbers(chosen.map({ table.header[$0] })) { return chosen }
        let order = ClassOrder.sorted(chosen.map { table.header[$0] })
        return order.map { name in table.header.firstIndex(of: name)! }
    }

    /// Throws where the user leaves out what is no column.
    func checkIgnored(among columns: [Int]) throws(LabelFileError) {
        _ = try Self.left(
            reading.ignored, outOf: columns.map { table.header[$0] }, others: table.header, path: table.path)
    }

    /// The column of annotators where each row holds the votes of one of them.
    var annotatorOfVotes: Int? {
        guard !isOwn, repeatsIDs, let named = try? column(reading.annotatorColumn, "") ?? first(ColumnNames.annotators)
        else {
            return nil
        }
        return profiles[named].isEmpty ? nil : named
    }

    /// Throws where several columns hold numbers with decimal commas, which the table's dialect does not have, and no other
    /// column can hold the labels.
    func checkDecimalCommas(_ others: [Int]) throws(LabelFileError) {
        if reading.form == nil,
            namedLabel(others) != nil || !wideCandidates(others).allSatisfy({ profiles[$0].largest <= 1 })
        {
            return
        }
        let columns = others.filter { column in
            let name = table.header[column]
            return profiles[column].texts > 0 && reasonToSkip(column) == nil && !isAnnotator(name)
                && !isIgnored(column)
                && profiles[column].distinct.allSatisfy { Int($0) != nil || DecimalComma.point(in: $0) != nil }
        }
        if columns.count < 2 { return }
        let texts = table.texts(columns[0])
        let row = texts.firstIndex { DecimalComma.point(in: $0) != nil } ?? 0
        throw .doubtful(
            path: table.path, columns: columns.map { table.header[$0] },
            problem: "found '\(texts[row])' in row \(row + 1), which could be a number or a class; expected "
                + "decimal points",
            options: "write points, or read them as classes with --label-format annotators")
    }

    /// Which of `names` are left out. Throws `LabelFileError.unknownColumn` where the user names what is neither among them
    /// nor among `others`.
    static func left(
        _ ignored: [String]?, outOf names: [String], others: [String] = [], path: String
    ) throws(LabelFileError) -> Set<String> {
        guard let ignored else { return Set(names.filter { ColumnNames.nonClasses.contains(ColumnNames.plain($0)) }) }
        for name in ignored where !names.contains(name) && !others.contains(name) {
            throw .unknownColumn(path: path, name: name, known: names)
        }
        return Set(ignored)
    }
}
