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
                == "l.csv: none of its ids ('z') is in map.csv ('a'); expected the same ids in both; if another column holds them, "
                + "name it with --id-column")
    }

    @Test(arguments: [
        (["a.png"], ["a"], "the extension"), (["a"], ["sub/a"], "the folder"),
        (["a"], ["x/a.JPG"], "the folder and the extension"),
        (["7"], ["007"], "how the number is written"), (["7.0"], ["7"], "how the number is written"),
        (["A"], ["a"], "the spelling"), ([" a"], ["a"], "the blanks around them"),
        (["1 "], ["01"], "how the number is written and the blanks around them"),
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
                + "order. Give both files the same ids")
        // Ids counted from 1 must not be joined to rows counted from 0.
        #expect(try LabelJoin(["0", "1"], of: "x.npy", with: table(["1", "2"])).rows == [0, 1])
        #expect(
            try error(["0", "1", "2"], ["2", "1", "3"]).hasSuffix(
                "ids count from 1 in one file and from 0 in the other; number both the same way"))
        #expect(try LabelJoin(["0", "1"], of: "x.npy", with: table(["1", "0"])).rows == [1, 0])
    }

    private func otherOrder(_ samples: [String], _ text: String, _ reading: LabelReading = LabelReading()) throws
        -> String
    {
        let folder = try TemporaryFolder()
        let table = try LabelTable.read(folder.file("l.csv", holding: Array(text.utf8)), as: reading)
        do {
            return try LabelJoin(samples, of: "map.csv", with: table).remarks.joined()
                .replacing(table.path, with: "l.csv")
        } catch {
            return error.description.replacing(table.path, with: "l.csv")
        }
    }

    /// A column that is not taken as the ids, but holds the same in another order: by order, each label would be another
    /// sample's.
    @Test func idsInAnotherOrderAreNotJoinedByOrder() throws {
        let numbers = (0..<12).map(String.init)
        func text(_ header: String, _ order: [Int], image: Bool = false) -> String {
            header + "\n"
                + order.map { "\(image ? "i\($0).png," : "")\($0),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
        }
        let order = (0..<12).map { $0 * 5 % 12 }
        let message =
            "l.csv, column 'nr': holds the ids of map.csv in another order, but is not read as ids; name it with "
            + "--id-column, or leave it out with --ignore-columns to join the rows by their order"
        #expect(try otherOrder(numbers, text("nr,label", order)) == message)
        #expect(try otherOrder(numbers, text("image,nr,label", order, image: true)) == message)
        #expect(
            try otherOrder(numbers, text("nr,label", order), LabelReading(ignored: ["nr"]))
                == "l.csv: joined to map.csv by row order, because it has no ids")
        #expect(
            try otherOrder(numbers, text("nr,label", order), LabelReading(idColumn: "nr"))
                == "l.csv: its ids are taken as the row numbers of map.csv, from 0")
        // From 1, as in R and in tables with a column "No.".
        for name in ["Nr", "No.", "frame", "Unnamed: 7"] {
            let text = text("image,\(name),label", order.map { $0 + 1 }, image: true)
            #expect(
                try otherOrder(numbers, text).hasPrefix("l.csv, column '\(name)': holds the ids of map.csv in another"))
            #expect(
                try otherOrder(numbers, text, LabelReading(idColumn: name))
                    == "l.csv: its ids are taken as the row numbers of map.csv, from 1")
            #expect(
                try otherOrder(numbers, text, LabelReading(ignored: [name])).contains("joined to map.csv by row order"))
        }
        // In the same order, both ways of joining agree; of few small numbers nothing can be said.
        #expect(
            try otherOrder(numbers, text("nr,label", Array(0..<12)))
                == "l.csv: joined to map.csv by row order, because it has no ids")
        #expect(
            try otherOrder(["0", "1", "2"], text("nr,label", [1, 0, 2]))
                == "l.csv: joined to map.csv by row order, because it has no ids")
    }

    /// Samples without ids: row numbers were made for them, and are found in other numbers by chance.
    @Test func rowNumbersAreNotMatchedByChance() throws {
        func said(_ ids: [Int], samples: Int = 4, _ reading: LabelReading = LabelReading()) throws -> String {
            let folder = try TemporaryFolder()
            let rows = ids.enumerated().map { "\($1),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
            let table = try LabelTable.read(
                folder.file("l.csv", holding: Array(("id,label\n" + rows).utf8)), as: reading)
            do {
                return try LabelJoin(
                    (0..<samples).map(String.init), of: "x.npy", samplesAreRows: true, with: table
                ).remarks.joined(separator: "; ").replacing(table.path, with: "l.csv")
            } catch {
                return error.description.replacing(table.path, with: "l.csv")
            }
        }
        let byOrder = "l.csv: joined to x.npy by row order, because x.npy only numbers its rows"
        let doubt =
            "l.csv, column 'id': holds the row numbers of x.npy in another order, which has no ids of its own: they may be its "
            + "ids, or the rows may be in the same order already; --id-column id takes them as its row numbers from 0, "
            + "--ignore-columns id joins the rows by their order"
        #expect(try said([0, 1, 2, 3]) == "")
        #expect(try said([1, 2, 3, 4]) == byOrder)
        #expect(try said([2, 0, 3, 1]) == doubt)
        #expect(try said([2, 4, 3, 1]) == doubt.replacing("from 0", with: "from 1"))
        #expect(
            try said([2, 4, 3, 1], LabelReading(idColumn: "id"))
                == "l.csv: its ids are taken as the row numbers of x.npy, from 1")
        #expect(try said([2, 5, 7, 11]) == byOrder)
        #expect(try said([8, 5, 7, 11]) == byOrder)
        #expect(
            try said([0, 1, 2, 3, 4])
                == "l.csv, column 'id': holds whole numbers in 5 rows, but x.npy has 4 rows and no ids; --id-column id takes "
                + "them as its row numbers from 0")
        #expect(
            try said([2, 0, 3, 1], LabelReading(idColumn: "id"))
                == "l.csv: its ids are taken as the row numbers of x.npy, from 0")
        #expect(
            try said([2, 0, 3, 1], LabelReading(ignored: ["id"]))
                == "l.csv: joined to x.npy by row order, because it has no ids")
    }

    @Test func strictNeverJoinsByOrder() throws {
        #expect(
            try error(["0", "1"], ["img_a", "img_b"], isStrict: true)
                == "l.csv: could only be joined to map.csv by row order, because map.csv only numbers its rows; --strict "
                + "expects the same ids in both: --id-column names the column of the labels")
    }
}
