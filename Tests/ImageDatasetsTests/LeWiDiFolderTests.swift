import Foundation
import LabelDistributions
import TestSupport
import Testing

@testable import ImageDatasets

struct LeWiDiFolderTests {
    private let folder: TemporaryFolder
    private var root: URL { folder.url }

    init() throws { folder = try TemporaryFolder() }

    private func read() throws(DatasetError) -> Dataset { try DatasetFolder.read(root) }

    /// The 2023 format: lists inside strings.
    @Test func listsOfAnnotations() throws {
        for name in ["1.png", "2.png", "sub/3.jpg", "4.png"] { try folder.write("", to: name) }
        try folder.write(
            """
            {"2": {"text": "a caption", "annotation task": "offensive language detection", "number of annotations": 3,
                   "annotations": "1,0,1", "annotators": "Ann1,Ann2,Ann3", "lang": "en", "hard_label": "1",
                   "soft_label": {"0": 0.33, "1": 0.67}, "split": "train", "other_info": {"domain": "x"}},
             "1": {"text": "", "annotation task": "offensive language detection", "number of annotations": 1,
                   "annotations": "10", "annotators": "Ann2", "soft_label": {"10": 1.0}, "split": "dev"}}
            """, to: "set_train.json")
        try folder.write(
            """
            {"30": {"text": "sub/3.jpg", "annotation task": "x", "annotations": "", "annotators": "",
                    "soft_label": {"0": 0.33, "1": 0.33, "10": 0.33}, "split": "test"},
             "40": {"text": "4", "annotation task": "x", "annotations": "", "soft_label": "", "split": "test"}}
            """, to: "set_test.json")
        let dataset = try read()
        #expect(dataset.format == .lewidi)
        // Classes are sorted by value, regardless of the file's order.
        #expect(dataset.classes == ["0", "1", "10"])
        #expect(dataset.samples.map(\.id) == ["30", "1", "2"])
        #expect(dataset.samples.map(\.subset) == [.test, .validation, .train])
        #expect(dataset.samples.map(\.votes) == [nil, [0, 0, 1], [1, 2, 0]])
        #expect(dataset.samples[0].label.probabilities.allSatisfy { abs($0 - 1.0 / 3) < 1e-12 })
        #expect(dataset.samples[0].imageURL.path == folder.path("sub/3.jpg"))
        #expect(dataset.unlabelled == ["4.png"] && dataset.splitOrigin == .key("split"))
        #expect(
            dataset.notes == [
                "\(root.path): set_test.json, set_train.json are read as annotations in the LeWiDi format"
            ])
    }

    /// The 2025 format: annotations by annotator.
    @Test func annotationsByAnnotator() throws {
        for name in ["a.png", "b.png"] { try folder.write("", to: name) }
        try folder.write(
            """
            {"a": {"number of annotators": 2, "annotators": "Ann1,Ann2", "annotations": {"Ann1": "cat", "Ann2": "dog"},
                   "soft_label": {"cat": 0.5, "dog": 0.5}},
             "b": {"number of annotators": 1, "annotations": {"Ann1": "dog", "Ann2": ""}, "soft_label": ""}}
            """, to: "labels.json")
        var dataset = try read()
        #expect(dataset.classes == ["cat", "dog"])
        #expect(dataset.samples.map(\.votes) == [[1, 1], [0, 1]] && dataset.samples.map(\.subset) == [nil, nil])
        // One class in two spellings, and a class that nobody chose.
        try folder.write(
            """
            {"a": {"annotation task": "x", "annotations": {"Ann1": "0", "Ann2": 1},
                   "soft_label": {"0.0": 0.5, "1.0": 0.5, "2.0": 0}}}
            """, to: "labels.json")
        dataset = try read()
        #expect(dataset.classes == ["0", "1", "2"] && dataset.samples.map(\.votes) == [[1, 1, 0]])
    }

    /// Shares are rounded to two digits in these files.
    @Test func sharesThatContradictTheAnnotations() throws {
        for name in ["a.png", "b.png", "c.png"] { try folder.write("", to: name) }
        try folder.write(
            """
            {"a": {"annotation task": "x", "annotations": "0,1,1", "soft_label": {"0": 0.33, "1": 0.67}},
             "b": {"annotation task": "x", "annotations": "0,1", "soft_label": {"0": 0.9, "1": 0.1}},
             "c": {"annotation task": "x", "annotations": "1", "soft_label": {"0.0": 1}}}
            """, to: "labels.json")
        let dataset = try read()
        #expect(dataset.samples.map(\.votes) == [[1, 2], [1, 1], [0, 1]])
        #expect(
            dataset.notes.last
                == "\(root.path): 2 items have a soft_label that contradicts the annotations (the first is \"b\"); the "
                + "annotations are read")
    }

    /// The order in which the shares of several spellings are added shows in the last digits of their sum.
    @Test func spellingsOfOneClassAreAddedInOrder() throws {
        let shares = #"{" 0": 0.1, "0": 0.2, "0.0": 0.3, "0 ": 0.15, "1": 0.25}"#
        try folder.write(#"{"a": {"soft_label": \#(shares)}}"#, to: "labels.json")
        for _ in 0..<20 {
            let document = try LeWiDiDocument(contentsOf: folder.file("labels.json"))
            #expect(document.items[0].shares == ["0": 0.1 + 0.2 + 0.15 + 0.3, "1": 0.25])
        }
    }

    @Test func someItemsWithoutASplit() throws {
        for name in ["a.png", "b.png"] { try folder.write("", to: name) }
        try folder.write(
            """
            {"a": {"annotation task": "x", "annotations": "1,0", "split": "test"},
             "b": {"annotation task": "x", "annotations": "1,1"}}
            """, to: "labels.json")
        let dataset = try read()
        #expect(dataset.samples.map(\.subset) == [.test, nil] && dataset.splitOrigin == .key("split"))
        #expect(
            dataset.notes.last
                == "\(root.path): 1 of 2 items name no split (the first is \"b\"); they are dealt into five folds by seed 0"
        )
    }

    @Test func aTableBesideThemIsDoubtful() throws {
        try folder.write("", to: "a.png")
        try folder.write(#"{"a": {"annotation task": "x", "annotations": "1,0"}}"#, to: "set.json")
        try folder.write("id,0,1\na,3,0\n", to: "labels.csv")
        let error = DatasetError.severalFormats(path: root.path, formats: [.lewidi, .table])
        #expect(throws: error) { try read() }
        #expect(try DatasetFolder.read(root, as: DatasetReading(format: .lewidi)).samples[0].votes == [1, 1])
        #expect(try DatasetFolder.read(root, as: DatasetReading(format: .table)).samples[0].votes == [3, 0])
    }

    @Test func documentsThatCannotBe() throws {
        for name in ["a.png", "b.png"] { try folder.write("", to: name) }
        let path = folder.path("labels.json")
        func expect(_ item: String, _ problem: String) throws {
            try folder.write(#"{"a": {"annotation task": "x", \#(item)}}"#, to: "labels.json")
            #expect(throws: DatasetError.malformed(path: path, place: "\"a\"", problem: problem)) { try read() }
        }
        try expect(
            #""annotations": "1,0", "annotators": "Ann1""#,
            "found 2 annotations by 1 annotators; expected one from each")
        try expect(
            #""annotations": {"Ann1": "neutral,contradiction"}"#,
            "annotator Ann1 gives the labels neutral,contradiction; expected one label")
        try expect(
            #""annotations": "1", "split": "practice""#, "the split is \"practice\"; expected train, dev or test")
        try folder.write(#"{"z": {"annotation task": "x", "annotations": "1"}}"#, to: "labels.json")
        #expect(throws: DatasetError.imageMissing(path: path, place: "\"z\"", image: folder.path("z"))) { try read() }
        try folder.write(
            #"{"a": {"annotation task": "x", "annotations": "1"}, "b": {"annotations": "1", "text": "x"}"#,
            to: "labels.json")
        #expect(throws: DatasetError.self) { try read() }
        try folder.write(
            #"{"a": {"annotation task": "x", "annotations": "1"}, "A": {"annotations": "1", "text": "a.png"}}"#,
            to: "labels.json")
        #expect(throws: DatasetError.self) { try read() }
    }

    /// One of the two entries was taken.
    @Test func repeatedKeysAreRefused() throws {
        try folder.write("", to: "1.png")
        let entry = #""1": {"annotation task": "x", "annotations": "0", "annotators": "Ann1", "split": "train"}"#
        try folder.write("{\(entry), \(entry)}", to: "set.json")
        let error = DatasetError.malformed(
            path: folder.path("set.json"), place: "the file", problem: "the key \"1\" occurs twice; expected one value")
        #expect(throws: error) { try read() }
    }
}
