import Foundation
import LabelFiles
import TensorFiles

/// The ids of a file's rows, in order. Ids are equal if their bytes are.
package struct SampleIDs: Sendable, Equatable {
    /// The file they come from, for errors.
    let path: String
    package let ids: [String]
    /// Whether they are only the numbers of rows that have no ids of their own, as far as that is known. They must not be
    /// joined to real ids, which may happen to be the same numbers.
    package private(set) var areRows = false

    /// Throws `InputError.duplicateID`. If the ids are those of `known`, which have already been checked, they are only
    /// compared, which saves most of the time.
    package init(path: String, _ ids: [String], known: SampleIDs? = nil) throws(InputError) {
        let isKnown = known.map { ExactText.areSame($0.ids, ids) } ?? false
        if !isKnown, let (first, second) = Self.duplicate(in: ids) {
            throw .duplicateID(path: path, id: ids[second], firstRow: first + 1, secondRow: second + 1)
        }
        self.path = path
        self.ids = ids
    }

    /// The first row whose id occurs in an earlier row, preceded by that row; nil if all differ. Sorted hashes select the ids
    /// to examine, in 8 bytes per row: a dictionary of all ids would take ten times the bytes of short ids.
    private static func duplicate(in ids: [String]) -> (first: Int, second: Int)? {
        let hashes = ids.map { ExactText($0).hashValue }.sorted()
        let repeated = Set(zip(hashes, hashes.dropFirst()).lazy.filter { $0 == $1 }.map(\.0))
        if repeated.isEmpty { return nil }
        var rows: [ExactText: Int] = [:]
        for (row, id) in ids.enumerated() where repeated.contains(ExactText(id).hashValue) {
            if let first = rows.updateValue(row, forKey: ExactText(id)) { return (first, row) }
        }
        return nil
    }

    /// The row numbers from 0 to `count` − 1, as ids for rows without any.
    init(path: String, numbersOf count: Int) {
        self.path = path
        ids = (0..<count).map(String.init)
        areRows = true
    }

    /// The same ids, known to be row numbers if they count the rows from 0.
    func takenAsRows() -> SampleIDs {
        var taken = self
        taken.areRows = ids.enumerated().allSatisfy { $1 == "\($0)" }
        return taken
    }

    /// The ids of a table (`column(in:apartFrom:)`). Throws `CSVError.missingColumn` or `InputError`.
    package init(of table: CSVTable, known: SampleIDs? = nil) throws {
        if table.rowCount == 0 { throw InputError.noRows(path: table.path) }
        let column = try Self.column(in: table) ?? table.column(named: "id")
        try self.init(path: table.path, table.column(column), known: known)
    }

    /// The column of ids: `id`, or else the best known of other names for ids, or else a first column without a name of its own,
    /// as pandas writes an index; `rowNumbersCount` says whether mere row numbers will do. All but `id` need distinct cells.
    /// Columns called as in `others` hold something else. Nil if there is none.
    static func column(in table: CSVTable, apartFrom others: [String] = [], rowNumbersCount: Bool = true) -> Int? {
        if let id = table.header.firstIndex(of: "id"), !others.contains("id") { return id }
        func isOne(_ column: Int) -> Bool {
            !others.contains(table.header[column]) && table.rowCount > 0
                && duplicate(in: table.column(column)) == nil
        }
        if let known = KnownColumns.ids(table.header).first(where: isOne) { return known }
        guard let first = table.header.first, KnownColumns.isUnnamed(first), isOne(0) else { return nil }
        let isCount = table.column(0).enumerated().allSatisfy { $1 == "\($0)" }
        return isCount && !rowNumbersCount ? nil : 0
    }

    /// The ids of a file that names samples: its column of ids, or, if there is no header, its only column, as in a projector's
    /// `metadata.tsv`. A first line too many for `rows` rows that is a name of ids is a header. Throws what the reader throws,
    /// and as `init(of:known:)` does.
    static func read(_ url: URL, rows: Int) throws -> SampleIDs {
        var hints = TableDialect.Hints(columnNames: KnownColumns.namesOfIDs, doubtfulHeader: true)
        if url.pathExtension.lowercased() == "tsv" { hints.separator = .tab }
        let table = try CSVTable.read(url, hints: hints)
        let hasKnown = table.header.contains { KnownColumns.namesOfIDs.contains(ColumnName.plain($0)) }
        if table.header.count > 1 || hasKnown { return try SampleIDs(of: table) }
        hints.header = .no
        let whole = table.dialect.hasHeader ? try CSVTable.read(url, hints: hints) : table
        let ids = whole.column(0)
        let isNamed = ids.count == rows + 1 && KnownArrays.areIDs(ids[0])
        return try SampleIDs(path: whole.path, isNamed ? Array(ids.dropFirst()) : ids)
    }

    /// Throws `InputError.idsDiffer` with the first difference unless both hold the same ids in the same order.
    func requireSame(as other: SampleIDs) throws(InputError) {
        for row in 0..<max(ids.count, other.ids.count) {
            let (here, there) = (row < ids.count ? ids[row] : nil, row < other.ids.count ? other.ids[row] : nil)
            if here.map(ExactText.init) != there.map(ExactText.init) {
                throw .idsDiffer(first: path, second: other.path, row: row + 1, firstID: here, secondID: there)
            }
        }
    }

    /// Throws `InputError.noIDs` if only one of the files has ids of its own, unless these number the rows in the same order.
    func requireAlike(_ other: SampleIDs) throws(InputError) {
        if areRows == other.areRows || ExactText.areSame(ids, other.ids) { return }
        throw .noIDs(path: (areRows ? self : other).path, other: (areRows ? other : self).path)
    }

    /// The row in `other` of each of these ids; `other` must hold the same ids, in any order. Throws `InputError.idsDiffer` or
    /// `noIDs`.
    func places(in other: SampleIDs) throws(InputError) -> [Int] {
        if ExactText.areSame(ids, other.ids) { return Array(ids.indices) }
        try requireAlike(other)
        let rows = Dictionary(
            other.ids.enumerated().map { (ExactText($1), $0) }, uniquingKeysWith: { first, _ in first })
        let places = ids.compactMap { rows[ExactText($0)] }
        if places.count < ids.count || ids.count < other.ids.count { try requireSame(as: other) }
        return places
    }
}
