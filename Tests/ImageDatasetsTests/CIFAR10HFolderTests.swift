import Foundation
import LabelDistributions
import RasterImages
import TensorFiles
import Testing
import TestSupport

@testable import ImageDatasets

struct CIFAR10HFolderTests {
    private let folder: TemporaryFolder
    private var images: String { folder.url.appendingPathComponent("test_batch.bin").path }
    private var votes: String { folder.url.appendingPathComponent("cifar10h-counts.npy").path }

    init() throws { folder = try TemporaryFolder() }

    /// Writes records whose pixels all equal the record's index modulo 256.
    private func writeImages(_ labels: [Int]) throws {
        var bytes = Data()
        for (index, label) in labels.enumerated() {
            bytes.append(UInt8(label))
            bytes.append(Data(repeating: UInt8(index % 256), count: 3072))
        }
        try folder.write(bytes, to: "test_batch.bin")
    }

    private func writeVotes(_ rows: [[Float]], to name: String = "cifar10h-counts.npy") throws {
        let array = NumericArray(shape: [rows.count, rows[0].count], values: rows.flatMap { $0 })
        try NPYFile.write(array, to: folder.url.appendingPathComponent(name))
    }

    /// `count` votes for class `hardClass`, `other` for class 9.
    private func row(_ hardClass: Int, _ count: Float = 50, other: Float = 0) -> [Float] {
        (0..<10).map { $0 == hardClass ? count : $0 == 9 ? other : 0 }
    }

    private func expect(_ error: DatasetError, _ text: String) {
        #expect(throws: error) { try DatasetFolder.read(folder.url, as: DatasetReading(format: .cifar10h)) }
        #expect(error.description == text)
    }

    /// Class sizes and ties of the real counts, which we may not ship. A tie goes to the first class; 9 is the last.
    @Test func majorityCountsOfTheRealSizes() throws {
        let sizes = [1003, 998, 999, 995, 981, 1004, 1005, 1015, 999, 1001]
        let labels = sizes.enumerated().flatMap { Array(repeating: $0, count: $1) }
        try writeImages(labels)
        let tied: Set = [5, 2500, 8900]
        try writeVotes(labels.indices.map { row(labels[$0], 26, other: tied.contains($0) ? 26 : 0) })
        let dataset = try DatasetFolder.read(folder.url)
        #expect(dataset.name == "CIFAR-10H" && dataset.format == .cifar10h)
        let summary = LabelSummary(dataset.samples.map(\.label))
        #expect(summary.majorityCounts == sizes)
        #expect(summary.ties == tied.sorted())
        #expect(dataset.samples[9999].id == "test09999")
        // 60, 20 and 20 % overall and, up to one image, within each class.
        for slice in 1...3 {
            let split = try Split(slice: slice)
            #expect(Subset.allCases.map { split.indices(of: $0, in: dataset).count } == [6000, 2000, 2000])
            let tested = split.indices(of: .test, in: dataset).map { dataset.samples[$0].label }
            let counts = LabelSummary(tested).majorityCounts
            #expect(zip(counts, sizes).allSatisfy { abs(5 * $0 - $1) <= 5 })
        }
        let other = try DatasetFolder.read(folder.url, as: DatasetReading(foldSeed: 1))
        #expect(other.samples.map(\.fold) != dataset.samples.map(\.fold))
        #expect(other.samples.map(\.label) == dataset.samples.map(\.label))
    }

    /// Checks the real files if PENUMBRA_CIFAR10H names their folder.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["PENUMBRA_CIFAR10H"] != nil))
    func majorityCountsOfTheRealFiles() throws {
        let root = try #require(ProcessInfo.processInfo.environment["PENUMBRA_CIFAR10H"])
        let dataset = try DatasetFolder.read(URL(fileURLWithPath: root))
        let summary = LabelSummary(dataset.samples.map(\.label))
        #expect(summary.majorityCounts == [1003, 998, 999, 995, 981, 1004, 1005, 1015, 999, 1001])
        #expect(summary.ties.count == 3)
    }

    @Test func pixelsComeFromTheirRecords() throws {
        try writeImages([0, 1, 2])
        try writeVotes([row(0), row(1), row(2)])
        let dataset = try DatasetFolder.read(folder.url)
        #expect(try dataset.samples[2].imageSize() == (32, 32))
        #expect(try dataset.samples[2].image().pixels == [UInt8](repeating: 2, count: 3072))
        let loader = try ImageBatchLoader(
            dataset: dataset, options: ImageBatchLoader.Options(imageSize: 32, normalization: .plusMinusOne),
            threads: .init(2))
        let batch = try loader.batch([2, 1])
        let expected = Float(2.0 / 255 * 2 - 1)
        #expect(batch.values.prefix(3072).allSatisfy { abs($0 - expected) < 1e-6 })
        // The file was truncated after its labels were read.
        try writeImages([0, 1])
        #expect(throws: ImageFileError.unreadable(.becameShorter(path: images))) { try dataset.samples[2].image() }
    }

    private struct Pickle: Decodable {
        let head: Data
        let tail: Data
    }

    @Test(arguments: ["Python 2", "protocol 3", "protocol 4", "protocol 5"])
    func readsPickles(name: String) throws {
        let pickle = try #require(Fixture.decode([String: Pickle].self, "cifar")[name])
        let pixels = (0..<6144).map { UInt8($0 % 251) }
        try folder.write(pickle.head + Data(pixels) + pickle.tail, to: "cifar-10-batches-py/test_batch")
        try writeVotes([row(3), row(0, 4, other: 9)])
        let dataset = try DatasetFolder.read(folder.url)
        let image = try dataset.samples[1].image()
        // The file's red, green and blue planes become interleaved pixels.
        #expect(image.pixels[0] == pixels[3072] && image.pixels[1] == pixels[3072 + 1024])
        #expect(image.pixels[3 * 1023 + 2] == pixels[6143])
        // Truncation at any point is an error, never a crash.
        let whole = pickle.head + Data(pixels) + pickle.tail
        for end in [0, 1, pickle.head.count - 1, pickle.head.count + 10, whole.count - 1] {
            try folder.write(whole.prefix(end), to: "cifar-10-batches-py/test_batch")
            #expect(throws: DatasetError.self) { try DatasetFolder.read(folder.url) }
        }
    }

    @Test func picklesExecuteNothing() throws {
        try writeVotes([row(3)])
        let path = folder.url.appendingPathComponent("test_batch").path
        for (module, name) in [("os", "system"), ("builtins", "eval"), ("torch", "FloatStorage"), ("numpy", "load")] {
            try folder.write("c\(module)\n\(name)\n.", to: "test_batch")
            let position = module.utf8.count + name.utf8.count + 3
            expect(
                .forbiddenName(path: path, name: "\(module).\(name)", position: position),
                "\(path): the pickle names \"\(module).\(name)\" (at byte \(position)), which no array needs; nothing was "
                    + "executed")
        }
        try folder.write("}.", to: "test_batch")
        expect(
            .malformed(path: path, place: "the pickle", problem: "expected an array 'data' of uint8"),
            "\(path): the pickle: expected an array 'data' of uint8")
    }

    @Test func sharesAreTakenWhereThereAreNoCounts() throws {
        try writeImages([0, 1])
        try writeVotes([row(0, 1), row(1, 0.75, other: 0.25)], to: "cifar10h-probs.npy")
        var dataset = try DatasetFolder.read(folder.url)
        #expect(dataset.samples.map(\.votes) == [nil, nil] && dataset.notes == [])
        #expect(dataset.samples[1].label.probabilities[9] == 0.25)
        try writeVotes([row(0, 4), row(1, 3, other: 1)])
        dataset = try DatasetFolder.read(folder.url)
        #expect(dataset.samples[1].votes?[9] == 1)
        #expect(
            dataset.notes == [
                "\(votes): the labels are read from this file; \(folder.path("cifar10h-probs.npy")) is not read"
            ])
    }

    @Test func whatIsMissing() throws {
        expect(
            .notOfFormat(
                path: folder.url.path, format: .cifar10h,
                expected: "test_batch.bin or test_batch, and cifar10h-counts.npy or cifar10h-probs.npy"),
            "\(folder.url.path): no data set of format cifar10h found; expected test_batch.bin or test_batch, and "
                + "cifar10h-counts.npy or cifar10h-probs.npy")
    }

    @Test func filesOfOtherSizes() throws {
        try writeVotes([row(0)])
        try folder.write(Data(count: 3072), to: "test_batch.bin")
        expect(
            .recordSize(path: images, found: 3072),
            "\(images): found 3072 bytes; expected a multiple of 3073 (a label and 3 x 32 x 32 bytes per image)")
        try writeImages([0, 1])
        expect(
            .rowCount(path: votes, found: 1, imageFile: images, expected: 2),
            "\(votes): found 1 rows of votes; expected 2, the number of images in \(images)")
        try writeVotes([[1, 0], [0, 1]])
        expect(
            .arrayShape(path: votes, found: [2, 2], expected: "(images, 10)"),
            "\(votes): found an array of shape [2, 2]; expected (images, 10)")
        try folder.write("x", to: "cifar10h-counts.npy")
        #expect(throws: DatasetError.self) { try DatasetFolder.read(folder.url) }
    }

    @Test func labelsAndVotesThatCannotBe() throws {
        try writeImages([0, 10])
        try writeVotes([row(0), row(1)])
        expect(
            .recordLabel(path: images, record: 1, found: 10),
            "\(images): record 1: the label is 10; expected 0 to 9")
        try writeImages([0, 1])
        for (value, found) in [(-1, "-1.0"), (0.5, "0.5"), (2e6, "2000000.0")] as [(Float, String)] {
            try writeVotes([row(0), row(1, value)])
            expect(
                .voteCount(path: votes, place: "row 1", column: "automobile", found: found),
                "\(votes): row 1: automobile has \(found) votes; expected a whole number from 0 to 1000000")
        }
        try writeVotes([row(0), row(1, 0)])
        expect(
            .label(path: votes, place: "row 1", .noVotes),
            "\(votes): row 1: all counts are 0; expected at least one vote")
    }

    /// The votes are in another order than the images.
    @Test func votesOfOtherImages() throws {
        try writeImages([0, 1, 2, 3, 4])
        try writeVotes([row(0), row(4), row(3), row(2), row(1)])
        expect(
            .otherImages(path: votes, imageFile: images, agreeing: 1, of: 5, first: 1),
            "\(votes): the majority is the label in \(images) for only 1 of 5 images (the first to differ is row 1, "
                + "counted from 0); expected the same images in the same order")
    }
}
