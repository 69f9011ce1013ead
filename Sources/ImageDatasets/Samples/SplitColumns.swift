import LabelFiles

/// The columns of a table of labels that say which images are for training and which for testing.
struct SplitColumns {
    enum Column: Equatable {
        case fold(String)
        case split(String)

        var name: String {
            switch self {
            case .fold(let name), .split(let name): name
            }
        }
    }

    /// Nil if the table has no such column.
    private(set) var deciding: Column?
    /// The name of a second column, which does not divide the images.
    private(set) var idle: String?
    /// What is skipped anyway, for options in errors.
    private let ignored: [String]

    /// Finds the columns, except those with the names `ignored`. Of a column of folds and one of splits, that one decides which
    /// has different values, at least one of them known. Throws `DatasetError.foldAndSplit` if both have, and `unnamedSplit` if
    /// there is neither, but a column of splits under another name.
    init(_ table: LabelTable, ignored: [String]?) throws(DatasetError) {
        self.ignored = ignored ?? table.interpretation.leftOutClasses
        func isUsed(_ name: String) -> Bool { ignored?.contains(name) != true }
        let fold = table.foldColumn.flatMap { isUsed($0) ? $0 : nil }
        let split = table.splitColumn.flatMap { isUsed($0) ? $0 : nil }
        guard let fold, let split else {
            deciding = fold.map(Column.fold) ?? split.map(Column.split)
            if deciding == nil { try checkSkipped(table) }
            return
        }
        let foldDivides = Self.divide(table.rows.map(\.fold)) { SplitAssignment(fold: $0) != nil }
        let splitDivides = Self.divide(table.rows.map(\.split)) { Subset(word: $0) != nil }
        if foldDivides && splitDivides {
            throw .foldAndSplit(
                path: table.path, columns: [fold, split], ignored: self.ignored)
        }
        if splitDivides || !foldDivides && table.rows.allSatisfy({ $0.fold == nil }) {
            (deciding, idle) = (.split(split), fold)
        } else {
            (deciding, idle) = (.fold(fold), split)
        }
    }

    /// Throws `DatasetError.unnamedSplit` for a column of texts that are all words of subsets.
    private func checkSkipped(_ table: LabelTable) throws(DatasetError) {
        for column in table.interpretation.skipped where column.reason == LabelInterpretation.Skipped.text {
            guard case .categories(_, let words)? = try? table.column(named: column.name), words.count > 1,
                words.allSatisfy({ Subset(word: $0) != nil })
            else { continue }
            throw .unnamedSplit(path: table.path, column: column.name, words: words, ignored: ignored)
        }
    }

    private static func divide(_ values: [String?], isKnown: (String) -> Bool) -> Bool {
        let values = Set(values.compactMap { $0?.lowercased() })
        return values.count > 1 && values.contains(where: isKnown)
    }

    /// What `row` of `table` says; nil if no column decides. Throws `DatasetError.unknownFold` or `unknownSplit`.
    func assignment(_ row: LabelTable.Row, of table: LabelTable) throws(DatasetError) -> SplitAssignment? {
        switch deciding {
        case .fold(let column):
            guard let assignment = row.fold.flatMap(SplitAssignment.init(fold:)) else {
                throw .unknownFold(
                    path: table.path, row: row.number, column: column, found: row.fold ?? "", ignored: ignored)
            }
            return assignment
        case .split(let column):
            guard let subset = row.split.flatMap({ Subset(word: $0) }) else {
                throw .unknownSplit(
                    path: table.path, row: row.number, column: column, found: row.split ?? "", ignored: ignored)
            }
            return .subset(subset)
        case nil: return nil
        }
    }

    /// For the user; nil unless there is a second column.
    func note(path: String) -> String? {
        guard let deciding, let idle else { return nil }
        return "\(path): splits from column '\(deciding.name)'; column '\(idle)' does not divide the images into "
            + "training and test and is not used"
    }
}
