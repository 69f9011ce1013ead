import Foundation
import LabelFiles
import TensorFiles

/// Columns of what is known of samples, for colours and glyphs: those of the file of labels, and of a further file whose rows
/// are found by their ids.
package struct SampleColumns {
    private var sources: [(table: LabelTable, rows: [Int?])] = []
    /// What is to be said of how the further file was joined.
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

    /// Of all columns but those of ids, each once.
    var names: [String] {
        var seen: Set<String> = []
        return sources.flatMap(\.table.columnNames).filter { seen.insert($0).inserted }
    }

    /// The column of that name, of the labels before the further table. Throws `CSVError.missingColumn`, or
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
