import Foundation
import LabelFiles

/// The data of a figure's points apart from their positions: labels, and columns of tables.
package struct FigureSamples {
    package let table: SampleTable
    package let columns: SampleColumns
    /// Remarks about the files, for the user.
    package let remarks: [String]

    /// Reads the labels of the samples `ids`, if there is a file of them, and the additional table of columns.
    ///
    /// Throws `InputError` and what the readers throw. If `content` asks only for a column, the file need not have labels. An
    /// additional table from which nothing is drawn is an error.
    package init(
        _ ids: SampleIDs, labels: URL?, as reading: LabelReading, further: URL?, for content: FigureContent
    ) throws {
        do {
            table =
                try labels.map {
                    try SampleTable.read(
                        $0, as: reading, for: ids, needsLabels: content.needsClasses || !content.namesColumn)
                } ?? SampleTable(ids)
        } catch let error as LabelFileError {
            throw Self.advised(error, reading, content)
        }
        columns = try SampleColumns(table, further: further, as: reading)
        if let further { try Self.requireUse(of: further, columns, ids, for: content) }
        var remarks = table.remarks + columns.remarks
        if let form = table.interpretation?.form, form != .class, table.hasNoIDs,
            table.labels.allSatisfy({ $0 == $0.oneHot })
        {
            remarks.append(
                "\(table.interpretation?.file ?? ""): every label is a single class, as in a run on hard labels; "
                    + "the file of a run on soft labels holds the shares")
        }
        self.remarks = remarks
    }

    /// Throws `InputError.unusable` if all the columns that `content` names exist, but none of them in the table `further`.
    private static func requireUse(
        of further: URL, _ columns: SampleColumns, _ ids: SampleIDs, for content: FigureContent
    ) throws(InputError) {
        let names = content.columnNames(apartFrom: ids)
        // Entropy and class need no column. A column that does not exist is named later.
        let isMissing = names.contains { !["entropy", "class"].contains($0) && !columns.hasColumn($0) }
        if isMissing || names.contains(where: columns.isFurther) { return }
        throw .unusable(
            path: further.path,
            problem: "--columns: nothing is drawn from this table; name one of its columns ("
                + "\(InputError.list(columns.furtherNames))) with --color, --glyph, --facet or --highlight")
    }

    /// The error, with what draws numbers that are not classes if it is about these.
    private static func advised(
        _ error: LabelFileError, _ reading: LabelReading, _ content: FigureContent
    ) -> any Error {
        guard case .fraction(let path, let row, let column, let found) = error else { return error }
        let given = [
            ("--label-column", reading.labelColumn != nil), ("--continuous", content.isContinuous),
            ("--cluster-labels", content.hasClusterLabels), ("--contours classes", content.contours == .classes),
        ].filter(\.1).map(\.0)
        if given.isEmpty && content.colouring == .column(column) { return error }
        let isWord = column.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        return InputError.unusable(
            path: "\(path), row \(row), column '\(column.displayed)'",
            problem:
                "found \(found.displayed); expected the name or whole number of a class; name the column of classes "
                + "with --label-column, or draw these numbers with --color \(isWord ? column : "'\(column.displayed)'")"
                + (given.isEmpty ? "" : ", without \(given.joined(separator: ", "))"))
    }
}
