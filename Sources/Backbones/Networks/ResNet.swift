import NeuralNetwork

/// The layers before a network's first block.
enum StemKind {
    /// A 7 × 7 convolution and a 3 × 3 maximum pool, each with a stride of 2.
    case imageNet
    /// A 3 × 3 convolution, for images of 32 pixels.
    case cifar
}

/// The two kinds of residual blocks.
enum ResidualBlock {
    /// 3 × 3, 3 × 3.
    case basic
    /// 1 × 1, 3 × 3, 1 × 1, the last with four times the channels.
    case bottleneck

    /// The number of output channels of a block per inner channel.
    var expansion: Int { self == .basic ? 1 : 4 }
}

/// First-generation ResNet (He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016, table 1), with the
/// tensor names of torchvision.
///
/// | layers | output at 224 px |
/// | --- | --- |
/// | 7 × 7 convolution, stride 2; 3 × 3 maximum pool, stride 2 | 64 × 56 × 56 |
/// | blocks of 64 inner channels | 64 or 256 × 56 × 56 |
/// | blocks of 128, the first with stride 2 | 128 or 512 × 28 × 28 |
/// | blocks of 256, the first with stride 2 | 256 or 1024 × 14 × 14 |
/// | blocks of 512, the first with stride 2; global average pool | 512 or 2048 features |
/// | dense layer, softmax | classes |
///
/// For CIFAR the stem is a 3 × 3 convolution; the paper's CIFAR networks have three stages of 16, 32 and 64 channels.
///
/// Every convolution is normalised and, except for a block's last, rectified. The last is added to the block's input, or to a
/// normalised projection of it if the size changes, and then rectified.
public struct ResNet: Backbone {
    /// The two layer orders for which weights exist.
    enum Order {
        /// Stride in a bottleneck's 3 × 3 convolution, no biases.
        case torch
        /// Keras applications': stride in a bottleneck's first convolution, biases, an epsilon of 1.001e-5 and running
        /// statistics that move by a hundredth.
        case keras
    }

    /// What a block with a size change is added to.
    enum Projection {
        /// A convolution of the input, normalised.
        case convolved
        /// The input itself, subsampled to every second position of every second row, padded with channels of zeros.
        case padded
    }

    /// The number of classes that the last layer distinguishes.
    public let classes: Int
    /// The layers between features and classes.
    public let head: HeadKind
    let stem: StemKind
    let order: Order
    let projection: Projection
    /// The number of channels of the stem and of the first stage's blocks.
    let channels: Int
    let kind: ResidualBlock
    /// The number of blocks in each stage.
    let blocks: [Int]
    /// The number of channels of a bottleneck's 3 × 3 convolution in the first stage.
    let width: Int
    /// The number of groups of a bottleneck's 3 × 3 convolution; one except in ResNeXt (Xie, Girshick, Dollár, Tu and He,
    /// "Aggregated residual transformations for deep neural networks", 2017).
    let groups: Int

    init(
        classes: Int, head: HeadKind = .plain, stem: StemKind = .imageNet, order: Order = .torch,
        projection: Projection = .convolved, channels: Int = 64,
        _ kind: ResidualBlock, blocks: [Int], width: Int = 64, groups: Int = 1
    ) {
        (self.classes, self.head, self.stem, self.order) = (classes, head, stem, order)
        (self.projection, self.channels) = (projection, channels)
        (self.kind, self.blocks, self.width, self.groups) = (kind, blocks, width, groups)
    }

    /// Assembles the layers.
    public func build(_ network: inout NetworkBuilder) {
        if order == .keras { (network.epsilon, network.momentum) = (1.001e-5, 0.01) }
        network.block = "stem"
        var map = stem(&network)
        for (stage, count) in zip(1..., blocks) {
            network.block = "stage \(stage)"
            for block in 0..<count {
                map = self.block(
                    "layer\(stage).\(block)", map, filters: channels << (stage - 1),
                    stride: stage > 1 && block == 0 ? 2 : 1, &network)
            }
            network.endStage("layer\(stage)", [map])
        }
        network.block = "final average"
        network.average("average", map)
        network.classify("fc", classes: classes, head: head)
    }

    private func stem(_ network: inout NetworkBuilder) -> FeatureMap {
        let isLarge = stem == .imageNet
        let map = network.convolveImages(
            "conv1", outputs: channels, kernel: isLarge ? 7 : 3, stride: isLarge ? 2 : 1, padding: isLarge ? 3 : 1,
            bias: order == .keras)
        network.recompute(map)
        return isLarge
            ? network.normalizeRectifyMaxPool(map, normalization: "bn1")
            : network.normalizeRectify(map, normalization: "bn1")
    }

    private func block(
        _ name: String, _ input: FeatureMap, filters: Int, stride: Int, _ network: inout NetworkBuilder
    ) -> FeatureMap {
        let outputs = filters * kind.expansion, projects = stride > 1 || input.used != outputs
        let isConvolved = projects && projection == .convolved
        let inner = kind == .basic ? filters : filters * width / 64
        let firstStride = kind == .basic || order == .keras ? stride : 1
        func filter(_ part: String, outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1) -> Filter {
            Filter(
                name + part, outputs: outputs, kernel: kernel, stride: stride, padding: kernel / 2,
                bias: order == .keras, groups: groups)
        }
        var first = [filter(".conv1", outputs: inner, kernel: kind == .basic ? 3 : 1, stride: firstStride)]
        if isConvolved { first.append(filter(".downsample.0", outputs: outputs, kernel: 1, stride: stride)) }
        let padded = projects && !isConvolved ? network.subsample(name + ".shortcut", input, channels: outputs) : nil
        let maps = network.convolve(input, first)
        var last = network.normalizeRectifyConvolve(
            [maps[0]], normalization: name + ".bn1",
            filter(".conv2", outputs: inner, kernel: 3, stride: stride / firstStride, groups: groups))
        for map in [maps[0], last] { network.recompute(map) }
        if kind == .bottleneck {
            last = network.normalizeRectifyConvolve(
                [last], normalization: name + ".bn2", filter(".conv3", outputs: outputs, kernel: 1))
            network.recompute(last)
        }
        let normalization = name + (kind == .basic ? ".bn2" : ".bn3")
        if !isConvolved {
            return network.normalizeAddRectify(last, normalization: normalization, addend: padded ?? input)
        }
        return network.normalizeAddRectify(
            last, normalization: normalization, addend: maps[1], addendNormalization: name + ".downsample.1")
    }
}
