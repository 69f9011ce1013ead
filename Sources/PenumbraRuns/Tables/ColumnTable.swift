import Foundation
import TensorFiles

/// Columns of what is known of samples, for colours and glyphs: those of the table of labels, and of a further table whose
/// rows are found by their ids.
package struct ColumnTable {
    /// A column's content, one entry a sample.
    enum Column: Equatable {
        /// Every field is a number, or empty or `nan`, which is nil.
        case numbers([Double?])
        /// Positions in `names`, which are sorted; nil where the field is empty.
        case categories([Int?], names: [String])
    }

    private let ids: SampleIDs
    private var sources: [(table: CSVTable, row: [Int])] = []

    /// More categories than this are names, not kinds.
    static let mostCategories = 200

    /// The columns of `labels`, whose ids are `ids` in their order unless it has neither header nor ids, and of `further`,
    /// which holds a row for each of the ids, in any order and among others. Throws `InputError` and what the reader throws.
    package init(_ ids: SampleIDs, labels: URL?, further: URL? = nil) throws {
        self.ids = ids
        if let labels { sources.append((try CSVTable.read(labels), Array(ids.ids.indices))) }
        guard let further else { return }
        let table = try CSVTable.read(further)
        let found = try SampleIDs(of: table)
        let rows = Dictionary(uniqueKeysWithValues: zip(found.ids.map(ExactText.init), found.ids.indices))
        sources.append(
            (
                table,
                try ids.ids.map { id in
                    if let row = rows[ExactText(id)] { return row }
                    throw InputError.unusable(
                        path: further.path, problem: "no row with the id '\(id.displayed)', which \(ids.path) holds")
                }
            ))
    }

    /// The column of that name, of the labels before the further table. Throws `CSVError.missingColumn`, or `InputError`
    /// for an infinity and for more categories than can be told apart.
    func column(named name: String) throws -> Column {
        guard let (table, rows) = sources.first(where: { $0.table.header.contains(name) }) else {
            throw CSVError.missingColumn(
                path: sources.map(\.table.path).joined(separator: ", "), name: name,
                header: sources.flatMap(\.table.header).filter { $0 != "id" })
        }
        let position = try table.column(named: name)
        if let numbers = try numbers(table, rows, position) { return .numbers(numbers) }
        let texts = rows.map { table[$0, position] }
        let names = Set(texts).subtracting([""]).sorted()
        if names.count > Self.mostCategories {
            throw InputError.unusable(
                path: table.path,
                problem: "column '\(name)' holds \(names.count) different texts, "
                    + "at most \(Self.mostCategories) can be drawn")
        }
        let positions = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        return .categories(texts.map { positions[$0] }, names: names)
    }

    /// Nil where a field is a text.
    private func numbers(_ table: CSVTable, _ rows: [Int], _ position: Int) throws -> [Double?]? {
        var numbers: [Double?] = []
        for row in rows {
            if table[row, position].isEmpty {
                numbers.append(nil)
                continue
            }
            guard let value = try? table.number(row, position) else { return nil }
            if value.isInfinite {
                throw InputError.outOfRange(
                    path: table.path, row: row + 1, column: table.header[position], found: value,
                    expected: "a finite number")
            }
            numbers.append(value.isNaN ? nil : value)
        }
        return numbers
    }
}
