import Foundation
import TestSupport
import Testing

@testable import LabelFiles

@Suite struct JSONLabelsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(
        _ text: String, name: String = "labels.json", _ reading: LabelReading = LabelReading()
    ) throws -> LabelTable {
        try LabelTable.read(folder.file(name, holding: Array(text.utf8)), as: reading)
    }

    @Test func annotationsByID() throws {
        let table = try read(#"{"b.png": {"ann": "dog"}, "a.png": {"ben": "cat", "ann": "dog", "cem": null}}"#)
        #expect(table.form == .annotations && table.classes == ["cat", "dog"])
        #expect(table.rows.map(\.id) == ["a.png", "b.png"] && table.rows.map(\.votes) == [[1, 1], [0, 1]])
        let codes = try read(#"{"a.png": {"annotator_1": 0, "annotator_2": 2}, "b.png": {"annotator_1": 0}}"#)
        #expect(codes.form == .annotations && codes.classes == ["0", "2"])
    }

    @Test func distributionsAndClassesByID() throws {
        let shares = try read(#"{"a": {"cat": 0.25, "dog": 0.75}, "b": {"cat": 1, "dog": 0}}"#)
        #expect(shares.form == .distribution && shares.rows[0].label?.probabilities == [0.25, 0.75])
        #expect(try read(#"{"a": [0.25, 0.75], "b": [1, 0]}"#).classes == ["0", "1"])
        let votes = try read(#"{"a": {"cat": 3, "dog": 1}, "b": {"cat": 0, "dog": 5}}"#)
        #expect(votes.form == .votes && votes.rows[1].votes == [0, 5])
        #expect(try read(#"{"a": "cat", "b": "dog"}"#).form == .class)
        #expect(try read(#"{"a": ["cat", "dog", "cat"], "b": ["dog"]}"#).rows.map(\.votes) == [[2, 1], [0, 1]])
        let truth = try read(
            #"{"a": {"cat": true, "dog": false}, "b": {"cat": false, "dog": true}, "c": {"cat": true, "dog": false}}"#)
        #expect(truth.form == .votes && truth.rows.map(\.votes) == [[1, 0], [0, 1], [1, 0]])
        let doubtful = #"{"a": {"cat": 3}, "b": {"cat": 1, "dog": 5}}"#
        #expect(throws: LabelFileError.self) { try read(doubtful) }
        #expect(try read(doubtful, LabelReading(form: .votes)).rows[0].votes == [3, 0])
    }

    @Test(arguments: ["labels.json", "labels.jsonl"]) func recordsInAListOrOnePerLine(name: String) throws {
        let records = [
            #"{"image": "a.png", "label": "cat", "split": "train"}"#,
            #"{"image": "b.png", "label": "dog", "split": "test"}"#,
        ]
        let text =
            name == "labels.json" ? "[\(records.joined(separator: ","))]" : records.joined(separator: "\n") + "\n"
        let table = try read(text, name: name)
        #expect(table.form == .class && table.rows.map(\.split) == ["train", "test"])
        let nested = try read(#"[{"id": "a", "soft_label": {"cat": 0.5, "dog": 0.5}}]"#)
        #expect(nested.form == .distribution && nested.classes == ["cat", "dog"])
    }

    @Test func tasksOfLabelStudio() throws {
        let text = #"""
            [{"id": 1, "data": {"image": "/data/local-files/?d=set/a.png"}, "annotations": [
              {"completed_by": 1, "result": [{"type": "choices", "value": {"choices": ["cat"]}}]},
              {"completed_by": {"id": 2, "email": "b@x"}, "result": [{"type": "choices", "value": {"choices": ["dog"]}}]},
              {"completed_by": 3, "was_cancelled": true, "result": []}]},
             {"id": 2, "data": {"image": "b.png"}, "annotations": []}]
            """#
        let table = try read(text)
        #expect(table.form == .annotations && table.rows.map(\.id) == ["set/a.png"] && table.rows[0].votes == [1, 1])
        let two = text.replacing(#"["cat"]"#, with: #"["cat", "dog"]"#)
        let error = thrown(LabelFileError.self) { try read(two) }
        #expect(
            error?.description.hasSuffix("record 1, annotation 1: found 2 choices (cat, dog); expected one") == true)
    }

    @Test func rawVotesOfDCIC() throws {
        let table = try read(
            #"[{"name": "s1", "user_mail": "u", "annotations": [{"image_path": "M/fold1/a.png", "class_label": "g"}]}]"#
        )
        #expect(table.rows.map(\.id) == ["M/fold1/a.png"] && table.classes == ["g"])
    }

    @Test(arguments: [
        "{", "[1, 2]", "3", "{}", #"{"a": 1, "b": [1]}"#, #"[{"a": [[1]]}]"#, #"[{"id": "a", "x": [1, 2]}]"#,
        "{\"a\": 1}\n[]\n",
    ]) func otherStructuresAreRefused(text: String) {
        #expect(throws: LabelFileError.self) { try read(text) }
        for length in text.indices { _ = try? read(String(text[..<length])) }
    }

    private func error(_ text: String, name: String = "labels.json") -> String {
        let error = thrown(LabelFileError.self) { try read(text, name: name) }
        return (error?.description ?? "").replacing(folder.url.path + "/", with: "")
    }

    /// Keys that differ only in case were taken at random.
    @Test func keysOfImagesThatDifferInCase() throws {
        func task(_ data: String) -> String {
            #"[{"data": {\#(data)}, "annotations": [{"result": [{"value": {"choices": ["cat"]}}]}]}]"#
        }
        #expect(
            error(task(#""Image": "a.png", "IMAGE": "b.png""#))
                == "labels.json, record 1: found IMAGE, Image in 'data'; expected one of them")
        #expect(try read(task(#""Image": "a.png", "image": "b.png""#)).rows.map(\.id) == ["b.png"])
        #expect(try read(task(#""Image": "a.png", "other": "b.png""#)).rows.map(\.id) == ["a.png"])
    }

    /// Of several faults, the one whose key comes first in class order.
    @Test func theSameFaultIsAlwaysNamed() {
        func record(_ value: String) -> String {
            #"[{"id": "a", \#((10..<30).map { #""k\#($0)": \#(value)"# }.joined(separator: ", "))}]"#
        }
        #expect(error(record(#"{"a": [1]}"#)) == "labels.json, record 1: 'k10' holds more than a label")
        #expect(
            error(record("[1, 2]")).hasPrefix(
                "labels.json, columns 'k10', 'k11', 'k12', 'k13', 'k14', 'k15' …: each could hold the labels; leave all but one "
                    + "out, for example with --ignore-columns k11,k12,"))
    }

    /// One of the values was taken.
    @Test func repeatedKeys() {
        #expect(
            error(#"{"im0.png": "dog", "im1.png": "cat", "im0.png": "cat"}"#)
                == "labels.json: the key 'im0.png' occurs twice; expected one value")
        let record = #"{"id": "b", "label": "cat", "label": "dog"}"#
        #expect(
            error(#"[{"id": "a", "label": "cat"}, \#(record)]"#)
                == "labels.json, record 2: the key 'label' occurs twice; expected one value")
        #expect(
            error("{\"id\": \"a\", \"label\": \"cat\"}\n\n\(record)\n", name: "labels.jsonl")
                == "labels.jsonl, line 3: the key 'label' occurs twice; expected one value")
        #expect(
            error(#"{"a": {"cat": 1, "cat": 2, "dog": 0}}"#)
                == "labels.json, 'a': the key 'cat' occurs twice; expected one value")
    }
}
