import Numerics
import Foundation
import NeuralNetwork
import TensorFiles

/// Features and predictions of many images, from a trained network in evaluation mode.
///
/// Every thread has its own network and processes a few images at a time. A sample's numbers depend only on its image: they are
/// byte-identical for any number of threads and whatever the other images are.
public final class FeatureExtractor {
    /// The results for N samples.
    public struct Extraction: Sendable {
        /// N × features, the global average pool.
        public let features: NumericArray
        /// N × classes, each row summing to 1.
        public let probabilities: NumericArray
        /// N × classes, before the softmax.
        public let logits: NumericArray
        /// For each requested stage, the means of its maps, N × channels.
        public let stages: [NumericArray]

        package init(
            features: NumericArray, probabilities: NumericArray, logits: NumericArray, stages: [NumericArray]
        ) {
            self.features = features
            self.probabilities = probabilities
            self.logits = logits
            self.stages = stages
        }
    }

    let networks: [Network]
    /// Whether chunks are timed, from each thread's second one on; see `takeProfile`.
    public var profiles = false
    private let threads: ThreadCount
    private let output: ClassOutput
    private let chunk: Int
    /// Replaces the networks' classifiers.
    private var hiddenHead: HiddenHead?
    let stages: [String]

    /// Plans networks for square images with sides of `imageSize` pixels. Load weights with `load` before use.
    ///
    /// - Throws: `NetworkMemoryError` if the machine has too little memory, `PrecisionError` if it lacks the instructions,
    ///   `OneDNNError` if the library cannot plan a layer.
    public init(
        _ backbone: any Backbone, imageSize: Int, threads: ThreadCount, precision: Precision = .float32,
        output: ClassOutput = .softmax, stages: [String] = []
    ) throws {
        self.threads = threads
        self.stages = stages
        self.output = output
        // About as many pixels per chunk as 16 images of 64 px, so that activations stay in a core's cache. For large images at
        // least four, so that the weights of late layers are not read for every image.
        let chunk = max(4, min(64, 65_536 / (imageSize * imageSize)))
        self.chunk = chunk
        networks = try (0..<threads.count).map { _ in
            try backbone.network(
                imageSize: imageSize, batch: chunk, threads: ThreadCount(1), trains: false,
                precision: precision, stages: stages)
        }
    }

    /// Plans networks for a checkpoint and loads its weights; `path` is for errors.
    ///
    /// - Throws: `CheckpointError.misfit`, `PrecisionError`, `OneDNNError`.
    public convenience init(
        _ checkpoint: Checkpoint, path: String, imageSize: Int? = nil, threads: ThreadCount,
        precision: Precision = .float32, stages: [String] = []
    ) throws {
        try checkpoint.checkClasses(path: path)
        let backbone = Architecture(rawValue: checkpoint.architecture)!.backbone(
            classes: checkpoint.classes.count, head: HeadKind(ofTensors: checkpoint.tensors.map(\.name)))
        try self.init(
            backbone, imageSize: imageSize ?? checkpoint.imageSize, threads: threads, precision: precision,
            output: checkpoint.output, stages: stages)
        for network in networks { try checkpoint.load(into: network, path: path) }
    }

    /// Replaces the networks' classifier by another head for the same number of classes.
    public func use(_ head: HiddenHead) {
        precondition(head.classCount == networks[0].classCount, "a head for as many classes")
        hiddenHead = head
    }

    /// Loads new weights. Throws `NetworkStateError` if they do not fit.
    public func load(_ tensors: [NamedTensor]) throws {
        for network in networks { try network.load(tensors) }
    }

    /// Extracts `count` samples.
    ///
    /// - Parameters:
    ///   - images: the images of a range of samples, N × C × H × W, scaled as in training; called on several threads
    ///     concurrently.
    ///   - progress: called with the number of samples done, on the calling thread; `false` stops the extraction.
    /// - Returns: nil if `progress` stopped it.
    /// - Throws: what `images` throws, `OneDNNError`.
    public func extract(
        count: Int, images: @escaping @Sendable (Range<Int>) throws -> [Float],
        progress: (_ done: Int) -> Bool = { _ in true }
    ) throws -> Extraction? {
        let featureCount = networks[0].featureCount, classCount = networks[0].classCount
        var features: [Float] = [], logits: [Float] = []
        var stageValues = [[Float]](repeating: [], count: stages.count)
        features.reserveCapacity(count * featureCount)
        logits.reserveCapacity(count * classCount)
        let chunks = (count + chunk - 1) / chunk
        // A round is a few chunks per thread; progress is reported between rounds.
        let round = threads.count * 4
        for first in stride(from: 0, to: chunks, by: round) {
            let results = try extractChunks(first..<min(chunks, first + round), count: count, images)
            for result in results {
                features += result.features
                logits += hiddenHead?.logits(result.features, featureCount: featureCount) ?? result.logits
                for index in stages.indices { stageValues[index] += result.stages[index] }
            }
            if !progress(features.count / featureCount) { return nil }
        }
        return Extraction(
            features: NumericArray(shape: [count, featureCount], values: features),
            probabilities: NumericArray(
                shape: [count, classCount], values: output.probabilities(logits, classCount: classCount)),
            logits: NumericArray(shape: [count, classCount], values: logits),
            stages: stageValues.map { NumericArray(shape: [count, $0.count / count], values: $0) })
    }

    /// The results for one chunk.
    struct Chunk {
        let features: [Float]
        let logits: [Float]
        let stages: [[Float]]
    }

    private func extractChunks(
        _ chunks: Range<Int>, count: Int, _ images: @escaping @Sendable (Range<Int>) throws -> [Float]
    ) throws -> [Chunk] {
        var results = [Result<Chunk, any Error>?](repeating: nil, count: chunks.count)
        let size = chunk
        results.withUnsafeMutableBufferPointer { buffer in
            // Every thread has its own network and writes its own elements.
            nonisolated(unsafe) let slots = buffer
            nonisolated(unsafe) let extractor = self
            let threadCount = min(threads.count, chunks.count)
            ThreadCount(threadCount).forEachThread { thread in
                for index in stride(from: thread, to: chunks.count, by: threadCount) {
                    let start = (chunks.lowerBound + index) * size
                    let range = start..<min(count, start + size)
                    slots[index] = Result { try extractor.evaluate(range, by: extractor.networks[thread], images) }
                }
            }
        }
        return try results.map { try $0!.get() }
    }
}
