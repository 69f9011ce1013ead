import NeuralNetwork

/// DenseNet with bottlenecks and compression (Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional
/// networks", 2017, table 1), with the tensor names of torchvision.
///
/// | layers | output of DenseNet-121 at 224 px |
/// | --- | --- |
/// | 7 × 7 convolution, stride 2; 3 × 3 maximum pool, stride 2 | 64 × 56 × 56 |
/// | 6 × (1 × 1, 3 × 3 convolution), each adding 32 channels; transition | 128 × 28 × 28 |
/// | 12 × the same; transition | 256 × 14 × 14 |
/// | 24 × the same; transition | 512 × 7 × 7 |
/// | 16 × the same; global average pool | 1024 features |
/// | dense layer, softmax | classes |
///
/// The CIFAR variants have a 3 × 3 stem without stride, normalisation and pool. In pytorch-cifar's code each layer puts its own
/// channels before those that it reads, elsewhere after them.
public struct DenseNet: Backbone {
    /// The number of classes that the last layer distinguishes.
    public let classes: Int
    /// The layers between features and classes.
    public let head: HeadKind
    /// The layers before the first block.
    let stem: StemKind
    /// The number of channels of the stem.
    let stemChannels: Int
    /// The number of channels that each layer of a dense block adds.
    let growth: Int
    /// The number of layers in each dense block.
    let blocks: [Int]
    /// Whether a layer puts its own channels before those that it reads.
    let isNewestFirst: Bool

    init(
        classes: Int, head: HeadKind = .plain, stem: StemKind = .imageNet, stemChannels: Int = 64, growth: Int = 32,
        blocks: [Int], isNewestFirst: Bool = false
    ) {
        (self.classes, self.head, self.stem) = (classes, head, stem)
        (self.stemChannels, self.growth, self.blocks) = (stemChannels, growth, blocks)
        self.isNewestFirst = isNewestFirst
    }

    /// The number of channels between a layer's two convolutions.
    private var bottleneck: Int { 4 * growth }

    /// Assembles the layers.
    public func build(_ network: inout NetworkBuilder) {
        network.block = "stem"
        var maps = [stem(&network)]
        for (block, layers) in zip(1..., blocks) {
            network.block = "dense block \(block)"
            for layer in 1...layers {
                let name = "features.denseblock\(block).denselayer\(layer)"
                let narrow = network.normalizeRectifyConvolve(
                    maps, normalization: name + ".norm1", Filter(name + ".conv1", outputs: bottleneck, kernel: 1))
                network.recompute(narrow)
                let added = network.normalizeRectifyConvolve(
                    [narrow], normalization: name + ".norm2",
                    Filter(name + ".conv2", outputs: growth, kernel: 3, padding: 1))
                maps.insert(added, at: isNewestFirst ? 0 : maps.count)
            }
            network.endStage("features.denseblock\(block)", maps)
            if block == blocks.count { break }
            network.block = "transition \(block)"
            let name = "features.transition\(block)"
            let channels = maps.reduce(0) { $0 + $1.used }
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

    private func stem(_ network: inout NetworkBuilder) -> FeatureMap {
        switch stem {
        case .cifar:
            return network.convolveImages("features.conv0", outputs: stemChannels, kernel: 3, stride: 1, padding: 1)
        case .imageNet:
            let map = network.convolveImages(
                "features.conv0", outputs: stemChannels, kernel: 7, stride: 2, padding: 3)
            network.recompute(map)
            return network.normalizeRectifyMaxPool(map, normalization: "features.norm0")
        }
    }
}
