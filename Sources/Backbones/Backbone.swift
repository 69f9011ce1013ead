import Determinism
import NeuralNetwork

/// A network whose features one can look at: layers up to a global average pool, then a classifier.
public protocol Backbone: Sendable {
    /// Classes that the last layer tells apart.
    var classes: Int { get }
    /// Puts the layers together.
    func build(_ network: inout NetworkBuilder)
}

extension Backbone {
    /// Plans the network for square RGB images of `imageSize` pixels a side.
    ///
    /// - Throws: `OneDNNError` where the library cannot plan a layer.
    public func network(
        imageSize: Int, batch: Int, threads: ThreadCount, trains: Bool
    ) throws(OneDNNError) -> Network {
        try Network(
            images: ImageShape(channels: 3, height: imageSize, width: imageSize), batch: batch, threads: threads,
            trains: trains, build: build)
    }

    /// The smallest side of an image that leaves the last maps at least one pixel.
    public static var smallestImageSize: Int { 32 }
}
