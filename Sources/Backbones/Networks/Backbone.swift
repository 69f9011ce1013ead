import Numerics
import NeuralNetwork

/// A network whose features can be examined: layers up to a global average pool, then a classifier.
public protocol Backbone: Sendable {
    /// The number of classes that the last layer distinguishes.
    var classes: Int { get }
    /// Assembles the layers.
    func build(_ network: inout NetworkBuilder)
}

extension Backbone {
    /// The network of one of several processes that share each batch through `exchange` (`Network.init`).
    package func network(
        imageSize: Int, batch: Int, threads: ThreadCount, precision: Precision, recomputes: Bool, momentum: Float?,
        pieces: BatchPieces?, exchange: (any BatchExchange)?
    ) throws -> Network {
        try Network(
            images: .square(imageSize), batch: batch, threads: threads, trains: true, precision: precision,
            recomputes: recomputes, momentum: momentum, stages: [], pieces: pieces, exchange: exchange, build: build)
    }

    /// Plans the network for square RGB images with sides of `imageSize` pixels. `recomputes` says whether training recomputes
    /// inner maps instead of keeping them. Running statistics move by `momentum`, by default the backbone's own, and batches
    /// are cut into `pieces` (`Network.init`).
    ///
    /// - Throws: `NetworkMemoryError` if the machine has too little memory, `PrecisionError` if it lacks the instructions,
    ///   `OneDNNError` if the library cannot plan a layer.
    public func network(
        imageSize: Int, batch: Int, threads: ThreadCount, trains: Bool, precision: Precision = .float32,
        recomputes: Bool = false, momentum: Float? = nil, stages: [String] = [], pieces: BatchPieces? = nil
    ) throws -> Network {
        try Network(
            images: .square(imageSize), batch: batch, threads: threads, trains: trains, precision: precision,
            recomputes: recomputes, momentum: momentum, stages: stages, pieces: pieces, build: build)
    }
}
