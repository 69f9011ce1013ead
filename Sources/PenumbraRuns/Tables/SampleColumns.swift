import Foundation
import LabelFiles
import TensorFiles

/// Columns that describe samples, for colours and glyphs: those of the label file, and of another file whose rows are found by
/// their ids.
package struct SampleColumns {
    private var sources: [(table: LabelTable, rows: [Int?])] = []
    /// Remarks on how the other file was joined.
    package private(set) var remarks: [String] = []

    /// The columns of `samples` and of `further`. Throws `LabelFileError` or `FileReadError`.
    package init(_ samples: SampleTable, further: URL? = nil, isStrict: Bool = false) throws {
        if let source = samples.source { sources.append(source) }
        guard let further else { return }
        let table = try LabelTable.readColumns(further)
        let join = try LabelJoin(samples.ids.ids, of: samples.ids.path, with: table, isStrict: isStrict)
        sources.append((table, join.rows))
        remarks = table.interpretation.remarks.map { "\(table.path): \($0)" } + join.remarks
    }

    /// Whether there is a column of that name.
    func hasColumn(_ name: String) -> Bool { sources.contains { $0.table.hasColumn(name) } }

    /// The names of all columns except those of ids, each once.
    var names: [String] {
        var seen: Set<String> = []
        return sources.flatMap(\.table.columnNames).filter { seen.insert($0).inserted }
    }

    /// The column of that name; the labels are searched before the other table. Throws `CSVError.missingColumn`, or
    /// `LabelFileError` for an infinity and for more categories than can be told apart.
    func column(named name: String) throws -> SampleColumn {
        guard let (table, rows) = sources.first(where: { $0.table.hasColumn(name) }) else {
            throw CSVError.missingColumn(
                path: sources.map(\.table.path).joined(separator: ", "), name: name,
                header: sources.flatMap(\.table.columnNames))
        }
        return try table.column(named: name).picked(rows)
    }
}
