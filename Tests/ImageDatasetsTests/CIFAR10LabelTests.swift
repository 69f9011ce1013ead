import Foundation
import LabelDistributions
import TensorFiles
import TestSupport
import Testing

@testable import ImageDatasets

/// CIFAR-10N and CIFAR-10S: label files by others, to be used with CIFAR-10's batches.
struct CIFAR10LabelTests {
    private let folder: TemporaryFolder
    private var root: URL { folder.url }
    private var labels: String { folder.path("CIFAR-10_human.pt") }

    init() throws { folder = try TemporaryFolder() }

    /// Writes records whose pixels are all `pixel`.
    private func write(_ labels: [UInt8], pixel: UInt8, to name: String) throws {
        try folder.write(Data(labels.flatMap { [$0] + [UInt8](repeating: pixel, count: 3072) }), to: name)
    }

    private func writeTraining(_ labels: [UInt8] = [6, 9, 9, 4, 1], in base: String = "") throws {
        for (index, label) in labels.enumerated() {
            try write([label], pixel: UInt8(index), to: "\(base)data_batch_\(index + 1).bin")
        }
    }

    private func writeNoisy(_ name: String, in base: String = "") throws {
        let files = try Fixture.decode([String: Data].self, "cifar10n")
        try folder.write(try #require(files[name]), to: "\(base)CIFAR-10_human.pt")
    }

    private func read() throws(DatasetError) -> Dataset { try DatasetFolder.read(root) }

    @Test(arguments: ["archive", "stream"]) func threeAnnotatorsOfTheTrainingImages(name: String) throws {
        try writeTraining(in: "data/cifar-10-batches-bin/")
        try writeNoisy(name, in: "data/cifar-10-batches-py/")
        let dataset = try read()
        #expect(dataset.name == "CIFAR-10N" && dataset.format == .cifar10n)
        #expect(dataset.samples.map(\.id) == (0..<5).map { "train0000\($0)" })
        let votes = dataset.samples.compactMap(\.votes)
        #expect(votes[0][6] == 3 && votes[1][9] == 2 && votes[1][8] == 1 && votes[4][0] == 1 && votes[4][1] == 2)
        #expect(try dataset.samples[3].image().pixels[0] == 3)
        #expect(
            dataset.notes == [
                "\(folder.path("data/cifar-10-batches-py/CIFAR-10_human.pt")): random_label1, random_label2, random_label3 are read as three "
                    + "annotators; worse_label and aggre_label, which follow from them, are not used"
            ])
    }

    @Test func labelsThatDoNotFitTheImages() throws {
        try writeNoisy("archive")
        let images = folder.path("data_batch_1.bin")
        #expect(
            throws: DatasetError.notOfFormat(
                path: root.path, format: .cifar10n,
                expected: "CIFAR-10_human.pt, and data_batch_1 to data_batch_5 (or with .bin)")
        ) { try read() }
        try writeTraining([6, 9, 9, 4, 2])
        #expect(
            throws: DatasetError.otherImages(path: labels, imageFile: images, agreeing: 4, of: 5, first: 4)
        ) { try read() }
        try writeTraining()
        try write([1, 1], pixel: 0, to: "data_batch_5.bin")
        #expect(throws: DatasetError.rowCount(path: labels, found: 5, imageFile: images, expected: 6)) { try read() }
        try writeTraining()
        try writeNoisy("noClass")
        let error = DatasetError.recordLabel(path: "\(labels): random_label2", record: 1, found: 10)
        #expect(throws: error) { try read() }
        for name in ["shorter", "beyondASCII"] {
            try writeNoisy(name)
            #expect(throws: DatasetError.self) { try read() }
        }
    }

    @Test func noisyLabelsCutAnywhereAreErrors() throws {
        try writeTraining()
        for name in ["archive", "stream"] {
            let whole = try #require(Fixture.decode([String: Data].self, "cifar10n")[name])
            // In a stream the dict is followed by tensor keys, of which there are none here.
            for end in stride(from: 0, to: name == "archive" ? whole.count - 1 : whole.count - 40, by: 7) {
                try folder.write(whole.prefix(end), to: "CIFAR-10_human.pt")
                #expect(throws: DatasetError.self, "\(name), \(end)") { try read() }
            }
        }
        try folder.write("cos\nsystem\n.", to: "CIFAR-10_human.pt")
        #expect(throws: DatasetError.forbiddenName(path: labels, name: "os.system", position: 11)) { try read() }
    }

    // MARK: - CIFAR-10S

    private var shares: String { folder.path("cifar10s_t2clamp_redist10.json") }

    private func share(_ values: [Int: Double]) -> String { "\((0..<10).map { values[$0] ?? 0 })" }

    private func writeShares(_ entries: [(String, [String])], to name: String = "cifar10s_t2clamp_redist10.json") throws
    {
        let texts = entries.map { "\"\($0)\": [\($1.joined(separator: ", "))]" }
        try folder.write("{\(texts.joined(separator: ", "))}", to: name)
    }

    @Test func meanSharesOfSomeTestImages() throws {
        try write([3, 5, 0], pixel: 7, to: "cifar-10-batches-bin/test_batch.bin")
        try writeShares([("2", [share([0: 1])]), ("0", [share([3: 1]), share([3: 0.5, 5: 0.5])])])
        let dataset = try read()
        #expect(dataset.name == "CIFAR-10S" && dataset.format == .cifar10s)
        #expect(dataset.samples.map(\.id) == ["test00000", "test00002"] && dataset.unlabelled == ["test00001"])
        #expect(dataset.samples[0].label.probabilities[3] == 0.75 && dataset.samples[0].label.probabilities[5] == 0.25)
        #expect(dataset.samples[0].votes == nil && dataset.samples[1].record?.offset == 2 * 3073 + 1)
        #expect(dataset.notes == ["\(shares): each label is the mean of its annotators' shares"])
    }

    @Test func sharesThatCannotBe() throws {
        try write([3, 5, 0], pixel: 7, to: "test_batch.bin")
        func expect(_ entries: [(String, [String])], place: String, _ problem: String) throws {
            try writeShares(entries)
            #expect(throws: DatasetError.malformed(path: shares, place: place, problem: problem)) { try read() }
        }
        try expect(
            [("0", ["[1, 0]"])], place: "\"0\"[0]", "found 2 numbers that sum to 1.0; expected 10 shares that sum to 1")
        try expect(
            [("0", [share([3: 1]), share([3: 2])])], place: "\"0\"[1]",
            "found 10 numbers that sum to 2.0; expected 10 shares that sum to 1")
        try expect([("cat", [share([3: 1])])], place: "\"cat\"", "expected the number of a CIFAR-10 test image")
        try expect([("0", [])], place: "\"0\"", "expected at least one annotator")
        try expect(
            [("0", [#"{"Most Probable Class": "Cat", "Most Probable Class Prob": 20.0}"#])], place: "\"0\"[0]",
            "found an annotator's raw input, from which labels can be made in several ways; expected labels as in "
                + "cifar10s_t2clamp_redist10.json")
        // Of several faults the first key is named, every time.
        for _ in 0..<20 {
            try expect(
                [("d", []), ("b", []), ("c", []), ("0", [share([3: 1])])], place: "\"b\"",
                "expected the number of a CIFAR-10 test image")
        }
        try expect(
            [("1", [share([5: 1])]), ("01", [share([5: 1])]), ("0", [share([3: 1])])], place: "\"1\"",
            "\"01\" is the same image; expected one entry per CIFAR-10 test image")
        try writeShares([("3", [share([3: 1])])])
        #expect(throws: DatasetError.self) { try read() }
        try writeShares([("0", [share([5: 1])]), ("1", [share([4: 1])])])
        #expect(
            throws: DatasetError.otherImages(
                path: shares, imageFile: folder.path("test_batch.bin"), agreeing: 0, of: 2, first: 0)
        ) { try read() }
    }

    @Test func severalLabelsOfOneSetOfImages() throws {
        try write([3], pixel: 7, to: "test_batch.bin")
        try writeShares([("0", [share([3: 1])])])
        try writeNoisy("archive")
        let error = DatasetError.severalFormats(path: root.path, formats: [.cifar10n, .cifar10s])
        #expect(throws: error) { try read() }
        #expect(
            error.description
                == "\(root.path): found labels of several formats (cifar10n, cifar10s); choose one with --format")
        #expect(try DatasetFolder.read(root, as: DatasetReading(format: .cifar10s)).samples.count == 1)
    }
}
