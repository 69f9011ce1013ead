import Numerics
import Foundation
import NeuralNetwork
import TensorFiles

/// A checkpoint from this program or another, ready for use.
public struct OpenedCheckpoint: Sendable {
    /// The network and its weights. If the file does not give them, classes are numbered from 0, the image size is the
    /// architecture's, and the labels are `unknown`.
    public var checkpoint: Checkpoint
    /// The network that the file holds, as named by another program; nil for this program's own files.
    public let naming: WeightNaming?
    /// What was loaded from a file of another program; nil for this program's own files, which are complete.
    public let match: CheckpointMatch?
    /// Whether the file has a classifier; without one there are features but no predictions.
    public let hasClassifier: Bool
    /// A head with a hidden layer, which replaces the checkpoint's classifier.
    public let hiddenHead: HiddenHead?
    /// The names of the layers after the features, if they are not understood.
    public let otherHead: [String]?

    /// The checkpoint at `url`, which must be complete.
    public init(_ url: URL) throws { try self.init(WeightSource(url)) }

    /// Reads a file in any format of `TensorFile`.
    ///
    /// Missing tensors, if they are allowed, are initialised as in training, from seed 0.
    ///
    /// - Throws: `CheckpointError` if the network is unknown or tensors are missing; what `TensorFile` throws; `OneDNNError`.
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
        // Without a classifier, two outputs stand in for it; they are not used.
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
