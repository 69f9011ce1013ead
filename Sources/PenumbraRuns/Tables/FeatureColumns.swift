import Foundation
import LabelFiles
import TensorFiles

/// Which columns of a table are features, and why the others are not.
///
/// The columns that `--columns` names are used as they are. Otherwise names that differ only by a number form a family: `f0`,
/// `f1` … need two members, others (`emb_0` …, `0` …) sixteen; a column of lists is a family too. If there is a family, all
/// other columns are skipped; otherwise every column of numbers is used. Ids, labels, predictions and row numbers are skipped,
/// which are known by their names as in label files (`KnownColumns`).
struct FeatureColumns {
    /// Positions of the columns of numbers, or of the one column of lists.
    private(set) var taken: [Int] = []
    /// In the order of the table.
    private(set) var skipped: [(column: Int, reason: String)] = []
    /// The column of ids.
    private(set) var ids: Int?
    /// Warnings of columns that were chosen, but may be something else.
    private(set) var warnings: [String] = []

    /// Whether the table is like a run's dumps `X-60.csv` and `X-gt.csv`: no column counts its rows.
    let isDump: Bool
    let table: CSVTable
    let contents: [ColumnContent]
    /// Columns of shares, by their content.
    private let shares: Set<Int>

    var path: String { table.path }
    /// Nil if the table has no header.
    private var header: [String]? { table.dialect.hasHeader ? table.header : nil }

    private static let leastMembersOfF = 2
    private static let leastMembers = 16
    /// In bytes, for texts in a column whose name says nothing.
    private static let longestID = 200
    private static let indices: Set = ["index", "unnamed: 0"]

    /// Chooses among the columns of a table. Throws `InputError` if the choice is ambiguous, if a chosen column has a cell that
    /// is not a number, and if nothing is left.
    init(
        _ table: CSVTable, columns: [String] = [], skip: [String] = [], isDump: Bool = false
    ) throws(InputError) {
        self.table = table
        self.isDump = isDump
        contents = table.header.indices.map { ColumnContent(table, $0) }
        shares = Self.shares(table, contents)
        var reasons: [Int: String] = [:]
        for column in try matches(skip, option: "--skip-columns") { reasons[column] = "--skip-columns" }
        let open = contents.indices.filter { reasons[$0] == nil }
        ids = idColumn(among: open)
        if columns.isEmpty {
            choose(among: open, &reasons)
            try requireOneFamily(among: open)
            try refusePairs(reasons.filter { $1 == "text" }.keys.sorted())
            warnings = wholeNumberWarnings(open.filter { reasons[$0] == nil })
        } else {
            let named = try matches(columns, option: FeatureReading.options.columns).filter { reasons[$0] == nil }
            if let column = ids, named.contains(column) { ids = nil }
            for column in open where !named.contains(column) {
                reasons[column] = "not in \(FeatureReading.options.columns)"
            }
        }
        if let ids, !columns.isEmpty { reasons[ids] = "ids" }
        taken = contents.indices.filter { reasons[$0] == nil }
        skipped = contents.indices.compactMap { column in reasons[column].map { (column, $0) } }
        try check()
    }

    /// Uses the columns with these names, in this order. Throws `CSVError.missingColumn` if one does not exist, and
    /// `InputError` for a cell that is not a number.
    init(_ table: CSVTable, exactly names: [String]) throws {
        self.table = table
        isDump = false
        contents = table.header.indices.map { ColumnContent(table, $0) }
        shares = Self.shares(table, contents)
        taken = try names.map { try table.column(named: $0) }
        ids = idColumn(among: contents.indices.filter { !taken.contains($0) })
        skipped = contents.indices.filter { !taken.contains($0) }.map { ($0, $0 == ids ? "ids" : "not in the map") }
        try check()
    }

    /// Whether the one chosen column holds lists.
    var areLists: Bool {
        if let first = taken.first, case .lists = contents[first].kind { true } else { false }
    }

    /// The name of a column in messages.
    func name(_ column: Int) -> String {
        guard let header else { return "column \(column + 1)" }
        if !header[column].trimmingCharacters(in: .whitespaces).isEmpty { return header[column] }
        return column == 0 ? "unnamed first column" : "unnamed column \(column + 1)"
    }

    // MARK: - What is not a feature

    private func lowercased(_ column: Int) -> String {
        header.map { $0[column].trimmingCharacters(in: .whitespaces).lowercased() } ?? ""
    }

    /// The column `id`, or else one with another known name, of file names of images before others, or else one of such names,
    /// or else a first column that is unnamed or holds texts. All but `id` need cells that are distinct, and no fractions.
    private func idColumn(among open: [Int]) -> Int? {
        guard let header else {
            return open.first == 0 && contents[0].kind == .text && isDistinct(0) ? 0 : nil
        }
        if let id = open.first(where: { header[$0] == "id" }) { return id }
        let known = KnownColumns.ids(header).filter { open.contains($0) && namesRows($0) }
        if let best = known.first(where: namesImages) ?? known.first { return best }
        if let image = open.first(where: { namesImages($0) && isDistinct($0) }) { return image }
        guard open.first == 0, isDistinct(0) else { return nil }
        return ["", "unnamed: 0"].contains(lowercased(0)) || contents[0].kind == .text && isOfWords(0) ? 0 : nil
    }

    /// Whether the cells are distinct texts or whole numbers.
    private func namesRows(_ column: Int) -> Bool {
        switch contents[column].kind {
        case .text: isDistinct(column)
        case .numbers:
            (0..<table.rowCount).allSatisfy { Int(table[$0, column]) != nil } && isDistinct(column)
        case .faultyNumbers, .lists, .faultyLists, .empty: false
        }
    }

    private func namesImages(_ column: Int) -> Bool {
        contents[column].kind == .text
            && (0..<table.rowCount).allSatisfy { KnownColumns.isImageName(table[$0, column]) }
    }

    /// Whether every cell is one line, and not whole documents.
    private func isOfWords(_ column: Int) -> Bool {
        (0..<table.rowCount).allSatisfy { row in
            let cell = table[row, column]
            return cell.utf8.count <= Self.longestID && !cell.contains { $0.isNewline || $0 == "\t" }
        }
    }

    /// Whether no two cells are equal and none is a gap.
    func isDistinct(_ column: Int) -> Bool {
        var seen: Set<String> = []
        return (0..<table.rowCount).allSatisfy { row in
            let cell = table[row, column]
            return !MissingField.isOne(cell) && seen.insert(cell).inserted
        }
    }

    private func isLabel(_ column: Int) -> Bool {
        guard let header else { return false }
        let name = header[column]
        if KnownColumns.isLabel(name) { return true }
        // A y beside an x is a coordinate.
        let isY = lowercased(column) == "y" && !header.indices.contains { lowercased($0) == "x" }
        return contents[column].isWhole && (isY || KnownColumns.isLabelOfWholeNumbers(name))
    }

    /// Whether a column is one of several for as many classes, by its name, or as one of `shares`.
    private func isOfClass(_ column: Int) -> Bool {
        header.map { KnownColumns.isOfClass($0[column]) } == true || shares.contains(column)
    }

    /// The columns `p_…` if they are at least two and each row of them sums to 1.
    private static func shares(_ table: CSVTable, _ contents: [ColumnContent]) -> Set<Int> {
        let columns = contents.indices.filter {
            table.dialect.hasHeader && table.header[$0].lowercased().hasPrefix("p_") && contents[$0].kind == .numbers
        }
        let areShares = (0..<table.rowCount).allSatisfy { row in
            let numbers = columns.map { table.double(row, $0) ?? .nan }
            return numbers.allSatisfy { (0...1).contains($0) } && abs(numbers.reduce(0, +) - 1) <= 0.01
        }
        return columns.count > 1 && areShares ? Set(columns) : []
    }

    private func choose(among open: [Int], _ reasons: inout [Int: String]) {
        let families = families(among: open)
        let members = Set(families.flatMap(\.columns))
        for column in open where !members.contains(column) {
            let name = lowercased(column)
            if contents[column].countsRows && !isDump {
                reasons[column] = "row number"
            } else if column == 0 && header != nil && ["", "unnamed: 0"].contains(name) {
                reasons[column] = "row name"
            } else if column == ids {
                reasons[column] = "ids"
            } else if Self.indices.contains(name) {
                reasons[column] = "index"
            } else if isLabel(column) {
                reasons[column] = "label"
            } else if header.map({ KnownColumns.isPrediction($0[column]) }) == true {
                reasons[column] = "prediction"
            } else if isOfClass(column) {
                reasons[column] = "of a class"
            } else if contents[column].kind == .empty {
                reasons[column] = "empty"
            } else if contents[column].kind == .text {
                reasons[column] = "text"
            } else if header.map({ KnownColumns.isID($0[column]) }) == true || isNumberOfSample(column) {
                reasons[column] = "another id"
            } else if let family = families.first {
                reasons[column] = "not \(family.title)"
            }
        }
    }

    /// Whether a column is named as numbers of samples are, and holds another whole number in every row.
    private func isNumberOfSample(_ column: Int) -> Bool {
        header.map { KnownColumns.isRowNumber($0[column]) } == true && contents[column].isWhole && isDistinct(column)
    }

    // MARK: - Families

    struct Family {
        /// `emb_*`, or the name of a column of lists.
        let title: String
        let columns: [Int]
    }

    func families(among open: [Int]) -> [Family] {
        var members: [String: [Int]] = [:], numbers: [String: [String]] = [:], order: [String] = []
        var lists: [Family] = []
        for column in open where column != ids {
            switch contents[column].kind {
            case .lists, .faultyLists:
                if !isLabel(column) {
                    lists.append(Family(title: "in \(name(column))", columns: [column]))
                }
            case .numbers, .faultyNumbers:
                guard let header, !isOfClass(column), let (prefix, number) = Self.numbered(header[column]) else {
                    continue
                }
                if members[prefix] == nil { order.append(prefix) }
                members[prefix, default: []].append(column)
                numbers[prefix, default: []].append(number)
            case .text, .empty: continue
            }
        }
        let numbered = order.filter { prefix in
            let found = numbers[prefix]!
            guard Set(found).count == found.count else { return false }
            if found.count >= Self.leastMembers { return true }
            return prefix == "f" && found.count >= Self.leastMembersOfF
                && Set(found) == Set((0..<found.count).map(String.init))
        }
        return numbered.map { Family(title: "\($0)*", columns: members[$0]!) } + lists
    }

    /// `emb_12` gives `emb_` and `12`; `400.5` gives an empty prefix and `400.5`.
    static func numbered(_ name: String) -> (prefix: String, number: String)? {
        func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) { return ("", name) }
        guard let digit = name.lastIndex(where: { !isDigit($0) }) else { return name.isEmpty ? nil : ("", name) }
        let number = name[name.index(after: digit)...]
        return number.isEmpty ? nil : (String(name[...digit]), String(number))
    }

    private func requireOneFamily(among open: [Int]) throws(InputError) {
        let families = families(among: open)
        if families.count < 2 { return }
        let found = families.map { family in
            family.columns.count == 1 ? name(family.columns[0]) : "\(family.columns.count) columns \(family.title)"
        }
        throw .unusable(
            path: path,
            problem:
                "\(found.joined(separator: " and ")) could all be the features; name one kind with "
                + "\(FeatureReading.options.columns), such as \(FeatureReading.options.columns) '\(families[0].columns.count == 1 ? name(families[0].columns[0]) : families[0].title)'"
        )
    }

    // MARK: - Options

    /// The columns that the patterns match, in the order of the table; without a header, a column's name is its number from 1.
    /// Throws `InputError.unusable` for a pattern that matches none.
    private func matches(_ patterns: [String], option: String) throws(InputError) -> [Int] {
        var found: Set<Int> = []
        for pattern in patterns {
            let columns = contents.indices.filter { column in
                NamePattern(pattern).matches(header?[column] ?? "\(column + 1)")
            }
            if columns.isEmpty {
                throw .unusable(
                    path: path,
                    problem: "\(option) '\(pattern)' matches no column; the columns are "
                        + FeatureChoice.list(contents.indices.map { header == nil ? "\($0 + 1)" : name($0) }))
            }
            found.formUnion(columns)
        }
        return found.sorted()
    }
}
