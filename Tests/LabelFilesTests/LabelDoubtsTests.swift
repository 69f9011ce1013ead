import TestSupport
import Testing

@testable import LabelFiles

/// Tables as people bring them, of which one column or row says that another reading is meant.
@Suite struct LabelDoubtsTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What is truth, a flag or a number of things beside votes was read as one more class.
    @Test(arguments: [
        ("true_label", "a label"), ("gt", "a label"), ("consensus", "a label"), ("class_idx", "a label"),
        ("n_faces", "a number of things or a flag"), ("is_test", "a number of things or a flag"),
    ]) func aLabelAmongVotes(name: String, what: String) throws {
        let text = "id,cat,dog,bird,\(name)\na,7,2,1,0\nb,1,8,2,1\nc,0,1,8,2\nd,6,3,0,0\n"
        #expect(
            error(text) == "labels.csv, column '\(name)': its name is that of \(what), not of a class; skip it with "
                + "--ignore-columns \(name), or name all classes with --classes")
        #expect(try read(text, LabelReading(ignored: [name])).classes == ["cat", "dog", "bird"])
        let other = text.replacing(name, with: "zz")
        #expect(error(other).contains("'zz': in every row it numbers the largest of the others, as a label does"))
        #expect(try read(other, LabelReading(form: .votes)).classes.count == 4)
        // All columns have such names: they are classes.
        #expect(try read("id,n_cat,n_dog\na,7,1\nb,1,8\n").classes == ["n_cat", "n_dog"])
    }

    /// The default for columns of no class is kept in the option that the error names.
    @Test func ignoringOneMoreColumn() throws {
        let text = "id,cat,dog,unknown,age\na,6,4,0,30\nb,1,9,3,40\nc,7,3,4,22\nd,7,5,0,35\n"
        #expect(error(text).contains("skip it with --ignore-columns unknown,age,"))
        #expect(try read(text, LabelReading(ignored: ["unknown", "age"])).classes == ["cat", "dog"])
    }

    @Test func namesThatBoxesAndClassesShare() throws {
        #expect(try read("id,top,bottom,dress\na,7,2,1\nb,1,1,8\nc,0,9,1\n").classes == ["top", "bottom", "dress"])
        let box = "id,left,top,right,bottom,cat,dog\na,1,2,30,40,7,3\nb,5,2,31,44,1,9\nc,1,2,33,48,5,5\n"
        #expect(try read(box).classes == ["cat", "dog"])
        let item = "id,item,cat,dog\na,5,4,1\nb,1,6,3\nc,2,2,6\n"
        #expect(error(item).contains("'item': its name is not that of a class, but with it every row has the same sum"))
        #expect(try read(item, LabelReading(classes: ["item", "cat", "dog"])).rows.map(\.votes)[0] == [5, 4, 1])
        let share = "image,malignant,total\na,3,5\nb,0,5\nc,5,5\nd,3,4\n"
        #expect(error(share).contains("'malignant' could name the class, or count its votes of 'total'"))
        #expect(try read(share, LabelReading(form: .class)).classes == ["0", "3", "5"])
    }

    /// The first column of a known name was taken, though it repeats the truth for each annotation.
    @Test(arguments: ["category", "class", "label"]) func theTruthBesideResponses(name: String) throws {
        let text = "image,\(name),worker_id,response\na,cat,w1,cat\na,cat,w2,dog\nb,dog,w1,dog\nb,dog,w2,cat\n"
        #expect(error(text).contains("columns '\(name)', 'response': each could hold the labels, and they differ"))
        #expect(try read(text, LabelReading(labelColumn: "response")).rows.map(\.votes) == [[1, 1], [1, 1]])
        #expect(!error(text.replacing("worker_id", with: "who")).isEmpty)
        let participants = text.replacing("worker_id", with: "participant")
        #expect(
            try read(participants, LabelReading(labelColumn: "response")).interpretation.annotatorColumn
                == "participant")
    }

    /// The number of a database's row was taken for the image.
    @Test func rowNumbersBesideImages() throws {
        let text = "id,image_id,user_id,label\n1,1,w1,cat\n2,1,w2,cat\n3,2,w1,dog\n4,2,w2,dog\n"
        #expect(
            error(text)
                == "labels.csv, columns 'id', 'image_id': 'id' differs in every row and 'image_id' repeats, as in a "
                + "table of annotations; say which names the images with --id-column")
        #expect(try read(text, LabelReading(idColumn: "image_id")).rows.map(\.votes) == [[2, 0], [0, 2]])
        #expect(try read(text, LabelReading(idColumn: "id")).rows.count == 4)
        #expect(try read("id,image_id,label\n1,7,cat\n2,8,dog\n3,9,cat\n").interpretation.idColumn == "id")
    }

    @Test(arguments: [
        "rater_a,rater_b", "Rater A,Rater B", "rater1_grade,rater2_grade", "grader_x,grader_y", "label_anna,label_ben",
    ])
    func annotatorsWithWordsInPlaceOfNumbers(names: String) throws {
        let text = "id,\(names)\na,0,1\nb,1,1\nc,2,2\nd,2,1\n"
        #expect(error(text).contains("their names speak of annotators, whose labels they could hold"))
        #expect(try read(text, LabelReading(form: .annotators)).classes == ["0", "1", "2"])
        #expect(try read(text, LabelReading(form: .votes)).classes.count == 2)
    }

    @Test func columnsThatPandasNumbers() throws {
        let text = "id,label,label.1,label.2\na,cat,dog,cat\nb,dog,dog,dog\nc,cat,dog,dog\n"
        #expect(try read(text).rows.map(\.votes) == [[2, 1], [0, 3], [1, 2]])
        #expect(try read(text.replacing("label.1,label.2", with: "label_2,label_3")).rows[0].votes == [2, 1])
        let what = error(text.replacing("label.1,label.2", with: "label_1,label_2"))
        #expect(what.contains("'label' could be one of the annotators, or what became of their labels; name it with"))
        let pair = "id,label,label.1\na,cat,dog\nb,dog,dog\n"
        #expect(try read(pair).rows.map(\.votes) == [[1, 1], [0, 2]])
    }

    @Test func aConsensusAmongAnnotators() throws {
        let text =
            "id,anna,ben,carl,consensus\na,cat,cat,dog,cat\nb,dog,dog,dog,dog\nc,cat,dog,cat,cat\nd,dog,cat,cat,cat\n"
        #expect(error(text).contains("the names speak of predictions or the truth, not of annotators"))
        #expect(try read(text, LabelReading(ignored: ["consensus"])).rows[0].votes == [2, 1])
        #expect(try read(text.replacing("consensus", with: "majority")).rows[0].votes == [2, 1])
    }

    @Test func wholeNumbersWithAPointBesideAWord() throws {
        let labels = try read("id,rater_1,rater_2\na,0,1.0\nb,1,1.0\nc,unclear,0.0\n")
        #expect(
            labels.classes == ["0", "1", "unclear"] && labels.rows.map(\.votes) == [[1, 1, 0], [0, 2, 0], [1, 0, 1]])
    }

    @Test(arguments: [
        ("id,label,cat,dog,unknown\na,cat,6,2,2\nb,dog,1,8,1\nc,unknown,1,2,7\n", nil),
        ("id,label,n_cat,n_dog\na,cat,7,1\nb,dog,1,8\n", nil),
        ("id,label,cat,dog,bird\na,cat,7,2,1\nb,dog,1,8,2\nc,tie,3,3,1\n", "votes"),
        ("id,label,cat,dog\na,cat,3.5,1\nb,dog,0.5,4\n", "shares"),
        ("id,label,cat,dog,unknown\na,cat,0.6,0.3,0.1\nb,dog,0.1,0.8,0.1\nc,cat,0.2,0.6,0.2\n", "shares"),
        ("id,label,n_cat,n_dog\na,cat,7,1\nb,dog,1,8\nc,cat,2,3\nd,dog,4,3\n", "votes"),
        ("id,label,cat,dog,bird\na,0,7,2,1\nb,1,1,8,2\nc,2,2,3,5\nd,1,4,3,3\n", "votes"),
    ]) func labelsBesideVotes(text: String, what: String?) throws {
        if let what {
            #expect(error(text).contains("or the other columns their \(what), of which it does not name the largest"))
            #expect(try read(text, LabelReading(form: .class)).interpretation.labelColumn == "label")
        } else {
            #expect(try read(text).form == .votes)
        }
    }

    @Test func flagsBesideALabel() throws {
        for names in ["train,test", "is_male,is_female"] {
            let text = "id,label,\(names)\na,cat,1,0\nb,dog,1,0\nc,cat,0,1\nd,dog,1,0\n"
            #expect(try read(text).classes == ["cat", "dog"])
        }
    }

    /// A class may have the name of a subset.
    @Test func votesForTrains() throws {
        let text = "id,label,bus,train\na,bus,7,1\nb,train,1,8\nc,train,2,3\n"
        #expect(try read(text).rows.map(\.votes) == [[7, 1], [1, 8], [2, 3]])
    }

    @Test func rejectedAnnotations() throws {
        let lines = ["accept", "reject"].enumerated().map {
            #"{"image": "\#($0).png", "label": "CAT", "answer": "\#($1)"}"#
        }
        let text = lines.joined(separator: "\n")
        #expect(
            error(text, named: "prodigy.jsonl")
                == "prodigy.jsonl, column 'answer': found 'reject' in row 2; its label would count like all others; remove "
                + "such rows, or count them with --ignore-columns answer")
        #expect(try read(text, LabelReading(ignored: ["answer"]), named: "prodigy.jsonl").rows.count == 2)
    }

    @Test func listsBesideALabel() throws {
        let text =
            #"[{"image":"a","label":"cat","tags":["x","y"],"bbox":[1,2,3,4]},{"image":"b","label":"dog","tags":[]}]"#
        let labels = try read(text, named: "labels.json")
        #expect(labels.classes == ["cat", "dog"] && labels.form == .class)
        #expect(labels.interpretation.skipped.map(\.name).sorted() == ["bbox", "tags"])
        let named = #"[{"image":"a","kind":"cat","box":[1,2]},{"image":"b","kind":"dog","box":[5,2]}]"#
        #expect(error(named, named: "labels.json").contains("its whole numbers could be votes"))
        #expect(try read(named, LabelReading(labelColumn: "kind"), named: "labels.json").classes == ["cat", "dog"])
        #expect(try read(named, LabelReading(ignored: ["box"]), named: "labels.json").classes == ["cat", "dog"])
    }

    @Test(arguments: ["vote_count", "cnt", "0", "n_workers", "pct", "size"]) func countedRows(name: String) throws {
        let text = "image,label,\(name)\na,cat,9\na,dog,1\nb,dog,9\nb,cat,1\n"
        #expect(error(text).contains("each row could be one annotation, or as many as '\(name)' says"))
        #expect(try read(text, LabelReading(form: .annotations)).rows.map(\.votes) == [[1, 1], [1, 1]])
    }

    @Test(arguments: [
        "[0.1, 0.9]", "['cat', 'dog']", #"{""choices"": [""cat""]}"#, "0,1,1", "0 1 1", "cat;dog", "cat | dog",
        "cat/dog", "dog + cat", "cat, dog", "cat and dog", "('cat', 'dog')", "(cat, dog)", "( 'cat')", "0, 1",
    ]) func severalLabelsInOneField(field: String) throws {
        let text = "id,label\na,\"\(field)\"\nb,cat\nc,dog\n"
        #expect(error(text).contains("column 'label': row 1 holds '"))
        #expect(
            error(text).contains("', which could be several labels; expected one class; write one row per annotation"))
        let name = field.replacing("\"\"", with: "\"")
        #expect(try read(text, LabelReading(classes: [name, "cat", "dog"])).rows[0].label?.hardClass == 0)
        for name in ["tench, Tinca tinca", "cat/lynx", "A+", "black and white", "(can't tell)", "cat (black, small)"] {
            #expect(try read("id,label\na,\"\(name)\"\nb,cat\nc,A\n").classes.count == 3)
        }
    }

    /// A comma between two whole numbers is a decimal comma only without a blank.
    @Test func twoNumbersWithACommaBesideThem() throws {
        #expect(error("id,label\na,\"1, 5\"\nb,1\nc,5\n").contains("row 1 holds '1, 5', which could be several labels"))
        #expect(try read("id,label\na,\"1,5\"\nb,1\nc,5\n").classes.sorted() == ["1", "1,5", "5"])
    }

    /// What the user skips ended in the same error, which did not name the option.
    @Test func severalLabelsCanBeSkipped() throws {
        let text = "id,label\na,cat/dog\nb,cat\nc,dog\nd,\"cat, dog\"\ne,unsure\n"
        #expect(
            error(text)
                == "labels.csv, column 'label': row 4 holds 'cat, dog', which could be several labels; expected one class; "
                + "write one row per annotation or one column per class, skip such labels with "
                + "--ignore-columns 'unsure,\"cat, dog\",cat/dog', or name all classes with --classes")
        let labels = try read(text, LabelReading(ignored: ["unsure", "cat, dog", "cat/dog"]))
        #expect(labels.classes == ["cat", "dog"])
        #expect(
            error(text, LabelReading(ignored: ["unsure", "owl"])).contains("'owl' is to be skipped but does not exist"))
        let unknown = text.replacing("label", with: "animal")
        #expect(try read(unknown, LabelReading(ignored: ["unsure", "cat, dog", "cat/dog"])).classes == ["cat", "dog"])
        #expect(
            error(text, LabelReading(ignored: ["unsure", "cat, dog"])).contains(
                "skip such labels with --ignore-columns 'unsure,\"cat, dog\",cat/dog', or"))
        // Too many to list.
        let many = text + (0..<3).map { "m\($0),cat;\($0)\n" }.joined()
        #expect(error(many).contains("skip such labels with --ignore-columns, or name"))
    }

    @Test func roundedPercentAndGapsInShares() throws {
        let percent = try read("id,cat,dog,bird\na,70,30,0\nb,33,33,33\nc,67,17,17\n")
        #expect(percent.form == .votes)
        #expect(percent.interpretation.remarks.joined().contains("each row sums to 99 to 101: read as 99 to 101 votes"))
        let gaps = #"{"a":{"cat":0.7,"dog":0.3},"b":{"dog":1.0},"c":{"cat":1.0}}"#
        #expect(error(gaps, named: "labels.json").hasSuffix("; --label-format distribution reads it as 0"))
        let read = try read(gaps, LabelReading(form: .distribution), named: "labels.json")
        #expect(read.rows.map { $0.label?.probabilities } == [[0.7, 0.3], [0, 1], [1, 0]])
        let comma = try self.read("id;cat;dog\na;70,0 %;30,0 %\nb;10,0%;90,0%\n")
        #expect(comma.form == .distribution && comma.rows[1].label?.probabilities == [0.1, 0.9])
    }

    /// A blank before the percent sign made two digits and a sign three digits, as of thousands.
    @Test(arguments: ["70,5%", "70,5 %"]) func decimalCommasBeforePercentSigns(share: String) throws {
        let table = try read("id;cat;dog\na;\(share);29,5 %\nb;\(share);29,5 %\n")
        #expect(table.rows.map { $0.label?.probabilities } == [[0.705, 0.295], [0.705, 0.295]])
    }

    /// They "sum to 1.0 to 1.0".
    @Test func sumsBelowTheRounding() throws {
        let table = try read("id,cat,dog\na,0.70001,0.30001\nb,0.5,0.5\n")
        #expect(table.rows[0].label != nil && table.interpretation.remarks.isEmpty)
        #expect(try !read("id,cat,dog\na,0.7002,0.3\nb,0.5,0.5\n").interpretation.remarks.isEmpty)
    }

    /// The error spoke of the whole numbers of a list without any.
    @Test func recordsBesideOtherLists() {
        let viewer = #"{"features": [], "rows": [{"row_idx": 0, "row": {"image": "a.png", "label": 0}}]}"#
        #expect(
            error(viewer, named: "rows.json")
                == "rows.json, 'rows': found a list of objects beside other lists; expected that list alone, or one list of "
                + "labels or numbers for each id")
    }

    @Test func aGapInATableOfThisProgram() throws {
        #expect(error("id,hue,ellipse_share,a,b\nx,3,0.5,1,\n").contains("column 'b': row 1 is empty here"))
    }

    /// Each sign was a call within a call.
    @Test func aFieldOfPercentSigns() throws {
        let signs = String(repeating: "%", count: 500_000)
        #expect(
            error("id;cat;dog\na;0,7;0,3\nb;0,4;0,6\nc;1,0\(signs);0,3\n").contains("row 3, column 'cat': found '1,0%"))
    }

    @Test func votesOfEachAnnotator() throws {
        let text = "image,annotator,cat,dog\na,w1,1,0\na,w2,0,1\nb,w1,0,1\nb,w2,0,1\n"
        let labels = try read(text)
        #expect(
            labels.form == .votes && labels.classes == ["cat", "dog"] && labels.rows.map(\.votes) == [[1, 1], [0, 2]])
        #expect(
            labels.interpretation.remarks == ["one row per annotator, in 'annotator': the votes of an image are summed"]
        )
        #expect(
            error(text + "a,w1,0,1\n").contains(
                "annotator 'w1' labels 'a' in rows 1 and 5 (cat 1, dog 0 and cat 0, dog 1)"))
        // Numbered annotators were one more class.
        #expect(try read(text.replacing("w", with: "")).classes == ["cat", "dog"])
    }

    @Test func classesSeparatedByCommas() throws {
        #expect(
            error("id,label\na,cat\n", LabelReading(classes: ["cat,dog"])).hasSuffix(
                "; separate the names of --classes by blanks, not commas"))
    }

    @Test func otherKindsOfFiles() throws {
        func said(_ bytes: [UInt8]) throws -> String {
            let file = try folder.file("labels.csv", holding: bytes)
            return thrown(LabelFileError.self) { try LabelTable.read(file) }?.description ?? ""
        }
        #expect(
            try said([0xFF, 0xFE, 0x69, 0]).hasSuffix("found UTF-16; expected a table of text: save it as CSV in UTF-8")
        )
        #expect(try said([0x50, 0x4B, 3, 4, 0]).contains("found an Excel workbook or another zip archive"))
        #expect(try said([0x1F, 0x8B, 8, 0]).contains("found a gzip file"))
        #expect(try said(Array("sep=;\nid;cat;dog\na;7;3\n".utf8)).hasSuffix("remove that line"))
        #expect(error("cat dog\na 7 3\nb 1 9\n", LabelReading(separator: .blank)).contains("R's write.table"))
        #expect(try read("id,cat,dog,,\na,7,3,,\nb,1,9,,\n").classes == ["cat", "dog"])
    }
}
