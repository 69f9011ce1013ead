import TestSupport
import Testing

@testable import LabelFiles

/// Lists in the records of JSON files, which were all read as the labels of annotators.
@Suite struct JSONListsTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ lines: [String], _ reading: LabelReading = LabelReading()) throws -> LabelTable {
        try read(lines.joined(separator: "\n") + "\n", reading, named: "labels.jsonl")
    }

    private func error(_ lines: [String], _ reading: LabelReading = LabelReading()) -> String {
        error(lines.joined(separator: "\n") + "\n", reading, named: "labels.jsonl")
    }

    /// A record for each of twelve images.
    private func records(_ count: Int = 12, _ fields: (Int) -> String) -> [String] {
        (0..<count).map { #"{"image": "\#($0).png", \#(fields($0))}"# }
    }

    @Test(arguments: [
        ("labels", "counts", "[3, 1]"), ("class_names", "votes", "[3, 1]"), ("label", "probs", "[0.75, 0.25]"),
        ("classes", "distribution", "[0.75, 0.25]"), ("labels", "scores", "[0.75, 0.25]"),
    ]) func namesOfClassesBesideTheirNumbers(names: String, numbers: String, list: String) throws {
        let lines = [
            #"{"image": "a", "\#(names)": ["cat", "dog"], "\#(numbers)": \#(list)}"#,
            #"{"image": "b", "\#(names)": ["dog", "owl"], "\#(numbers)": \#(list)}"#,
        ]
        let labels = try read(lines)
        #expect(labels.classes == ["cat", "dog", "owl"])
        #expect(labels.rows.map { $0.label?.probabilities } == [[0.75, 0.25, 0], [0, 0.75, 0.25]])
        #expect(
            labels.interpretation.remarks.contains("the numbers in '\(numbers)' are those of the classes in '\(names)'")
        )
        #expect(try read(lines, LabelReading(form: .annotators, ignored: [numbers])).rows[0].votes == [1, 1, 0])
    }

    /// How sure they are, perhaps.
    @Test func numbersOfUnknownMeaningBesideNames() throws {
        let lines = records { #""labels": ["cat", "\#($0 % 2 > 0 ? "dog" : "owl")"], "sure": [0.5, 0.9]"# }
        #expect(
            error(lines)
                == "labels.jsonl, columns 'labels', 'sure': the numbers could be votes or shares of the classes beside them; "
                + "say so with --label-format votes or distribution, or leave the numbers out with --ignore-columns sure"
        )
        // The labels of annotators repeat.
        let annotators = lines + [#"{"image": "z.png", "labels": ["cat", "cat"], "sure": [0.5, 0.9]}"#]
        #expect(try read(annotators, LabelReading(ignored: ["sure"])).form == .annotators)
    }

    @Test func choicesBesideALabel() throws {
        let lines = records { #""choices": ["cat", "dog", "owl"], "label": "\#($0 % 2 > 0 ? "cat" : "dog")""# }
        let labels = try read(lines)
        #expect(labels.form == .class && labels.classes == ["cat", "dog"])
        #expect(labels.interpretation.skipped.map(\.name) == ["choices"])
        let chosen = records { #""choices": ["cat", "cat", "dog"], "label": "\#($0 % 2 > 0 ? "cat" : "dog")""# }
        #expect(!error(chosen.map { $0.replacing("choices", with: "labels") }).contains("ranking"))
    }

    @Test func tagsBesideVotes() throws {
        for votes in [#"{"cat": 3, "dog": 1}"#, "[3, 1]"] {
            let labels = try read(records(3) { _ in #""tags": ["x", "y"], "votes": \#(votes)"# })
            #expect(labels.form == .votes && labels.rows.allSatisfy { $0.votes == [3, 1] })
            #expect(labels.interpretation.skipped.map(\.name) == ["tags"])
        }
    }

    /// doccano's export.
    @Test func severalLabelsOfOneImage() throws {
        let lines = records(4) { #""label": \#($0 > 0 ? #"["cat", "dog"]"# : #"["cat"]"#)"# }
        #expect(
            error(lines)
                == "labels.jsonl, column 'label': found several labels for one image, and never one twice, so they could be "
                + "its classes as well as the labels of annotators; --label-format annotators reads each as the label of an "
                + "annotator")
        #expect(
            try read(lines, LabelReading(form: .annotators)).rows.map(\.votes) == [[1, 0], [1, 1], [1, 1], [1, 1]])
        #expect(try read(records { _ in #""label": ["cat"]"# }).form == .class)
        let many = records { #""labels": ["cat", "\#($0 % 2 > 0 ? "dog" : "owl")"]"# }
        #expect(error(many).contains("found several labels for one image"))
        #expect(try read(many + [#"{"image": "z", "labels": ["cat", "cat"]}"#]).form == .annotators)
        #expect(try read(many.map { $0.replacing("labels", with: "annotations") }).form == .annotators)
    }

    /// They were votes for classes called 'anna' and 'ben'.
    @Test func ratingsByName() throws {
        func object(_ rows: [[Int]]) -> [String] {
            let entries = (0..<12).map { row in
                #""\#(row).png": {"anna": \#(rows[row % rows.count][0]), "ben": \#(rows[row % rows.count][1])}"#
            }
            return ["{\(entries.joined(separator: ", "))}"]
        }
        let ratings = object([[0, 0], [2, 2], [1, 2], [3, 3]])
        #expect(
            error(ratings).hasSuffix(
                "could be votes or annotators' labels; say which with --label-format votes, distribution or annotators")
        )
        for form in [LabelForm.annotators, .annotations] {
            let labels = try read(ratings, LabelReading(form: form))
            #expect(labels.classes == ["0", "1", "2", "3"] && labels.rows[0].votes == [2, 0, 0, 0])
        }
        #expect(try read(ratings, LabelReading(form: .votes)).classes == ["anna", "ben"])
        #expect(try read(object([[3, 1], [0, 4], [2, 2]])).form == .votes)
    }
}
