import NeuralNetwork

/// Residual networks for small images whose blocks normalise and rectify first (He, Zhang, Ren and Sun, "Identity mappings
/// in deep residual networks", 2016), with the names of the public code for CIFAR-10 ("pytorch-cifar").
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
/// Where the size changes, a block is added to a projection of its normalised input. What the last block gives is averaged
/// as it is.
public struct PreActResNet: Backbone {
    /// Classes that the last layer tells apart.
    public let classes: Int
    /// What stands between features and classes.
    public let head: HeadKind
    let kind: ResidualBlock
    /// Blocks of the four stages.
    let blocks: [Int]

    init(classes: Int, head: HeadKind = .plain, _ kind: ResidualBlock, blocks: [Int]) {
        (self.classes, self.head, self.kind, self.blocks) = (classes, head, kind, blocks)
    }

    /// Puts the layers together.
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
/// code for PyTorch.
///
/// | layers | output of WRN-28-10 at 32 px |
/// | --- | --- |
/// | 3 × 3 convolution | 16 × 32 × 32 |
/// | 4 × (3 × 3, 3 × 3 convolution) | 160 × 32 × 32 |
/// | 4 × the same, the first with stride 2 | 320 × 16 × 16 |
/// | 4 × the same, the first with stride 2; global average pool | 640 features |
/// | dense layer, softmax | classes |
public struct WideResNet: Backbone {
    /// Classes that the last layer tells apart.
    public let classes: Int
    /// What stands between features and classes.
    public let head: HeadKind
    /// Convolutions in a row: 4 besides two a block in each of three stages.
    let depth: Int
    /// Times the channels of the plain network.
    let factor: Int

    init(classes: Int, head: HeadKind = .plain, depth: Int, factor: Int) {
        (self.classes, self.head, self.depth, self.factor) = (classes, head, depth, factor)
    }

    /// Puts the layers together.
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
    /// A residual block of the second generation: each convolution reads what was normalised and rectified, and the last is
    /// added to the input or, where the size changes, to a projection of the normalised input.
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
