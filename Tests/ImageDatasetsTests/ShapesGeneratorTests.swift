import Numerics
import Foundation
import RasterImages
import TensorFiles
import Testing
import TestSupport

@testable import ImageDatasets

struct ShapesGeneratorTests {
    private static func generator(
        count: Int, size: Int = 16, pureShare: Double = 0.4, seed: UInt64 = 3
    ) throws -> ShapesGenerator {
        ShapesGenerator(try ShapesParameters(count: count, size: size, pureShare: pureShare, seed: seed))
    }

    @Test func thePapersSetIsDealtEvenly() throws {
        let items = ShapesGenerator(try ShapesParameters()).items()
        #expect(items.count == 15_000)
        #expect(Set(items.map(\.id)).count == 15_000)
        #expect(items[0].id == "shape00000")
        for fold in 1...5 {
            let members = items.filter { $0.fold == fold }
            #expect(members.count == 3000)
            for pureClass in 0..<6 { #expect(members.count { $0.pureClass == pureClass } == 200) }
        }
        // Numbers are assigned at random, so kinds are mixed.
        #expect(Set(items.prefix(100).map(\.pureClass)).count == 7)
        // Every class has a sixth of the mass; the free images' part has a standard error of about 0.0019.
        for label in 0..<6 {
            let mass = items.reduce(0) { $0 + $1.scene.label.probabilities[label] } / 15_000
            #expect(abs(mass - 1.0 / 6) < 0.008)
        }
    }

    @Test(arguments: [0.0, 1.0])
    func allOrNoneMayBePure(pureShare: Double) throws {
        let items = try Self.generator(count: 31, pureShare: pureShare).items()
        #expect(items.count { $0.pureClass != nil } == (pureShare == 1 ? 31 : 0))
        let sizes = (0..<6).map { pureClass in items.count { $0.pureClass == pureClass } }
        #expect(sizes.max()! - sizes.min()! <= 1)
    }

    @Test func scenesDoNotDependOnTheSize() throws {
        #expect(try Self.generator(count: 50, size: 16).items() == Self.generator(count: 50, size: 224).items())
        #expect(try Self.generator(count: 50).items() != Self.generator(count: 50, seed: 4).items())
    }

    @Test func theSameSeedGivesTheSameBytesForAnyNumberOfThreads() throws {
        var expected: [String: Data]?
        for threads in 1...3 {
            let folder = try TemporaryFolder()
            try Self.generator(count: 150).generate(in: folder.url, threads: ThreadCount(threads))
            let contents = try folder.contents()
            #expect(contents.count == 152)
            if let expected { #expect(contents == expected) } else { expected = contents }
        }
    }

    @Test func whatWasWrittenReadsBackExactly() throws {
        let folder = try TemporaryFolder()
        let generator = try Self.generator(count: 40)
        var steps: [Int] = []
        let made = try generator.generate(in: folder.url, threads: ThreadCount(2)) { steps.append($0) }
        #expect(steps.last == 40)
        for root in [folder.url, made] {
            let dataset = try DCICFolder.read(root)
            #expect(dataset.name == "Shapes")
            #expect(dataset.classes == ["bc", "be", "gc", "ge", "rc", "re"])
            let items = generator.items()
            #expect(dataset.samples.map(\.id) == items.map(\.id))
            #expect(dataset.samples.map(\.fold) == items.map(\.fold))
            #expect(dataset.samples.map(\.label) == items.map(\.scene.label))
            #expect(dataset.samples.map(\.appearance) == items.map(\.scene.appearance))
        }
        let table = try CSVTable.read(made.appendingPathComponent("samples.csv"))
        #expect(
            table.header == [
                "id", "fold", "hue", "ellipse_share", "center_x", "center_y", "minor_radius", "major_radius",
                "rotation", "bc", "be", "gc", "ge", "rc", "re",
            ])
        let item = generator.items()[7]
        #expect(try table.number(7, 7) == item.scene.majorRadius)
        #expect(try table.number(7, 14) == item.scene.label.probabilities[5])
        let image = try RGBImage(contentsOf: made.appendingPathComponent("fold\(item.fold)/\(item.id).png"))
        #expect(try image == item.scene.image(size: 16))
    }

    /// Readers of this format expect these keys and a split that follows slice 1.
    @Test func theLabelFileIsDCICJSON() throws {
        let folder = try TemporaryFolder()
        let made = try Self.generator(count: 10).generate(in: folder.url, threads: ThreadCount(1))
        let data = try Data(contentsOf: made.appendingPathComponent("Shapes.json"))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["name"] as? String == "Shapes")
        #expect(object["v_fold"] as? Int == 1)
        #expect(object["budget"] as? Double == 0)
        #expect(object["weighted_budget"] as? Double == 0)
        let images = try #require(object["images"] as? [[String: Any]])
        for image in images {
            let path = try #require(image["path"] as? String)
            let split = path.contains("/fold3/") ? "test" : path.contains("/fold2/") ? "val" : "train"
            #expect(image["split"] as? String == split)
            let shares = try #require(image["soft_gt"] as? [Double])
            #expect(image["gt"] as? Int == shares.firstIndex(of: shares.max()!))
            #expect((image["gt_verbose"] as? String)?.count == 2)
            #expect((image["info"] as? [String: Any])?.isEmpty == true)
        }
    }

    /// Channel means and standard deviations over all pixels, as measured on 15,000 images. The tolerance is five standard
    /// errors, estimated from the images, plus half a unit of the third digit.
    @Test func channelStatisticsAreThePapers() throws {
        let (count, size) = (1500, 48)
        let items = try Self.generator(count: count).items()
        for (channel, wanted) in zip(0..<3, [(0.158, 0.344), (0.162, 0.348), (0.162, 0.349)]) {
            var first: [Double] = []
            var second: [Double] = []
            for item in items {
                let image = try item.scene.image(size: size)
                let values = stride(from: channel, to: image.pixels.count, by: 3).map { Double(image.pixels[$0]) / 255 }
                first.append(values.reduce(0, +) / Double(values.count))
                second.append(values.reduce(0) { $0 + $1 * $1 } / Double(values.count))
            }
            func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
            func standardError(_ values: [Double]) -> Double {
                let center = mean(values)
                return (mean(values.map { ($0 - center) * ($0 - center) }) / Double(count)).squareRoot()
            }
            let average = mean(first)
            let deviation = (mean(second) - average * average).squareRoot()
            // By the delta method, the error of the deviation is that of (x² − 2 µ x) / 2σ.
            let influence = zip(second, first).map { ($0 - 2 * average * $1) / (2 * deviation) }
            #expect(abs(average - wanted.0) < 5 * standardError(first) + 0.0005)
            #expect(abs(deviation - wanted.1) < 5 * standardError(influence) + 0.0005)
        }
    }

    @Test(arguments: [
        (0, 16, 0.4, ShapesError.count(0), "the number of images is 0; expected 1 to 1000000"),
        (5, 4, 0.4, .size(4), "the images' side is 4 pixels; expected 8 to 4096"),
        (5, 16, 1.5, .pureShare("1.5"), "the share of pure images is 1.5; expected a number from 0 to 1"),
        (5, 16, .nan, .pureShare("nan"), "the share of pure images is nan; expected a number from 0 to 1"),
    ])
    func refusesParameters(count: Int, size: Int, pureShare: Double, error: ShapesError, text: String) {
        #expect(throws: error) { try ShapesParameters(count: count, size: size, pureShare: pureShare) }
        #expect(error.description == text)
    }

    @Test func aTakenDestinationIsLeftAlone() throws {
        let folder = try TemporaryFolder()
        let generator = try Self.generator(count: 5)
        #expect(generator.destination(in: folder.url) == .free)
        let made = try generator.generate(in: folder.url, threads: ThreadCount(1))
        #expect(generator.destination(in: folder.url) == .complete)
        let other = try Self.generator(count: 6)
        let found = "a shapes set of 5 images of 16 pixels, pure share 0.4, seed 3"
        #expect(other.destination(in: folder.url) == .other(found))
        let before = try folder.contents()
        let error = ShapesError.destinationTaken(path: made.path, found: found)
        #expect(throws: error) { try other.generate(in: folder.url, threads: ThreadCount(1)) }
        #expect(
            error.description == "\(made.path): already holds \(found); nothing was changed; choose another folder or "
                + "an empty one")
        #expect(try folder.contents() == before)

        let foreign = try TemporaryFolder()
        try foreign.write("mine", to: "Shapes/notes.txt")
        #expect(generator.destination(in: foreign.url) == .other("files that are not a generated shapes set"))
        #expect(throws: ShapesError.self) { try generator.generate(in: foreign.url, threads: ThreadCount(1)) }
        #expect(try foreign.contents() == ["Shapes/notes.txt": Data("mine".utf8)])
    }

    @Test func whatIsInterruptedLeavesNothing() throws {
        struct Interrupted: Error {}
        let folder = try TemporaryFolder()
        #expect(throws: Interrupted.self) {
            try Self.generator(count: 100).generate(in: folder.url, threads: ThreadCount(1)) { _ in
                throw Interrupted()
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func whatAKilledProcessLeftIsRemoved() throws {
        let folder = try TemporaryFolder()
        try folder.write("half", to: ".Shapes.partial-abc/fold1/a.png")
        let begun = try StagedFolder(for: folder.url.appendingPathComponent("Shapes"))
        #expect(!FileManager.default.fileExists(atPath: folder.url.appendingPathComponent(".Shapes.partial-abc").path))
        // A folder that is still being filled stays.
        let second = try StagedFolder(for: folder.url.appendingPathComponent("Shapes"))
        #expect(FileManager.default.fileExists(atPath: begun.url.path))
        begun.discard()
        second.discard()
    }

    @Test func aFolderThatCannotBeMadeIsATypedError() throws {
        let folder = try TemporaryFolder()
        try folder.write("a file", to: "file")
        let inside = folder.url.appendingPathComponent("file/sets")
        #expect(throws: FileWriteError.notAFolder(path: inside.path)) {
            try Self.generator(count: 5).generate(in: inside, threads: ThreadCount(1))
        }
    }

    @Test func aFullDiskIsATypedError() {
        #expect(throws: FileWriteError.diskFull(path: "a.png")) {
            try StagedFolder.write([1, 2, 3], toPath: "/dev/full", name: "a.png")
        }
    }
}
