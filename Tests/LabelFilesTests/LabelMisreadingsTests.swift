import TestSupport
import Testing

@testable import LabelFiles

/// Tables that were read in another way than they are meant, without a word. What their numbers look like tells.
@Suite struct LabelMisreadingsTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Two rows for each of twelve images.
    private func long(_ header: String, _ first: (Int) -> String, _ second: (Int) -> String) -> String {
        header + "\n" + (0..<12).map { "i\($0),\(first($0))\ni\($0),\(second($0))\n" }.joined()
    }

    /// Each row counted as one annotation, unless the name of the column was a known one.
    @Test(arguments: [
        ("proba", "0.9", "0.1"), ("score", "0.9", "0.2"), ("confidence", "0.8", "0.2"), ("hits", "4", "1"),
        ("%", "60", "40"),
        ("Anteil", "0.6", "0.4"), ("present", "1", "0"), ("present", "True", "False"),
    ]) func amountsOfAnyName(name: String, larger: String, smaller: String) throws {
        let text = long(
            "image,label,\(name)", { "cat,\($0 % 3 == 0 ? smaller : larger)" },
            { "dog,\($0 % 3 == 0 ? larger : smaller)" })
        #expect(
            error(text)
                == "labels.csv, columns 'label', '\(name)': each row could be one annotation, or as many as '\(name)' says; "
                + "expected one column per class for votes or shares; count each row once with --ignore-columns \(name) or "
                + "--label-format annotations")
        for reading in [LabelReading(form: .annotations), LabelReading(ignored: [name])] {
            #expect(try read(text, reading).rows[0].votes == [1, 1])
        }
    }

    /// What annotators take for an image, what is the same for all of them, and labels that repeat.
    @Test func numbersBesideAnnotations() throws {
        for (name, first, second) in [("lead_time", "0.9", "0.1"), ("age", "40", "40"), ("width", "640", "480")] {
            #expect(
                try read(long("image,label,\(name)", { _ in "cat,\(first)" }, { _ in "dog,\(second)" })).form
                    == .annotations)
        }
        let agreeing = long("image,label,speed", { "cat,\($0)" }, { "\($0 % 2 > 0 ? "cat" : "dog"),\($0 + 1)" })
        #expect(try read(agreeing).form == .annotations)
        let quoted = long("image,label,COUNT(*)", { _ in "cat,9" }, { _ in "dog,1" })
        #expect(error(quoted).contains("count each row once with --ignore-columns 'COUNT(*)' or"))
    }

    private let ratings = [[1, 2, 1], [5, 5, 4], [3, 3, 3], [4, 5, 5], [2, 1, 2], [1, 1, 1]]

    /// The raters were classes, and their ratings numbers of votes.
    @Test(arguments: [
        "r", "R", "A", "obs", "dr", "reading_", "session", "person", "choice", "answer_", "grade", "diagnosis",
    ])
    func ratingsOfNumberedPeople(stem: String) throws {
        let text = table("image,\(stem)1,\(stem)2,\(stem)3") { ratings[$0 % 6] }
        #expect(
            error(text)
                == "labels.csv, columns '\(stem)1', '\(stem)2', '\(stem)3': they hold the same few numbers, and sums that "
                + "differ as those of ratings do, so they could be annotators as well as classes with votes; say which with "
                + "--label-format annotators or --label-format votes")
        let annotators = try read(text, LabelReading(form: .annotators))
        #expect(annotators.classes == ["1", "2", "3", "4", "5"] && annotators.rows[0].votes == [2, 1, 0, 0, 0])
        #expect(try read(text, LabelReading(form: .votes)).rows[0].votes == [1, 2, 1])
        let few = text.split(separator: "\n").prefix(6).joined(separator: "\n") + "\n"
        #expect(try read(few).form == .votes)
    }

    /// The same with names of people, each of whom would have votes in each row.
    @Test func ratingsOfNamedPeople() throws {
        let text = table("image,anna,ben,carl") { ratings[$0 % 6] }
        #expect(
            error(text)
                == "labels.csv, columns 'anna', 'ben', 'carl': they hold the same few numbers, and sums that differ as those "
                + "of ratings do, so they could be annotators as well as classes with votes; say which with --label-format "
                + "annotators or --label-format votes")
        #expect(try read(text, LabelReading(form: .annotators)).rows[0].votes == [2, 1, 0, 0, 0])
        // With zeros, only if they resemble each other more: an image without votes has none in all columns.
        let zeros = table("image,anna,ben,carl") { ratings[$0 % 6].map { $0 - 1 } }
        #expect(error(zeros).contains("as those of ratings do"))
        let independent = table("image,cat,dog,emu", rows: 16) { [1 + $0 % 2, 1 + $0 / 2 % 2, 1 + $0 / 4 % 2] }
        #expect(try read(independent).form == .votes)
        let apart = table("image,cat,dog,emu", rows: 16) { [$0 % 4, $0 / 2 % 4, ($0 + $0 / 4) % 4] }
        #expect(try read(apart).form == .votes)
    }

    /// Classes that are called by a letter and a number, with a fixed or a varying number of votes.
    @Test func votesForNumberedClasses() throws {
        for stem in ["S", "grade", "class_", "c", ""] {
            for count in [{ 5 + 0 * $0 }, { 4 + $0 % 4 }] {
                let text = table("image,\(stem)1,\(stem)2,\(stem)3") { row in
                    let (total, other) = (count(row), row * 5 % 3)
                    let votes = [total - other, other, 0]
                    return (0..<3).map { votes[($0 + row) % 3] }
                }
                #expect(try read(text).form == .votes)
            }
        }
    }

    private let names = ["cat", "dog", "owl", "elk"]

    /// Every label counted once, and the numbers were skipped.
    @Test(arguments: ["prob", "votes", "score", "confidence"]) func numbersOfRankedLabels(name: String) throws {
        let text = table("image,label_1,\(name)_1,label_2,\(name)_2") { row in
            [names[row % 2], row % 3 == 0 ? 0.7 : 0.6, names[1 - row % 2], row % 3 == 0 ? 0.3 : 0.4]
        }
        #expect(
            error(text).contains(
                "columns 'label_1', '\(name)_1', 'label_2', '\(name)_2': each label could be one annotation, or as many or as "
                    + "large a share as '\(name)_1' and the like say; expected one column per class"))
        #expect(try read(text, LabelReading(form: .annotators)).rows[0].votes == [1, 1])
        #expect(
            try read(text, LabelReading(labelColumn: "label_1")).rows.map { $0.label?.hardClass }.prefix(2) == [0, 1])
        // Annotators who agree now and then, and say how sure they are.
        let sure = table("image,label_1,\(name)_1,label_2,\(name)_2") { [names[$0 % 2], 0.7, names[$0 % 3 % 2], 0.9] }
        #expect(try read(sure).form == .annotators)
    }

    /// The numbers were the votes of classes called 'first_votes' and 'second_votes'.
    @Test func numbersOfTheFirstAndTheSecondLabel() throws {
        let text = table("image,first_label,first_votes,second_label,second_votes") {
            [names[$0 % 2], 3, names[1 - $0 % 2], 1 + $0 % 2]
        }
        #expect(
            error(text).contains(
                "columns 'first_label', 'first_votes', 'second_label', 'second_votes': 'first_votes' could hold the votes or "
                    + "the share of the class in 'first_label'"))
        #expect(try read(text, LabelReading(labelColumn: "first_label")).classes == ["cat", "dog"])
    }

    @Test(arguments: ["label_1,label_2,label_3", "top1,top2,top3", "first,second,third"])
    func rankingsOfClasses(header: String) throws {
        let text = table("image," + header) { row in (0..<3).map { names[(row * 3 + $0 * (1 + row % 2 * 2)) % 4] } }
        #expect(
            error(text).contains(
                "no row holds a label twice, as in a ranking of classes; name the column of the first with --label-column, or "
                    + "read them as annotators with --label-format annotators"))
        #expect(try read(text, LabelReading(form: .annotators)).form == .annotators)
        let first = header.split(separator: ",").map(String.init)[0]
        #expect(try read(text, LabelReading(labelColumn: first)).form == .class)
        // Two annotators may differ in every row, and three who agree once are no ranking.
        #expect(try read(table("image,label_1,label_2") { [names[$0 % 2], names[1 - $0 % 2]] }).form == .annotators)
        #expect(try read(text + "j,cat,cat,dog\n").form == .annotators)
    }

    /// Their column was skipped, so that a row repeated by mistake counted twice.
    @Test(arguments: [["0", "1"], ["no", "yes"]]) func annotatorsBesideLabelsOfAnyName(words: [String]) throws {
        let rows = (0..<12).map { "i\($0 / 3),w\($0 % 3),\(words[$0 % 2])\n" }
        let text = "image,worker,fracture\n" + rows.joined()
        let labels = try read(text + rows[0])
        #expect(labels.interpretation.annotatorColumn == "worker" && labels.rows[0].votes == [2, 1])
        #expect(labels.interpretation.remarks.contains { $0.contains("1 repeated annotation is counted once") })
        #expect(error(text + "i0,w0,\(words[1])\n").contains("annotator 'w0' labels 'i0' in rows 1 and 13"))
        let other = try read(text.replacing("worker", with: "who"), LabelReading(annotatorColumn: "who"))
        #expect(other.interpretation.annotatorColumn == "who")
    }

    /// The column called as annotators are was skipped.
    @Test func labelsUnderAnAnnotatorsName() throws {
        let experts = try read("image,expert,novice\na,cat,dog\nb,dog,dog\nc,cat,cat\n")
        #expect(experts.form == .annotators && experts.rows.map(\.votes) == [[1, 1], [0, 2], [2, 0]])
        let reviewed = try read("image,reviewer,quality\na,anna,1\nb,,0\nc,ben,0\n")
        #expect(reviewed.form == .class && reviewed.interpretation.skipped.map(\.name) == ["reviewer"])
    }

    @Test func answersToSeveralQuestions() throws {
        let wide = table("image,rater1_shape,rater2_shape,rater1_color,rater2_color") { row in
            [row, row / 2].map { ["round", "square"][$0 % 2] } + [row, row / 3].map { ["red", "blue"][$0 % 2] }
        }
        #expect(
            error(wide).hasSuffix(
                "they fall into 2 groups without a common label, as answers to several questions do; leave all groups but one "
                    + "out, for example with --ignore-columns rater1_color,rater2_color, or read them together with "
                    + "--label-format annotators"))
        let shapes = try read(wide, LabelReading(ignored: ["rater1_color", "rater2_color"]))
        #expect(shapes.form == .annotators && shapes.classes == ["round", "square"])
        #expect(try read(wide, LabelReading(form: .annotators)).classes.count == 4)
        let long = long(
            "image,question,answer", { "shape,\($0 % 2 > 0 ? "round" : "square")" },
            { "color,\($0 % 3 > 0 ? "red" : "blue")" })
        #expect(error(long).contains("columns 'answer', 'question': the labels of each 'question' are others"))
        #expect(try read(long, LabelReading(ignored: ["question"])).classes.count == 4)
        #expect(try read(long.replacing("question", with: "worker")).form == .annotations)
    }

    /// They were the classes, and the label was skipped.
    @Test func namesOfAnnotatorsBesideALabel() throws {
        let text = table("image,label,annotator_1,annotator_2,annotator_3") { row in
            [names[row % 2]] + (0..<3).map { "w\((row + $0 * 2) % 6)" }
        }
        #expect(
            error(text).hasSuffix(
                "'label' has none of the values of the others, which could be names of annotators; name it with "
                    + "--label-column, or read the others with --label-format annotators"))
        #expect(try read(text, LabelReading(labelColumn: "label")).classes == ["cat", "dog"])
        #expect(try read(text, LabelReading(form: .annotators)).classes.count == 6)
        let consensus = table("image,label,annotator_1,annotator_2") { [names[$0 % 2], names[$0 % 2], names[$0 % 3]] }
        #expect(try read(consensus).form == .annotators)
    }

    /// The votes were skipped, unless every row had the same sum.
    @Test(arguments: ["cluster", "level", "grade", "rating"]) func votesOfAnyNumberBesideLabels(name: String) throws {
        let text = table("image,\(name),cat,dog") { [$0 % 4, $0 * 5 % 4, 1 + $0 % 3] }
        #expect(error(text).contains("'\(name)' could hold the classes, or the other columns their votes"))
        #expect(try read(text, LabelReading(form: .votes)).rows[0].votes == [0, 1])
        #expect(try read(text, LabelReading(form: .class)).interpretation.labelColumn == name)
        let competing = table("image,label,cat,dog") { [$0 % 4, [7, 2, 0][$0 % 3], [0, 4, 8][$0 % 3]] }
        #expect(error(competing).contains("'label' could hold the classes, or the other columns their votes"))
        // Numbers of other kinds.
        let described = table("image,\(name),view,quality") { [$0 % 4, $0 % 2, 1 + $0 * 7 % 5] }
        #expect(try read(described).form == .class)
    }

    /// Each mark counted as a vote, or True and False were the classes.
    @Test(arguments: [("1", "0"), ("True", "False")]) func severalClassesOfOneImage(yes: String, no: String) throws {
        func table(_ rows: [[Int]]) -> String {
            self.table("image,cat,dog,owl") { rows[$0 % rows.count].map { $0 > 0 ? yes : no } }
        }
        let text = table([[1, 0, 1], [0, 1, 0], [1, 1, 1]])
        let isWord = yes == "True"
        #expect(
            error(text).contains(
                isWord
                    ? "found 'true' or 'false', but not one 'true' in every row"
                    : "row 1 holds several ones, and no row a larger"))
        #expect(try read(text, LabelReading(form: .votes)).rows[0].votes == [1, 0, 1])
        #expect(try read(text, LabelReading(form: .annotators)).classes == (isWord ? ["False", "True"] : ["0", "1"]))
        #expect(try read(table([[1, 0, 0], [0, 1, 0], [0, 0, 1]])).rows[0].votes == [1, 0, 0])
        if !isWord { return }
        // People answer so.
        let answers = table([[1, 0, 1], [0, 1, 0]]).replacing(yes, with: "yes").replacing(no, with: "no")
        #expect(try read(answers).form == .annotators)
    }

    @Test(arguments: ["malignant_votes", "num_positive", "n_cat", "vote_count"]) func votesForOneClassAlone(
        name: String
    ) throws {
        let text = table("image,\(name)") { [$0 * 7 % 11] }
        #expect(
            error(text)
                == "labels.csv, column '\(name)': its name speaks of votes for one class; expected one column per class for "
                + "votes; add a column for the other votes, or read it as the class with --label-format class")
        #expect(try read(text, LabelReading(form: .class)).form == .class)
        #expect(try read(text, LabelReading(labelColumn: name)).form == .class)
        for name in ["class_number", "number", "stage"] {
            #expect(try read(table("image,\(name)") { [$0 * 7 % 11] }).form == .class)
        }
    }

    /// A class that nobody chose was in doubt.
    @Test func aClassWithoutVotes() throws {
        #expect(
            try read(table("image,cat,dog,owl") { $0 % 2 > 0 ? [3, 0, 0] : [0, 3, 0] }).classes == [
                "cat", "dog", "owl",
            ])
    }
}
