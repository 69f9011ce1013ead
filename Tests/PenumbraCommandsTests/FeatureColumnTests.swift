import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Which columns of other programs' tables count as features, and what is reported about the rest.
@Suite struct FeatureColumnTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A number that depends on row and column.
    private static func number(_ row: Int, _ column: Int) -> Double {
        Double(row * row % 17) + Double((column * column + column * row) % 11) * 0.25 + 0.5
    }

    /// Writes a table with the header `names`; `cells` makes each row from its index.
    private func table(
        _ names: [String]?, rows: Int = 12, separator: String = ",", name: String = "t.csv",
        _ cells: (Int) -> [String]
    ) throws -> URL {
        let lines = (names.map { [$0] } ?? []) + (0..<rows).map(cells)
        return URL(
            fileURLWithPath: try folder.file(
                name, lines.map { $0.joined(separator: separator) }.joined(separator: "\n") + "\n"))
    }

    private static func numbers(_ row: Int, _ count: Int) -> [String] { (0..<count).map { "\(number(row, $0))" } }

    private func problem(_ url: URL, _ reading: FeatureReading = FeatureReading(), idsFile: URL? = nil) -> String {
        do {
            let table = try FeatureTable.read(url, reading, idsFile: idsFile)
            return "read: \(table.choice?.lines ?? [])"
        } catch {
            return "\(error)".replacing(folder.url.path + "/", with: "")
        }
    }

    private static func values(_ rows: Int, _ columns: [Int]) -> [Float] {
        (0..<rows).flatMap { row in columns.map { Float(number(row, $0)) } }
    }

    @Test(arguments: ["", "Unnamed: 0", "index", "Id", "ID", "n"])
    func numbersOfRowsAreNoFeatures(name: String) throws {
        let url = try table([name, "a", "b"]) { ["\($0)"] + Self.numbers($0, 2) }
        let found = try FeatureTable.read(url, idsFile: nil)
        #expect(found.matrix.values == Self.values(12, [0, 1]))
        #expect(found.ids.ids == (0..<12).map(String.init))
        let choice = try #require(found.choice)
        #expect(choice.features == ["a", "b"])
        #expect(choice.skipped.count == 1 && ["row number", "ids", "index"].contains(choice.skipped[0].reason))
        #expect(choice.lines[1].hasPrefix("skipped: " + (name.isEmpty ? "unnamed first column" : name) + " ("))
    }

    @Test(arguments: ["label", "Class", "TARGET", "split", "fold", "labels"])
    func labelsAreNoFeatures(name: String) throws {
        let url = try table(["a", "b", name]) { Self.numbers($0, 2) + ["\($0 % 3 * 100)"] }
        let found = try FeatureTable.read(url, idsFile: nil)
        #expect(found.matrix.values == Self.values(12, [0, 1]))
        #expect(found.choice?.lines == ["2 features: a, b", "skipped: \(name) (label)"])
        let named = try FeatureTable.read(url, FeatureReading(columns: ["a", name]), idsFile: nil)
        #expect(named.choice?.features == ["a", name] && named.matrix.values[3] == 100)
    }

    @Test(arguments: [
        ("image_id", "100"), ("filename", "n.png"), ("Image Name", "n.png"), ("name", "w"), ("sample", "7"),
        ("picture", "n.png"), ("gene", "g"),
    ])
    func columnsThatNameTheSamplesAreIDs(name: String, sample: String) throws {
        let names = (0..<12).map { row in
            sample.replacing(/[a-z0-9]+/, maxReplacements: 1) { "\($0.output)\(row * 5 % 12)" }
        }
        let url = try table([name, "a", "b"]) { [names[$0]] + Self.numbers($0, 2) }
        let found = try FeatureTable.read(url, idsFile: nil)
        #expect(found.ids.ids == names && !found.idsAreRows)
        #expect(found.matrix.values == Self.values(12, [0, 1]))
        #expect(found.choice?.lines == ["2 features: a, b (ids from \(name))", "skipped: \(name) (ids)"])
    }

    /// Names of ids that hold something else: repeated or with fractions.
    /// Counting on from such a name ended the process.
    @Test func runsOfTheLargestNumbers() {
        let largest = ["a9223372036854775806", "a9223372036854775807", "a9"]
        #expect(FeatureChoice.runs(largest) == largest)
        #expect(FeatureChoice.runs(["f8", "f9", "f10", "g1"]) == ["f8 … f10", "g1"])
    }

    @Test func otherColumnsAreNoIDs() throws {
        let repeated = try table(["patient_id", "a", "key"]) { row in
            ["\(40 + row / 2)"] + Self.numbers(row, 1) + ["\(row % 5)"]
        }
        let found = try FeatureTable.read(repeated, idsFile: nil)
        #expect(found.idsAreRows)
        #expect(found.choice?.lines == ["2 features: a, key", "skipped: patient_id (another id)"])
        let fractions = try table(["a", "key"]) { Self.numbers($0, 1) + ["\($0).5"] }
        #expect(try FeatureTable.read(fractions, idsFile: nil).choice?.lines == ["2 features: a, key"])
    }

    @Test func predictionsAndClassesByOtherNamesAreNoFeatures() throws {
        let url = try table(["a", "b", "cluster", "Predicted Label", "confidence", "level"]) { row in
            Self.numbers(row, 2) + ["\(row % 3)", "\(row % 2)", "0.\(row)", "\(row).5"]
        }
        #expect(
            try FeatureTable.read(url, idsFile: nil).choice?.lines == [
                "3 features: a, b, level",
                "skipped: cluster (label), Predicted Label (prediction), confidence (prediction)",
            ])
    }

    @Test func namesOfRowsAreIDs() throws {
        // The format of R's `write.csv`.
        let text = try table(["\"\"", "\"V1\"", "\"V2\""]) { ["\"gene\($0)\""] + Self.numbers($0, 2) }
        let found = try FeatureTable.read(text, idsFile: nil)
        #expect(found.ids.ids == (0..<12).map { "gene\($0)" } && !found.idsAreRows)
        #expect(found.choice?.lines[0] == "2 features: V1, V2 (ids from unnamed first column)")
        let counted = try table(["\"\"", "\"V1\"", "\"V2\""]) { ["\"\($0 + 1)\""] + Self.numbers($0, 2) }
        #expect(try FeatureTable.read(counted, idsFile: nil).ids.ids == (1...12).map(String.init))
        // Repeated names cannot identify rows.
        let twice = try table(["", "V1", "V2"]) { ["g\($0 % 3)"] + Self.numbers($0, 2) }
        #expect(try FeatureTable.read(twice, idsFile: nil).idsAreRows)
        // A separate ids file overrides row names, but not an `id` column.
        let ids = URL(fileURLWithPath: try folder.file("ids.csv", "id\n" + (0..<12).map { "s\($0)\n" }.joined()))
        #expect(try FeatureTable.read(counted, idsFile: ids).ids.ids[1] == "s1")
        let own = try table(["id", "V1", "V2"]) { ["g\($0)"] + Self.numbers($0, 2) }
        #expect(problem(own, idsFile: ids).contains("hold different samples: row 1 is 'g0' in the first and 's0'"))
    }

    @Test(arguments: [
        ("", "an empty cell; expected a number; fill the gap, drop the row"),
        ("NA", "'NA'; expected a number; fill"),
        ("NULL", "'NULL'; expected a number; fill"),
        ("\"2,083\"", "'2,083'; expected a number without thousands separators"),
        ("x7", "'x7'; expected a number"), ("1e300", "'1e300'; expected a number that float32 can hold"),
        ("1e400", "'1e400'; expected a number that float32 can hold"),
    ])
    func oneBadCellIsAnErrorWhereverItStands(cell: String, message: String) throws {
        for row in [0, 5, 11] {
            let url = try table(["a", "b", "c"]) {
                Self.numbers($0, 2) + [$0 == row ? cell : "\(Self.number($0, 2))"]
            }
            let found = problem(url)
            #expect(found.hasPrefix("t.csv, row \(row + 1), column 'c': found " + message), "\(found)")
            #expect(found.hasSuffix("or leave the column out with --skip-columns"))
            #expect(try FeatureTable.read(url, FeatureReading(skipColumns: ["c"]), idsFile: nil).matrix.dimension == 2)
        }
    }

    @Test func thousandsThroughoutAreNoText() throws {
        let url = try table(["a", "price"]) { [Self.numbers($0, 1)[0], "\"\($0 + 1),0\($0 + 10)\""] }
        #expect(
            problem(url).hasPrefix(
                "t.csv, row 1, column 'price': found '1,010'; expected a number without thousands separators"))
    }

    @Test func aFamilyIsPreferredToStrays() throws {
        let url = try table(["", "length", "gc", "note"] + (0..<16).map { "emb_\($0)" }) { row in
            ["\(row)", "\(row * 7 % 5)", "0.\(row)", "text"] + Self.numbers(row, 16)
        }
        let found = try FeatureTable.read(url, idsFile: nil)
        #expect(found.matrix.values == Self.values(12, Array(0..<16)))
        #expect(
            found.choice?.lines == [
                "16 features: emb_0 … emb_15 (ids from unnamed first column)",
                "skipped: unnamed first column (row number), length (not emb_*), gc (not emb_*), note (text)",
            ])
    }

    @Test func aFamilyOfFNeedsTwo() throws {
        let alone = try table(["f0", "jitter", "hnr"]) { Self.numbers($0, 3) }
        #expect(try FeatureTable.read(alone, idsFile: nil).choice?.features == ["f0", "jitter", "hnr"])
        let two = try table(["f0", "jitter", "f1"]) { Self.numbers($0, 3) }
        #expect(try FeatureTable.read(two, idsFile: nil).choice?.features == ["f0", "f1"])
        let gap = try table(["f0", "jitter", "f2"]) { Self.numbers($0, 3) }
        #expect(try FeatureTable.read(gap, idsFile: nil).choice?.features == ["f0", "jitter", "f2"])
    }

    @Test func membersOfAFamilyMayCount() throws {
        let url = try table(["id", "f0", "f1"]) { ["s\($0)", "\($0)", "\($0 + 1)"] }
        #expect(try FeatureTable.read(url, idsFile: nil).matrix.dimension == 2)
    }

    @Test func twoFamiliesAreAnError() throws {
        let url = try table(["f0", "f1"] + (0..<16).map { "pc\($0)" }) { Self.numbers($0, 18) }
        #expect(
            problem(url)
                == "t.csv: 2 columns f* and 16 columns pc* could all be the features; name one kind with --columns, such as "
                + "--columns 'f*'")
        let named = try FeatureTable.read(url, FeatureReading(columns: ["pc*"]), idsFile: nil)
        #expect(named.matrix.values == Self.values(12, Array(2..<18)))
        #expect(
            named.choice?.skipped == [
                FeatureChoice.Skipped(column: "f0", reason: "not in --columns"),
                FeatureChoice.Skipped(column: "f1", reason: "not in --columns"),
            ])
        let rest = try FeatureTable.read(url, FeatureReading(skipColumns: ["pc?", "pc1?"]), idsFile: nil)
        #expect(rest.matrix.values == Self.values(12, [0, 1]))
        #expect(rest.choice?.skipped == [FeatureChoice.Skipped(column: "pc0 … pc15", reason: "--skip-columns")])
    }

    @Test func aPatternThatMatchesNothingIsAnError() throws {
        let url = try table(["a", "b"]) { Self.numbers($0, 2) }
        #expect(
            problem(url, FeatureReading(columns: ["emb_*"]))
                == "t.csv: --columns 'emb_*' matches no column; the columns are a, b")
        #expect(problem(url, FeatureReading(skipColumns: ["*"])).contains("there are a (--skip-columns), b"))
    }

    @Test(arguments: ["[1, -0.5, 2e-1]", "[ 1.   -0.5   0.2 ]", "(1,-0.5,0.2)", "[1, -0.5,\n 0.2]"])
    func aCellMayHoldAList(cell: String) throws {
        let url = try table(["", "text", "tokens", "embedding"]) { ["\($0)", "passage", "\($0 * $0)", "\"\(cell)\""] }
        let found = try FeatureTable.read(url, idsFile: nil)
        #expect(found.matrix.dimension == 3 && found.matrix.values.prefix(3) == [1, -0.5, 0.2])
        #expect(
            found.choice?.lines == [
                "3 features: embedding (ids from unnamed first column)",
                "skipped: unnamed first column (row number), text (text), tokens (not in embedding)",
            ])
    }

    @Test(arguments: ["[1, 2]", "[1, 2, x]", "[1, ..., 3]", "[1, , 3]", "[]", "", "7"])
    func aListOfAnotherFormIsAnError(cell: String) throws {
        let url = try table(["embedding"]) { $0 == 7 ? ["\"\(cell)\""] : ["\"[1, \($0), 3]\""] }
        #expect(
            problem(url).hasPrefix(
                "t.csv, row 8, column 'embedding': found \(cell.isEmpty ? "an empty cell" : "'\(cell)'"); expected a "
                    + "list of numbers, as long as those before it"))
    }

    @Test func listsBesideAFamilyOrEachOtherAreAnError() throws {
        let two = try table(["a", "b"]) { ["\"[1, \($0)]\"", "\"[\($0), 2]\""] }
        #expect(
            problem(two).contains(
                "a and b could all be the features; name one kind with --columns, such as --columns 'a'"))
        #expect(try FeatureTable.read(two, FeatureReading(columns: ["b"]), idsFile: nil).matrix.values[2] == 1)
        let mixed = try table(["a", "f0", "f1"]) { ["\"[1, \($0)]\""] + Self.numbers($0, 2) }
        #expect(problem(mixed).contains("2 columns f* and a could all be the features"))
        #expect(
            problem(mixed, FeatureReading(columns: ["*"])).contains(
                "column 'a' holds lists of numbers, which are features"))
    }

    @Test func wordsBeforeNumbersAreIDsWithoutAHeader() throws {
        let url = try table(nil, separator: "\t", name: "w.tsv") { ["w\($0)"] + Self.numbers($0, 4) }
        let found = try FeatureTable.read(url, idsFile: nil)
        #expect(found.ids.ids == (0..<12).map { "w\($0)" } && found.matrix.dimension == 4)
        #expect(
            found.choice?.lines == [
                "4 features: column 2 … column 5 (separated by tabs, no header: the first line is data, ids from column 1)",
                "skipped: column 1 (ids)",
            ])
        let some = try FeatureTable.read(url, FeatureReading(columns: ["2", "5"]), idsFile: nil)
        #expect(some.matrix.values == Self.values(12, [0, 3]) && some.ids.ids[3] == "w3")
    }

    @Test func aLoneQuoteIsACharacter() throws {
        let words = ["a", "\"", "b", "\"c", "d\"", "e\"f", "''", "g", "h", "i", "j", "k"]
        let url = try table(nil, separator: "\t", name: "w.tsv") { [words[$0]] + Self.numbers($0, 4) }
        #expect(try FeatureTable.read(url, idsFile: nil).ids.ids == words)
    }

    @Test(arguments: [(0, 8), (1, 8), (400, 20)]) func aFirstLineThatCountsIsNames(first: Int, count: Int) throws {
        let names = (0..<count).map { "\(first == 400 ? 400 + 5 * $0 : first + $0)" }
        let url = try table(names) { Self.numbers($0, count) }
        let found = try FeatureTable.read(url, idsFile: nil)
        #expect(found.matrix.count == 12 && found.matrix.values == Self.values(12, Array(0..<count)))
        let forced = try FeatureTable.read(url, FeatureReading(hasHeader: false), idsFile: nil)
        #expect(forced.matrix.count == 13)
    }

    @Test(arguments: [(";", "comma"), (";", "point"), ("\t", "comma"), (" ", "point")])
    func separatorsAndDecimalCommasAreFoundAndSaid(separator: String, decimal: String) throws {
        let url = try table(["a", "b", "c"], separator: separator) { row in
            Self.numbers(row, 3).map { decimal == "comma" ? $0.replacing(".", with: ",") : $0 }
        }
        let found = try FeatureTable.read(url, idsFile: nil)
        #expect(found.matrix.values == Self.values(12, [0, 1, 2]))
        let choice = try #require(found.choice)
        #expect(choice.lines[0].contains("separated by ") && choice.hasDecimalCommas == (decimal == "comma"))
    }

    /// `1,234` may be a thousand or a little over one; beside `1,5`, a point may group thousands.
    @Test func doubtfulDecimalsAreAnErrorThatNamesTheOption() throws {
        let url = try table(["a", "b"], separator: ";") { ["\($0 + 1),234", "\($0 + 2),250"] }
        #expect(
            problem(url).hasPrefix(
                "t.csv, row 1, column 'a': found '1,234'; expected a number without thousands separators; if these are "
                    + "decimal commas, give --decimal comma"))
        let commas = try FeatureTable.read(url, FeatureReading(hasDecimalCommas: true), idsFile: nil)
        #expect(commas.matrix.values.prefix(2) == [1.234, 2.25])
        let mixed = try table(["a", "b"], rows: 30, separator: ";") { ["\($0 + 1),5", $0 == 25 ? "1.234" : "2,25"] }
        #expect(
            problem(mixed).hasPrefix(
                "t.csv, row 26, column 'b': found '1.234'; expected a decimal comma, as in other cells"))
    }

    @Test func theCommandSaysAndRecordsTheChoice() throws {
        let features = try table(["", "a", "b", "label"]) { ["\($0)"] + Self.numbers($0, 2) + ["\($0 % 2 * 5)"] }
        let options = ["--perplexity", "3", "--max-iter", "20", "--threads", "1"]
        let run = try ShellRun(
            "$penumbra project t.csv --out o.csv \(options.joined(separator: " "))", in: folder)
        #expect(run.status == 0)
        #expect(run.errors.contains("project: 2 features: a, b (ids from unnamed first column)\n"))
        #expect(run.errors.contains("project: skipped: unnamed first column (row number), label (label)\n"))
        let report = try JSONText.read(LayoutReport.self, from: URL(fileURLWithPath: folder.path("o.json")))
        let choice = try FeatureTable.read(features, idsFile: nil).choice
        #expect(report.columns == choice)
        #expect(try folder.text("o.json").contains("\"reason\" : \"label\""))
    }

    /// The choice of columns is part of a run's identity: a saved state of other columns is not resumed.
    @Test func aChoiceIsPartOfARunsIdentity() throws {
        let url = try table(["a", "b", "c"]) { Self.numbers($0, 3) }
        func identity(_ reading: FeatureReading) throws -> ProjectionState.Identity {
            let projection = Projection(
                features: url, reading: reading, idsFile: nil, parameters: ProjectionParameters(),
                out: URL(fileURLWithPath: folder.path("o.csv")))
            return try projection.identity(of: FeatureTable.read(url, reading, idsFile: nil))
        }
        #expect(try identity(FeatureReading()) == identity(FeatureReading()))
        #expect(try identity(FeatureReading()) != identity(FeatureReading(skipColumns: ["c"])))
    }

    @Test(arguments: [
        ("emb_*", "emb_12", true), ("emb_*", "xemb_1", false), ("*", "", true), ("?", "", false), ("a?c", "abc", true),
        ("*_mean", "f_mean_mean", true), ("a*b*c", "axxbyyc", true), ("a*b*c", "axxbyy", false), ("f1", "f10", false),
    ])
    func patternsAreTheShells(pattern: String, name: String, matches: Bool) {
        #expect(NamePattern(pattern).matches(name) == matches)
    }
}
