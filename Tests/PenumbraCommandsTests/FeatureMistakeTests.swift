import Foundation
import NeuralNetwork
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Files that could be read as features but hold something else, or hold them in another way.
@Suite struct FeatureMistakeTests {
    private let folder: TemporaryFolder
    private static let rows = 24

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String, header: String? = nil, _ line: (Int) -> String) throws -> String {
        try folder.file(name, ((header.map { [$0] } ?? []) + (0..<Self.rows).map(line)).joined(separator: "\n") + "\n")
    }

    private func project(_ path: String, _ arguments: String...) -> CommandRun {
        CommandRun(
            arguments: ["project", path, "--perplexity", "5", "--max-iter", "5", "--out", folder.path("map.csv")]
                + arguments)
    }

    @Test func linesOfLIBSVMAreNoTable() throws {
        let path = try file("a.csv") { "\($0 % 3) 1:\(MadeFeatures.field($0, 0)) 2:\(MadeFeatures.field($0, 1))" }
        let run = project(path)
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("column 2 holds pairs such as '1:0.0625', as in files of LIBSVM"), "\(run.errors)")
        // Times of day are texts like others.
        let times = try file("t.csv", header: "a,b,time") {
            "\(MadeFeatures.field($0, 0)),\(MadeFeatures.field($0, 1)),10:\(10 + $0)"
        }
        #expect(project(times).status == .done)
    }

    @Test func oneColumnWithAllVarianceIsNamed() throws {
        func warnings(_ scale: Int) throws -> [String]? {
            let path = try file("c.csv", header: "pc_a,pc_b,pc_c,n_genes") { row in
                "\(MadeFeatures.field(row, 0)),\(MadeFeatures.field(row, 1)),\(MadeFeatures.field(row, 2)),\(scale * (row * 7 % 23))"
            }
            return try FeatureTable.read(URL(fileURLWithPath: path), idsFile: nil).choice?.warnings
        }
        #expect(
            try warnings(100) == [
                "warning: n_genes: whole numbers with more than 99 % of the variance, among features with fractions; if not "
                    + "features, leave out with --skip-columns"
            ])
        #expect(try warnings(1) == nil)
    }

    @Test func weightsOfALayerAreNoSamples() throws {
        let path = folder.path("w.pt")
        try TorchStreamFixture.write(
            [NamedTensor(name: "fc.weight", shape: [24, 2], values: (0..<48).map { Float($0 * 37 % 97) })], to: path)
        let run = project(path)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.contains(
                "but 'fc.weight' is a name of a layer's weights; if its rows are samples, name it with --array fc.weight"
            ),
            "\(run.errors)")
        #expect(project(path, "--array", "fc.weight").status == .done)
    }

    @Test func whatTorchSavedSaysHowToSaveFeatures() throws {
        let path = folder.path("x.pt")
        try TorchStreamFixture.write(dicts: [("meta", [])], to: path)
        #expect(
            project(path).errors.hasSuffix(
                "Error: \(path): found a dict of epoch, meta; expected a tensor or a dict of tensors: save it so, such as "
                    + "torch.save({'features': x, 'ids': list_of_names}, 'f.pt'), or numpy.save('f.npy', x)\n"))
        let numbers = (0..<48).map { Float($0 * 37 % 97) }
        try TorchStreamFixture.write(
            [
                NamedTensor(name: "features", shape: [24, 2], values: numbers),
                NamedTensor(name: "ids", shape: [24], values: Array(numbers[..<24])),
            ], to: path)
        let run = project(path)
        #expect(
            run.errors.hasSuffix(
                "expected a list of texts, or whole numbers, as ids: save them so, such as 'ids': [str(name) for name in names]\n"
            ),
            "\(run.errors)")
    }

    /// Dicts of parts of a data set; an array may be named by its keys even if it is the only one.
    @Test func dictsWithinDictsHoldArrays() throws {
        let path = folder.path("n.pt")
        func tensor(_ name: String) -> NamedTensor {
            NamedTensor(name: name, shape: [24, 2], values: (0..<48).map { Float($0 * 37 % 97) })
        }
        try TorchStreamFixture.write(dicts: [("train", [tensor("features")])], to: path)
        #expect(project(path).status == .done)
        #expect(project(path, "--array", "train.features").status == .done)
        try TorchStreamFixture.write(
            dicts: [("train", [tensor("features")]), ("test", [tensor("features")])], to: path)
        let run = project(path)
        #expect(run.errors.contains("train.features (24, 2) float32; test.features (24, 2) float32"), "\(run.errors)")
        #expect(project(path, "--array", "test.features").status == .done)
    }

    @Test(arguments: [
        ("0.25 -0.5 0.75 1.5 -2", "a number, or a list of numbers in brackets, such as [0.1, 0.2]"),
        ("tensor([0.25, 0.5])", "a number, or a list of numbers in brackets, such as [0.1, 0.2]"),
        ("12.5%", "a number without a percent sign"),
    ]) func cellsThatHoldNumbersSayHowTheyAreWritten(cell: String, expected: String) throws {
        let path = try file("c.csv", header: "filename,embedding") { "s\($0).png,\"\(cell)\"" }
        for run in [project(path), project(path, "--columns", "embedding")] {
            #expect(run.status == .wrongInput)
            #expect(
                run.errors.contains("row 1, column 'embedding': found '\(cell)'; expected \(expected)"), "\(run.errors)"
            )
        }
    }

    @Test(
        arguments: [
            ("[0.5, -1e2,3]", [0.5, -100, 3]), (" [ 0.5 -0.25\n 3. ] ", [0.5, -0.25, 3]), ("(1,)", [1]),
            ("[1,,2]", nil),
            ("[,1]", nil), ("[1 ... 2]", nil), ("[]", nil), ("[nan]", nil), ("[1e999]", nil), ("[1;2]", nil),
            ("[1 2", [1]),
        ] as [(String, [Double]?)]) func listsOfNumbers(cell: String, expected: [Double]?)
    {
        #expect(NumberList.numbers(cell) == expected)
        #expect(NumberList.isOne(cell) == (cell != "[1 2"))
    }

    @Test func componentsThatChangeNothingAreSaid() throws {
        let path = try file("c.csv", header: "a,b") { "\(MadeFeatures.field($0, 0)),\(MadeFeatures.field($0, 1))" }
        #expect(project(path, "--pca", "50").status == .done)
        let table = try FeatureTable.read(URL(fileURLWithPath: path), idsFile: nil)
        var parameters = ProjectionParameters().tsne
        parameters.components = 50
        #expect(
            FeatureFacts(table, for: parameters).numberLines
                == ["--pca 50 has no effect, because there are 2 features"])
        parameters.components = 1
        #expect(FeatureFacts(table, for: parameters).numberLines.isEmpty)
    }

    @Test func repeatedIdsOfFurtherColumnsAreNoAnnotations() throws {
        let map = try folder.file("map.csv", "id,x,y\na,0,0\nb,1,0\n")
        let columns = try folder.file("c.csv", "id,age\na,1\nb,2\na,3\n")
        let run = CommandRun(
            "plot", map, "--columns", columns, "--color", "age", "--out", folder.path("f.svg"))
        #expect(run.errors == "Error: \(columns): the id 'a' is in rows 1 and 3; expected each id once\n")
    }
}
