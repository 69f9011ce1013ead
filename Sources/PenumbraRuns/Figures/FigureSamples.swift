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
    /// Throws `InputError` and what the readers throw. If `content` asks only for a column, the file need not have labels.
    package init(
        _ ids: SampleIDs, labels: URL?, as reading: LabelReading, further: URL?, for content: FigureContent
    ) throws {
        table =
            try labels.map {
                try SampleTable.read(
                    $0, as: reading, for: ids, needsLabels: content.needsClasses || !content.namesColumn)
            } ?? SampleTable(ids)
        columns = try SampleColumns(table, further: further, as: reading)
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
}
