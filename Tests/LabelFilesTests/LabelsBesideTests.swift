import TestSupport
import Testing

@testable import LabelFiles

/// Tables in which the columns that looked like labels were not those that hold them.
@Suite struct LabelsBesideTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Two columns of numbers were classes with votes, and the breed a text that is skipped.
    @Test func propertiesBesideLabels() throws {
        let text = "image,breed,weight_kg,litter\na,beagle,12,5\nb,pug,8,3\nc,beagle,14,6\nd,pug,7,2\n"
        #expect(
            error(text)
                == "labels.csv, columns 'weight_kg', 'litter', 'breed': the numbers could be votes, or properties of the "
                + "images, whose labels 'breed' could hold; name the column of labels with --label-column, or the classes "
                + "with --classes")
        #expect(try read(text, LabelReading(labelColumn: "breed")).classes == ["beagle", "pug"])
        #expect(try read(text, LabelReading(classes: ["weight_kg", "litter"])).form == .votes)
        let raters = "image,anna,ben,width_mm,depth_mm\na,cat,cat,12,5\nb,dog,cat,8,3\nc,cat,dog,14,6\nd,dog,dog,7,2\n"
        #expect(
            error(raters).hasSuffix(
                ", or read the texts with --label-format annotators --ignore-columns width_mm,depth_mm"))
        let texts = LabelReading(form: .annotators, ignored: ["width_mm", "depth_mm"])
        #expect(try read(raters, texts).classes == ["cat", "dog"])
    }

    @Test func votesBesideTextsOfOtherThings() throws {
        for site in [{ "site\($0 % 3)" }, { "note \($0)" }] as [(Int) -> String] {
            let fixed = table("image,site,cat,dog,emu") { [site($0), $0 % 4, 9 - $0 % 4 - $0 % 3, $0 % 3] }
            #expect(try read(fixed).classes == ["cat", "dog", "emu"])
            let varying = table("image,site,cat,dog") { [site($0), $0 % 5, 6 - $0 % 5 + $0 % 2] }
            #expect(try read(varying).classes == ["cat", "dog"])
        }
    }

    /// The errors on single columns led from one to the next, and none of them to the column of labels.
    @Test func adviceNamesTheColumnOfLabels() {
        let text = table("image,kind,cat,dog,score") { [$0 % 2 > 0 ? "x" : "y", $0 % 4, 4 - $0 % 4, 7 + $0 % 3] }
        #expect(error(text).hasSuffix("with --classes, or the column of labels with --label-column"))
    }

    /// The truth stood for the answers, so that everybody agreed.
    @Test(arguments: [("label", "response"), ("class", "vote"), ("label", "human_label"), ("category", "rating")])
    func answersBesideTheTruth(truth: String, answer: String) throws {
        for worker in ["", "worker"] {
            let rows = (0..<12).map { row in
                "i\(row / 2)" + (worker.isEmpty ? "" : ",w\(row % 2)")
                    + ",\(row / 2 % 3 + 3),\(row % 3 > 0 ? "cat" : "dog")"
            }
            let header = "image" + (worker.isEmpty ? "" : ",worker") + ",\(truth),\(answer)"
            let text = ([header] + rows).joined(separator: "\n") + "\n"
            #expect(
                error(text)
                    == "labels.csv, columns '\(truth)', '\(answer)': '\(truth)' is the same in all rows of an image, as the "
                    + "truth is, and '\(answer)' differs, as annotators' labels do; name the one that holds the labels with "
                    + "--label-column")
            #expect(try read(text, LabelReading(labelColumn: answer)).classes == ["cat", "dog"])
            #expect(try read(text, LabelReading(labelColumn: truth)).classes == ["3", "4", "5"])
        }
        let times = "image,label,device\na,cat,pc\na,dog,pc\nb,cat,phone\nb,cat,pc\n"
        #expect(try read(times).form == .annotations)
    }

    /// Marks were the labels of annotators called `cat`, `dog` and `owl`.
    @Test(arguments: [("ja", "nein"), ("selected", "not selected"), ("+", "-"), ("yes", "")])
    func marksOfTheClass(yes: String, no: String) throws {
        let marks = table("image,cat,dog,owl") { row in (0..<3).map { $0 == row % 3 ? yes : no } }
        #expect(error(marks).contains("exactly one column of every row holds '\(yes)', which could mark its class"))
        #expect(try read(marks, LabelReading(form: .annotators)).classes.contains(yes))
        let twice = table("image,cat,dog,owl") { row in (0..<3).map { $0 == row % 3 || row == 5 && $0 == 0 ? yes : no }
        }
        #expect(!error(twice).contains("exactly one column"))
    }

    /// Answers to two questions, and votes beside their percentages, were classes of one question.
    @Test func groupsOfVotes() throws {
        let shapes = table("image,round,oval,red,blue") { [3 * $0 % 6, 5 - 3 * $0 % 6, $0 * $0 % 6, 5 - $0 * $0 % 6] }
        #expect(
            error(shapes)
                == "labels.csv, columns 'round', 'oval', 'red', 'blue': the first 2 and the other 2 each have the same sum in "
                + "every row, as answers to two questions have, or votes beside shares; leave one group out, for example "
                + "with --ignore-columns red,blue, or name all classes with --classes")
        #expect(try read(shapes, LabelReading(ignored: ["red", "blue"])).classes == ["round", "oval"])
        let percent = table("image,cat,dog,cat_pct,dog_pct") {
            [$0 % 6, 5 - $0 % 6, 20 * ($0 % 6), 100 - 20 * ($0 % 6)]
        }
        #expect(error(percent).contains("the first 2 and the other 2 each have the same sum"))
        let one = table("image,a,b,c,d") { [$0 % 3, 2 - $0 % 3 + $0 % 2, 3 - $0 % 2, 1] }
        #expect(try read(one).form == .votes)
    }

    /// The total was a class of its own: in a few rows with several classes, or where the user says that there are votes.
    @Test func totals() throws {
        let margins = table("image,cat,dog,Alle") { [$0 == 3 ? 7 : $0 % 2 * 10, $0 == 3 ? 3 : 10 - $0 % 2 * 10, 10] }
        #expect(error(margins).contains("column 'Alle': it is the sum of the other columns, which no class is"))
        #expect(error(margins, LabelReading(form: .votes)).contains("it is the sum of the other columns"))
        for name in ["Grand Total", "Gesamtergebnis", "raters", "votes_total"] {
            let pivot = "Row Labels;cat;dog;\(name)\na;7;3;10\nb;1;9;10\nc;4;6;10\nd;;10;10\n"
            #expect(try read(pivot, LabelReading(form: .votes)).classes == ["cat", "dog"])
        }
    }

    /// Votes under names of annotators, and several classes per row under them, were labels.
    @Test func votesUnderNamesOfAnnotators() throws {
        let few = "image,vote_0,vote_1,vote_2\na,7,3,0\nb,1,8,0\nc,2,2,5\nd,0,9,1\n"
        #expect(
            error(few)
                == "labels.csv, columns 'vote_0', 'vote_1', 'vote_2': the columns agree no more than by chance, as votes for "
                + "classes and unlike annotators' labels; say which with --label-format votes or --label-format annotators"
        )
        #expect(try read(few, LabelReading(form: .votes)).rows[0].votes == [7, 3, 0])
        let several = table("image,label_0,label_1,label_2") { [$0 % 2, $0 / 2 % 2, ($0 + $0 / 3) % 2] }
        #expect(error(several).contains("agree no more than by chance"))
        let stars = table("image,rating_1,rating_2,rating_3") { [$0, 2 * $0 + 3, 12 - $0 % 4 + 2 * $0] }
        #expect(error(stars).contains("agree no more than by chance"))
        let annotators = table("image,label_0,label_1,label_2") { [$0 % 5, $0 % 4 > 0 ? $0 % 5 : 2, $0 % 5] }
        #expect(try read(annotators).form == .annotators)
    }

    @Test func theMajorityIsNoAnnotator() throws {
        for name in ["mode", "label_mv", "aggregate"] {
            let text = table("image,anna,ben,carl,\(name)") { row in
                ["cat", row % 3 > 0 ? "cat" : "dog", row % 4 > 0 ? "dog" : "cat", "cat"]
            }
            #expect(error(text).contains("the names speak of predictions or the truth"))
        }
    }
}
