import Numerics
import Foundation
import NeuralNetwork
import TensorFiles

/// A checkpoint from this program or another, ready for use.
public struct OpenedCheckpoint: Sendable {
    /// The network and its weights. Where the file does not say them, classes are numbered from 0, the image size is
    /// the architecture's, and the labels are `unknown`.
    public var checkpoint: Checkpoint
    /// Which network of another program the file holds; nil for this program's own.
    public let naming: WeightNaming?
    /// What was taken from a file that this program did not write; nil for its own, which are whole.
    public let match: CheckpointMatch?
    /// Whether the file has a classifier: without one there are features but no predictions.
    public let hasClassifier: Bool
    /// A head with a hidden layer, which replaces the checkpoint's classifier.
    public let hiddenHead: HiddenHead?
    /// The layers behind the features where they are not understood, by name.
    public let otherHead: [String]?

    /// The checkpoint at `url`, of which nothing may be missing.
    public init(_ url: URL) throws { try self.init(WeightSource(url)) }

    /// Reads a file of any format of `TensorFile`.
    ///
    /// Tensors that may be missing start as in training, from seed 0, where they are.
    ///
    /// - Throws: `CheckpointError` where the network is none of ours or tensors are missing; what `TensorFile` throws;
    ///   `OneDNNError`.
    public init(_ source: WeightSource) throws {
        let url = source.url
        let weights = try WeightFile(source)
        if weights.isOwn {
            checkpoint = try Checkpoint.read(url)
            (match, naming, hiddenHead, otherHead) = (nil, nil, nil, nil)
            hasClassifier = true
            return
        }
        let naming = try weights.requireNetwork()
        let architecture = naming.architecture
        let classCount = weights.classCount
        // Two outputs stand in for a classifier that is not there; nothing is made of them.
        let network = try architecture.backbone(classes: classCount ?? 2).network(
            imageSize: Architecture.imageSizes.lowerBound, batch: 1, threads: ThreadCount(1), trains: false)
        hiddenHead = try weights.hiddenHead()
        otherHead = weights.otherHead
        let isWhole = weights.match(try network.state(), needsClassifier: true).isComplete
        if !isWhole { try network.initialize(seed: 0) }
        let (tensors, match) = try weights.tensors(
            for: network.state(), needsClassifier: classCount != nil && hiddenHead == nil)
        checkpoint = Checkpoint(
            architecture: architecture.rawValue, classes: (0..<(classCount ?? 2)).map(\.description),
            imageSize: architecture.imageSize, labels: "unknown", tensors: tensors)
        self.match = match
        self.naming = naming
        hasClassifier = classCount != nil
    }
}
