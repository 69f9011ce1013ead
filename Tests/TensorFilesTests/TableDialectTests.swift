import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct TableDialectTests {
    private func table(
        _ text: String, name: String = "t.csv", hints: TableDialect.Hints = .init()
    ) throws -> CSVTable {
        let folder = try TemporaryFolder()
        return try CSVTable.read(folder.file(name, holding: Array(text.utf8)), hints: hints)
    }

    @Test(arguments: [
        ("a,b\n1,2\n3,4\n", TableDialect.Separator.comma), ("a;b\n1;2\n", .semicolon), ("a\tb\n1\t2\n", .tab),
        ("a b\n1  2\n 3 4 \n", .blank), ("id, label\ns 1, cat\n", .comma), ("a,b c\n1,2\n", .comma), ("a\n1\n", .comma),
        ("id;text\n1;a, b\n2;c\n", .semicolon), ("a, b, c\n1, 2, 3\n", .comma), ("a|b\n1|2\n", .pipe),
        ("a | b\n1 | 2\n", .pipe), ("a|b,c\n1|2,3\n", .comma), ("id, label\na, \"cat\"\nb, dog\n", .comma),
    ]) func theSeparatorIsFoundInTheRecords(text: String, separator: TableDialect.Separator) throws {
        #expect(try table(text).dialect.separator == separator)
    }

    /// Foundation's path functions crash on the second line.
    @Test func aFieldThatBeginsWithCodeZeroIsRead() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("t.csv", holding: Array("a/////\n\"\0)\"\n".utf8))
        #expect(try CSVTable.read(file).row(0) == ["\0)"])
    }

    @Test(arguments: [
        ("a/b.tar.gz", "b.tar.gz", "gz", "a/b.tar"), ("b.png//", "b.png", "png", "b"),
        (".hidden", ".hidden", "", ".hidden"),
        ("a.", "a.", "", "a."), ("", "", "", ""), ("//", "//", "", "//"), ("a.b/c", "c", "", "a.b/c"),
        ("\0).x", "\0).x", "x", "\0)"),
    ]) func partsOfPaths(path: String, name: String, suffix: String, rest: String) {
        #expect(PathText.name(of: path) == name)
        #expect(PathText.fileExtension(of: path) == suffix)
        #expect(PathText.withoutExtension(path) == rest)
    }

    @Test func whatStandsForNothing() {
        let missing = [
            "", " ", "\t ", "NA", "n/a", " NaN ", "#N/A", "<na>", "null", "  None", "nil\u{A0}", "-", "--", "–", "—",
            "      NULL      ", ".", "n.a.", "NaT", #"\N"#, "#REF!", "#VALUE!", "#DIV/0!", "<undefined>", " . ",
        ]
        #expect(missing.filter { !MissingField.isOne($0) } == [])
        let present = [
            "0", "1e3", " 7", "-1", "nano", "none.", "no", "—–", "a", "notmissing", "\u{A0}abcdefgh", ".5", "+", "nat",
            "missing", "..", "-.",
        ]
        #expect(present.filter(MissingField.isOne) == [])
    }

    @Test func blanksInARowAreOneSeparator() throws {
        let table = try table("a b\n1  2\n 3 4 \n")
        #expect(table.row(0) == ["1", "2"] && table.row(1) == ["3", "4"])
    }

    /// Blanks separated the fields, whose names then ended in commas.
    @Test func blanksAfterCommasSeparateNothing() throws {
        let table = try table("image, label\na.png, \"cat, small\"\n\"b.png\" , dog\n")
        #expect(table.row(0) == ["a.png", "cat, small"] && table.row(1) == ["b.png", " dog"])
        // One line of another form, in which blanks also make two fields.
        let line = thrown(CSVError.self) { try self.table("id, label\na, cat\nb dog\n") }
        #expect(line?.description.hasSuffix("line 3: found 1 field; expected 2, as in the header") == true)
        #expect(throws: CSVError.self) { try self.table("id, label\na, \"cat\" x\n") }
        #expect(try self.table("word a\n# 0.5\n, 1.5\n").dialect.separator == .blank)
    }

    /// It was a table of one column.
    @Test(arguments: [
        "image|label\na|cat\nb|dog\n", "image | label\na | cat\nb | dog\n", "image| label\na|\" cat\"\nb|dog\n",
    ])
    func pipesSeparateFields(text: String) throws {
        let table = try table(text)
        #expect(table.dialect == TableDialect(separator: .pipe) && table.rowCount == 2)
        #expect(table.header.map { $0.trimmingCharacters(in: .whitespaces) } == ["image", "label"])
        #expect(table.column(1).map { $0.trimmingCharacters(in: .whitespaces) } == ["cat", "dog"])
        // pandas' row numbers.
        #expect(try self.table("|x|y\n0|1.5|2\n1|2.5|3\n").header == ["", "x", "y"])
    }

    @Test(arguments: ["| a | b |\n| --- | --: |\n| 1 | 2 |\n", "a|b\n-|-\n1|2\n"])
    func markdownIsAnotherKind(text: String) throws {
        let error = thrown(CSVError.self) { try table(text) }
        #expect(
            error?.description.hasSuffix(
                "found a table in Markdown; expected a table of text: save it separated by commas") == true)
    }

    /// numpy's `savetxt` marks the header as a comment; the first name was `# id`.
    @Test(arguments: [
        "# id,cat\ns0,1\ns1,2\n", "#  id,cat\ns0,1\ns1,2\n", "\u{FEFF}# id;cat\ns0;1\ns1;2\n",
        "# id\tcat\ns0\t1\ns1\t2\n",
        "# id cat\ns0 1\ns1 2\n",
    ]) func aHeaderMayBeAComment(text: String) throws {
        let table = try table(text)
        #expect(table.header == ["id", "cat"] && table.row(0) == ["s0", "1"] && table.rowCount == 2)
        #expect(try self.table("# 0,1,2\n0.5,1.5,0.1\n").header == ["0", "1", "2"])
    }

    @Test(arguments: [
        ("#1,cat\na,1\n", ["#1", "cat"]), ("#,cat\n1,5.5\n", ["#", "cat"]), ("# ,cat\n1,5.5\n", ["# ", "cat"]),
        ("id,# cat\na,1\n", ["id", "# cat"]), ("# cat\n1 5.5\n", ["#", "cat"]),
    ]) func otherNamesKeepTheirSigns(text: String, header: [String]) throws {
        #expect(try table(text).header == header)
        // In the data, too.
        #expect(try table("# 0.5 1.5\nthe 0.7 0.1\n", hints: .init(header: .no)).row(0) == ["#", "0.5", "1.5"])
    }

    @Test func decimalCommasBecomePoints() throws {
        let numbers = try table("x;y;note\n1,65;-0,5e3;a, b\n2,5;7;c\n")
        #expect(numbers.dialect == TableDialect(separator: .semicolon, hasDecimalCommas: true))
        #expect(try numbers.number(0, 0) == 1.65 && numbers.number(0, 1) == -500)
        #expect(numbers[0, 2] == "a, b")
        // Without a header, commas split the lines evenly too, but not into numbers.
        #expect(try table("1,65;-0,5\n2,5;7,5\n").dialect.separator == .semicolon)
        // Groups of exactly three digits may be thousands.
        #expect(try !table("x;y\n1,234;5\n").dialect.hasDecimalCommas)
        #expect(try !table("x;y\n1,2;0.5\n").dialect.hasDecimalCommas)
    }

    @Test func aTieNamesTheOption() throws {
        let tie = "a,b;c\nd,e;f\n"
        let folder = try TemporaryFolder()
        let url = try folder.file("t.csv", holding: Array(tie.utf8))
        let error = CSVError.separatorDoubtful(path: url.path, candidates: [.comma, .semicolon], option: nil)
        #expect(throws: error) { try CSVTable.read(url, hints: .init()) }
        let prefix = "\(url.path): comma or semicolon could separate the fields; "
        #expect(error.description == prefix + "save the table separated by commas")
        let named = thrown(CSVError.self) { try CSVTable.read(url, hints: .init(options: .init(separator: "--s"))) }
        #expect(named?.description == prefix + "name one with --s")
        let read = try table(tie, hints: .init(separator: .semicolon, header: .no))
        #expect(read.row(1) == ["d,e", "f"])
        #expect(try table("a\tb c\nd\te f\n", name: "t.tsv").dialect.separator == .tab)
    }

    @Test func unequalRowsAreTheReadersError() throws {
        #expect(throws: CSVError.self) { try table("a,b\n1,2,3\n") }
    }

    @Test(
        arguments: [
            ("id,label\ns0,cat\ns1,dog\n", true), ("s0,cat\ns1,cat\n", false), ("a.png,cat\nb.png,dog\n", false),
            ("file.name,x\nb.png,dog\n", true), ("image,label\nlabel,label\n", true),
            ("w0,0.5,1.5\nw1,2.5,3.5\n", false),
            (",x\n0,1.5\n1,2.5\n", true), ("0.5,1.5,0.1\n0.1,0.2,0.7\n", false), ("0,1,2\n0.1,0.2,0.7\n", true),
            ("1,2,3,4\n0.4,0.3,0.2,0.8\n", true), ("400,402.5,405\n1,5,2\n", true), ("im.png,3,2\nin.png,1,0\n", false),
            ("image,0,1,2,fold\na.png,3,0,0,1\n", true), ("a,1\nb,2\n", false), ("a,b\n", true), ("1.5,2.5\n", false),
            ("x,y\nNA,1\n2,3\n", true), ("NA,1\n2,3\n4,5\n", false), ("0,1\n1.5,2.5\n", true),
            ("1,2,3,4,5,6\n1,3,4,5,6,9\n2,4,6,8,9,10\n", nil), ("0,1\n1,0\n", nil),
        ] as [(String, Bool?)]) func aHeaderIsFoundInTheWholeFirstLine(text: String, expected: Bool?) throws
    {
        var hints = TableDialect.Hints(columnNames: ["image"])
        guard let expected else {
            let error = thrown(CSVError.self) { try table(text, hints: hints) }
            #expect(error?.description.hasSuffix("; save the table with names of columns") == true)
            hints.options = TableDialect.OptionNames(header: "--h")
            let named = thrown(CSVError.self) { try table(text, hints: hints) }
            #expect(named?.description.hasSuffix("; say which with --h yes or --h no") == true)
            return
        }
        #expect(try table(text, hints: hints).dialect.hasHeader == expected)
    }

    @Test func theUserAndTheCallerDecide() throws {
        let hints = TableDialect.Hints(header: .no)
        #expect(try table("id,label\ns0,cat\n", hints: hints).row(0) == ["id", "label"])
        #expect(try table("s0,1\ns1,2\n", hints: .init(header: .yes)).header == ["s0", "1"])
        #expect(try table("0,1\n1,0\n", hints: .init(doubtfulHeader: false)).rowCount == 2)
    }

    @Test func aLoneQuoteInATSVIsACharacter() throws {
        let words = try table("\"\t0.5\t1\na\t2\t3\n\"\t4\t5\nsay \"x\"\t6\t7\n\"b\"\t8\t9\n", name: "t.tsv")
        #expect(words.rowCount == 5)
        #expect(words.column(0) == ["\"", "a", "\"", "say \"x\"", "b"])
        let two = try table("a\tb\n\"x\ny\"\t1\n", name: "t.tsv")
        #expect(two.row(0) == ["x\ny", "1"])
    }

    @Test(arguments: [
        (",", TableDialect.Separator.comma), ("\\t", .tab), ("Tab", .tab), (" ", .blank), ("space", .blank),
        (";", .semicolon), ("|", .pipe), ("pipe", .pipe),
    ]) func separatorsHaveWords(word: String, separator: TableDialect.Separator) {
        #expect(TableDialect.Separator(word: word) == separator)
        #expect(TableDialect.Separator(word: ":") == nil)
    }

    @Test func whatIsUnusualIsSaid() throws {
        #expect(
            try table("w0;0,5;1,5\nw1;2,5;3,5\n", hints: .init(separator: .semicolon)).dialect.remarks == [
                "separated by semicolons", "decimal commas", "no header: the first line is data",
            ])
        #expect(TableDialect().remarks.isEmpty)
    }
}
