import TestSupport

@testable import LabelFiles

/// A suite that reads label files from a folder of its own.
protocol ReadsLabels {
    var folder: TemporaryFolder { get }
}

extension ReadsLabels {
    /// The labels of a file with this text.
    func read(
        _ text: String, _ reading: LabelReading = LabelReading(), named name: String = "labels.csv"
    ) throws -> LabelTable {
        try LabelTable.read(folder.file(name, holding: Array(text.utf8)), as: reading)
    }

    /// The error of a file with this text, without the folder; empty if there is none.
    func error(
        _ text: String, _ reading: LabelReading = LabelReading(), named name: String = "labels.csv"
    ) -> String {
        let error = thrown(LabelFileError.self) { try read(text, reading, named: name) }
        return (error?.description ?? "").replacing(folder.url.path + "/", with: "")
    }

    /// A header, and rows that begin with an id.
    func table(_ header: String, rows: Int = 12, _ fields: (Int) -> [Any]) -> String {
        header + "\n" + (0..<rows).map { row in "i\(row)" + fields(row).map { ",\($0)" }.joined() + "\n" }.joined()
    }
}
