import Foundation
import LabelDistributions
import TensorFiles

/// The labels of samples as a file of any known form gives them, one row per sample.
public struct LabelTable: Sendable {
    /// The row of one sample.
    public struct Row: Sendable, Equatable {
        /// As the file spells it.
        public let id: String
        /// Counted from 1 after the header; the first row of the sample.
        public let number: Int
        /// Nil where nobody chose any of the classes.
        public let label: LabelDistribution?
        /// The number of annotators for each class; nil where only shares are known.
        public let votes: [Int]?
        /// The value in the column of splits; nil where there is no such column or the field is empty. `fold` is that
        /// of the folds.
        public let split: String?
        /// See `split`.
        public let fold: String?
    }

    /// The file.
    public let path: String
    /// How the file was read.
    public let interpretation: LabelInterpretation
    /// In the order of the file, or of the first rows of each sample.
    public let rows: [Row]
    /// The names of the columns that decide on training and test; nil where there are none.
    public let splitColumn: String?
    /// See `splitColumn`.
    public let foldColumn: String?
    /// Whether the ids are the numbers of the rows from 0, since the file has none.
    public let idsAreRows: Bool
    /// Whether the user has named the column of ids.
    let idsAreNamed: Bool
    /// Whether it is the table of samples that this program writes, for which no remarks are needed.
    public let isOwn: Bool
    /// Columns and labels that the user has said to skip.
    private let ignored: [String]
    private let records: RecordTable

    /// In class order; empty where the file has no labels.
    public var classes: [String] { interpretation.classes }
    /// Nil where the file has no labels.
    public var form: LabelForm? { interpretation.form }
    /// The names of all columns except that of the ids.
    public var columnNames: [String] { records.header.filter { $0 != interpretation.idColumn } }

    /// How far a sum of shares may be from 1: other tools round. They are then divided by their sum.
    static let shareTolerance = 0.01 + 1e-9

    /// Reads a table (CSV, TSV or with semicolons) or a JSON file of labels. If labels are missing or ambiguous,
    /// `needsLabels` decides whether that is an error. If not, the file is read as a table of other columns, unless the
    /// user specifies its labels. Throws `LabelFileError` or `FileReadError`.
    /// - Complexity: O(size of the file) in time and memory.
    public static func read(
        _ url: URL, as reading: LabelReading = LabelReading(), needsLabels: Bool = true
    ) throws -> LabelTable {
        let records = try RecordTable.read(url, reading)
        let isSaid = reading.form != nil || reading.labelColumn != nil || reading.classes != nil
        if needsLabels || isSaid {
            return try LabelTable(records, ColumnRoles(records, reading), needsLabels: needsLabels)
        }
        if let table = try? LabelTable(records, ColumnRoles(records, reading), needsLabels: false) { return table }
        return try LabelTable(records, ColumnRoles(records, reading, findsLabels: false), needsLabels: false)
    }

    /// Reads the ids and columns of a file without looking for labels. Throws as `read` does.
    public static func readColumns(_ url: URL, as reading: LabelReading = LabelReading()) throws -> LabelTable {
        let records = try RecordTable.read(url, reading)
        return try LabelTable(records, ColumnRoles(records, reading, findsLabels: false), needsLabels: false)
    }

    private init(_ records: RecordTable, _ roles: ColumnRoles, needsLabels: Bool) throws(LabelFileError) {
        self.records = records
        path = records.path
        isOwn = roles.isOwn
        idsAreRows = roles.id == nil
        idsAreNamed = roles.reading.idColumn != nil
        splitColumn = roles.split.map { records.header[$0] }
        foldColumn = roles.fold.map { records.header[$0] }
        var interpretation = LabelInterpretation(file: records.path)
        interpretation.idColumn = roles.id.map { records.header[$0] }
        interpretation.skipped = roles.skipped
        let content: LabelContent
        switch roles.labels {
        case .wide(let columns): content = try WideLabels(roles, columns).content()
        case .class(let column):
            interpretation.labelColumn = records.header[column]
            content = try NamedLabels(roles, [column]).content(form: .class)
        case .annotations(let label, let annotator):
            interpretation.labelColumn = records.header[label]
            interpretation.annotatorColumn = annotator.map { records.header[$0] }
            content = try NamedLabels(roles, [label]).annotations(annotator: annotator)
        case .annotators(let columns):
            interpretation.annotatorColumns = columns.map { records.header[$0] }
            content = try NamedLabels(roles, columns).content(form: .annotators)
        case .none:
            if needsLabels, !Self.hasAppearances(records.header) {
                throw .noClasses(
                    path: records.path, header: records.header, ignored: roles.reading.ignored ?? [])
            }
            content = try LabelContent.ofIDs(roles)
        }
        let names = roles.reading.classes == nil && !isOwn ? content.classes + interpretation.annotatorColumns : []
        if names.contains(where: SampleName.isImage) {
            throw .imagesAsClasses(path: records.path, names: names.filter(SampleName.isImage))
        }
        interpretation.form = content.form
        interpretation.classes = content.classes
        interpretation.skipped += content.skipped
        interpretation.remarks = records.remarks + content.remarks
        rows = content.rows
        ignored = roles.reading.ignored ?? []
        self.interpretation = interpretation
    }

    /// Whether synthetic objects are described, which a figure can draw without labels.
    public var hasAppearances: Bool { Self.hasAppearances(records.header) }

    static func hasAppearances(_ header: [String]) -> Bool {
        ["hue", "ellipse_share"].allSatisfy(header.contains)
    }

    /// Whether there is a column of that name, which may be that of the ids.
    public func hasColumn(_ name: String) -> Bool { records.header.contains(name) }

    /// The column, not that of the ids and not one that the user ignores, that holds the ids of all `samples` in another
    /// order, perhaps spelled in another way; where these count the rows, from 0 or from 1. Nil where there is none.
    /// - Complexity: O(number of rows × number of columns).
    func columnOfIDs(_ samples: [String], countRows: Bool) -> String? {
        let cores = samples.map(SampleName.core)
        return columnOfIDs(cores) ?? (countRows ? columnOfIDs(cores.indices.map { "\($0 + 1)" }) : nil)
    }

    private func columnOfIDs(_ samples: [String]) -> String? {
        let cores = samples
        if rows.count != samples.count || samples.count < Self.leastNumbers && cores.contains(where: { Int($0) != nil })
        {
            return nil
        }
        let wanted = Set(cores)
        return records.header.indices.first { column in
            if records.header[column] == interpretation.idColumn || ignored.contains(records.header[column]) {
                return false
            }
            var left = wanted
            var isInOrder = true
            for (row, sample) in zip(rows, cores) {
                let core = SampleName.core(records.text(row.number - 1, column))
                if left.remove(core) == nil { return false }
                isInOrder = isInOrder && core == sample
            }
            return left.isEmpty && !isInOrder
        }.map { records.header[$0] }
    }

    /// A few small numbers may be all there by chance.
    private static let leastNumbers = 10

    /// What a column holds, one field per row. Throws `LabelFileError`.
    public func column(named name: String) throws(LabelFileError) -> SampleColumn {
        guard let position = records.header.firstIndex(of: name) else {
            throw .csv(.missingColumn(path: path, name: name, header: columnNames))
        }
        return try SampleColumn(records, position, rows: rows.map { $0.number - 1 })
    }
}

/// What one of the forms of labels gives.
struct LabelContent {
    var form: LabelForm?
    var classes: [String] = []
    var rows: [LabelTable.Row] = []
    var skipped: [LabelInterpretation.Skipped] = []
    var remarks: [String] = []

    /// The samples alone. Throws `LabelFileError`.
    static func ofIDs(_ roles: ColumnRoles) throws(LabelFileError) -> LabelContent {
        var collector = RowCollector(roles)
        let table = roles.table
        for row in 0..<table.rowCount {
            try collector.append(row: row, label: nil, votes: nil) { entry in
                table.header.indices.map { table.text(entry.number - 1, $0) }.joined(separator: ", ")
            }
        }
        return LabelContent(rows: collector.rows, remarks: collector.remarks)
    }
}
