import TestSupport
import Testing

@testable import LabelFiles

/// Tables that pandas writes in JSON.
@Suite struct JSONPandasTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String, _ reading: LabelReading = LabelReading()) throws -> LabelTable {
        try read(text, reading, named: "labels.json")
    }

    /// The advice was to write what the file was already.
    @Test(arguments: [["0", "1"], ["1", "2"], ["4", "17"]]) func rowsByTheirNumbers(numbers: [String]) throws {
        let text =
            #"{"\#(numbers[0])":{"image":"b.png","cat":1,"dog":4},"\#(numbers[1])":{"image":"a.png","cat":3,"dog":2}}"#
        let table = try read(text)
        #expect(table.classes == ["cat", "dog"])
        #expect(table.rows.map(\.id) == ["b.png", "a.png"] && table.rows.map(\.votes) == [[1, 4], [3, 2]])
        #expect(table.interpretation.skipped == [.init(name: "index", reason: "row numbers")])
    }

    @Test func annotationsByTheirNumbers() throws {
        let table = try read(
            #"{"0":{"image":"a.png","worker":"anna","label":"cat"},"1":{"image":"a.png","worker":"ben","label":"dog"},"#
                + #""2":{"image":"b.png","worker":"ben","label":"dog"}}"#)
        #expect(table.form == .annotations && table.rows.map(\.votes) == [[1, 1], [0, 1]])
    }

    /// Numbers that are not those of rows remain ids.
    @Test func idsThatAreNumbers() throws {
        let text = #"{"4":{"task":"x","label":"cat"},"17":{"task":"y","label":"dog"}}"#
        #expect(try read(text).rows.map(\.id) == ["4", "17"])
        let rows = #"{"0":{"image":"a.png","label":"cat"},"1":{"image":"b.png","label":"dog"}}"#
        #expect(try read(rows).rows.map(\.id) == ["a.png", "b.png"])
        #expect(try read(rows, LabelReading(idColumn: "id")).rows.map(\.id) == ["0", "1"])
        #expect(try read(#"{"0":{"cat":1,"dog":4},"1":{"cat":3,"dog":2}}"#).rows.map(\.id) == ["0", "1"])
    }

    /// With whole numbers as ids, the columns were images.
    @Test(arguments: [#""a.png""#, "7"]) func columnsByTheirNames(id: String) {
        #expect(
            error(#"{"image":{"0":\#(id),"1":"b.png"},"cat":{"0":1,"1":3},"dog":{"0":4,"1":2}}"#, named: "labels.json")
                == "labels.json: found one object per column (cat, dog, image), as pandas writes by default; expected one per "
                + #"image: write it with orient="index" or orient="records""#)
    }
}
