import Foundation
import LabelDistributions
import TensorFiles
import TestSupport
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `evaluate` on another program's probabilities: no network, true labels joined from a data set by id.
@Suite struct ForeignPredictionsTests {
    private let folder: TemporaryFolder
    private var data: String { folder.path("data") }

    /// Two classes; a and b are test images, c is a training image.
    init() throws {
        folder = try TemporaryFolder()
        for name in ["a", "b", "c"] { try folder.write("", to: "data/\(name).png") }
        try folder.write("id,split,p,q\na,test,0.75,0.25\nb,test,0,1\nc,train,1,0\n", to: "data/labels.csv")
    }

    /// The measures of the same predictions in a table with labels.
    private func expected() throws -> [Double?] {
        let path = try folder.file(
            "own.csv", "id,true_p,true_q,predicted_p,predicted_q\na,0.75,0.25,0.5,0.5\nb,0,1,0.125,0.875\n")
        return try measures(path)
    }

    private func measures(_ arguments: String..., images: Int = 2) throws -> [Double?] {
        let run = CommandRun(arguments: ["evaluate", "--json"] + arguments)
        #expect(run.status == .done, "\(run.errors)")
        let table = try JSONText.decoder.decode(EvaluationTable.self, from: Data(run.output.utf8))
        #expect(table.evaluations.map(\.images) == [images])
        return PredictionMeasure.allCases.map { table.evaluations[0][$0] }
    }

    @Test func tablesAreJoinedById() throws {
        // Another order, columns that are not classes, and the row of a training image.
        let path = try folder.file("p.csv", "epoch,q,id,p\n1,0.875,b,0.125\n1,1,c,0\n1,0.5,a,0.5\n")
        #expect(try measures(path, "--data", data) == expected())
        let run = CommandRun("evaluate", path, "--data", data)
        #expect(run.errors.contains("p.csv: epoch: not a class, skipped\n"))
        #expect(run.errors.contains("p.csv: 1 rows for images outside test are skipped\n"))
        let prefixed = try folder.file("p.tsv", "id\tpredicted_p\tpredicted_q\na\t0.5\t0.5\nb\t0.125\t0.875\n")
        #expect(try measures(prefixed, "--data", data) == expected())
        #expect(try measures(path, "--data", data, "--subset", "all", images: 3) != expected())
        let split = try folder.file("s.csv", "id,split,p,q\na,train,0.5,0.5\nb,test,0.125,0.875\n")
        #expect(try measures(split, "--data", data) == expected())
        let said = CommandRun("evaluate", split, "--data", data).errors
        #expect(said.contains("s.csv: split: not used; the data set, --split and --subset say which rows"), "\(said)")
    }

    @Test func arraysTakeTheirIdsFromATable() throws {
        let ids = try folder.file("ids.csv", "id\nb\na\n")
        let array = folder.file("p.npy")
        try NPYFile.write(NumericArray(shape: [2, 2], values: [0.125, 0.875, 0.5, 0.5]), to: array)
        #expect(try measures(array.path, "--data", data, "--ids", ids) == expected())
        let run = CommandRun("evaluate", array.path, "--data", data, "--ids", ids)
        #expect(run.errors.contains("p.npy: the columns are read as p, q, in this order\n"))
        let headerless = try folder.file("p.csv", "0.125,0.875\n0.5,0.5\n")
        #expect(try measures(headerless, "--data", data, "--ids", ids) == expected())
        let named = try folder.file("named.csv", "p,q\n0.125,0.875\n0.5,0.5\n")
        #expect(try measures(named, "--data", data, "--ids", ids) == expected())
    }

    @Test func anArchiveMayNameItsClasses() throws {
        let numbers = try NPZFixture.numbers(NumericArray(shape: [2, 2], values: [0.875, 0.125, 0.5, 0.5]))
        func archive(_ name: String, _ classes: [String]) throws -> String {
            let path = folder.path("\(name).npz")
            try NPZFixture.write(
                [("p", numbers), ("ids", NPZFixture.texts(["b", "a"])), ("classes", NPZFixture.texts(classes))],
                to: path)
            return path
        }
        let turned = try archive("turned", ["q", "p"])
        #expect(try measures(turned, "--data", data) == expected())
        let said = CommandRun("evaluate", turned, "--data", data).errors
        #expect(said.contains("turned.npz: the columns are the classes in the array 'classes'\n"), "\(said)")
        #expect(!said.contains("in this order"))
        // One for each image names no columns.
        let each = NPZFixture.array(descr: "|u1", shape: "(3,)", data: [0, 1, 0])
        let three = try NPZFixture.numbers(NumericArray(shape: [3, 2], values: [0.125, 0.875, 0.5, 0.5, 1, 0]))
        try NPZFixture.write(
            [("p", three), ("ids", NPZFixture.texts(["b", "a", "c"])), ("classes", each)], to: folder.path("each.npz"))
        #expect(try measures(folder.path("each.npz"), "--data", data) == expected())
        for (name, classes) in [("other", ["p", "r"]), ("repeated", ["p", "p"]), ("more", ["p", "q", "r"])] {
            let path = try archive(name, classes)
            expectError(
                path, "--data", data,
                message:
                    "\(path), array 'classes': found the classes \(classes.joined(separator: ", ")); expected those of "
                    + "the data set, in any order (p, q)")
        }
    }

    @Test func whatNamesTheClassesIsNotPassedOver() throws {
        let numbers = try NPZFixture.numbers(
            NumericArray(shape: [3, 2], values: [0.875, 0.125, 0.5, 0.5, 0, 1]))
        let ids = ("filenames", NPZFixture.texts(["b", "a", "c"]))
        func archive(_ entries: (String, [UInt8])...) throws -> String {
            let path = folder.path("x.npz")
            try? FileManager.default.removeItem(atPath: path)
            try NPZFixture.write([("p", numbers), ids] + entries, to: path)
            return path
        }
        for name in ["class_order", "label_names", "columns", "labels", "anything"] {
            let path = try archive((name, NPZFixture.texts(["q", "p"])))
            #expect(try measures(path, "--data", data) == expected(), "\(name)")
        }
        // The class of each image is none of a column.
        let each = try archive(("labels", NPZFixture.texts(["p", "q", "p"])))
        #expect(
            CommandRun("evaluate", each, "--data", data).errors.contains("the columns are read as p, q, in this order"))
        let objects = try archive(("classes", NPZFixture.array(descr: "|O", shape: "(2,)", data: [])))
        expectError(
            objects, "--data", data,
            message:
                "\(objects): found array classes (2,) |O; expected texts (type U or S) with the classes of the columns: "
                + "save them so, such as classes=np.array(names, dtype=str)")
        let others = try archive(("anything", NPZFixture.texts(["r", "p"])))
        expectError(
            others, "--data", data,
            message:
                "\(others), array 'anything': found the classes r, p; expected those of the data set, in any order (p, q)"
        )
        let two = try archive(("a", NPZFixture.texts(["q", "p"])), ("b", NPZFixture.texts(["p", "q"])))
        expectError(
            two, "--data", data,
            message:
                "\(two): the arrays 'a' and 'b' name the classes in different orders; expected one order, that of the columns"
        )
    }

    /// NumPy makes floats of the whole numbers that name the classes.
    @Test func floatsMayNameClassesThatAreNumbers() throws {
        for name in ["a", "b", "c"] { try folder.write("", to: "numbers/\(name).png") }
        try folder.write("id,split,0,1\na,test,0.75,0.25\nb,test,0,1\nc,train,1,0\n", to: "numbers/labels.csv")
        let data = folder.path("numbers")
        let numbers = try NPZFixture.numbers(NumericArray(shape: [2, 2], values: [0.875, 0.125, 0.5, 0.5]))
        func archive(_ name: String, _ classes: [Float]) throws -> String {
            let path = folder.path("\(name).npz")
            try NPZFixture.write(
                [
                    ("p", numbers), ("ids", NPZFixture.texts(["b", "a"])),
                    ("classes", try NPZFixture.numbers(NumericArray(shape: [2], values: classes))),
                ], to: path)
            return path
        }
        #expect(try measures(archive("whole", [1, 0]), "--data", data) == expected())
        let other = try archive("other", [0.5, 0])
        expectError(
            other, "--data", data,
            message:
                "\(other), array 'classes': found 0.5; expected the classes of the columns as texts or whole numbers")
    }

    /// Thirds, written with six digits, sum to 0.999999 or 1.000001.
    @Test func trueSharesMayBeRounded() throws {
        let header = "id,true_p,true_q,true_r,predicted_p,predicted_q,predicted_r\n"
        let rounded = try folder.file(
            "r.csv", header + "a,0.333333,0.333333,0.333333,0.5,0.25,0.25\nb,0,0,1,0.25,0.25,0.5\n")
        let run = CommandRun("evaluate", rounded)
        #expect(run.status == .done)
        #expect(
            run.errors.contains(
                "\(rounded): the true shares of 1 row sum to 1 only but for rounding and are normalised to 1 (first row 1, "
            ),
            "\(run.errors)")
        let wrong = try folder.file("w.csv", header + "a,0.33,0.33,0.33,0.5,0.25,0.25\n")
        #expect(CommandRun("evaluate", wrong).status == .wrongInput)
    }

    @Test func foldersOfMoreThanTenNumbersAreNamed() throws {
        let classes = (0..<12).map { "\($0)" }
        for name in ["a", "b"] { try folder.write("", to: "twelve/\(name).png") }
        let shares = "0.75,0.25" + String(repeating: ",0", count: 10)
        try folder.write(
            "id,split,\(classes.joined(separator: ","))\na,test,\(shares)\nb,test,\(shares)\n",
            to: "twelve/labels.csv")
        let array = folder.file("t.npy")
        let row = [1] + [Float](repeating: 0, count: 11)
        try NPYFile.write(NumericArray(shape: [2, 12], values: row + row), to: array)
        // Known names of ids are headers if they are a line too many.
        let ids = try folder.file("ids.csv", "names\na\nb\n")
        let run = CommandRun("evaluate", array.path, "--data", folder.path("twelve"), "--ids", ids)
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("ImageFolder sorts such classes as texts (0, 1, 10, 11 …)"), "\(run.errors)")
    }

    @Test func anUnnamedColumnIsCalledSo() throws {
        let path = try folder.file("p.csv", ",id,p,q\n0,a,0.5,0.5\n1,b,0.125,0.875\n")
        let run = CommandRun("evaluate", path, "--data", data)
        #expect(run.errors.contains("p.csv: the unnamed column: not a class, skipped\n"), "\(run.errors)")
    }

    @Test func plotTakesNoArraysOfPredictions() throws {
        let map = try folder.file("map.csv", "id,x,y\na,0,0\nb,1,0\n")
        let array = folder.file("p.npy")
        try NPYFile.write(NumericArray(shape: [2, 2], values: [0.5, 0.5, 0.5, 0.5]), to: array)
        let run = CommandRun("plot", map, "--predictions", array.path, "--out", folder.path("f.svg"))
        #expect(
            run.errors
                == "Error: \(array.path): an array; expected a table (.csv) with the columns id, true_<class> and "
                + "predicted_<class> ('penumbra evaluate' measures arrays, with --data)\n")
    }

    @Test func ofSeveralArraysOneIsNamed() throws {
        let path = folder.path("x.npz")
        let numbers = try NPZFixture.numbers(NumericArray(shape: [2, 2], values: [0.125, 0.875, 0.5, 0.5]))
        try NPZFixture.write(
            [("probs", numbers), ("labels", numbers), ("ids", NPZFixture.texts(["b", "a"]))], to: path)
        let run = CommandRun("evaluate", path, "--data", data)
        #expect(run.status == .wrongInput && run.errors.contains("or --array with the name of one"), "\(run.errors)")
        #expect(try measures(path, "--data", data, "--array", "probs") == expected())
    }

    /// The file's own ids count, whatever their column is called, and are compared with those of `--ids`.
    @Test func idsInOtherColumns() throws {
        let path = try folder.file("p.csv", "filename,p,q\nb,0.125,0.875\na,0.5,0.5\n")
        #expect(try measures(path, "--data", data) == expected())
        #expect(CommandRun("evaluate", path, "--data", data).errors.contains("p.csv: ids from column 'filename'\n"))
        let ordered = try folder.file("ids.csv", "filename\na\nb\n")
        expectError(
            path, "--data", data, "--ids", ordered,
            message: "\(path) and \(ordered) hold different samples: row 1 is 'b' in the first and 'a' in the second")
        let turned = try folder.file("turned.csv", "image_id,place\nb,1\na,2\n")
        #expect(try measures(path, "--data", data, "--ids", turned) == expected())
        // A column of names is not one of ids if it repeats them; row numbers are none.
        let numbered = try folder.file("n.csv", ",p,q\n0,0.125,0.875\n1,0.5,0.5\n")
        #expect(try measures(numbered, "--data", data, "--ids", turned) == expected())
    }

    @Test func columnsBesideTheClasses() throws {
        let path = try folder.file(
            "p.csv", "id,p,q,predicted_class,true_label\nb.png,0.125,0.875,q,q\na.png,0.5,0.5,p,p\n")
        #expect(try measures(path, "--data", data) == expected())
        let said = CommandRun("evaluate", path, "--data", data).errors
        #expect(said.contains("p.csv: predicted_class, true_label: not a class, skipped\n"), "\(said)")
        #expect(said.contains("p.csv: the ids are read without the extensions of images, as in the data set\n"))
        // Two equal numbers in the first line are no columns named twice.
        let ids = try folder.file("ids.csv", "id\na\nb\n")
        let headerless = try folder.file("h.csv", "0.5,0.5\n0.125,0.875\n")
        #expect(try measures(headerless, "--data", data, "--ids", ids) == expected())
    }

    private func expectError(_ arguments: String..., message: String) {
        let run = CommandRun(arguments: ["evaluate"] + arguments)
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasSuffix("Error: \(message)\n"), "\(run.errors)")
    }

    @Test(arguments: [
        (
            "id,p,q\na,0.5,0.4\nb,0,1\n",
            "<>, row 1: the predicted probabilities sum to 0.9; expected numbers of at least 0 that sum to 1"
        ),
        ("id,p,r\na,0.5,0.5\nb,0,1\n", "<>: no column 'q'; expected one per class of the data set (p, q)"),
        (
            "id,predicted_p,q\na,1,0\n",
            "<>: no column 'predicted_q'; expected one per class of the data set (p, q)"
        ),
        ("p,q\n0.5,0.5\n1,0\n", "<>: found no ids; add a column 'id', or name a table that has one with --ids"),
        (
            "id,p,q\na,1,0\n",
            "<>: 1 of the 2 images of the subset test have no prediction (the first is 'b'); expected one row per image"
        ),
        ("id,p,q\na,1,0\nx,1,0\n", "<>: row 2: the id 'x' is not in the data set <data>"),
        ("id,p,q\na.png,1,0\nb.png,1,0\nx.png,1,0\n", "<>: row 3: the id 'x.png' is not in the data set <data>"),
        ("id,p,q\na,1,0\na,1,0\n", "<>: the id 'a' is in rows 1 and 2; expected each id once"),
        ("id,p,q\n", "<>: no rows; expected at least one"),
    ])
    func wrongTables(text: String, message: String) throws {
        let path = try folder.file("p.csv", text)
        expectError(
            path, "--data", data, message: message.replacing("<>", with: path).replacing("<data>", with: data))
    }

    @Test func wrongArrays() throws {
        let array = folder.file("p.npy")
        try NPYFile.write(NumericArray(shape: [2, 2], values: [1, 0, 1, 0]), to: array)
        expectError(
            array.path, "--data", data,
            message: "\(array.path): found no ids; add a column 'id', or name a table that has one with --ids")
        let wide = folder.file("wide.npy")
        try NPYFile.write(NumericArray(shape: [2, 3], values: [1, 0, 0, 1, 0, 0]), to: wide)
        let ids = try folder.file("ids.csv", "id\na\nb\n")
        expectError(
            wide.path, "--data", data, "--ids", ids,
            message: "\(wide.path): found 3 columns; expected 2, one per class of the data set")
        let few = try folder.file("few.csv", "id\na\n")
        expectError(
            array.path, "--data", data, "--ids", few,
            message: "\(few): found 1 row; expected 2, as in \(array.path)")
        let path = try folder.file("p.csv", "id,p,q\na,1,0\n")
        expectError(
            path, message: "\(path): needs a data set with the true labels; name one with --data")
        expectError(
            path, "--data", data, "--subset", "val",
            message: "\(data): split 1 has no sample in the subset 'val'")
    }
}
