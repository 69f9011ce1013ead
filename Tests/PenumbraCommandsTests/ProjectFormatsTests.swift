import Foundation
import NeighborEmbedding
import NeuralNetwork
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Which features and ids `project` takes from an `.npz` or TSV file.
@Suite struct ProjectFormatsTests {
    private let folder: TemporaryFolder
    private static let ids = (0..<40).map { "s\($0)" }

    init() throws { folder = try TemporaryFolder() }

    private func project(_ features: String, _ more: String...) -> CommandRun {
        CommandRun(
            arguments: ["project", features, "--out", folder.path("out.csv"), "--perplexity", "5", "--max-iter", "50"]
                + more)
    }

    /// The expected layout: the same features as `.npy`, with ids from a table.
    private func expectedLayout(ids: [String] = Self.ids) throws -> String {
        try NPYFile.write(ProjectTests.features(), to: URL(fileURLWithPath: folder.path("plain.npy")))
        let table = try folder.file("plain-ids.csv", (["id"] + ids).joined(separator: "\n"))
        let run = CommandRun(arguments: [
            "project", folder.path("plain.npy"), "--out", folder.path("plain.csv"), "--perplexity", "5",
            "--max-iter", "50", "--ids", table,
        ])
        #expect(run.status == .done, "\(run.errors)")
        return try folder.text("plain.csv")
    }

    private func archive(_ entries: (String, [UInt8])...) throws -> String {
        try NPZFixture.write(entries, to: folder.path("x.npz"))
        return folder.path("x.npz")
    }

    private static func features() throws -> [UInt8] { try NPZFixture.numbers(ProjectTests.features()) }
    private static let labels = NPZFixture.array(descr: "|u1", shape: "(40,)", data: [UInt8](repeating: 3, count: 40))

    private func report() throws -> LayoutReport {
        try JSONText.read(LayoutReport.self, from: URL(fileURLWithPath: folder.path("out.json")))
    }

    @Test(arguments: ["ids", "id"]) func theOnlyMatrixIsTakenWithTheTextsBesideIt(name: String) throws {
        let run = try project(
            archive(("labels", Self.labels), (name, NPZFixture.texts(Self.ids)), ("x", Self.features())))
        #expect(run.status == .done, "\(run.errors)")
        #expect(try folder.text("out.csv") == expectedLayout())
        #expect(try report().array == "x")
        let table = try FeatureTable.read(URL(fileURLWithPath: folder.path("x.npz")), idsFile: nil)
        #expect(
            FeatureFacts(table, for: TSNEParameters()).lines == [
                "features from array x (40, 3)", "ids from array '\(name)'",
            ])
        #expect(try report().ids == "array '\(name)'")
    }

    @Test func aMatrixMayBeNamed() throws {
        let other = try NPZFixture.numbers(NumericArray(shape: [2, 2], values: [1, 2, 3, 4]))
        let features = try archive(("other", other), ("x", Self.features()))
        var run = project(features)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(features): found 2 two-dimensional arrays of numbers; expected 1, or --array with the "
                + "name of one; the arrays are other (2, 2) <f4; x (40, 3) <f4\n")
        run = project(features, "--array", "y")
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(features): no array 'y'; the arrays are other (2, 2) <f4; x (40, 3) <f4\n")
        run = project(features, "--array", "x")
        #expect(run.status == .done, "\(run.errors)")
        #expect(try folder.text("out.csv") == expectedLayout(ids: (0..<40).map(String.init)))
    }

    @Test func anArchiveWithoutAMatrixSaysWhatItHolds() throws {
        let features = try archive(("labels", Self.labels))
        var run = project(features)
        #expect(
            run.errors
                == "Error: \(features): found 0 two-dimensional arrays of numbers; expected 1 (samples, features); the "
                + "arrays are labels (40,) |u1\n")
        run = project(features, "--array", "labels")
        #expect(
            run.errors
                == "Error: \(features): found an array of shape [40]; expected two dimensions (samples, features)\n")
    }

    @Test func tablesHaveColumnsAndArchivesArrays() throws {
        let table = try folder.file("f.tsv", "f0\n1\n")
        #expect(
            project(table, "--array", "x").errors
                == "Error: \(table): no array 'x', because a table holds no arrays; omit --array\n")
        try NPYFile.write(ProjectTests.features(), to: URL(fileURLWithPath: folder.path("x.npy")))
        let array = folder.path("x.npy")
        #expect(
            project(array, "--array", "x").errors
                == "Error: \(array): no array 'x', because an .npy holds a single, unnamed array; omit --array\n")
        #expect(
            project(array, "--columns", "f*").errors
                == "Error: \(array): --columns: for tables, but this file is an array\n")
    }

    @Test(arguments: [
        ("<i8", 8), (">i4", 4), ("|u1", 1), ("<u2", 2),
    ]) func wholeNumbersAreIDs(descr: String, size: Int) throws {
        let ids = (0..<40).map { 200 - 5 * $0 }
        let data = ids.flatMap { id -> [UInt8] in
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: id >> (8 * $0)) }
            return descr.hasPrefix(">") ? bytes.reversed() : bytes
        }
        let features = try archive(
            ("ids", NPZFixture.array(descr: descr, shape: "(40,)", data: data)), ("x", Self.features()))
        #expect(project(features).status == .done)
        #expect(try folder.text("out.csv") == expectedLayout(ids: ids.map(String.init)))
    }

    @Test func wholeNumbersKeepEveryDigit() throws {
        let ids = (0..<40).map { Int64.min + 1 << $0 }
        let data = ids.flatMap { id in (0..<8).map { UInt8(truncatingIfNeeded: id >> (8 * $0)) } }
        let url = URL(
            fileURLWithPath: try archive(
                ("id", NPZFixture.array(descr: "<i8", shape: "(40, 1)", data: data)), ("x", Self.features())))
        #expect(try FeatureTable.read(url, idsFile: nil).ids.ids == ids.map(String.init))
    }

    /// Convolutional networks produce N × D × 1 × 1.
    @Test func dimensionsOfOneAreDropped() throws {
        let array = ProjectTests.features()
        try NPYFile.write(
            NumericArray(shape: [40, 3, 1, 1], values: array.values), to: URL(fileURLWithPath: folder.path("x.npy")))
        #expect(project(folder.path("x.npy")).status == .done)
        #expect(try folder.text("out.csv") == expectedLayout(ids: (0..<40).map(String.init)))
        let archived = NPZFixture.array(
            descr: "<f4", shape: "(40, 3, 1)",
            data: array.values.flatMap { value in
                (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
            })
        #expect(try project(archive(("x", archived))).status == .done)
        #expect(try folder.text("out.csv") == expectedLayout(ids: (0..<40).map(String.init)))
    }

    @Test func idsThatAreNeitherTextsNorWholeNumbersAreNotPassedOver() throws {
        let halves = NPZFixture.array(descr: "<f2", shape: "(40,)", data: [UInt8](repeating: 3, count: 80))
        let features = try archive(("ids", halves), ("x", Self.features()))
        let run = project(features)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(features): found array ids (40,) <f2; expected one dimension of texts (type U or S) or "
                + "whole numbers as ids: save them so, such as ids=np.array(names, dtype=str)\n")
        let table = try folder.file("ids.csv", (["id"] + Self.ids).joined(separator: "\n"))
        #expect(project(features, "--ids", table).status == .done)
        #expect(try folder.text("out.csv") == expectedLayout())
    }

    /// Two arrays of ids must agree, unless one of them cannot be the rows' ids or `--ids` names others.
    @Test func twoArraysOfIDsMustAgree() throws {
        func read(_ id: [UInt8], idsFile: String? = nil) throws -> [String] {
            let path = try archive(("id", id), ("ids", NPZFixture.texts(Self.ids)), ("x", Self.features()))
            defer { try? FileManager.default.removeItem(atPath: path) }
            return try FeatureTable.read(
                URL(fileURLWithPath: path), idsFile: idsFile.map { URL(fileURLWithPath: $0) }
            ).ids.ids
        }
        #expect(try read(NPZFixture.texts(Self.ids)) == Self.ids)
        let others = NPZFixture.texts(["s0"] + (1..<40).map { "t\($0)" })
        let error = InputError.unusable(
            path: folder.path("x.npz"),
            problem: "the arrays 'ids' and 'id' hold different ids (row 2: 's1' and 't1'); expected the same in both: "
                + "leave one of them out")
        #expect(throws: error) { try read(others) }
        let table = try folder.file("ids.csv", (["id"] + Self.ids).joined(separator: "\n"))
        #expect(try read(others, idsFile: table) == Self.ids)
        // Repeated values, or another number of them, are not ids of the rows.
        #expect(try read(NPZFixture.texts([String](repeating: "a", count: 40))) == Self.ids)
        #expect(try read(NPZFixture.texts(["a", "b"])) == Self.ids)
    }

    @Test func idsAreOneARowAndEachDifferentAndThoseOfTheTable() throws {
        let short = try archive(("ids", NPZFixture.texts(["a", "b"])), ("x", Self.features()))
        #expect(project(short).errors == "Error: \(short), array 'ids': found 2 rows; expected 40, as in \(short)\n")
        try FileManager.default.removeItem(atPath: short)
        let twice = try archive(("ids", NPZFixture.texts(["a", "a"])), ("x", Self.features()))
        #expect(
            project(twice).errors
                == "Error: \(twice), array 'ids': the id 'a' is in rows 1 and 2; expected each id once\n")
        try FileManager.default.removeItem(atPath: twice)
        let whole = try archive(("ids", NPZFixture.texts(Self.ids)), ("x", Self.features()))
        let rows = Self.ids.reversed().map { "x,\t\($0)" }
        let table = try folder.file("ids.tsv", (["name\tid"] + rows).joined(separator: "\n"))
        #expect(
            project(whole, "--ids", table).errors
                == "Error: \(whole), array 'ids' and \(table) hold different samples: row 1 is 's0' in the first and "
                + "'s39' in the second\n")
    }

    @Test func aRunGoesOnFromTheStateOfTheSameArrayOnly() throws {
        let features = try archive(("x", Self.features()), ("y", Self.features()))
        #expect(project(features, "--array", "x").status == .done)
        let whole = try report()
        #expect(whole.resumedAt == nil)
        let zeros = [Float](repeating: 0, count: 80)
        let descent = DescentState(
            iteration: 7, order: Array(0..<40), points: (0..<80).map(Float.init), velocity: zeros,
            gain: zeros.map { _ in 1 }, repulsion: zeros, normalization: 1, drift: 0, repulsionEvaluations: 7,
            sums: [0, 0, 0, 0], klTrace: [], convergence: DescentState.Convergence())
        let identity = ProjectionState.Identity(
            featuresDigest: whole.featuresDigest, array: "x", instructionSet: TSNE.instructionSet,
            parameters: whole.parameters)
        for (array, start) in [("y", nil), ("x", 7)] as [(String, Int?)] {
            let url = ProjectionState.url(of: URL(fileURLWithPath: folder.path("out.csv")))
            try ProjectionState(identity: identity, descent: descent).write(to: url)
            #expect(project(features, "--array", array).status == .done)
            #expect(try report().resumedAt == start)
        }
    }

    @Test func anArrayWithoutColumnsMayNotClaimRowsWithoutEnd() throws {
        let empty = NPZFixture.array(descr: "<f4", shape: "(1000000000000000, 0)", data: [])
        let features = try archive(("x", empty))
        #expect(project(features).errors == "Error: \(features): found no columns that could be features\n")
    }

    @Test func aDamagedArchiveIsWrongInput() throws {
        let features = try archive(("x", Self.features()))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: features))
        try bytes.dropLast().write(to: URL(fileURLWithPath: features))
        let run = project(features)
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: \(features): not a ZIP archive: "))
        #expect(try folder.names == ["x.npz"])
    }

    @Test func tensorsOfOtherFilesAreFeatures() throws {
        let array = ProjectTests.features()
        let expected = try expectedLayout(ids: (0..<40).map(String.init))
        var file = SafetensorsFile(metadata: [:])
        file.append("features", array)
        file.append("bias", NumericArray(shape: [2], values: [1, 2]))
        try file.write(to: URL(fileURLWithPath: folder.path("x.safetensors")))
        var run = project(folder.path("x.safetensors"))
        #expect(run.status == .done, "\(run.errors)")
        #expect(try folder.text("out.csv") == expected)
        #expect(try report().array == "features")
        try TorchStreamFixture.write(
            [NamedTensor(name: "features", shape: [40, 3], values: array.values)], to: folder.path("x.pt"))
        run = project(folder.path("x.pt"), "--array", "features")
        #expect(run.status == .done, "\(run.errors)")
        #expect(try folder.text("out.csv") == expected)
        #expect(
            project(folder.path("x.pt"), "--array", "other").errors
                == "Error: \(folder.path("x.pt")): no array 'other'; the arrays are features (40, 3) float32\n")
        file.append("more", array)
        try file.write(to: URL(fileURLWithPath: folder.path("x.safetensors")))
        run = project(folder.path("x.safetensors"))
        #expect(
            run.errors
                == "Error: \(folder.path("x.safetensors")): found 2 two-dimensional arrays of numbers; expected 1, or "
                + "--array with the name of one; the arrays are features (40, 3) float32; bias (2,) float32; more "
                + "(40, 3) float32\n"
        )
    }

    /// Method 12 is bzip2, which every libzip supports.
    @Test func archivesMayBeCompressedByOtherMethods() throws {
        try NPZFixture.write([("x", Self.features())], to: folder.path("x.npz"), method: 12)
        let run = project(folder.path("x.npz"))
        #expect(run.status == .done, "\(run.errors)")
        #expect(try folder.text("out.csv") == expectedLayout(ids: (0..<40).map(String.init)))
        #expect(
            "\(ZIPError.unsupportedCompression(path: "x.npz", entry: "x.npy", method: 95))"
                == "x.npz, entry 'x.npy': compressed with XZ, which this machine's libzip does not read; write the "
                + "file again uncompressed or with deflate (np.savez_compressed)")
    }

    @Test func aTableMayBeSeparatedByTabs() throws {
        let text = ProjectTests.csv(ProjectTests.features()).replacing(",", with: "\t")
        let run = project(try folder.file("f.tsv", text))
        #expect(run.status == .done, "\(run.errors)")
        #expect(try folder.text("out.csv") == expectedLayout())
    }
}
