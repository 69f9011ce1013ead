import Numerics
import NeuralNetwork

/// A network whose features one can look at: layers up to a global average pool, then a classifier.
public protocol Backbone: Sendable {
    /// Classes that the last layer tells apart.
    var classes: Int { get }
    /// Puts the layers together.
    func build(_ network: inout NetworkBuilder)
}

extension Backbone {
    /// The network of one of several processes that share each batch by `exchange` (`Network.init`).
    package func network(
        imageSize: Int, batch: Int, threads: ThreadCount, precision: Precision, recomputes: Bool, momentum: Float?,
        pieces: BatchPieces?, exchange: (any BatchExchange)?
    ) throws -> Network {
        try Network(
            images: .square(imageSize), batch: batch, threads: threads, trains: true, precision: precision,
            recomputes: recomputes, momentum: momentum, stages: [], pieces: pieces, exchange: exchange, build: build)
    }

    /// Plans the network for square RGB images of `imageSize` pixels a side, which training `recomputes` inner maps of or
    /// keeps, whose running statistics move by `momentum` or as the backbone has it, and whose batches are cut into `pieces`
    /// (`Network.init`).
    ///
    /// - Throws: `NetworkMemoryError` where the machine is too small, `PrecisionError` where it lacks the instructions,
    ///   `OneDNNError` where the library cannot plan a layer.
    public func network(
        imageSize: Int, batch: Int, threads: ThreadCount, trains: Bool, precision: Precision = .float32,
        recomputes: Bool = false, momentum: Float? = nil, stages: [String] = [], pieces: BatchPieces? = nil
    ) throws -> Network {
        try Network(
            images: .square(imageSize), batch: batch, threads: threads, trains: trains, precision: precision,
            recomputes: recomputes, momentum: momentum, stages: stages, pieces: pieces, build: build)
    }
}
