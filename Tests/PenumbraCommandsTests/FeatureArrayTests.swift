import Foundation
import NeighborEmbedding
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Which of several arrays are the features, and which are the ids.
@Suite struct FeatureArrayTests {
    private let folder: TemporaryFolder
    private static let ids = (0..<40).map { "s\($0)" }

    init() throws { folder = try TemporaryFolder() }

    private static func array(_ shape: Int...) throws -> [UInt8] {
        let count = shape.reduce(1, *)
        return try NPZFixture.numbers(NumericArray(shape: shape, values: (0..<count).map { Float(($0 * 37) % 101) }))
    }

    private func archive(_ entries: (String, [UInt8])...) throws -> URL {
        let url = folder.file("x.npz")
        try? FileManager.default.removeItem(at: url)
        try NPZFixture.write(entries, to: url.path)
        return url
    }

    private func problem(_ url: URL) -> String? {
        do {
            _ = try FeatureTable.read(url, idsFile: nil)
            return nil
        } catch {
            return "\(error)".replacing("\(url.path): ", with: "")
        }
    }

    /// The only matrix would be the labels.
    @Test func featuresOfMoreDimensionsAreNotPassedOver() throws {
        let found = try problem(archive(("features", Self.array(40, 2, 7, 7)), ("soft", Self.array(40, 3))))
        #expect(
            found
                == "found soft (40, 3) as the only array of two dimensions, but features (40, 2, 7, 7) has as many rows and may "
                + "be the features; average over the places of each sample first, such as by x.mean(axis=(2, 3)), or name the "
                + "former with --array soft")
        // By its name, or because it is larger.
        #expect(try problem(archive(("embeddings", Self.array(40, 2, 2)), ("pca", Self.array(40, 5)))) != nil)
        #expect(try problem(archive(("images", Self.array(40, 4, 4)), ("pca", Self.array(40, 5)))) != nil)
        #expect(try problem(archive(("images", Self.array(40, 4, 4)), ("x", Self.array(40, 5)))) == nil)
        #expect(try problem(archive(("weights", Self.array(3, 40, 40)), ("pca", Self.array(40, 5)))) == nil)
        // With a dimension of one it is a matrix as well.
        #expect(
            try problem(archive(("features", Self.array(40, 1, 7)), ("soft", Self.array(40, 3))))?.hasPrefix(
                "found 2 two-dimensional arrays of numbers; expected 1, or --array with the name of one") == true)
    }

    @Test(arguments: ["soft", "logits", "votes", "y", "soft_labels", "targets", "true_labels", "probs", "data/Y"])
    func labelsAreNoFeatures(name: String) throws {
        let found = try problem(archive((name, Self.array(40, 3)), ("numbers", Self.array(40))))
        #expect(
            found
                == "found \(name) (40, 3) as the only array of two dimensions, but '\(name)' is a name of labels or predictions; "
                + "name the array of the features with --array; the arrays are \(name) (40, 3) <f4; numbers (40,) <f4")
        // Alone, or beside ids, it can only be what is meant.
        let alone = try archive((name, Self.array(40, 3)), ("ids", NPZFixture.texts(Self.ids)))
        #expect(problem(alone) == nil)
        let named = try FeatureTable.read(
            archive((name, Self.array(40, 3)), ("numbers", Self.array(40))), FeatureReading(array: name), idsFile: nil)
        #expect(
            FeatureFacts(named, for: TSNEParameters()).lines == [
                "features from array \(name) (40, 3)", "no ids found; numbering rows from 0",
            ])
    }

    @Test func theWayToAMatrixIsSaid() throws {
        #expect(
            try problem(archive(("x", Self.array(40, 2, 3)), ("labels", Self.array(40))))
                == "found 0 two-dimensional arrays of numbers; expected 1 (samples, features); average over the places of each "
                + "sample first, such as by x.mean(axis=1); the arrays are x (40, 2, 3) <f4; labels (40,) <f4")
        let url = folder.file("x.npy")
        try Data(Self.array(40, 2, 3, 3)).write(to: url)
        #expect(problem(url)?.hasSuffix("such as by x.mean(axis=(2, 3))") == true)
        try Data(Self.array(1, 40, 3)).write(to: url)
        #expect(problem(url)?.hasSuffix("drop the first dimension, such as by x[0]") == true)
        try Data(Self.array(40, 1, 3)).write(to: url)
        #expect(problem(url) == nil)
        let objects = NPZFixture.array(descr: "|O", shape: "(40, 3)", data: [])
        #expect(try problem(archive(("x", objects)))?.contains("save 'x' as numbers, such as x.astype") == true)
    }

    // MARK: - Ids

    private func ids(_ entries: (String, [UInt8])...) throws -> (ids: [String], source: String?) {
        let url = folder.file("y.npz")
        try? FileManager.default.removeItem(at: url)
        try NPZFixture.write([("x", Self.array(40, 3))] + entries, to: url.path)
        let table = try FeatureTable.read(url, idsFile: nil)
        return (table.ids.ids, table.idsSource)
    }

    @Test(arguments: ["filenames", "paths", "names", "image_id", "sample_ids", "stimulus"])
    func idsHaveOtherNames(name: String) throws {
        let found = try ids(
            ("labels", NPZFixture.texts(Self.ids.map { $0.last.map { "c\($0)" }! })), (name, NPZFixture.texts(Self.ids))
        )
        #expect(found.ids == Self.ids)
        #expect(found.source == "array '\(name)'")
    }

    @Test func placesInADataSetAreIDsUnlessTheyCountTheRows() throws {
        func numbers(_ values: [Int]) -> [UInt8] {
            NPZFixture.array(descr: "|u1", shape: "(40,)", data: values.map { UInt8($0) })
        }
        #expect(try ids(("indices", numbers((0..<40).map { 39 - $0 }))).ids.first == "39")
        let counted = try ids(("indices", numbers(Array(1...40))))
        #expect(counted.ids == (0..<40).map(String.init) && counted.source == nil)
        // Whole numbers that are not called so are no ids.
        #expect(try ids(("ages", numbers((0..<40).map { 39 - $0 }))).source == nil)
    }

    @Test func doubtfulIDs() throws {
        let objects = NPZFixture.array(descr: "|O", shape: "(40,)", data: [])
        let unreadable = #expect(throws: InputError.self) { try ids(("filenames", objects)) }
        #expect("\(unreadable!)".hasSuffix("such as filenames=np.array(names, dtype=str)"), "\(unreadable!)")
        let texts = NPZFixture.texts(Self.ids), others = NPZFixture.texts(Self.ids.map { "t" + $0 })
        let two = #expect(throws: InputError.self) { try ids(("a", texts), ("b", others)) }
        #expect(
            "\(two!)".hasSuffix(
                "found the arrays 'a' and 'b', each with another text for every row; expected one that holds "
                    + "the ids: call it 'ids'"), "\(two!)")
        // A name of ids decides, then names of images.
        #expect(try ids(("a", texts), ("names", others)).source == "array 'names'")
        #expect(try ids(("a", texts), ("b", NPZFixture.texts(Self.ids.map { $0 + ".png" }))).source == "array 'b'")
    }
}
