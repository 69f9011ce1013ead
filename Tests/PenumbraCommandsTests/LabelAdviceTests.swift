import TestSupport
import Testing

@testable import PenumbraCommands

/// What errors about label files advise is done on the command line, and helps.
@Suite struct LabelAdviceTests {
    private let folder: TemporaryFolder
    /// 12 rows of features without ids.
    private let features: String

    init() throws {
        folder = try TemporaryFolder()
        features = try folder.file("f.csv", "f0,f1\n" + (0..<12).map { "0.\($0)5,0.\($0 * 7 % 12)1\n" }.joined())
    }

    private func budget(_ labels: String, _ options: String...) -> CommandRun {
        CommandRun(
            arguments: [
                "annotation-budget", labels, "--features", features, "--out", folder.path("o\(options.first ?? "")"),
                "--draws", "2", "--neighbors",
                "3",
            ] + options)
    }

    private func table(_ column: String, first: Int) throws -> String {
        let rows = (0..<12).map { "\($0 * 5 % 12 + first),\($0 % 3 + 1),\(4 - $0 % 4),0\n" }
        return try folder.file("labels.csv", "\(column),cat,dog,unknown\n" + rows.joined())
    }

    /// The advice for a column without a name had no name in it, and the rows were joined by their order where they count from 1.
    @Test(arguments: [("\"\"", "''", ""), ("Unnamed: 0", "'Unnamed: 0'", "Unnamed: 0")], [0, 1])
    func shuffledRowNumbers(column: (header: String, quoted: String, name: String), first: Int) throws {
        let labels = try table(column.header, first: first)
        let refused = budget(labels)
        let list = column.name.isEmpty ? #"unknown,"""# : "unknown,\(column.name)"
        #expect(refused.status != .done)
        #expect(
            refused.errors.contains(
                "--id-column \(column.quoted) takes them as its row numbers from \(first), --ignore-columns '\(list)' joins the "
                    + "rows by their order"), "\(refused.errors)")
        let named = budget(labels, "--id-column", column.name)
        #expect(named.status == .done, "\(named.errors)")
        #expect(named.errors.contains("its ids are taken as the row numbers of"))
        let ignored = budget(labels, "--ignore-columns", list)
        #expect(ignored.status == .done, "\(ignored.errors)")
        #expect(ignored.errors.contains("2 classes: cat, dog") && ignored.errors.contains("by row order"))
    }

    @Test func shuffledNumbersUnderAnotherName() throws {
        let labels = try table("Nr", first: 1)
        #expect(budget(labels).errors.contains("'Nr': it holds the number of each row once, which no class does"))
        let named = budget(labels, "--id-column", "Nr")
        #expect(named.status == .done && named.errors.contains("row numbers of"), "\(named.errors)")
    }
}
