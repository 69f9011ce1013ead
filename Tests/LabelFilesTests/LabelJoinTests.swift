import Foundation
import TestSupport
import Testing

@testable import LabelFiles

@Suite struct LabelJoinTests {
    private func table(_ ids: [String], header: String = "id,label\n") throws -> LabelTable {
        let folder = try TemporaryFolder()
        let rows = ids.enumerated().map { "\($1),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
        return try LabelTable.read(folder.file("l.csv", holding: Array((header + rows).utf8)))
    }

    private func error(_ samples: [String], _ ids: [String], isStrict: Bool = false) throws -> String {
        let table = try table(ids)
        let error = thrown(LabelFileError.self) {
            try LabelJoin(samples, of: "map.csv", with: table, isStrict: isStrict)
        }
        return (error?.description ?? "").replacing(table.path, with: "l.csv")
    }

    @Test func rowsAreFoundInAnyOrder() throws {
        let join = try LabelJoin(["a", "b", "c"], of: "map.csv", with: table(["c", "a", "b"]), isStrict: true)
        #expect(join.rows == [1, 2, 0] && join.remarks.isEmpty && !join.isByOrder)
    }

    /// "é" as one scalar and as two: equal as `String`, but two different files.
    @Test func spellingsOfOneCharacterAreTwoIDs() throws {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        let join = try LabelJoin([decomposed, composed], of: "map.csv", with: table([composed, decomposed]))
        #expect(join.rows == [1, 0] && join.unmatched.isEmpty)
    }

    @Test func whatHasNoPartnerIsCountedAndNamed() throws {
        let join = try LabelJoin(["a", "b", "c"], of: "map.csv", with: table(["c", "z", "y", "x"]))
        #expect(join.rows == [nil, nil, 0] && join.unmatched == ["a", "b"] && join.unused == ["z", "y", "x"])
        #expect(join.remarks[0].hasSuffix("2 samples of 3 in map.csv without a row ('a', 'b')"))
        #expect(join.remarks[1].hasSuffix("3 rows of 4 without a sample in map.csv ('z', 'y', 'x')"))
        #expect(
            try error(["a", "b"], ["b"], isStrict: true) == "l.csv: 1 samples of map.csv have no label ('a')")
        #expect(
            try error(["a"], ["z"])
                == "l.csv: none of its ids ('z') is in map.csv ('a'); --id-column names another column")
    }

    @Test(arguments: [
        (["a.png"], ["a"], "the extension"), (["a"], ["sub/a"], "the folder"),
        (["a"], ["x/a.JPG"], "the folder and the extension"),
        (["7"], ["007"], "how the number is written"), (["7.0"], ["7"], "how the number is written"),
        (["A"], ["a"], "the spelling"),
    ]) func unlikeSpellingsAreNamed(samples: [String], ids: [String], difference: String) throws {
        #expect(try error(samples, ids).hasSuffix("differ only in \(difference); spell both the same way"))
    }

    @Test func withoutIDsTheOrderCounts() throws {
        let join = try LabelJoin(["0", "1"], of: "x.npy", with: table(["img_a", "img_b"]))
        #expect(join.isByOrder && join.rows == [0, 1])
        #expect(
            join.remarks[0].hasSuffix("joined to x.npy by row order, because x.npy only numbers its rows"))
        #expect(
            try error(["0", "1"], ["p", "q", "r"])
                == "l.csv: found 3 rows without ids; expected 2, as in map.csv, because rows without ids are joined by "
                + "order. Name a file of ids with --ids")
        // Ids counted from 1 must not be joined to rows counted from 0.
        #expect(try LabelJoin(["0", "1"], of: "x.npy", with: table(["1", "2"])).rows == [0, 1])
        #expect(
            try error(["0", "1", "2"], ["2", "1", "3"]).hasSuffix(
                "ids count from 1 in one file and from 0 in the other; number both the same way"))
        #expect(try LabelJoin(["0", "1"], of: "x.npy", with: table(["1", "0"])).rows == [1, 0])
    }
}
