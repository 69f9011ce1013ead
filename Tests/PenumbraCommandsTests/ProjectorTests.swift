import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// The files for TensorBoard's embedding projector.
@Suite struct ProjectorTests {
    private static let options = ["--perplexity", "5", "--max-iter", "40", "--threads", "1"]

    private func rows(_ folder: TemporaryFolder, _ name: String) throws -> [[String]] {
        try folder.text(name).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }

    @Test func aProjectionGivesFeaturesMapAndLabels() throws {
        let folder = try TemporaryFolder()
        let array = ProjectTests.features()
        try NPYFile.write(array, to: URL(fileURLWithPath: folder.path("embeddings.npy")))
        let labels = (0..<40).map { "\"s\($0)\tx\ny\",test,15,\($0 % 2 == 0 ? "1,0" : "0.25,0.75")" }
        _ = try folder.file("samples.csv", (["id,split,annotators,a,b"] + labels).joined(separator: "\n") + "\n")
        let run = CommandRun(
            arguments: [
                "project", folder.path("embeddings.npy"), "--out", folder.path("map.csv"), "--projector",
                folder.path("board/run"),
            ] + Self.options)
        #expect(run.status == .done, "\(run.errors)")
        let tensors = try rows(folder, "board/run/tensors.tsv"), map = try rows(folder, "board/run/map.tsv")
        #expect(tensors.flatMap { $0.compactMap(Float.init) } == array.values)
        #expect(tensors.allSatisfy { $0.count == 3 } && map.allSatisfy { $0.count == 2 } && map.count == 40)
        let layout = try LayoutFile.read(URL(fileURLWithPath: folder.path("map.csv")))
        #expect(map.flatMap { $0.compactMap(Float.init) } == layout.coordinates)
        let metadata = try rows(folder, "board/run/metadata.tsv")
        #expect(metadata.count == 41 && metadata[0] == ["id", "class", "entropy", "a", "b"])
        #expect(metadata[1] == ["s0 x y", "a", "0.0", "1.0", "0.0"] && metadata[2][1] == "b")
        let config = try folder.text("board/run/projector_config.pbtxt")
        #expect(config.contains("tensor_path: \"map.tsv\"") && !config.contains("sprite"))
    }

    @Test func idsAloneHaveNoHeader() throws {
        let folder = try TemporaryFolder()
        let features = try folder.file("f.csv", ProjectTests.csv(ProjectTests.features()))
        let run = CommandRun(
            arguments: ["project", features, "--out", folder.path("map.csv"), "--projector", folder.path("p")]
                + Self.options)
        #expect(run.status == .done, "\(run.errors)")
        #expect(try rows(folder, "p/metadata.tsv") == (0..<40).map { ["s\($0)"] })
    }

    /// A blank line or a line break inside an id would shift all later labels.
    @Test func metadataHasOneLinePerTensorWhateverTheIDsAre() throws {
        let folder = try TemporaryFolder()
        var ids = (0..<40).map { "s\($0)" }
        (ids[0], ids[3], ids[5], ids[7], ids[9]) = ("", " ", "two\nlines", "a\tb", "q\"")
        let table = (0..<40).map { row in
            "\"\(ids[row].replacing("\"", with: "\"\""))\",\(row % 2 * 10).5,\(row * row % 7).25,\(row * 3 % 5).0"
        }
        let features = try folder.file("f.csv", (["id,f0,f1,f2"] + table).joined(separator: "\n"))
        let run = CommandRun(
            arguments: ["project", features, "--out", folder.path("map.csv"), "--projector", folder.path("p")]
                + Self.options)
        #expect(run.status == .done, "\(run.errors)")
        let metadata = try folder.text("p/metadata.tsv").split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast()
        #expect(metadata.count == 40 && metadata.allSatisfy { !$0.allSatisfy(\.isWhitespace) })
        #expect(metadata[1] == "s1" && metadata[5] == "two lines" && metadata[39] == "s39")
        // `project` reads both files back.
        let again = CommandRun(
            arguments: [
                "project", folder.path("p/tensors.tsv"), "--ids", folder.path("p/metadata.tsv"), "--out",
                folder.path("again.csv"),
            ] + Self.options)
        #expect(again.status == .done, "\(again.errors)")
        let maps = try ["map.csv", "again.csv"].map { try LayoutFile.read(URL(fileURLWithPath: folder.path($0))) }
        #expect(maps[0].coordinates == maps[1].coordinates && maps[1].ids.ids == metadata.map(String.init))
    }

    @Test func aFolderThatCannotBeIsSaidBeforeTheWork() throws {
        let folder = try TemporaryFolder()
        let features = try folder.file("f.csv", ProjectTests.csv(ProjectTests.features()))
        let run = CommandRun(
            arguments: ["project", features, "--out", folder.path("map.csv"), "--projector", features] + Self.options)
        #expect(run.status == .failed && run.errors.contains(features))
        #expect(!FileManager.default.fileExists(atPath: folder.path("map.csv")))
    }

    @Test func anEmbeddingGivesItsImagesToo() throws {
        let folder = try TemporaryFolder()
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "40", "--size", "16")
        let data = folder.path("Shapes"), checkpoint = folder.path("run/split-1/soft/checkpoint.safetensors")
        let training = CommandRun(
            "train", data, "--out", folder.path("run"), "--labels", "soft", "--epochs", "1", "--batch-size", "12",
            "--backbone", "resnet20_cifar", "--image-size", "32", "--threads", "1")
        #expect(training.status == .done, "\(training.errors)")
        let run = CommandRun(
            "embed", checkpoint, data, "--out", folder.path("e.npy"), "--threads", "1", "--projector", folder.path("p"))
        #expect(run.status == .done, "\(run.errors)")
        let features = try NPYFile.read(URL(fileURLWithPath: folder.path("e.npy")))
        let tensors = try rows(folder, "p/tensors.tsv")
        #expect(tensors.flatMap { $0.compactMap(Float.init) } == features.values)
        #expect(try rows(folder, "p/metadata.tsv")[0].prefix(4) == ["id", "split", "class", "entropy"])
        let config = try folder.text("p/projector_config.pbtxt")
        // Thumbnails of 16 pixels, arranged in a square grid.
        #expect(config.contains("image_path: \"sprite.png\"") && config.contains("single_image_dim: 16"))
        let sprite = try Data(contentsOf: URL(fileURLWithPath: folder.path("p/sprite.png")))
        let side = Int(Double(tensors.count).squareRoot().rounded(.up)) * 16
        #expect(Array(sprite[16..<24]) == Self.bigEndian(side) + Self.bigEndian(side))
    }

    private static func bigEndian(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(number >> $0 & 255) } }
}
