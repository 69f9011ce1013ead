import TestSupport
import Testing

@testable import LabelFiles

/// Exports of annotation tools, and what annotators write where they do not label.
@Suite struct AnnotationToolTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// "accept" was the only class.
    @Test func choicesOfProdigy() throws {
        func record(_ image: String, _ accept: String, _ answer: String, _ annotator: String) -> String {
            #"{"image":"\#(image)","options":[{"id":"cat","text":"Cat"},{"id":"dog","text":"Dog"}],"accept":[\#(accept)],"#
                + #""answer":"\#(answer)","_timestamp":17,"_annotator_id":"\#(annotator)","config":{"a":[1]},"split":"train"}"#
        }
        let lines = [
            record("a.png", #""cat""#, "accept", "ann"), record("a.png", #""dog""#, "accept", "ben"),
            record("b.png", #""dog""#, "reject", "ann"), record("b.png", "", "ignore", "ben"),
            record("c.png", #""dog""#, "accept", "ann"),
        ]
        let table = try read(lines.joined(separator: "\n"), named: "prodigy.jsonl")
        #expect(table.form == .annotations && table.classes == ["cat", "dog"])
        #expect(table.rows.map(\.votes) == [[1, 1], [0, 0], [0, 1]] && table.rows[0].split == "train")
        #expect(table.interpretation.annotatorColumn == "annotator")
        #expect(table.interpretation.remarks == ["2 annotations without a class skipped"])
        let several = record("a.png", #""cat","dog""#, "accept", "ann") + "\n" + lines[4]
        #expect(
            error(several, named: "prodigy.jsonl")
                == "prodigy.jsonl, record 1: found 2 choices (cat, dog); expected one")
        let session = lines[0].replacing("_annotator_id", with: "_session_id").replacing(
            "a.png", with: "data:image/png,x"
        )
        .replacing(#""options""#, with: #""path":"a.png","options""#)
        #expect(try read("[\(session)]", named: "prodigy.jsonl").rows.map(\.id) == ["a.png"])
    }

    @Test func workersOfAppen() throws {
        let text = "image_url,_worker_id,_tainted,category\na,1,false,cat\na,2,false,dog\nb,1,true,dog\n"
        #expect(error(text).contains("column '_tainted': found 'true' in row 3; its label would count like all others"))
        let table = try read(text, LabelReading(ignored: ["_tainted"]))
        #expect(table.form == .annotations && table.rows.map(\.votes) == [[1, 1], [0, 1]])
        #expect(try read(text.replacing("true", with: "false")).rows.count == 2)
    }

    /// The status says "Submitted" until the requester has answered.
    @Test func rejectionsOfMTurk() throws {
        let text =
            "Input.image_url,WorkerId,AssignmentStatus,Answer.label,Approve,Reject\na,w1,Submitted,cat,x,\n"
            + "a,w2,Submitted,dog,,You guessed\nb,w1,Submitted,dog,x,\n"
        let reading = LabelReading(idColumn: "Input.image_url", labelColumn: "Answer.label")
        #expect(error(text, reading).contains("column 'Reject': found 'You guessed' in row 2; its label would count"))
        #expect(try read(text.replacing("You guessed", with: ""), reading).rows.map(\.votes) == [[1, 1], [0, 1]])
        // Votes for a class of that name.
        #expect(try read("id,keep,reject\na,7,1\nb,1,9\n").classes == ["keep", "reject"])
        #expect(
            try read("id,cat,dog,rejected\na,7,1,1\nb,1,9,1\n", LabelReading(classes: ["cat", "dog"])).rows.count == 2)
    }

    private func task(_ annotations: String...) -> String {
        let list = annotations.joined(separator: ",")
        return #"[{"id": 1, "data": {"image": "a.png"}, "annotations": [\#(list)]}]"#
    }

    private func annotation(_ annotator: Int, _ answers: [(String, String)], _ more: String = "") -> String {
        let results = answers.map { #"{"from_name":"\#($0)","type":"choices","value":{"choices":["\#($1)"]}}"# }
        return #"{"completed_by":\#(annotator),\#(more)"result":[\#(results.joined(separator: ","))]}"#
    }

    /// Of two questions none could be chosen, and answers in two annotations were labels that contradict each other.
    @Test func twoQuestionsOfLabelStudio() throws {
        let both = task(
            annotation(1, [("animal", "cat"), ("quality", "blurred")]), annotation(2, [("animal", "dog")]),
            annotation(2, [("quality", "sharp")]))
        #expect(
            error(both, named: "labels.json")
                == "labels.json, columns 'animal', 'quality': each is a question of its own, and its answers could be the "
                + "labels; name one with --label-column")
        let animals = try read(both, LabelReading(labelColumn: "animal"), named: "labels.json")
        #expect(animals.classes == ["cat", "dog"] && animals.rows.map(\.votes) == [[1, 1]])
        #expect(
            try read(both, LabelReading(labelColumn: "quality"), named: "labels.json").classes == ["blurred", "sharp"])
        #expect(
            error(both, LabelReading(labelColumn: "kind"), named: "labels.json")
                == "labels.json: --label-column names 'kind'; the columns are animal, quality")
    }

    /// The truth counted as an annotator's vote.
    @Test func truthOfLabelStudio() throws {
        let text = task(
            annotation(1, [("animal", "cat")]), annotation(2, [("animal", "dog")], #""ground_truth":true,"#))
        let table = try read(text, named: "labels.json")
        #expect(table.classes == ["cat"] && table.rows.map(\.votes) == [[1]])
        #expect(table.interpretation.remarks == ["1 annotation marked as ground truth skipped"])
        let only = task(annotation(1, [("animal", "cat")], #""ground_truth":true,"#))
        #expect(error(only, named: "labels.json").contains("all annotations are marked as ground truth"))
    }

    /// They were two images with classes that are called like images.
    @Test(arguments: [
        #"{"cat":{"a.png":3,"b.png":0},"dog":{"a.png":1,"b.png":5}}"#,
        #"{"w1":{"a.png":0,"b.png":1},"w2":{"a.png":1}}"#,
        #"{"w1":{"a.png":"cat","b.png":"dog"}}"#,
        #"[{"class":"cat","a.png":3,"b.png":1},{"class":"dog","a.png":0,"b.png":4}]"#,
    ]) func imagesAsClasses(text: String) {
        let reading = LabelReading(form: text.hasPrefix("[") ? .votes : nil)
        #expect(
            error(text, reading, named: "labels.json")
                == "labels.json: found names of images ('a.png', 'b.png') in place of classes or annotators; expected one row "
                + #"per image, or JSON such as {"a.png": {"cat": 3}} (in pandas, orient="index")"#)
    }

    @Test(arguments: [".", "missing", "Missing", "<undefined>", "n.a.", #"\N"#, "NaT", "#REF!"]) func gapsOfAnnotators(
        word: String
    ) throws {
        let table = try read("id,rater_1,rater_2\na,cat,\(word)\nb,dog,cat\nc,\(word),dog\n")
        #expect(table.classes == ["cat", "dog"] && table.rows.map(\.votes) == [[1, 0], [1, 1], [0, 1]])
    }

    @Test func minusOneAmongAnnotators() throws {
        let text = "id,rater_1,rater_2\na,0,-1\nb,1,0\nc,1,1\n"
        #expect(
            error(text)
                == "labels.csv, columns 'rater_1', 'rater_2': found -1 beside whole numbers from 0, which could be a class, or "
                + "say that an annotator did not label; skip it with --ignore-columns=-1, or name all classes with --classes "
                + "-1 0 1")
        #expect(try read(text, LabelReading(ignored: ["-1"])).rows.map(\.votes) == [[1, 0], [1, 1], [0, 2]])
        #expect(try read(text, LabelReading(classes: ["-1", "0", "1"])).rows[0].votes == [1, 1, 0])
        #expect(try read(text.replacing("-1", with: "-3")).classes.count == 3)
    }

    /// It was one more class.
    @Test(arguments: ["image,worker,label\na,w1,0\na,w2,-1\nb,w1,1\nb,w2,0\n", "image,label\na,0\na,-1\nb,1\nb,0\n"])
    func minusOneAmongAnnotations(text: String) throws {
        #expect(
            error(text)
                == "labels.csv, column 'label': found -1 beside whole numbers from 0, which could be a class, or say that an "
                + "annotator did not label; skip it with --ignore-columns=-1, or name all classes with "
                + "--classes -1 0 1")
        let skipped = try read(text, LabelReading(ignored: ["-1"]))
        #expect(skipped.rows.map(\.votes) == [[1, 0], [1, 1]])
        #expect(try read(text, LabelReading(classes: ["-1", "0", "1"])).rows[0].votes == [1, 1, 0])
        // The same numbers as one class per image.
        #expect(try read("image,label\na,0\nb,-1\nc,1\n").classes == ["-1", "0", "1"])
    }

    @Test(arguments: ["skip", "Skipped", "not sure", "can't tell", "cant_tell", "idk", "unlabeled", "Unlabelled"])
    func wordsOfNoClass(word: String) throws {
        #expect(try read("id,rater_1,rater_2\na,cat,\(word)\nb,dog,cat\n").classes == ["cat", "dog"])
        #expect(try read("id,cat,dog,\(word)\na,7,2,1\nb,1,8,0\n").classes == ["cat", "dog"])
    }

    /// ' cat' was a class.
    @Test func blanksInHeaders() throws {
        #expect(try read("filename, cat, dog\na.png, 7, 3\nb.png, 1, 9\n").classes == ["cat", "dog"])
        #expect(error("id,cat,cat \na,7,3\nb,1,9\n").hasSuffix("two columns are named 'cat'"))
        #expect(
            try read(#"[{"id":"a"," cat":7,"dog ":3},{"id":"b"," cat":1,"dog ":9}]"#, named: "l.json").classes == [
                "cat", "dog",
            ])
    }
}
