import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct TSVTests {
    private func table(_ text: String, name: String = "t.tsv") throws -> CSVTable {
        let folder = try TemporaryFolder()
        return try CSVTable.read(folder.file(name, holding: Array(text.utf8)))
    }

    @Test(arguments: ["t.tsv", "T.TSV"]) func tabsSeparateAndCommasAreText(name: String) throws {
        let table = try table("id\tx, y\r\na,b\t 1.5 \r\n\t-2\r\n", name: name)
        #expect(table.header == ["id", "x, y"])
        #expect(table.column(0) == ["a,b", ""])
        #expect(try table.number(0, 1) == 1.5)
        #expect(try table.number(1, 1) == -2)
    }

    @Test func quotesHoldTabs() throws {
        #expect(try table("a\tb\n\"x\ty\"\"\"\t1").row(0) == ["x\ty\"", "1"])
    }

    @Test func theNameDecides() throws {
        #expect(try table("a\tb\n1\t2\n", name: "t.csv").header == ["a\tb"])
        #expect(try table("a,b\n1,2\n").header == ["a,b"])
    }

    @Test func faultsAreThoseOfCommas() throws {
        let folder = try TemporaryFolder()
        let url = try folder.file("t.tsv", holding: Array("a\tb\n1\n".utf8))
        #expect(throws: CSVError.raggedRow(path: url.path, line: 2, found: 1, expected: 2)) { try CSVTable.read(url) }
    }
}
