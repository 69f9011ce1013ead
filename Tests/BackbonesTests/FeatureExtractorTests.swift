import Numerics
import Foundation
import TensorFiles
import Testing

@testable import Backbones
@testable import NeuralNetwork

@Suite struct FeatureExtractorTests {
    func checkpoint(classes: Int = 3) throws -> Checkpoint {
        let network = try Architecture.densenet121.backbone(classes: classes).network(
            imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
        try network.initialize(seed: 1)
        return Checkpoint(
            architecture: "densenet121", classes: (0..<classes).map { "class \($0)" }, imageSize: 32, labels: "soft",
            tensors: try network.state())
    }

    /// A sample's bytes depend neither on the number of threads nor on the samples beside it.
    @Test func aSampleStandsAlone() throws {
        let checkpoint = try checkpoint(), count = 70, size = 3 * 32 * 32
        var random = CounterRandom(seed: 2)
        let images = (0..<count * size).map { _ in Float(random.normal()) }
        func extract(_ threads: Int, from first: Int = 0) throws -> FeatureExtractor.Extraction {
            let extractor = try FeatureExtractor(checkpoint, path: "x", threads: ThreadCount(threads))
            return try #require(
                try extractor.extract(count: count - first) { range in
                    Array(images[(first + range.lowerBound) * size..<(first + range.upperBound) * size])
                })
        }
        let whole = try extract(1)
        #expect(whole.features.shape == [count, 1024] && whole.probabilities.shape == [count, 3])
        for threads in [2, 3] {
            #expect(try extract(threads).features == whole.features)
            #expect(try extract(threads).probabilities == whole.probabilities)
        }
        for first in [1, 13, 69] {
            let part = try extract(2, from: first)
            #expect(part.features.values == Array(whole.features.values[(first * 1024)...]))
            #expect(part.probabilities.values == Array(whole.probabilities.values[(first * 3)...]))
        }
        for row in 0..<count {
            #expect(abs(whole.probabilities.values[row * 3..<row * 3 + 3].reduce(0, +) - 1) < 1e-6)
        }
    }

    @Test func errorsOfImagesAndStopping() throws {
        struct Broken: Error {}
        let extractor = try FeatureExtractor(checkpoint(), path: "x", threads: ThreadCount(2))
        #expect(throws: Broken.self) { try extractor.extract(count: 3) { _ in throw Broken() } }
        let image = [Float](repeating: 0, count: 64 * 3 * 32 * 32)
        #expect(try extractor.extract(count: 600, images: { _ in image }, progress: { _ in false }) == nil)
    }

    @Test func aCheckpointComesBackAsItWas() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: url) }
        let checkpoint = try checkpoint()
        try checkpoint.write(to: url)
        #expect(try Checkpoint.read(url) == checkpoint)

        func rewritten(_ key: String, _ value: String?) throws {
            var file = try SafetensorsFile.read(url)
            file.metadata["penumbra." + key] = value
            try file.write(to: url)
        }
        try rewritten("architecture", "vgg16")
        #expect(throws: CheckpointError.unknownArchitecture(path: url.path, found: "vgg16")) {
            try Checkpoint.read(url)
        }
        try rewritten("architecture", nil)
        #expect(throws: CheckpointError.missingMetadata(path: url.path, key: "penumbra.architecture")) {
            try Checkpoint.read(url)
        }
        try rewritten("architecture", "densenet121")
        try rewritten("image_size", "65536")
        #expect(
            throws: CheckpointError.badMetadata(
                path: url.path, key: "penumbra.image_size", found: "65536", expected: "32 to 4096 pixels")
        ) { try Checkpoint.read(url) }
        try rewritten("image_size", "32")
        try rewritten("classes", "[]")
        #expect(
            throws: CheckpointError.badMetadata(
                path: url.path, key: "penumbra.classes", found: "[]", expected: "a JSON list of names")
        ) { try Checkpoint.read(url) }
    }

    @Test func aCheckpointOfOtherClassesIsRefused() throws {
        var other = try checkpoint()
        other.classes.append("one more")
        #expect(
            throws: CheckpointError.misfit(
                path: "x", .wrongShape(name: "classifier.weight", found: [3, 1024], expected: [4, 1024]))
        ) { try FeatureExtractor(other, path: "x", threads: ThreadCount(1)) }
    }

    @Test func aNetworkThatNoMemoryHoldsIsRefused() {
        #expect(throws: NetworkMemoryError.self) {
            try Architecture.densenet121.backbone(classes: 3).network(
                imageSize: 4096, batch: 65_536, threads: ThreadCount(2), trains: true)
        }
    }
}
