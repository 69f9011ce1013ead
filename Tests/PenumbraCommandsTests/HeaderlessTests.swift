import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// The DCIC benchmark's dumps: features and labels of one run, without headers or ids.
@Suite struct HeaderlessTests {
    private static func features(_ count: Int) -> String {
        (0..<count).map { "\(Double($0 % 7) * 0.5),1.250000000000000000e-01,\($0)\n" }.joined()
    }

    private static func labels(_ count: Int) -> String {
        (0..<count).map { $0 % 2 == 0 ? "0.75,0.25,0\n" : "3.333333e-01,3.333333e-01,3.333334e-01\n" }.joined()
    }

    @Test func featuresAndLabelsAreJoinedByTheirRows() throws {
        let folder = try TemporaryFolder()
        let features = try folder.file("soft-60.csv", Self.features(20))
        let labels = try folder.file("soft-gt.csv", Self.labels(20))
        let table = try FeatureTable.read(URL(fileURLWithPath: features), idsFile: nil)
        #expect(table.matrix.count == 20 && table.matrix.dimension == 3 && table.idsAreRows)
        #expect(table.ids.ids == (0..<20).map(String.init))
        var run = CommandRun(
            "project", features, "--out", folder.path("map.csv"), "--perplexity", "3", "--max-iter", "20")
        #expect(run.status == .done, "\(run.errors)")
        run = CommandRun(
            "plot", folder.path("map.csv"), "--labels", labels, "--out", folder.path("map.png"), "--classes", "g", "nr",
            "ug")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("no header: the first line is data"))
        #expect(run.errors.contains("by row order, because it has no ids"))
        #expect(!run.errors.contains("every label is a single class"))
    }

    @Test func otherNumbersOfRowsAreAnError() throws {
        let folder = try TemporaryFolder()
        let features = try folder.file("soft-60.csv", Self.features(20))
        let labels = try folder.file("soft-gt.csv", Self.labels(19))
        #expect(throws: InputError.rowCount(path: features, found: 20, expected: 19, of: labels)) {
            try FeatureTable.read(URL(fileURLWithPath: features), idsFile: nil)
        }
        let map = try folder.file("map.csv", "id,x,y\n" + (0..<20).map { "\($0),0,\($0)\n" }.joined())
        let run = CommandRun("plot", map, "--labels", labels, "--out", folder.path("map.png"))
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(labels): found 19 rows without ids; expected 20, as in \(map), because rows without ids "
                + "are joined by order. Give both files the same ids\n")
    }

    @Test func aDumpIsToldByTheLabelsBesideIt() throws {
        let folder = try TemporaryFolder()
        // A header of numbers as pandas writes it, in a file whose name ends in a number.
        let rows = (0..<6).map { "\(Double($0) * 0.5),\(Double($0 * $0) * 0.25),\($0 % 2).5\n" }.joined()
        let url = URL(fileURLWithPath: try folder.file("embeddings-768.csv", "0,1,2\n" + rows))
        #expect(try FeatureTable.read(url, idsFile: nil).matrix.count == 6)
        _ = try folder.file("embeddings-gt.csv", Self.labels(7))
        #expect(try FeatureTable.read(url, idsFile: nil).matrix.count == 7)
    }

    @Test func labelsOfAHardRunAreNamedAsSuch() throws {
        let folder = try TemporaryFolder()
        let map = try folder.file("map.csv", "id,x,y\n0,0,0\n1,1,1\n")
        let labels = try folder.file("hard-gt.csv", "0,1\n1,0\n")
        let run = CommandRun("plot", map, "--labels", labels, "--out", folder.path("map.png"))
        #expect(run.status == .done)
        #expect(run.errors.contains("every label is a single class"))
        let wrong = CommandRun(
            "plot", map, "--labels", labels, "--out", folder.path("map.png"), "--classes", "a", "b", "c")
        #expect(wrong.errors == "Error: \(labels): found 2 classes, but 3 are named\n")
        let named = try folder.file("labels.csv", "id,a,b\n0,1,0\n1,1,0\n")
        #expect(
            CommandRun("plot", map, "--labels", named, "--out", folder.path("map.png"), "--classes", "a", "c").errors
                == "Error: \(named): --classes names 'c'; the columns are id, a, b\n")
    }

    /// pandas names columns 0, 1, 2 …; a number in the file name, without labels beside it, does not make that a dump.
    @Test(arguments: [
        ("x.csv", "0,1,2\n1,2,3\n", false), ("x-60.csv", "0,1,2\n1,2,3\n", false), ("x-gt.csv", "0,1\n1,0\n", true),
        ("x.csv", "0.5,1,2\n", true), ("x.csv", "a,1\n", false), ("x.csv", "\"0.5\",1\n", false), ("x.csv", "", false),
        ("x.tsv", "0.5\t1\r\n", true), ("x.csv", "1,\n", false), ("x-best.csv", "0,1\n", false),
    ])
    func aFirstLineOfNumbersIsNoHeader(name: String, text: String, isHeaderless: Bool) throws {
        let folder = try TemporaryFolder()
        let file = try folder.file(name, text)
        #expect(try HeaderlessTable.isOne(URL(fileURLWithPath: file)) == isHeaderless)
    }
}
