import TestSupport
import Testing

@testable import LabelFiles

/// Lists of annotations in JSON, each an object of its own, or a list of annotators beside that of their labels.
@Suite struct JSONEntriesTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String, _ reading: LabelReading = LabelReading()) throws -> LabelTable {
        try read(text, reading, named: "labels.json")
    }

    private func error(_ text: String, _ reading: LabelReading = LabelReading()) -> String {
        error(text, reading, named: "labels.json")
    }

    private static let two = #"[{"annotator":"anna","label":"cat"},{"annotator":"ben","label":"dog"}]"#

    /// It was a list of lists.
    @Test func annotationsInRecords() throws {
        let text =
            #"[{"image":"a.png","split":"train","annotations":\#(Self.two)},{"image":"b.png","split":"test","#
            + #""annotations":[{"annotator":"anna","label":"dog"}]}]"#
        let table = try read(text)
        #expect(table.form == .annotations && table.classes == ["cat", "dog"])
        #expect(table.rows.map(\.id) == ["a.png", "b.png"] && table.rows.map(\.votes) == [[1, 1], [0, 1]])
        #expect(table.rows.map(\.split) == ["train", "test"])
        #expect(table.interpretation.annotatorColumn == "annotator")
        #expect(table.interpretation.remarks == ["one row per entry of 'annotations'"])
        let twice = text.replacing("ben", with: "anna")
        #expect(
            error(twice).contains("annotator 'anna' labels 'a.png' in rows 1 and 2 (cat and dog); expected one label"))
    }

    @Test func annotationsByID() throws {
        let table = try read(#"{"b.png":[{"annotator":"anna","label":"dog"}],"a.png":\#(Self.two)}"#)
        #expect(table.rows.map(\.id) == ["a.png", "b.png"] && table.rows.map(\.votes) == [[1, 1], [0, 1]])
        #expect(table.interpretation.remarks == ["one row per entry of each id's list"])
        #expect(try read(#"{"a.png":\#(Self.two)}"#).rows.map(\.id) == ["a.png"])
        let numbered = Self.two.replacing(#"{"annotator""#, with: #"{"id":7,"annotator""#)
        #expect(try read(#"{"a.png":\#(numbered)}"#).interpretation.skipped.map(\.name) == ["entry_id"])
    }

    @Test(arguments: [
        #"[{"image":"a.png","annotations":\#(two)},{"image":"b.png","annotations":[]},{"image":"c.png"}]"#,
        #"{"a.png":\#(two),"b.png":[],"c.png":[]}"#,
    ]) func recordsWithoutAnnotations(text: String) throws {
        let table = try read(text)
        #expect(table.rows.map(\.id) == ["a.png", "b.png", "c.png"])
        #expect(table.rows.map { $0.label == nil } == [false, true, true])
        #expect(table.interpretation.remarks.contains("2 records without an entry have no label"))
        // Only what the file's structure leaves empty may be without an annotator.
        let nameless = text.replacing(#""annotator":"ben","#, with: "")
        #expect(error(nameless).contains("row 2, column 'annotator': the field is empty"))
    }

    /// The list of an annotator.
    @Test func imagesOfAnnotators() throws {
        let table = try read(
            #"[{"annotator":"anna","labels":[{"image":"a","label":"cat"},{"image":"b","label":"dog"}]},"#
                + #"{"annotator":"ben","labels":[{"image":"a","label":"dog"}]}]"#)
        #expect(table.rows.map(\.id) == ["a", "b"] && table.rows.map(\.votes) == [[1, 1], [0, 1]])
    }

    @Test func labelsInsideAndOutside() throws {
        let text = #"[{"image":"a.png","label":"cat","annotations":\#(Self.two)}]"#
        #expect(
            error(text)
                == "labels.json, columns 'label', 'annotations_label': each could hold the labels; name one with --label-column"
        )
        #expect(try read(text, LabelReading(labelColumn: "annotations_label")).rows[0].votes == [1, 1])
        #expect(try read(text, LabelReading(labelColumn: "label")).form == .class)
        let boxes = #"[{"image":"a.png","label":"cat","annotations":[{"width":3}]}]"#
        #expect(
            error(boxes)
                == "labels.json, columns 'label', 'annotations': the label could be beside the list or in it; leave the list "
                + "out with --ignore-columns annotations, or name the label with --label-column")
        #expect(try read(boxes, LabelReading(ignored: ["annotations"])).classes == ["cat"])
        #expect(try read(boxes, LabelReading(labelColumn: "label")).classes == ["cat"])
    }

    @Test func annotatorsInsideAndOutside() throws {
        let text = #"[{"image":"a.png","user":"eva","annotations":\#(Self.two)}]"#
        #expect(
            error(text)
                == "labels.json, columns 'user', 'annotator': each could name the annotators; name one with --annotator-column"
        )
        #expect(try read(text, LabelReading(annotatorColumn: "annotator")).rows[0].votes == [1, 1])
    }

    @Test(arguments: [
        #""completed_by":{"id":NUMBER}"#, #""annotator":{"name":"a NUMBER"}"#, #""worker":{"id":1,"email":"NUMBER@x"}"#,
        #""annotator":NUMBER,"source":{"id":NUMBER}"#,
    ]) func objectsInEntries(field: String) throws {
        func entry(_ number: Int, _ label: String) -> String {
            #"{\#(field.replacing("NUMBER", with: "\(number)")),"label":"\#(label)"}"#
        }
        let table = try read(
            #"[{"image":"a.png","annotations":[\#(entry(1, "cat")),\#(entry(2, "dog"))]},"#
                + #"{"image":"b.png","annotations":[\#(entry(1, "dog"))]}]"#)
        #expect(table.rows.map(\.id) == ["a.png", "b.png"] && table.rows.map(\.votes) == [[1, 1], [0, 1]])
        #expect(table.interpretation.annotatorColumn != nil)
    }

    @Test func idsInsideAndOutside() throws {
        let entries = #"[{"id":1,"label":"cat"},{"id":2,"label":"dog"}]"#
        let text = #"[{"id":"x","annotations":\#(entries)}]"#
        #expect(
            error(text)
                == "labels.json, columns 'id', 'annotations_id': each could name the images; say which with --id-column"
        )
        #expect(try read(text, LabelReading(idColumn: "id")).rows.map(\.votes) == [[1, 1]])
        #expect(try read(text, LabelReading(idColumn: "annotations_id")).rows.map(\.id) == ["1", "2"])
        let taken = text.replacing(#"{"id":1,"#, with: #"{"id":1,"annotations_id":5,"#)
        #expect(
            error(taken, LabelReading(idColumn: "id"))
                == "labels.json: the key 'id' in 'annotations' would be 'annotations_id', which is another key; expected names "
                + "that differ")
        for name in ["image_id", "photo"] {
            let image = text.replacing(#""id":"x""#, with: #""\#(name)":"x.png""#)
            #expect(try read(image).rows.map(\.id) == ["x.png"])
        }
        #expect(
            error(#"[{"annotations":[{"label":"cat"},{"label":"dog"}]}]"#)
                == "labels.json: found no column that names the images; the columns are label. Name one with --id-column"
        )
    }

    @Test func entriesThatAreNoAnnotations() throws {
        let boxes = #"[{"image":"a.png","objects":[{"bbox":[1,2],"label":"cat"},{"bbox":[1,3],"label":"dog"}]}]"#
        #expect(
            error(boxes)
                == "labels.json, columns 'objects', 'bbox': the entries could be objects in the image rather than annotations "
                + "of it; count each as one annotation with --label-format annotations, or leave them out with "
                + "--ignore-columns objects")
        #expect(try read(boxes, LabelReading(form: .annotations)).rows[0].votes == [1, 1])
        let guesses = boxes.replacing("[1,2]", with: "0.9").replacing("[1,3]", with: "0.1").replacing(
            "bbox", with: "score")
        #expect(
            error(guesses).contains("'objects', 'score': the entries could be annotations, or guesses with a score"))
        #expect(
            error(#"{"train":[{"image":"a.png","label":"cat"}],"test":[{"image":"b.png","label":"dog"}]}"#)
                == "labels.json, 'test': found a list of objects that have ids of their own ('image') under a key; expected "
                + "the ids as keys, or one list of objects that hold what the key says")
        let coco = #"{"images":[{"id":1,"file_name":"a.png"}],"annotations":[{"id":1,"image_id":1,"label":"cat"}]}"#
        #expect(error(coco).contains("found a list of objects beside other lists"))
    }

    @Test func severalLists() throws {
        let text = #"[{"image":"a.png","first":\#(Self.two),"second":\#(Self.two)}]"#
        #expect(
            error(text)
                == "labels.json, columns 'first', 'second': each could hold the annotations; leave all but one out, for example "
                + "with --ignore-columns second")
        #expect(try read(text, LabelReading(ignored: ["second"])).rows[0].votes == [1, 1])
        // Beside a label, a list is skipped as before.
        let spans = #"[{"image":"a.png","label":"cat","spans":[{"start":1}]}]"#
        #expect(try read(spans).interpretation.skipped.map(\.name) == ["spans"])
    }

    @Test func listsOfOtherThings() throws {
        #expect(
            error(#"[{"image":"a.png","annotations":\#(Self.two)},{"image":"b.png","annotations":"cat"}]"#)
                == "labels.json, record 2: found something else than a list of objects in 'annotations', which others hold; "
                + "expected the same in all (or leave it out with --ignore-columns annotations)")
        let lists = #"[{"image":"a.png","cat":1,"dog":2,"boxes":[[1,2]]}]"#
        #expect(
            error(lists)
                == "labels.json, record 1: found a list in the list 'boxes'; expected labels or numbers (or leave it out with "
                + "--ignore-columns boxes)")
        #expect(try read(lists, LabelReading(ignored: ["boxes"])).rows[0].votes == [1, 2])
    }

    /// The advice was three options, none of which worked.
    @Test(arguments: ["annotator_labels", "human_labels", "answers"]) func labelsBesideAnnotators(name: String) throws {
        func text(_ more: String = "") -> String {
            #"[{"image":"a.png",\#(more)"\#(name)":[1,1,0],"annotator_ids":[3,5,6]},"#
                + #"{"image":"b.png",\#(more)"\#(name)":[0,1,null],"annotator_ids":[3,5,6]}]"#
        }
        let table = try read(text())
        #expect(table.form == .annotations && table.classes == ["0", "1"])
        #expect(table.rows.map(\.votes) == [[1, 2], [1, 1]])
        #expect(
            table.interpretation.remarks.first == "the labels in '\(name)' are by the annotators in 'annotator_ids'")
        #expect(try read(text(), LabelReading(form: .annotators)).rows.map(\.votes) == [[1, 2], [1, 1]])
        #expect(try read(text(), LabelReading(labelColumn: name)).interpretation.labelColumn == name)
        #expect(
            error(text().replacing("[3,5,6]", with: "[3,5]"))
                == "labels.json, record 1: found 3 values in '\(name)' and 2 in 'annotator_ids'; expected a label for each "
                + "annotator")
    }

    @Test func aLabelBesideThoseOfAnnotators() throws {
        let text = #"[{"image":"a.png","label":1,"annotator_labels":[1,1,0],"annotators":["x","y","z"]}]"#
        #expect(
            error(text)
                == "labels.json, columns 'label', 'annotator_labels': each could hold the labels; name one with --label-column"
        )
        #expect(try read(text, LabelReading(labelColumn: "annotator_labels")).rows[0].votes == [1, 2])
        #expect(try read(text, LabelReading(labelColumn: "label")).form == .class)
    }

    @Test func annotatorsBesideVotes() throws {
        for votes in [#""votes":[3,1]"#, #""labels":["cat","dog"],"counts":[3,1]"#, #""votes":{"cat":3,"dog":1}"#] {
            let text = #"[{"image":"a.png",\#(votes),"annotators":["x","y"]}]"#
            #expect(try read(text).rows[0].votes == [3, 1])
            let numbered = text.replacing(#"["x","y"]"#, with: "[7,8]")
            #expect(error(numbered).hasSuffix("for example with --ignore-columns annotators"))
            #expect(try read(numbered, LabelReading(ignored: ["annotators"])).rows[0].votes == [3, 1])
        }
    }

    /// The error spoke of "two values of '0'", or named options that did not work.
    @Test func listsOfWhichOneHoldsTheLabels() throws {
        let who = #"[{"image":"a.png","human_labels":[1,1,0],"who":[3,5,6]}]"#
        #expect(
            error(who)
                == "labels.json, columns 'human_labels', 'who': each could hold the labels; leave all but one out, for example "
                + "with --ignore-columns who")
        #expect(try read(who, LabelReading(form: .annotators, ignored: ["who"])).rows[0].votes == [1, 2])
        let chaos =
            #"[{"uid":"a","label_count":[3,1,0],"label_dist":[0.75,0.25,0]},"#
            + #"{"uid":"b","label_count":[0,4,0],"label_dist":[0,1,0]}]"#
        #expect(
            error(chaos)
                == "labels.json, columns 'label_count', 'label_dist': each could hold the labels; leave all but one out, for "
                + "example with --ignore-columns label_dist")
        #expect(try read(chaos, LabelReading(ignored: ["label_dist"])).rows.map(\.votes) == [[3, 1, 0], [0, 4, 0]])
        #expect(try read(chaos, LabelReading(ignored: ["label_count"])).form == .distribution)
    }
}
