import TestSupport
import Testing

@testable import LabelFiles

/// Columns whose names or values allow several readings: one is taken and said, or the error names the option.
@Suite struct LabelColumnsTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// One kind was taken at random.
    @Test func numberedColumnsOfTwoKinds() throws {
        let pairs = "image,worker_1,label_1,worker_2,label_2\na,w1,cat,w2,dog\nb,w3,dog,w1,dog\nc,w2,cat,w3,cat\n"
        #expect(
            error(pairs)
                == "labels.csv, columns 'worker_1', 'label_1', 'worker_2', 'label_2': numbered columns of 2 kinds, each of "
                + "which could be the annotators; skip the others with --ignore-columns")
        let labels = try read(pairs, LabelReading(ignored: ["worker_1", "worker_2"]))
        #expect(labels.form == .annotators && labels.rows.map(\.votes) == [[1, 1], [0, 2], [2, 0]])
        #expect(try read(pairs, LabelReading(labelColumn: "label_1")).rows.map { $0.label?.hardClass } == [0, 1, 0])
        let alike = "image,rater_1,rater_2,expert_1,expert_2\na,0,1,1,1\nb,1,0,0,0\nc,0,0,1,1\n"
        #expect(error(alike).hasSuffix("--ignore-columns, or read all of them with --label-format annotators"))
        #expect(try read(alike, LabelReading(form: .annotators)).rows.map(\.votes) == [[1, 3], [3, 1], [2, 2]])
    }

    /// They were read as the answers of annotators called 'cat' and 'dog'.
    @Test(arguments: [("True", "False"), ("TRUE", "FALSE"), ("yes", "no"), ("T", "F"), ("y", "n"), ("x", "")])
    func truthWordsOfClasses(yes: String, no: String) throws {
        let table = try read("id,cat,dog,note\na,\(yes),\(no),n1\nb,\(no),\(yes),n2\nc,\(no),\(yes),n3\n")
        #expect(table.form == .votes && table.classes == ["cat", "dog"])
        #expect(table.rows.map(\.votes) == [[1, 0], [0, 1], [0, 1]])
        #expect(
            table.interpretation.remarks == [
                no.isEmpty
                    ? "'x' is read as 1, an empty field as 0"
                    : "'\(yes.lowercased())' and '\(no.lowercased())' are read as 1 and 0"
            ])
        // Not one class per row: the user says what it is.
        let several = "id,cat,dog\na,\(yes),\(yes)\nb,\(no),\(yes)\nc,\(yes),\(no)\n"
        #expect(try read(several, LabelReading(form: .votes)).rows.map(\.votes) == [[1, 1], [0, 1], [1, 0]])
        #expect(try read(several, LabelReading(classes: ["dog", "cat"])).rows[1].votes == [1, 0])
        if no.isEmpty {
            #expect(
                error(several)
                    == "labels.csv, columns 'cat', 'dog': found 'x' or nothing, but not once in every row; --label-format "
                    + "votes reads them as 1 and 0, --label-format annotators as a class")
        } else {
            #expect(try read(several).form == .annotators)
        }
        #expect(try read(several, LabelReading(form: .annotators)).form == .annotators)
        let skipped = try read(
            "id,cat,dog,owl\na,\(yes),\(no),\(no)\nb,\(no),\(yes),\(no)\nc,\(no),\(no),\(yes)\n",
            LabelReading(ignored: ["owl"]))
        #expect(skipped.classes == ["cat", "dog"] && skipped.rows.map { $0.label?.hardClass } == [0, 1, nil])
    }

    /// Names of annotators, and classes that the user names, say that yes and no are classes.
    @Test func truthWordsOfAnnotators() throws {
        let raters = "id,rater_1,rater_2\na,yes,no\nb,no,yes\nc,no,yes\n"
        #expect(try read(raters).form == .annotators)
        let people = raters.replacing("rater_1", with: "anna").replacing("rater_2", with: "ben")
        #expect(try read(people, LabelReading(classes: ["no", "yes"])).classes == ["no", "yes"])
        #expect(try read("id,anna,ben\na,yes,no\nb,no,yes\n").form == .annotators)
        #expect(try read("id,label,train\na,yes,no\nb,no,yes\nc,no,yes\n").form == .class)
    }

    /// Every row counted as one annotation, and the votes were skipped.
    @Test(arguments: ["count", "Votes", "prob", "percent"]) func weightsOfRowsInLongTables(name: String) throws {
        let text = "id,label,\(name)\na,cat,7\na,dog,3\nb,cat,2\nb,dog,8\n"
        #expect(
            error(text)
                == "labels.csv, columns 'label', '\(name)': each row could be one annotation, or as many as '\(name)' says; "
                + "expected one column per class for votes or shares; count each row once with --ignore-columns \(name) or "
                + "--label-format annotations")
        for reading in [LabelReading(form: .annotations), LabelReading(ignored: [name])] {
            #expect(try read(text, reading).rows.map(\.votes) == [[1, 1], [1, 1]])
        }
        #expect(try read("id,label,\(name)\na,cat,1\na,dog,1\n").form == .annotations)
        #expect(try read("id,worker,label,\(name)\na,w,cat,7\na,v,dog,3\n").form == .annotations)
        #expect(try read("id,label,\(name)\na,cat,7\nb,dog,3\n").form == .class)
    }

    /// Without a quote around them, commas separate; these cells were classes of annotators called 'cat' and 'dog'.
    @Test func quotedDecimalCommas() throws {
        let text = "id,cat,dog\na,\"0,3\",\"0,7\"\nb,1,0\nc,\"0,7\",\"0,3\"\n"
        let message =
            "labels.csv, columns 'cat', 'dog': found '0,3' in row 1, which could be a number or a class; expected decimal "
            + "points; write points, or read them as classes with --label-format annotators"
        #expect(error(text) == message)
        #expect(error(text, LabelReading(form: .distribution)) == message)
        #expect(try read(text, LabelReading(form: .annotators)).classes == ["0", "0,3", "0,7", "1"])
        #expect(try read(text.replacing(",", with: ";").replacing("0;", with: "0,")).form == .distribution)
        // Sets of classes.
        #expect(try read("id,rater_1,rater_2\na,\"1,2\",1\nb,\"1,2\",2\n").classes == ["1", "1,2", "2"])
    }

    /// They were read as two annotators, or as two classes with votes.
    @Test(arguments: [(["cat", "dog"], "annotators"), (["0", "1"], "votes")])
    func predictionsBesideTheTruth(classes: [String], form: String) throws {
        let rows = [[0, 1], [1, 1], [0, 0]].enumerated().map { "\($0).png,\(classes[$1[0]]),\(classes[$1[1]])\n" }
        let text = "filename,predicted_class,true_class\n" + rows.joined()
        #expect(
            error(text)
                == "labels.csv, columns 'predicted_class', 'true_class': the names speak of predictions or the truth, not "
                + "of \(form); name the one that holds the labels with --label-column, leave some out with "
                + "--ignore-columns, or read all with --label-format \(form)")
        let truth = try read(text, LabelReading(labelColumn: "true_class"))
        #expect(truth.classes == classes && truth.rows.map { $0.label?.hardClass } == [1, 1, 0])
        #expect(try read(text, LabelReading(form: .annotators)).rows.map(\.votes) == [[1, 1], [0, 2], [2, 0]])
    }

    /// The first of two known names was taken.
    @Test func twoColumnsOfLabels() throws {
        let text = "id,label,target\na,cat,cat\nb,cat,dog\nc,dog,dog\n"
        let message =
            "labels.csv, columns 'label', 'target': each could hold the labels, and they differ (for example 'cat' and "
            + "'dog' in one row); name one with --label-column"
        #expect(error(text) == message)
        #expect(error(text, LabelReading(form: .class)) == message)
        #expect(error(text.replacing("target", with: "Label")) == message.replacing("target", with: "Label"))
        #expect(try read(text, LabelReading(labelColumn: "target")).rows.map { $0.label?.hardClass } == [0, 1, 1])
        #expect(try read(text, LabelReading(ignored: ["target"])).rows.map { $0.label?.hardClass } == [0, 0, 1])
        #expect(!error("id,label,target\na,cat,dog\nb,dog,cat\n").isEmpty)
        // The same labels by number and by name.
        #expect(try read("id,label,class_name\na,0,cat\nb,0,cat\nc,1,dog\n").classes == ["0", "1"])
        #expect(try read("id,label,species\na,cat,x\nb,cat,y\nc,dog,y\n").classes == ["cat", "dog"])
    }

    /// Twelve rows of votes for cat, dog and owl, by `annotators` annotators or, where that is nil, by six to eight.
    private func votes(_ annotators: Int? = nil) -> [[Int]] {
        (0..<12).map { row in
            let count = annotators ?? 6 + row % 3
            let others = [row % 3, row % 2]
            let own = count - others[0] - others[1]
            return [[own] + others, [others[0], own, others[1]], others + [own]][row / 4]
        }
    }

    private func table(_ header: String, _ votes: [[Int]], _ fields: (_ row: Int, _ votes: [Int]) -> [Any]) -> String {
        let rows = votes.indices.map { row in
            ["i\(row)"] + fields(row, votes[row]).map { "\($0)" }
        }
        return ([header] + rows.map { $0.joined(separator: ",") }).joined(separator: "\n") + "\n"
    }

    /// They were read as classes: `age` and `cohort` with the most votes of all.
    @Test func columnsThatAreNoClassesBesideVotes() throws {
        let weather = table("id,sun,wind,cat,dog,owl", votes(7)) { [$0 * 5 % 7, $0 % 2] + $1 }
        #expect(
            error(weather)
                == "labels.csv, columns 'sun', 'wind': without them every row has the same sum, as votes have; skip them "
                + "with --ignore-columns sun,wind, or name all classes with --classes")
        #expect(try read(weather, LabelReading(ignored: ["sun", "wind"])).rows.map { $0.votes } == votes(7))
        #expect(try read(weather, LabelReading(form: .votes)).classes.count == 5)
        let amid = table("id,cat,tag,dog,owl", votes(7)) { [$1[0], $0 * 5 % 7, $1[1], $1[2]] }
        #expect(error(amid).hasPrefix("labels.csv, column 'tag': without it every row has the same sum"))
        let around = table("id,sun,cat,dog,owl,wind", votes(7)) { [$0 * 5 % 7] + $1 + [$0 * 3 % 4] }
        #expect(error(around).hasPrefix("labels.csv, columns 'sun', 'wind': without them"))
        let age = table("id,age,cat,dog,owl", votes()) { [20 + 3 * $0] + $1 }
        #expect(error(age).contains("'age': its name is that of a property, not of a class"))
        #expect(
            error(age.replacing("age", with: "alter")).contains(
                "'alter': in every row it is larger than all other columns together, as a property may be"))
        // Too few rows to tell, sums that differ, and classes that are constant.
        #expect(try read("id,a,b,c\nx,3,1,0\ny,2,2,1\nz,4,0,2\n").classes == ["a", "b", "c"])
        #expect(try read(table("id,cat,dog,owl", votes()) { $1 }).classes == ["cat", "dog", "owl"])
        #expect(try read(table("id,cat,dog,owl,elk", votes(7)) { $1 + [0] }).classes.count == 4)
    }

    /// Those of labels that number the classes from 1, or by other names, were read alone, and the votes skipped.
    @Test(arguments: [["cat", "dog", "owl"], ["0", "1", "2"], ["1", "2", "3"]])
    func theMajorityBesideItsVotes(names: [String]) throws {
        let header = "id,label,cat,dog,owl"
        let majority = table(header, votes()) { [names[$0 / 4]] + $1 }
        let labels = try read(majority)
        #expect(labels.classes == ["cat", "dog", "owl"] && labels.rows.map(\.votes) == votes())
        #expect(labels.interpretation.skipped.map(\.name) == ["label"])
        #expect(try read(majority, LabelReading(form: .votes)).rows.map(\.votes) == votes())
        #expect(try read(majority, LabelReading(form: .class)).classes == names)
        #expect(try read(majority, LabelReading(labelColumn: "label")).classes == names)
        let doubtful =
            "labels.csv, columns 'label', 'cat', 'dog', 'owl': 'label' could hold the classes, or the other columns their "
            + "votes, of which it does not name the largest in every row; say which with --label-format class or "
            + "--label-format votes"
        for votes in [votes(), votes(7)] {
            let differs = table(header, votes) { [names[$0 == 2 ? 1 : $0 / 4]] + $1 }
            #expect(error(differs) == doubtful)
            #expect(try read(differs, LabelReading(form: .votes)).rows.map(\.votes) == votes)
            #expect(try read(differs, LabelReading(ignored: ["label"])).rows.map(\.votes) == votes)
            #expect(try read(differs, LabelReading(form: .class)).classes == names)
        }
        let renamed = table(header, votes()) { row, votes in [["kat", "hund", "ul"][row / 4]] + votes }
        #expect(error(renamed) == doubtful)
        #expect(error(table(header, votes(7)) { ["kat"] + $1 }) == doubtful)
        // With a property beside them, the property is named.
        let aged = table("id,label,age,cat,dog,owl", votes()) { [names[$0 / 4], 20 + 3 * $0] + $1 }
        #expect(error(aged).contains("'age': its name is that of a property"))
    }

    @Test func predictedSharesAndOtherNumbersBesideLabels() throws {
        let predicted = table("id,label,pred_cat,pred_dog", votes(8)) { row, votes in
            let share = Double(votes[0]) / 8
            return [row / 4 > 0 ? 1 : 0, share, 1 - share]
        }
        #expect(
            error(predicted).contains("could hold the classes, or the other columns their shares, whose names speak of")
        )
        #expect(try read(predicted, LabelReading(labelColumn: "label")).classes == ["0", "1"])
        // Positions, and properties that are no votes.
        let placed = table("id,label,x,y", votes()) { row, _ in [row % 3, Double(row) - 4.5, 3.5] }
        #expect(try read(placed).classes == ["0", "1", "2"])
        let described = table("id,label,age,score", votes()) { row, _ in [row % 3, 20 + 3 * row, row * 7 % 11] }
        #expect(try read(described).classes == ["0", "1", "2"])
    }
}
