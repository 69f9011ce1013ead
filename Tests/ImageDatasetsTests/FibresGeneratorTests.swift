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
        let found = "a set of 12 simulated images of 32 pixels, 4 annotations, seed 3"
        #expect(other.destination(in: folders[0].url) == .other(found))
        #expect(other.annotations(of: other.items()).count == 6)
        withExtendedLifetime(folders) {}
    }

    /// The set as a reader sees it: named as simulated, and about 15, 70 and 15 % of the majorities.
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
        // Neither certain nor noise.
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

    /// Fibres are brighter than the ground, and directed ones differ from undirected ones across and along.
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
