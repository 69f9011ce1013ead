import Foundation
import LabelDistributions
import TensorFiles
import TestSupport
import Testing

@testable import LabelFiles

/// Small tables of every form: how they are interpreted and what is refused.
@Suite struct LabelFormsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(
        _ text: String, name: String = "labels.csv", _ reading: LabelReading = LabelReading(), needsLabels: Bool = true
    ) throws -> LabelTable {
        try LabelTable.read(
            folder.file(name, holding: Array(text.utf8)), as: reading, needsLabels: needsLabels)
    }

    private func error(_ text: String, name: String = "labels.csv", _ reading: LabelReading = LabelReading()) -> String
    {
        let error = thrown(LabelFileError.self) { try read(text, name: name, reading) }
        return (error?.description ?? "").replacing(folder.url.path + "/", with: "")
    }

    private func said(_ table: LabelTable) -> [String] {
        table.interpretation.lines.map { $0.replacing(folder.url.path + "/", with: "") }
    }

    @Test func votes() throws {
        let table = try read("image,cat,dog\na.png,3,1\nb.png,0,2\n")
        #expect(table.form == .votes && table.classes == ["cat", "dog"])
        #expect(table.rows.map(\.votes) == [[3, 1], [0, 2]])
        #expect(said(table) == ["labels.csv: votes, one column per class; ids in 'image'; 2 classes: cat, dog"])
    }

    @Test func sharesNearOneAndPercentAreNormalised() throws {
        let near = try read("image,cat,dog,owl\na,0.33,0.33,0.33\nb,0.5,0.5,0\n")
        #expect(near.form == .distribution)
        #expect(near.rows[0].label == (try? LabelDistribution([0.33 / 0.99, 0.33 / 0.99, 0.33 / 0.99])))
        #expect(
            said(near)[1] == "labels.csv: the shares of 1 row sum to 0.99 and are normalised to 1 (first row 1)")
        let percent = try read("image,cat,dog\na,33.3,66.7\nb,50,50\n")
        #expect(percent.rows[1].label?.probabilities == [0.5, 0.5])
        #expect(said(percent)[1] == "labels.csv: percent, divided by 100")
        // A percent sign says that whole numbers are shares.
        let signs = "image,cat,dog\na,30%,70%\nb,50%,51%\n"
        let signed = try read(signs)
        #expect(signed.form == .distribution && signed.rows.map(\.votes) == [nil, nil])
        #expect(signed.rows[0].label == (try? LabelDistribution([0.3, 0.7])))
        #expect(
            said(signed)[1]
                == "labels.csv: percent, divided by 100; the shares of 1 row sum to 101.0 and are normalised to 1 (first row 2)"
        )
        #expect(
            error(signs, LabelReading(form: .votes)).hasPrefix(
                "labels.csv, row 1, column 'cat': found 30%; expected a whole number from 0 to"))
        #expect(error("image,cat,dog\na,30%,60%\n").hasPrefix("labels.csv, row 1: the shares sum to 90.0; expected"))
        let hundred = try read("image,cat,dog\na,30,70\nb,50,50\n")
        #expect(hundred.form == .votes && said(hundred)[1].contains("read as 100 votes (--label-format distribution"))
        #expect(
            error("image,cat,dog\na,0.5,0.4\n")
                == "labels.csv, row 1: the shares sum to 0.9; expected 0.99 to 1.01, or 99 to 101 percent in all rows (skip "
                + "other columns with --ignore-columns)")
    }

    @Test func aClassPerRow() throws {
        let named = try read("id,label\ns1,dog\ns2,cat\ns3,dog \n")
        #expect(named.form == .class && named.classes == ["cat", "dog"])
        #expect(named.rows.map { $0.label?.hardClass } == [1, 0, 1])
        #expect(said(named) == ["labels.csv: one class per row, in column 'label'; ids in 'id'; 2 classes: cat, dog"])
        let codes = try read("id,cluster\ns1,10\ns2,9\ns3,-1\n")
        #expect(codes.classes == ["-1", "9", "10"])
        // Kaggle's grades: the only column of whole numbers.
        let grades = try read("image,level\na.png,0\nb.png,4\nc.png,0\n")
        #expect(grades.form == .class && grades.classes == ["0", "4"] && grades.interpretation.labelColumn == "level")
        #expect(try read("image,stage\na.png,0\nb.png,4\nc.png,0\n").interpretation.labelColumn == "stage")
        let noHeader = try read("a.png,cat\nb.png,dog\n")
        #expect(noHeader.rows.count == 2 && noHeader.interpretation.remarks == ["no header: the first line is data"])
        #expect(try read("id,label\ns1,1.0\ns2,\ns3,0.0\n").classes == ["0", "1"])
    }

    @Test func columnsThatDifferOnlyInCaseAreTwoClasses() throws {
        let table = try read("id,Cat,cat,dog\na,1,0,2\nb,0,1,2\nc,3,0,0\n")
        #expect(table.classes == ["Cat", "cat", "dog"])
        #expect(
            table.interpretation.remarks.contains("'Cat' and 'cat' are different classes that differ only in case"),
            "\(table.interpretation.remarks)")
    }

    @Test func aRowPerAnnotation() throws {
        let table = try read(
            "annotator,image,label\nann,a,dog\nbob,a,cat \nann,b,NaN\ncem,a,dog\nann,c,unknown\ndan,b,Cat\ndan,a,None\n"
        )
        #expect(table.form == .annotations && table.classes == ["Cat", "cat", "dog"])
        #expect(table.rows.map(\.id) == ["a", "b", "c"])
        #expect(table.rows.map(\.votes) == [[0, 1, 2], [1, 0, 0], [0, 0, 0]])
        #expect(table.rows[2].label == nil)
        #expect(said(table)[0].hasSuffix("skipped: unknown (not a class)"))
        #expect(
            said(table)[1]
                == "labels.csv: 2 annotations without a class skipped; 'Cat' and 'cat' are different classes that "
                + "differ only in case")
        // Without an annotator column, an image may have any number of labels.
        #expect(try read("id,label\na,x\na,x\nb,y\n").rows.map(\.votes) == [[2, 0], [0, 1]])
    }

    /// crowd-kit, Toloka and Label Studio, each with its own column names.
    @Test(arguments: [
        "task,worker,label\nim0.png,1,cat\nim0.png,2,dog\n", "task,performer,label\nim0.png,1,cat\nim0.png,2,dog\n",
        "INPUT:image\tOUTPUT:result\tASSIGNMENT:worker_id\nim0.png\tcat\t1\nim0.png\tdog\t2\n",
        "annotation_id,annotator,choice,created_at,id,image,lead_time,updated_at\n"
            + "100,1,cat,2024-05-01T10:00:00Z,1,im0.png,3.2,2024-05-01T10:00:05Z\n"
            + "101,2,dog,2024-05-01T10:00:00Z,1,im0.png,3.2,2024-05-01T10:00:05Z\n",
    ]) func namesOfOtherTools(text: String) throws {
        let table = try read(text)
        #expect(table.form == .annotations && table.classes == ["cat", "dog"])
        #expect(table.rows.map(\.id) == ["im0.png"] && table.rows[0].votes == [1, 1])
    }

    @Test func aColumnPerAnnotator() throws {
        let gaps = try read("image,annotator_1,annotator_2,annotator_3\na,0,0,\nb,1,,2\nc,10,2,2\n")
        #expect(gaps.form == .annotators && gaps.classes == ["0", "1", "2", "10"])
        #expect(gaps.rows.map(\.votes) == [[2, 0, 0, 0], [0, 1, 1, 0], [0, 0, 2, 1]])
        #expect(said(gaps)[0].contains("one column per annotator (annotator_1, annotator_2, annotator_3)"))
        #expect(said(gaps)[1] == "labels.csv: 2 fields in which an annotator did not label skipped")
        let numbered = try read("image,random_label1,random_label2\na,0,0\nb,1,2\nc,2,4\n")
        #expect(numbered.form == .annotators && numbered.rows[1].votes == [0, 1, 1, 0])
        // Columns named after raters, with texts from the same classes.
        let names = try read("image,anna,ben\na,cat,dog\nb,dog,dog\nc,cat,NA\n")
        #expect(names.form == .annotators && names.rows.map(\.votes) == [[1, 1], [0, 2], [1, 0]])
        let said = try read("image,anna,ben\na,0,1\nb,2,1\n", LabelReading(form: .annotators))
        #expect(said.form == .annotators && said.rows[1].votes == [0, 1, 1])
    }

    @Test func integerClassesStandByValueInEveryForm() throws {
        let order = ["0", "1", "2", "10", "11"]
        let long = "image,annotator,label\n" + order.enumerated().map { "a\($0),w,\($1)\n" }.joined()
        #expect(try read(long).classes == order)
        #expect(try read("image,10,2,1,11,0\na,1,2,0,0,0\n").classes == order)
        #expect(ClassOrder.sorted(["b", "10", "9"]) == ["10", "9", "b"])
    }

    /// FER+'s own table, in which one face occurs twice, once with ten votes for "NF".
    @Test func theTableOfFERPlus() throws {
        let text =
            "Usage,Image name,neutral,happiness,unknown,NF\nTraining,fer1.png,4,5,1,0\nTraining,fer2.png,0,0,0,10\n"
            + "PublicTest,,0,0,0,10\nTraining,fer2.png,6,4,0,0\nTraining,fer1.png,4,5,1,0\n"
        let table = try read(text)
        #expect(table.classes == ["neutral", "happiness"] && table.splitColumn == "Usage")
        #expect(table.rows.map(\.votes) == [[4, 5], [6, 4]])
        #expect(table.rows.map(\.split) == ["Training", "Training"])
        #expect(said(table)[0].hasSuffix("skipped: unknown, NF (not a class)"))
        #expect(
            said(table)[1]
                == "labels.csv: 1 repeated row is counted once (row 5); 1 row without a vote for a class, whose id has "
                + "a row with votes, skipped ('fer2.png'); 1 row without an id and without a vote skipped")
    }

    @Test func rowsThatContradictEachOther() {
        #expect(
            error("id,cat,dog\na,1,0\nb,1,1\na,0,1\n")
                == "labels.csv: 'a' appears in rows 1 and 3 with different labels (cat 1, dog 0 and cat 0, dog 1); "
                + "expected one row per image, or --label-format annotations")
        #expect(error("id,label\n" + (1...20).map { "s\($0),x\n" }.joined() + "s1,y\n").contains("(x and y)"))
        #expect(
            error("id,annotator,label\na,p,x\na,q,x\na,p,y\n")
                == "labels.csv: annotator 'p' labels 'a' in rows 1 and 3 (x and y); expected one label")
        #expect(error("id,split,x,y\na,train,1,0\na,test,1,0\n").contains("is in train and test (rows 1 and 2)"))
    }

    @Test func whatIsNoClassIsSkippedAndSaid() throws {
        let table = try read(
            "Unnamed: 0,image,cat,dog,owl,width,xmin,total,url\n0,a.png,3,2,0,640,5,5,http\n1,b.png,1,2,0,480,3,3,http\n"
        )
        #expect(table.classes == ["cat", "dog", "owl"])
        #expect(
            said(table)[0].hasSuffix(
                "skipped: Unnamed: 0 (row numbers), width, xmin (a measure of the image), total (a number of votes), url "
                    + "(another id)"))
        #expect(try read(",image,cat,dog\n0,a.png,3,2\n1,b.png,1,2\n").interpretation.idColumn == "image")
        #expect(try read("id,cat,dog,label\na,3,1,cat\nb,0,2,dog\n").form == .votes)
        #expect(try read("id,cat,dog,label\na,3,1,0\nb,0,2,1\n").classes == ["cat", "dog"])
    }

    private static let numberedRows = "image,cat,dog,nr\n" + (0..<12).map { "a\($0),2,1,\($0)\n" }.joined()

    @Test(arguments: [
        (
            numberedRows,
            "'nr': it numbers the rows, which no class does; skip it with --ignore-columns nr, or name all classes with --classes"
        ),
        (
            "image,cat,dog,pixels\na,2,1,4096\n",
            "'pixels': found 4096 in row 1; expected at most 999 votes for one class"
        ),
        (
            "image,cat,dog,all\na,2,1,3\nb,1,1,2\nc,5,3,8\n",
            "'all': it is the sum of the other columns, which no class is"
        ),
        (
            "image,cat,dog\na,3,1\nb,,2\n",
            "'cat': row 2 is empty here, though other columns hold numbers; --label-format votes"
        ),
        (
            "image,site,kind\na,x,y\nb,x,z\nc,w,y\n",
            "'site', 'kind': each could hold the labels; name one with --label-column"
        ),
        ("17,3\n18,2\n25,2\n", "'column 1': its numbers could be ids or votes; say which with --id-column 1"),
        (
            "a.png,3,640\nb.png,2,480\n",
            "no names, and sums that differ from row to row; name the classes with --classes"
        ),
        (
            "a.png,w1,cat\na.png,w2,dog\n",
            "each could hold the labels; name one with --label-column"
        ),
        (
            "id,label,dog\na,3,7\nb,4,6\nc,5,5\n",
            "'label' could hold the classes, or all of them could be classes with votes"
        ),
        ("id,label_1,label_2\na,3,7\nb,4,6\nc,5,5\n", "so they could be classes with votes as well as annotators"),
        ("id,annotator,score\na,p,3.5\nb,q,2\n", "found no class; the columns are id, annotator, score"),
        (
            "id,annotator,label\na,p,3.5\nb,q,2\n",
            "row 1, column 'label': found 3.5; expected the name or whole number of a class"
        ),
        ("cat,dog\n", "no rows"),
    ]) func whatIsDoubtfulIsRefused(text: String, message: String) {
        let error = error(text)
        #expect(error.contains(message), "\(error)")
    }

    @Test func optionsSettleIt() throws {
        let several = "image,site,kind\na,x,y\nb,x,z\nc,w,y\n"
        #expect(try read(several, LabelReading(labelColumn: "kind")).classes == ["y", "z"])
        #expect(try read(several, LabelReading(ignored: ["site"])).classes == ["y", "z"])
        #expect(
            try read("image,cat,dog,all\na,2,1,3\nb,1,1,2\nc,5,3,8\n", LabelReading(classes: ["dog", "cat"])).classes
                == ["dog", "cat"])
        #expect(try read("image,cat,dog\na,3,1\nb,,2\n", LabelReading(form: .votes)).rows[1].votes == [0, 2])
        #expect(try read("17,3\n18,2\n25,2\n", LabelReading(idColumn: "1")).classes == ["2", "3"])
        #expect(
            try read("a;3,5;1\nb;1;2\n", LabelReading(labelColumn: "3", separator: .semicolon)).classes == [
                "1", "2",
            ])
        let order = try read("id,label\na,x\nb,y\n", LabelReading(classes: ["y", "x", "z"]))
        #expect(order.classes == ["y", "x", "z"] && order.rows[0].label?.hardClass == 1)
        #expect(
            error("id,label\na,x\nb,w\n", LabelReading(classes: ["x"])).contains(
                "row 2, column 'label': found 'w'; expected one of x"))
        #expect(
            error("id,label\na,x\n", LabelReading(labelColumn: "kind"))
                == "labels.csv: --label-column names 'kind'; the columns are id, label")
        #expect(
            error("id,cat,dog\na,1,0\n", LabelReading(ignored: ["owl"]))
                == "labels.csv: 'owl' is to be skipped but does not exist; found cat, dog")
        // A class name with a comma.
        #expect(
            try read("id,cat,\"dog, big\",owl\na,1,5,0\n", LabelReading(ignored: ["dog, big"])).classes == [
                "cat", "owl",
            ])
        let none = try read("id,None\na,1\nb,2\n", LabelReading(form: .annotations, labelColumn: "None"))
        #expect(none.classes == ["1", "2"])
    }

    @Test func dumpsWithoutHeaderAndIDs() throws {
        let shares = try read("0.75,0.25,0\n0.25,0.25,0.5\n", name: "soft-gt.csv")
        #expect(shares.idsAreRows && shares.classes == ["class 0", "class 1", "class 2"])
        #expect(shares.rows.map(\.id) == ["0", "1"])
        let hard = try read("0,1\n1,0\n", name: "hard-gt.csv", LabelReading(classes: ["a", "b"]))
        #expect(hard.classes == ["a", "b"] && hard.rows[0].label?.hardClass == 1)
        #expect(error("0,1\n1,0\n", name: "x.csv").hasSuffix("--header yes or --header no"))
        #expect(
            error("0.5,0.5\n", LabelReading(classes: ["a"])) == "labels.csv: found 2 classes, but 1 are named")
    }

    /// In our own table every other column is a class, whatever its name.
    @Test func theTableOfSamplesOfThisProgram() throws {
        let table = try read("id,split,annotators,hue,ellipse_share,unknown,width\na,test,15,1,0.5,0.25,0.75\n")
        #expect(table.isOwn && table.form == .distribution && table.classes == ["unknown", "width"])
        #expect(table.rows[0].label?.probabilities == [0.25, 0.75])
        #expect(try table.column(named: "hue") == .numbers([1]))
    }

    @Test func columnsBesideTheLabels() throws {
        let table = try read(
            "id,age,site,label\na,3.5,x,p\nb,NA,NULL,q\nc,N/A,y,p\nd,–,None,p\ne,None,x,q\n")
        #expect(try table.column(named: "age") == .numbers([3.5, nil, nil, nil, nil]))
        #expect(try table.column(named: "site") == .categories([0, nil, 1, nil, 0], names: ["x", "y"]))
        #expect(try table.column(named: "age").picked([1, nil, 0]) == .numbers([nil, nil, 3.5]))
        #expect(throws: LabelFileError.self) { try table.column(named: "size") }
        let ages = try read("id,age\na,0.5\nb,NA\n", needsLabels: false)
        #expect(ages.form == nil && ages.rows.count == 2)
        #expect(throws: LabelFileError.self) {
            try read("id,age\na,0.5\nb,inf\n", needsLabels: false).column(named: "age")
        }
    }

    @Test func linesAreMeasuredAcrossParts() throws {
        let long = String(repeating: "x", count: 100_000)
        let file = try InputFile(folder.file("lines", holding: Array("\(long)\n\(long)x\nz\n".utf8)))
        #expect(try file.firstLine(longerThan: 100_000) == 2)
        #expect(try file.firstLine(longerThan: 100_001) == nil)
        #expect(try file.firstLine(longerThan: 99_999) == 1)
    }

    /// Each was one column, or had blanks as separators or a sign in a name.
    @Test(arguments: [
        "image|label\na.png|cat\nb.png|dog\n", "image, label\na.png, \"cat\"\nb.png, dog\n",
        "# image,label\na.png,cat\nb.png,dog\n", "# image label\na.png cat\nb.png dog\n",
    ]) func unusualDialects(text: String) throws {
        let labels = try read(text)
        #expect(labels.interpretation.idColumn == "image" && labels.interpretation.labelColumn == "label")
        #expect(labels.classes == ["cat", "dog"] && labels.rows.map(\.id) == ["a.png", "b.png"])
    }
}
