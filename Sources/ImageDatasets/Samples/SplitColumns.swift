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

    /// Finds the columns, except those with the names `ignored`. Of a column of folds and one of splits, that one decides which
    /// has different values, at least one of them known. Throws `DatasetError.foldAndSplit` if both have.
    init(_ table: LabelTable, ignored: [String]?) throws(DatasetError) {
        func isUsed(_ name: String) -> Bool { ignored?.contains(name) != true }
        let fold = table.foldColumn.flatMap { isUsed($0) ? $0 : nil }
        let split = table.splitColumn.flatMap { isUsed($0) ? $0 : nil }
        guard let fold, let split else {
            deciding = fold.map(Column.fold) ?? split.map(Column.split)
            return
        }
        let foldDivides = Self.divide(table.rows.map(\.fold)) { SplitAssignment(fold: $0) != nil }
        let splitDivides = Self.divide(table.rows.map(\.split)) { Subset(word: $0) != nil }
        if foldDivides && splitDivides {
            throw .foldAndSplit(
                path: table.path, columns: [fold, split], ignored: ignored ?? table.interpretation.leftOutClasses)
        }
        if splitDivides || !foldDivides && table.rows.allSatisfy({ $0.fold == nil }) {
            (deciding, idle) = (.split(split), fold)
        } else {
            (deciding, idle) = (.fold(fold), split)
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
                throw .unknownFold(path: table.path, row: row.number, column: column, found: row.fold ?? "")
            }
            return assignment
        case .split(let column):
            guard let subset = row.split.flatMap({ Subset(word: $0) }) else {
                throw .unknownSplit(path: table.path, row: row.number, column: column, found: row.split ?? "")
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

extension LabelInterpretation {
    /// The columns and labels that were skipped although they could have been classes.
    fileprivate var leftOutClasses: [String] { skipped.filter { $0.reason == Skipped.notAClass }.map(\.name) }
}
