import NeuralNetwork

/// DenseNet-121 (Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", 2017, table 1),
/// with the tensor names of torchvision.
///
/// | layers | output at 224 px |
/// | --- | --- |
/// | 7 × 7 convolution, stride 2; 3 × 3 maximum pool, stride 2 | 64 × 56 × 56 |
/// | 6 × (1 × 1, 3 × 3 convolution), each adding 32 channels; transition | 128 × 28 × 28 |
/// | 12 × the same; transition | 256 × 14 × 14 |
/// | 24 × the same; transition | 512 × 7 × 7 |
/// | 16 × the same; global average pool | 1024 features |
/// | dense layer, softmax | classes |
public struct DenseNet121: Backbone {
    /// Classes that the last layer tells apart.
    public let classes: Int
    /// What stands between features and classes.
    public let head: HeadKind

    /// A network for `classes` classes.
    public init(classes: Int, head: HeadKind = .plain) {
        self.classes = classes
        self.head = head
    }

    /// Channels that each layer of a dense block adds.
    private let growth = 32
    /// Channels between a layer's two convolutions.
    private let bottleneck = 128
    /// Layers of the four dense blocks.
    private let blocks = [6, 12, 24, 16]

    /// Puts the layers together.
    public func build(_ network: inout NetworkBuilder) {
        network.block = "stem"
        let stem = network.convolveImages("features.conv0", outputs: 64, kernel: 7, stride: 2, padding: 3)
        network.recompute(stem)
        var maps = [network.normalizeRectifyMaxPool(stem, normalization: "features.norm0")]
        for (block, layers) in zip(1..., blocks) {
            network.block = "dense block \(block)"
            for layer in 1...layers {
                let name = "features.denseblock\(block).denselayer\(layer)"
                let narrow = network.normalizeRectifyConvolve(
                    maps, normalization: name + ".norm1", Filter(name + ".conv1", outputs: bottleneck, kernel: 1))
                network.recompute(narrow)
                maps.append(
                    network.normalizeRectifyConvolve(
                        [narrow], normalization: name + ".norm2",
                        Filter(name + ".conv2", outputs: growth, kernel: 3, padding: 1)))
            }
            if block == blocks.count { break }
            network.block = "transition \(block)"
            let name = "features.transition\(block)"
            let channels = maps.reduce(0) { $0 + $1.channels }
            maps = [
                network.normalizeRectifyConvolve(
                    maps, normalization: name + ".norm", Filter(name + ".conv", outputs: channels / 2, kernel: 1),
                    halving: true)
            ]
        }
        network.block = "final average"
        network.normalizeRectifyAverage(maps, normalization: "features.norm5")
        network.classify("classifier", classes: classes, head: head)
    }
}
