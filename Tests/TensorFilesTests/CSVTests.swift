import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct CSVTests {
    private func parse(_ text: String) throws(CSVError) -> CSVTable {
        try CSVTable.parse(Array(text.utf8), path: "t.csv")
    }

    private func rows(_ table: CSVTable) -> [[String]] { (0..<table.rowCount).map(table.row) }

    @Test(arguments: [
        "a,b\n1,2\n3,4\n", "a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "\u{FEFF}a,b\n1,2\n3,4\n\n\r\n\n",
        "\"a\",\"b\"\n\"1\",2\n3,\"4\"\r\n", "a,b\n1,2\n3,4\r",
    ])
    func formsOfOneTable(text: String) throws {
        let table = try parse(text)
        #expect(table.header == ["a", "b"])
        #expect(rows(table) == [["1", "2"], ["3", "4"]])
        #expect(table.column(1) == ["2", "4"])
    }

    @Test func quotesHoldCommasQuotesAndLineEnds() throws {
        let table = try parse("a,b\n\"x,\"\"y\"\"\r\nz\",\"\"\n,größer 🐭\n")
        #expect(rows(table) == [["x,\"y\"\r\nz", ""], ["", "größer 🐭"]])
    }

    @Test func aSingleColumnMayHoldEmptyFields() throws {
        #expect(try rows(parse("a\n\n1\n\n")) == [[""], ["1"]])
        #expect(try parse("a\n").rowCount == 0)
    }

    @Test(arguments: [
        ("", CSVError.empty(path: "t.csv")),
        ("\u{FEFF}\n\n", .empty(path: "t.csv")),
        ("a,b\n1,2\nx\"y,3\n", .strayQuote(path: "t.csv", line: 3)),
        ("a,b\n\"x\n\"y,3\n", .textAfterQuote(path: "t.csv", line: 3)),
        ("a,b\n1,\"2\n3,4\n", .unclosedQuote(path: "t.csv", line: 2)),
        ("a,b\n1,\"2\"\"", .unclosedQuote(path: "t.csv", line: 2)),
        ("a,b\r1,2", .strayCarriageReturn(path: "t.csv", line: 1)),
        ("a,b\n1,2\n\n3,4\n", .raggedRow(path: "t.csv", line: 3, found: 1, expected: 2)),
        ("a,b\n\"1\n\",2\n3,4,5\n", .raggedRow(path: "t.csv", line: 4, found: 3, expected: 2)),
        ("a,b,a\n", .duplicateColumn(path: "t.csv", name: "a")),
    ])
    func eachFaultIsNamed(text: String, expected: CSVError) {
        #expect(throws: expected) { try parse(text) }
    }

    @Test func invalidUTF8NamesItsLine() {
        #expect(throws: CSVError.notUTF8(path: "t.csv", line: 2)) {
            try CSVTable.parse(Array("a\n".utf8) + [0xFF, 0x0A], path: "t.csv")
        }
    }

    @Test func columnsAreFoundByName() throws {
        let table = try parse("id,x\na,1\n")
        #expect(try table.column(named: "x") == 1)
        let error = CSVError.missingColumn(path: "t.csv", name: "y", header: ["id", "x"])
        #expect(throws: error) { try table.column(named: "y") }
        #expect(error.description == "t.csv: no column 'y'; the columns are id, x")
    }

    @Test(arguments: [
        ("1", 1.0), (" -2.5e-3\t", -2.5e-3), ("+4.", 4), (".5", 0.5), ("1E5", 1e5), ("inf", .infinity),
        ("-Infinity", -.infinity), ("0.1", 0.1), ("1e400", .infinity),
    ])
    func numbers(text: String, value: Double) throws {
        let table = try parse("a,b\nx,\(text)\n")
        #expect(try table.number(0, 1) == value)
        #expect(try table.float(0, 1) == Float(value))
    }

    @Test func notANumberIsANumber() throws {
        #expect(try parse("a,b\nx,NaN\n").number(0, 1).isNaN)
    }

    @Test(arguments: ["", " ", "x", "0x10", "1,5", "--1", "1e", "nan(0x1)", "1 2", "infinit", "٣"])
    func notNumbers(text: String) throws {
        let table = try parse("a,b\ny,1\nx,\"\(text)\"\n")
        let error = CSVError.notANumber(path: "t.csv", row: 2, column: "b", found: text)
        #expect(throws: error) { try table.number(1, 1) }
        #expect(throws: error) { try table.float(1, 1) }
    }

    @Test func wholeNumbers() throws {
        let table = try parse("a,b\n-3, 7 \n1.5,\n")
        #expect(try table.integer(0, 0) == -3)
        #expect(try table.integer(0, 1) == 7)
        #expect(throws: CSVError.notAnInteger(path: "t.csv", row: 2, column: "a", found: "1.5")) {
            try table.integer(1, 0)
        }
    }

    @Test func longFieldsAndHeadersAreShortenedInErrors() {
        let long = String(repeating: "9", count: 100)
        let error = CSVError.notANumber(path: "t.csv", row: 1, column: "a", found: long)
        #expect(error.description.count < 100)
        let many = CSVError.missingColumn(path: "t.csv", name: "y", header: (0..<1000).map { "f\($0)" })
        #expect(many.description.hasSuffix("f10, f11 … (1000 in all)"))
    }

    @Test func manyEmptyLinesTakeLinearTime() throws {
        let table = try parse("a\n" + String(repeating: "\n", count: 1_000_000) + "1\n")
        #expect(table.rowCount == 1_000_001)
    }

    @Test func whatIsWrittenReadsBack() throws {
        let folder = try TemporaryFolder()
        let texts = ["plain", "", "a,b", "say \"x\"", "two\nlines", "cr\r", " spaces ", "größer 🐭"]
        let floats: [Float] = [0, -0.0, 0.1, 1 / 3, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 16_777_216, 1e-7]
        try CSVWriter.write(to: folder.file("t.csv"), header: ["id", "n", "f", "d, e"]) { table in
            for (index, (text, float)) in zip(texts, floats).enumerated() {
                try table.append([.text(text), .integer(index - 3), .float(float), .double(Double(index) / 7)])
            }
        }
        let table = try CSVTable.read(folder.file("t.csv"))
        #expect(table.header == ["id", "n", "f", "d, e"])
        #expect(table.column(0) == texts)
        for row in texts.indices {
            #expect(try table.integer(row, 1) == row - 3)
            #expect(try table.float(row, 2).bitPattern == floats[row].bitPattern)
            #expect(try table.number(row, 3) == Double(row) / 7)
        }
        let text = try String(contentsOf: folder.file("t.csv"), encoding: .utf8)
        #expect(text.hasPrefix("id,n,f,\"d, e\"\nplain,-3,0.0,0.0\n,-2,-0.0,0.14285714285714285\n\"a,b\",-1,0.1,"))
    }

    /// Readers without quoting still get one row per line, whatever the texts contain.
    @Test func tabsWithoutQuotes() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("t.tsv")
        try CSVWriter.write(to: url, header: ["id", "x"], dialect: .tabs) { table in
            try table.append([.text("a,\"b\""), .double(0.5)])
            try table.append([.text("tab\tline\r\nend"), .integer(-1)])
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == "id\tx\na,\"b\"\t0.5\ntab line  end\t-1\n")
        // Readers skip empty lines, and some treat other characters as line ends.
        try CSVWriter.write(to: url, columnCount: 1, dialect: .tabs) { table in
            for text in ["", " \t", "a\u{2028}b\u{85}c\u{B}d", "é"] { try table.append([.text(text)]) }
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == "-\n-  \na b c d\né\n")
    }

    @Test func specialNumbersReadBack() throws {
        let folder = try TemporaryFolder()
        try CSVWriter.write(to: folder.file("t.csv"), header: ["x"]) { table in
            for value in [Float.nan, .infinity, -.infinity] { try table.append([.float(value)]) }
            try table.append([.text("")])
        }
        let table = try CSVTable.read(folder.file("t.csv"))
        #expect(table.column(0) == ["nan", "inf", "-inf", ""])
        #expect(try table.number(0, 0).isNaN)
        #expect(try table.number(2, 0) == -.infinity)
    }

    @Test func everyCutReadsOrThrows() {
        let bytes = Array("a,b\r\n\"x\"\"\",2\r\nü,\"4\n\"\n".utf8)
        for length in bytes.indices { _ = try? CSVTable.parse(Array(bytes.prefix(length)), path: "t.csv") }
    }
}
