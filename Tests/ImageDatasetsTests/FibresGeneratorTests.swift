import Numerics
import Foundation
import LabelDistributions
import Testing
import TestSupport

@testable import ImageDatasets

struct FibresGeneratorTests {
    @Test func theFilesAreTheSameForAnyNumberOfThreads() throws {
        let parameters = try FibresParameters(count: 12, size: 32, annotators: 4, seed: 3)
        let generator = FibresGenerator(parameters)
        let folders = try [1, 3].map { threads in
            let folder = try TemporaryFolder()
            try generator.generate(in: folder.url, threads: ThreadCount(threads))
            return folder
        }
        let contents = try folders.map { try $0.contents() }
        #expect(contents[0].count == 14)
        #expect(contents[0] == contents[1])
        #expect(generator.destination(in: folders[0].url) == .complete)
        let path = folders[0].url.appendingPathComponent("Fibres-simulated").path
        #expect(throws: FibresError.destinationTaken(path: path, found: "this set of simulated fibres")) {
            try generator.generate(in: folders[0].url, threads: ThreadCount(1))
        }
        let other = FibresGenerator(try FibresParameters(count: 12, size: 32, annotators: 4, seed: 4))
        let found = "a set of 12 simulated images of 32 pixels, drawn at 224, 4 annotations, seed 3"
        #expect(other.destination(in: folders[0].url) == .other(found))
        #expect(other.annotations(of: other.items()).count == 6)
        withExtendedLifetime(folders) {}
    }

    /// As a reader sees the set: named as simulated, with majorities of about 15, 70 and 15 %.
    @Test func majoritiesAndVotesAreThoseOfMiceBone() throws {
        let generator = FibresGenerator(try FibresParameters())
        let items = generator.items()
        #expect((1...5).allSatisfy { fold in items.count { $0.fold == fold } == 1448 })
        var votes = items.map { _ in [0, 0, 0] }
        for annotations in generator.annotations(of: items) {
            for (item, label) in annotations { votes[item][label] += 1 }
        }
        let numbers = votes.map { $0.reduce(0, +) }
        #expect(abs(Double(numbers.reduce(0, +)) / 7240 - 15) < 0.1)
        #expect(numbers.min()! >= 5 && numbers.max()! == 20)
        let summary = LabelSummary(try votes.map { try LabelDistribution(counts: $0) })
        for (count, share) in zip(summary.majorityCounts, [0.15, 0.70, 0.15]) {
            #expect(abs(Double(count) / 7240 - share) < 0.02)
        }
        // Annotators neither agree completely nor at chance level.
        let alpha = try #require(AnnotatorAgreement.krippendorffAlpha(votes))
        #expect((0.5...0.85).contains(alpha))
    }

    @Test func readersFindTheSet() throws {
        let folder = try TemporaryFolder()
        let generator = FibresGenerator(try FibresParameters(count: 20, size: 16, annotators: 6))
        try generator.generate(in: folder.url, threads: ThreadCount(2))
        let dataset = try DatasetFolder.read(folder.url)
        #expect(dataset.name == "fibres (simulated)" && dataset.format == .dcic)
        #expect(dataset.samples.count == 20 && dataset.unlabelled.isEmpty)
        #expect(try dataset.samples[0].imageSize() == (16, 16))
    }

    /// A set by an older version, which drew at image resolution, is read as such and differs from a new set.
    @Test func setsWithoutADrawnSizeAreOfTheirOwnPixels() throws {
        let now = try FibresParameters(count: 12, size: 64, annotators: 4, seed: 3)
        #expect(now.drawnSize == 256)
        #expect(try FibresParameters(size: 224).drawnSize == 224 && FibresParameters(size: 300).drawnSize == 300)
        let before = Data(#"{"annotators": 4, "count": 12, "seed": 3, "size": 64}"#.utf8)
        let found = try JSONDecoder().decode(FibresParameters.self, from: before)
        #expect(found.drawnSize == 64 && found != now)
        #expect(try JSONDecoder().decode(FibresParameters.self, from: JSONEncoder().encode(now)) == now)
    }

    /// Visible fibres are brighter than the background.
    @Test func whatIsSimulatedShows() throws {
        let generator = FibresGenerator(try FibresParameters(count: 400, size: 64))
        let items = generator.items()
        func mean(_ item: FibresGenerator.Item) throws -> Double {
            let pixels = try generator.image(of: item).pixels
            return pixels.reduce(0.0) { $0 + Double($1) } / Double(pixels.count)
        }
        let clear = items.filter { $0.scene.visibility > 0.85 }, dark = items.filter { $0.scene.visibility < 0.05 }
        #expect(try mean(clear[0]) > 1.3 * mean(dark[0]))
    }

    /// Directed fibres differ from undirected ones even at low resolution. The measure is the structure tensor's anisotropy,
    /// (λ₁ − λ₂) / (λ₁ + λ₂), from sums of gx², gy² and gx·gy over the image (Bigün and Granlund 1987).
    @Test func directionsShowInFewPixels() throws {
        let generator = FibresGenerator(try FibresParameters(count: 800, size: 64))
        func anisotropy(_ item: FibresGenerator.Item) throws -> Double {
            let pixels = try generator.image(of: item).pixels
            func level(_ row: Int, _ column: Int) -> Double { Double(pixels[3 * (row * 64 + column)]) }
            var (xx, yy, xy) = (0.0, 0.0, 0.0)
            for row in 1..<63 {
                for column in 1..<63 {
                    let x = level(row, column + 1) - level(row, column - 1)
                    let y = level(row + 1, column) - level(row - 1, column)
                    (xx, yy, xy) = (xx + x * x, yy + y * y, xy + x * y)
                }
            }
            return ((xx - yy) * (xx - yy) + 4 * xy * xy).squareRoot() / (xx + yy)
        }
        let clear = generator.items().filter { $0.scene.visibility > 0.6 }
        let directed = try clear.filter { $0.scene.coherence > 0.8 }.map(anisotropy)
        let undirected = try clear.filter { $0.scene.coherence < 0.2 }.map(anisotropy)
        #expect(directed.count > 10 && undirected.count > 10)
        #expect(directed.min()! > 0.5 && undirected.max()! < 0.4)
    }

    @Test func parametersOutOfRange() {
        for (parameters, error) in [
            ((4, 16, 1), FibresError.count(4)), ((5, 15, 1), .size(15)), ((5, 16, 0), .annotators(0)),
        ] {
            #expect(throws: error) {
                try FibresParameters(count: parameters.0, size: parameters.1, annotators: parameters.2)
            }
        }
        #expect(FibresError.count(4).description == "the number of images is 4; expected 5 to 1000000")
    }
}
