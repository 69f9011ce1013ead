import NeuralNetwork

/// Residual networks for small images whose blocks begin with normalisation and ReLU (He, Zhang, Ren and Sun, "Identity
/// mappings in deep residual networks", 2016), with the names of the public code for CIFAR-10 ("pytorch-cifar").
///
/// | layers | output at 32 px |
/// | --- | --- |
/// | 3 × 3 convolution | 64 × 32 × 32 |
/// | blocks of 64 inner channels | 64 or 256 × 32 × 32 |
/// | blocks of 128, the first with stride 2 | 128 or 512 × 16 × 16 |
/// | blocks of 256, the first with stride 2 | 256 or 1024 × 8 × 8 |
/// | blocks of 512, the first with stride 2; global average pool | 512 or 2048 features |
/// | dense layer, softmax | classes |
///
/// If the size changes, a block is added to a projection of its normalised input. The output of the last block is averaged as
/// it is.
public struct PreActResNet: Backbone {
    /// The number of classes that the last layer distinguishes.
    public let classes: Int
    /// The layers between features and classes.
    public let head: HeadKind
    let kind: ResidualBlock
    /// The number of blocks in each of the four stages.
    let blocks: [Int]

    init(classes: Int, head: HeadKind = .plain, _ kind: ResidualBlock, blocks: [Int]) {
        (self.classes, self.head, self.kind, self.blocks) = (classes, head, kind, blocks)
    }

    /// Assembles the layers.
    public func build(_ network: inout NetworkBuilder) {
        network.block = "stem"
        var map = network.convolveImages("conv1", outputs: 64, kernel: 3, stride: 1, padding: 1)
        for (stage, count) in zip(1..., blocks) {
            network.block = "stage \(stage)"
            for block in 0..<count {
                map = network.preactivatedBlock(
                    "layer\(stage).\(block)", map, kind, filters: 64 << (stage - 1),
                    stride: stage > 1 && block == 0 ? 2 : 1, projection: "shortcut.0")
            }
            network.endStage("layer\(stage)", [map])
        }
        network.block = "final average"
        network.average("average", map)
        network.classify("linear", classes: classes, head: head)
    }
}

/// Wide residual networks (Zagoruyko and Komodakis, "Wide residual networks", 2016, table 1), with the names of the public
/// PyTorch code.
///
/// | layers | output of WRN-28-10 at 32 px |
/// | --- | --- |
/// | 3 × 3 convolution | 16 × 32 × 32 |
/// | 4 × (3 × 3, 3 × 3 convolution) | 160 × 32 × 32 |
/// | 4 × the same, the first with stride 2 | 320 × 16 × 16 |
/// | 4 × the same, the first with stride 2; global average pool | 640 features |
/// | dense layer, softmax | classes |
public struct WideResNet: Backbone {
    /// The number of classes that the last layer distinguishes.
    public let classes: Int
    /// The layers between features and classes.
    public let head: HeadKind
    /// The number of consecutive convolutions: 4, plus two per block in each of three stages.
    let depth: Int
    /// The widening factor relative to the plain network.
    let factor: Int

    init(classes: Int, head: HeadKind = .plain, depth: Int, factor: Int) {
        (self.classes, self.head, self.depth, self.factor) = (classes, head, depth, factor)
    }

    /// Assembles the layers.
    public func build(_ network: inout NetworkBuilder) {
        network.block = "stem"
        var map = network.convolveImages("conv1", outputs: 16, kernel: 3, stride: 1, padding: 1)
        for stage in 1...3 {
            network.block = "stage \(stage)"
            for block in 0..<(depth - 4) / 6 {
                map = network.preactivatedBlock(
                    "block\(stage).layer.\(block)", map, .basic, filters: factor * (16 << (stage - 1)),
                    stride: stage > 1 && block == 0 ? 2 : 1, projection: "convShortcut")
            }
            network.endStage("block\(stage)", [map])
        }
        network.block = "final average"
        network.normalizeRectifyAverage([map], normalization: "bn1")
        network.classify("fc", classes: classes, head: head)
    }
}

extension NetworkBuilder {
    /// A second-generation residual block: each convolution reads normalised and rectified values, and the last is added to the
    /// input or, if the size changes, to a projection of the normalised input.
    fileprivate mutating func preactivatedBlock(
        _ name: String, _ input: FeatureMap, _ kind: ResidualBlock, filters: Int, stride: Int, projection: String
    ) -> FeatureMap {
        let outputs = filters * kind.expansion, projects = stride > 1 || input.used != outputs
        var first = [
            kind == .basic
                ? Filter(name + ".conv1", outputs: filters, kernel: 3, stride: stride, padding: 1)
                : Filter(name + ".conv1", outputs: filters, kernel: 1)
        ]
        if projects { first.append(Filter("\(name).\(projection)", outputs: outputs, kernel: 1, stride: stride)) }
        let maps = normalizeRectifyConvolve(input, normalization: name + ".bn1", first)
        let addend = projects ? maps[1] : input
        recompute(maps[0])
        if kind == .basic {
            return normalizeRectifyConvolve(
                [maps[0]], normalization: name + ".bn2",
                Filter(name + ".conv2", outputs: outputs, kernel: 3, padding: 1), addedTo: addend)
        }
        let middle = normalizeRectifyConvolve(
            [maps[0]], normalization: name + ".bn2",
            Filter(name + ".conv2", outputs: filters, kernel: 3, stride: stride, padding: 1))
        recompute(middle)
        return normalizeRectifyConvolve(
            [middle], normalization: name + ".bn3", Filter(name + ".conv3", outputs: outputs, kernel: 1),
            addedTo: addend)
    }
}
