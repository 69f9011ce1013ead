import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

@Suite struct ProjectTests {
    /// 40 points in two clusters, which the first feature separates.
    static func features(_ rows: Int = 40) -> NumericArray {
        let values = (0..<rows).flatMap { row -> [Float] in
            let heap = Float(row % 2) * 10
            return [heap + Float(row) * 0.01, Float(row * row % 7), Float(row * 3 % 5)]
        }
        return NumericArray(shape: [rows, 3], values: values)
    }

    static func csv(_ array: NumericArray, idPrefix: String = "s") -> String {
        let rows = (0..<array.shape[0]).map { row in
            "\(idPrefix)\(row)," + array.values[(row * 3)..<(row * 3 + 3)].map(\.description).joined(separator: ",")
        }
        return (["id,f0,f1,f2"] + rows).joined(separator: "\n") + "\n"
    }

    private let quick = ["--perplexity", "5", "--max-iter", "100", "--threads", "1"]

    private func project(_ features: String, _ out: String, _ more: String...) -> CommandRun {
        CommandRun(arguments: ["project", features, "--out", out] + quick + more)
    }

    @Test func aTableBecomesALayoutAndAReport() throws {
        let folder = try TemporaryFolder()
        let run = project(try folder.file("f.csv", Self.csv(Self.features())), folder.path("out.csv"))
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output.hasPrefix("40 points of 3 features in \(folder.path("out.csv"))\nKL "))
        let layout = try LayoutFile.read(URL(fileURLWithPath: folder.path("out.csv")))
        #expect(layout.ids.ids == (0..<40).map { "s\($0)" })
        let report = try JSONText.read(LayoutReport.self, from: URL(fileURLWithPath: folder.path("out.json")))
        #expect(report.points == 40 && report.dimension == 3 && report.iterations == 100 && report.isComplete)
        #expect(report.parameters.perplexity.single == 5 && report.method == "exact")
        #expect(abs(report.perplexity[0].mean - 5) < 1e-3)
        #expect(report.klTrace.last?.iteration == 100)
        #expect(try folder.names == ["f.csv", "out.csv", "out.json"])
    }

    @Test func anArrayGivesTheSameLayoutWithTheNumbersOfItsRowsAsIDs() throws {
        let folder = try TemporaryFolder()
        let table = try folder.file("f.csv", Self.csv(Self.features(), idPrefix: ""))
        try NPYFile.write(Self.features(), to: URL(fileURLWithPath: folder.path("x.npy")))
        #expect(project(table, folder.path("a.csv")).status == .done)
        #expect(project(folder.path("x.npy"), folder.path("b.csv"), "--threads", "2").status == .done)
        #expect(try folder.text("a.csv") == folder.text("b.csv"))
    }

    @Test func theIDsOfAnArrayAreThoseOfTheTableBesideItOrOfTheOneThatIsNamed() throws {
        let folder = try TemporaryFolder()
        let array = URL(fileURLWithPath: folder.path("embeddings.npy"))
        try NPYFile.write(Self.features(), to: array)
        let ids = (0..<40).map { "image\($0)" }
        let table = (["id,split"] + ids.map { "\($0),test" }).joined(separator: "\n")
        _ = try folder.file("samples.csv", table)
        #expect(project(array.path, folder.path("a.csv")).status == .done)
        #expect(try LayoutFile.read(URL(fileURLWithPath: folder.path("a.csv"))).ids.ids == ids)
        let other = try folder.file("other.csv", table.replacing("image", with: "x"))
        #expect(project(array.path, folder.path("b.csv"), "--ids", other).status == .done)
        #expect(try LayoutFile.read(URL(fileURLWithPath: folder.path("b.csv"))).ids.ids.first == "x0")
    }

    @Test func anyNumbersAreFeaturesWhereNoneAreNamed() throws {
        let folder = try TemporaryFolder()
        let text = Self.csv(Self.features()).replacing("id,f0,f1,f2", with: "id,width,height,depth")
        #expect(project(try folder.file("f.csv", text), folder.path("a.csv")).status == .done)
        #expect(project(try folder.file("g.csv", Self.csv(Self.features())), folder.path("b.csv")).status == .done)
        #expect(try folder.text("a.csv") == folder.text("b.csv"))
    }

    @Test func aLayoutMayBeTheBeginningOfAnother() throws {
        let folder = try TemporaryFolder()
        let table = try folder.file("f.csv", Self.csv(Self.features()))
        #expect(project(table, folder.path("a.csv")).status == .done)
        #expect(project(table, folder.path("b.csv"), "--init", folder.path("a.csv")).status == .done)
        let other = try folder.file("o.csv", folder.text("a.csv").replacing("s3,", with: "z3,"))
        let run = project(table, folder.path("c.csv"), "--init", other)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(table) and \(other) hold different samples: row 4 is 's3' in the first and 'z3' in the second\n"
        )
    }

    /// An array of initial coordinates has the layout's shape, one row per sample.
    @Test func anInitialArrayHasOneRowPerSample() throws {
        let folder = try TemporaryFolder()
        let features = Self.features(20)
        let array = URL(fileURLWithPath: folder.path("f.npy"))
        try NPYFile.write(features, to: array)
        let values = (0..<40).map { Float($0 * $0 % 7) * 1e-4 }
        let start = URL(fileURLWithPath: folder.path("start.npy"))
        for (shape, accepted) in [([20, 2], true), ([2, 20], false), ([40], false), ([4, 10], false)] {
            try NPYFile.write(NumericArray(shape: shape, values: values), to: start)
            let run = project(array.path, folder.path("a.csv"), "--init", start.path)
            #expect(run.status == (accepted ? .done : .wrongInput), "\(shape)")
            if !accepted {
                #expect(
                    run.errors
                        == "Error: \(start.path): found an array of shape \(shape); expected [20, 2] (samples, axes)\n")
            }
        }
    }

    /// Numbers near the integer limits used to trap.
    @Test(arguments: [
        ["--snapshots", "9223372036854775807"], ["--max-iter", "9223372036854775807", "--snapshots", "3"],
        ["--max-iter=-9223372036854775808"], ["--early-exaggeration-iter", "9223372036854775807"],
        ["--late-exaggeration-start", "9223372036854775807"],
        ["--method", "interpolation", "--intervals-per-unit", "1e-320"],
    ])
    func extremeNumbersAreRefused(options: [String]) throws {
        let folder = try TemporaryFolder()
        let features = try folder.file("f.csv", Self.csv(Self.features()))
        let run = CommandRun(
            arguments: ["project", features, "--out", folder.path("a.csv"), "--perplexity", "3"] + options)
        #expect(run.status == .wrongInput, "\(run.errors)")
        #expect(run.errors.hasPrefix("Error: "))
    }

    @Test func jsonIsTheReport() throws {
        let folder = try TemporaryFolder()
        let run = project(
            try folder.file("f.csv", Self.csv(Self.features())), folder.path("out.csv"), "--json")
        let report = try folder.text("out.json")
        #expect(run.output == report)
    }

    private static let four = "id,f0\na,1\nb,2.5\nc,3\nd,4\n"

    /// Each invalid input with its complete message; `<>` stands for the folder.
    @Test(arguments: [
        (
            "id,f0\na,1\nb,nan\nc,2\nd,3\n", [],
            "<>/f.csv, row 2, column 'f0': found 'nan'; expected a number; fill the gap, drop the row, or leave the column "
                + "out with --skip-columns"
        ),
        (
            "id,f0\na,1\nb,-inf\nc,2\nd,3\n", [],
            "<>/f.csv, row 2, column 'f0': found '-inf'; expected a number, or leave the column out with --skip-columns"
        ),
        ("id,f0\na,1\nb,2\nc,3\n", [], "<>/f.csv: the features have 3 rows; t-SNE needs at least 4"),
        (four, [], "<>/f.csv: the perplexity is 5.0; with 4 points it must be below 3"),
        (
            "id,f0\na,1\nb,x\nc,2\n", [],
            "<>/f.csv, row 2, column 'f0': found 'x'; expected a number, or leave the column out with --skip-columns"
        ),
        ("id,f0\na,1\na,2\n", [], "<>/f.csv: the id 'a' is in rows 1 and 2; expected each id once"),
        ("id,f0\na,1\nb\n", [], "<>/f.csv, line 3: found 1 field; expected 2, as in the header"),
        (
            "id,name\na,b\n", [],
            "<>/f.csv: found no columns that could be features; there are id (ids), name (text); name some with --columns"
        ),
        ("id,f0\n", [], "<>/f.csv: no rows; expected at least one"),
        ("", [], "<>/f.csv: the file is empty; expected a line of column names"),
        (four, ["--perplexity", "0"], "the perplexity is 0.0; it must be a number above 0"),
        (
            four, ["--perplexity", "2", "--learning-rate=-1"],
            "the learning rate is -1.0; it must be a number above 0"
        ),
        (four, ["--perplexity", "2", "--init", "none.csv"], "none.csv: no such file"),
    ])
    func wrongInput(text: String, options: [String], message: String) throws {
        let folder = try TemporaryFolder()
        let features = try folder.file("f.csv", text)
        let run = CommandRun(arguments: ["project", features, "--out", folder.path("out.csv")] + quick + options)
        #expect(run.status == .wrongInput)
        let expected = "Error: " + message.replacing("<>", with: folder.url.path) + "\n"
        #expect(run.errors.replacing(FileManager.default.currentDirectoryPath + "/", with: "") == expected)
        #expect(try folder.names == ["f.csv"])
    }

    private static let points: [@Sendable (Int) -> String] = [
        { _ in "1,2,3" }, { row in "\(row % 3),0,5" }, { row in "\(row),0,0" },
    ]

    @Test(arguments: points)
    func equalPointsDuplicatesAndConstantColumnsWork(point: @Sendable (Int) -> String) throws {
        let folder = try TemporaryFolder()
        let rows = (0..<30).map { "s\($0)," + point($0) }
        let features = try folder.file("f.csv", (["id,f0,f1,f2"] + rows).joined(separator: "\n"))
        let run = project(features, folder.path("out.csv"))
        #expect(run.status == .done, "\(run.errors)")
        #expect(try LayoutFile.read(URL(fileURLWithPath: folder.path("out.csv"))).ids.ids.count == 30)
    }

    @Test func anArrayOfAnotherFormIsRefused() throws {
        let folder = try TemporaryFolder()
        let array = URL(fileURLWithPath: folder.path("embeddings.npy"))
        try NPYFile.write(NumericArray(shape: [4], values: [1, 2, 3, 4]), to: array)
        var run = project(array.path, folder.path("out.csv"))
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(array.path): found an array of shape [4]; expected two dimensions (samples, features)\n")
        try NPYFile.write(Self.features(), to: array)
        let ids = try folder.file("samples.csv", "id\na\n")
        run = project(array.path, folder.path("out.csv"))
        #expect(run.errors == "Error: \(ids): found 1 row; expected 40, as in \(array.path)\n")
        run = project(folder.path("x.txt"), folder.path("out.csv"))
        #expect(run.errors == "Error: \(folder.path("x.txt")): no such file or folder\n")
        let text = try folder.file("x.txt", "1 2\n")
        run = project(text, folder.path("out.csv"))
        #expect(
            run.errors
                == "Error: \(text): unknown extension; expected .npy or .npz or .csv or .tsv or .pt or .pth or .safetensors or .h5 "
                + "or .hdf5\n")
    }

    @Test func theOutputIsLookedAtBeforeAnyWork() throws {
        let folder = try TemporaryFolder()
        let features = try folder.file("f.csv", "not read")
        var run = project(features, folder.path("f.csv/out.csv"))
        #expect(run.status == .failed)
        #expect(
            run.errors
                == "Error: \(folder.path("f.csv/out.csv")): cannot write: a part of the path is a file, not a folder (Not a "
                + "directory)\n")
        let text = folder.path("out.txt")
        run = project(features, text)
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(text): unknown extension; expected .csv\n")
        run = project(features, features)
        #expect(
            run.errors
                == "Error: \(features): an input that is also an output; choose another name for the output\n")
    }

    @Test(arguments: [
        (["project"], "Error: Missing expected argument '<features>'\n"),
        (
            ["project", "a.npy", "--out", "b.csv", "--threads", "0"],
            "Error: The value '0' is invalid for '--threads <threads>': expected 1 to 1024."
        ),
        (["project", "a.npy", "--out", "b.csv", "--method", "umap"], "Error: The value 'umap' is invalid for "),
        (["project", "a.npy", "--out", "b.csv", "--learning-rate", "x"], "Error: The value 'x' is invalid for"),
        (["frobnicate"], "Error: Unexpected argument 'frobnicate'\n"),
    ])
    func wrongUsageIsWrongInput(arguments: [String], message: String) {
        let run = CommandRun(arguments: arguments)
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix(message), "\(run.errors)")
        #expect(run.output.isEmpty)
    }
}
