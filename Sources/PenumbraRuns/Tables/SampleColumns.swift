import Foundation
import LabelFiles
import TensorFiles

/// Columns that describe samples, for colours and glyphs: those of the label file, and of another file whose rows are found by
/// their ids.
package struct SampleColumns {
    /// The file of the samples, for errors.
    private let path: String
    private var sources: [(table: LabelTable, rows: [Int?])] = []
    /// The other file.
    private var further: LabelTable?
    /// Remarks on how the other file was joined.
    package private(set) var remarks: [String] = []

    /// The columns of `samples` and of `further`, whose ids and which columns are none are read as `reading` says, and which
    /// takes precedence. Throws `LabelFileError` or `FileReadError`.
    package init(_ samples: SampleTable, further: URL? = nil, as reading: LabelReading = LabelReading()) throws {
        path = samples.ids.path
        if let source = samples.source { sources.append(source) }
        guard let further else { return }
        let table = try Self.table(further, as: reading, isOnly: sources.isEmpty)
        let join = try LabelJoin(
            samples.ids.ids, of: samples.ids.path, samplesAreRows: samples.ids.areRows ? true : nil, with: table,
            isStrict: reading.isStrict == true)
        remarks = table.interpretation.remarks.map { "\(table.path): \($0)" } + join.remarks
        if let labels = sources.first?.table {
            let shared = table.columnNames.filter(Set(labels.columnNames).contains)
            if !shared.isEmpty {
                remarks.append(
                    "\(table.path): used for \(FeatureChoice.list(shared)), which \(labels.path) holds too")
            }
        }
        sources.append((table, join.rows))
        self.further = table
    }

    /// `--id-column` is for the labels and for this table; if it is not the only one, it need not have that column.
    private static func table(_ url: URL, as reading: LabelReading, isOnly: Bool) throws -> LabelTable {
        var reading = LabelReading(idColumn: reading.idColumn, ignored: reading.ignored)
        do {
            do {
                return try LabelTable.readColumns(url, as: reading)
            } catch LabelFileError.noColumn where !isOnly {
                reading.idColumn = nil
                return try LabelTable.readColumns(url, as: reading)
            }
        } catch LabelFileError.contradiction(_, let id, let rows, _) {
            throw InputError.duplicateID(path: url.path, id: id, firstRow: rows[0], secondRow: rows[1])
        }
    }

    /// Whether there is a column of that name.
    func hasColumn(_ name: String) -> Bool { sources.contains { $0.table.hasColumn(name) } }

    /// Whether the other file has a column of that name, which is then taken from there.
    func isFurther(_ name: String) -> Bool { further?.hasColumn(name) ?? false }

    /// The names of the other file's columns except that of its ids.
    var furtherNames: [String] { further?.columnNames ?? [] }

    /// The names of all columns except those of ids, each once.
    var names: [String] {
        var seen: Set<String> = []
        return sources.flatMap(\.table.columnNames).filter { seen.insert($0).inserted }
    }

    /// The column of that name; the other table is searched before the labels. Throws `CSVError.missingColumn`, or
    /// `LabelFileError` for an infinity and for more categories than can be told apart.
    func column(named name: String) throws -> SampleColumn {
        if sources.isEmpty {
            throw InputError.unusable(
                path: path,
                problem:
                    "no table with a column '\(name)' is named; name it with --labels or --columns, which may be the "
                    + "layout itself")
        }
        guard let (table, rows) = sources.last(where: { $0.table.hasColumn(name) }) else {
            throw CSVError.missingColumn(
                path: sources.map(\.table.path).joined(separator: ", "), name: name,
                header: sources.flatMap(\.table.columnNames))
        }
        return try table.column(named: name).picked(rows)
    }
}
