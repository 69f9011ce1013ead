import TensorFiles

/// Words that say, in the column of a class, whether the row is of that class.
struct TruthWords: Equatable {
    /// In lower case.
    let yes: String
    /// In lower case; empty where only the class of the row is marked.
    let no: String

    static let all = [
        TruthWords(yes: "true", no: "false"), TruthWords(yes: "yes", no: "no"), TruthWords(yes: "t", no: "f"),
        TruthWords(yes: "y", no: "n"), TruthWords(yes: "x", no: ""),
    ]

    /// Whether programs write them rather than people.
    var isOfPrograms: Bool { yes.hasPrefix("t") }

    /// 1, 0, or nil for another word; the case does not count.
    func number(_ text: String) -> Double? {
        switch text.lowercased() {
        case yes: 1
        case no: 0
        default: nil
        }
    }

    /// Whether each row says of exactly one class that it is its own. Fewer than three rows could be annotators who disagree.
    func areOneHot(_ rows: [[String]]) -> Bool {
        rows.count > 2
            && rows.allSatisfy { row in
                let numbers = row.compactMap(number)
                return numbers.count == row.count && numbers.count > 1 && numbers.reduce(0, +) == 1
            }
    }

    var remark: String {
        no.isEmpty ? "'\(yes)' is read as 1, an empty field as 0" : "'\(yes)' and '\(no)' are read as 1 and 0"
    }
}

extension ColumnRoles {
    /// The table with truth words read as numbers where its columns of classes hold nothing else: where the user says that
    /// there is a column per class, or where each row is of exactly one class. Throws where only the classes of some rows
    /// are marked, which no annotators do.
    func tableOfTruth() throws(LabelFileError) -> RecordTable? {
        let others = table.header.indices.filter { ![id, split, fold].contains($0) && !profiles[$0].isEmpty }
        let isSaid =
            isChosenByUser && [nil, .votes, .distribution].contains(reading.form)
            && reading.classes?.allSatisfy(table.header.contains) != false
        if !isSaid {
            let isOpen = reading.form == nil && reading.classes == nil && reading.labelColumn == nil && table.hasHeader
            if !isOpen || namedLabel(others) != nil { return nil }
        }
        let texts = others.filter { column in
            let name = table.header[column]
            return !profiles[column].isNumeric && profiles[column].distinct.count < max(table.rowCount, 3)
                && reasonToSkip(column) == nil && !isAnnotator(name)
                && (reading.classes?.contains(name) ?? true)
        }
        if wideCandidates(others).count > 1 { return nil }
        func isKept(_ column: Int) -> Bool { !isIgnored(column) }
        for words in TruthWords.all {
            func areWords(_ profile: ColumnProfile) -> Bool {
                !profile.isEmpty && profile.distinct.allSatisfy { words.number($0) != nil }
            }
            let kept = texts.filter { isKept($0) && areWords(profiles[$0]) }
            if kept.count < 2 { continue }
            let ignored = table.header.indices.filter { isIgnored($0) && areWords(ColumnProfile(table, column: $0)) }
            let columns = (kept + ignored).sorted()
            if isSaid { return table.reading(words, in: Set(columns)) }
            if kept.count < texts.count(where: isKept) { return nil }
            // A class that the user skips may be that of some rows.
            for columns in [columns, kept] {
                let rows = (0..<table.rowCount).map { row in columns.map { table.text(row, $0) } }
                if words.areOneHot(rows) { return table.reading(words, in: Set(columns)) }
            }
            // Annotators answer yes or no; programs write whether a class is there.
            let areMarks = words.no.isEmpty || words.isOfPrograms && table.rowCount >= Self.tellingRows
            if !areMarks { return nil }
            throw .doubtful(
                path: table.path, columns: kept.map { table.header[$0] },
                problem: words.no.isEmpty
                    ? "found '\(words.yes)' or nothing, but not once in every row"
                    : "found '\(words.yes)' or '\(words.no)', but not one '\(words.yes)' in every row",
                options: "--label-format votes reads them as 1 and 0, --label-format annotators as a class")
        }
        return nil
    }
}
