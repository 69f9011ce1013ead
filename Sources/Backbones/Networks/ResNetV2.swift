import NeuralNetwork

/// Second-generation ResNet (He, Zhang, Ren and Sun, "Identity mappings in deep residual networks", 2016), with the layer order
/// of Keras applications' ResNet50V2, ResNet101V2 and ResNet152V2.
///
/// | layers | output of ResNet50V2 at 224 px |
/// | --- | --- |
/// | 7 × 7 convolution, stride 2; 3 × 3 maximum pool, stride 2 | 64 × 56 × 56 |
/// | 3 blocks of 1 × 1 (64), 3 × 3 (64), 1 × 1 (256), the last with stride 2 | 256 × 28 × 28 |
/// | 4 of 128, 128, 512, the last with stride 2 | 512 × 14 × 14 |
/// | 6 of 256, 256, 1024, the last with stride 2 | 1024 × 7 × 7 |
/// | 3 of 512, 512, 2048; global average pool | 2048 features |
/// | dense layer, softmax | classes |
///
/// A block's input is normalised and rectified before its first convolution. The shortcut is the input itself or, in a stage's
/// first block, a projection of the normalised input; if the block has a stride, it is every second position of every second
/// row of the input. Stem, projections and last convolutions have biases.
///
/// Tensors are named after Keras' layers, with PyTorch's suffixes: `conv2_block1_preact_bn.weight` is Keras'
/// `conv2_block1_preact_bn/gamma`, and `.bias` its beta; `.running_mean` and `.running_var` are its moving mean and variance. A
/// convolution's `.weight` and `.bias` are its kernel, which Keras stores as rows, columns, inputs, outputs, and its bias.
/// `classifier` is Keras' `predictions`.
///
/// timm's `resnetv2_50`, `resnetv2_101` and `resnetv2_152` are the same stack with another layer order (`Order.timm`). Its
/// block `stages.1.blocks.0` is `conv3_block1` here, with `norm1`, `norm2`, `norm3` for `preact_bn`, `1_bn`, `2_bn`, with
/// `conv1`, `conv2`, `conv3` for `1_conv`, `2_conv`, `3_conv`, and `downsample.conv` for `0_conv`; `stem.conv` is `conv1_conv`,
/// `norm` is `post_bn`, and `head.fc`, a 1 × 1 convolution, is `classifier`.
public struct ResNetV2: Backbone {
    /// The two layer orders for which weights exist. Weights for one give meaningless results in the other.
    enum Order {
        /// Stride in a stage's last block, biases, zero padding around the pool, an epsilon of 1.001e-5 and running statistics
        /// that move by a hundredth.
        case keras
        /// Stride in a stage's first block (its 3 × 3 convolution and its projection) from the second stage on, no biases, no
        /// padding around the pool, an epsilon of 1e-5 and running statistics that move by a tenth.
        case timm
    }

    /// The number of classes that the last layer distinguishes.
    public let classes: Int
    /// The layers between features and classes.
    public let head: HeadKind
    /// The layer order, that is, whose weights the network takes.
    let order: Order
    /// The number of blocks in each of the four stages.
    let blocks: [Int]

    init(classes: Int, head: HeadKind = .plain, order: Order = .keras, blocks: [Int] = [3, 4, 6, 3]) {
        (self.classes, self.head, self.order, self.blocks) = (classes, head, order, blocks)
    }

    /// Assembles the layers.
    public func build(_ network: inout NetworkBuilder) {
        let isKeras = order == .keras
        network.epsilon = isKeras ? 1.001e-5 : 1e-5
        network.momentum = isKeras ? 0.01 : 0.1
        network.block = "stem"
        let stem = network.convolveImages("conv1_conv", outputs: 64, kernel: 7, stride: 2, padding: 3, bias: isKeras)
        network.recompute(stem)
        var map = network.maxPool("pool1_pool", stem, border: isKeras ? .zeros : .empty)
        for (number, count) in zip(2..., blocks) {
            network.block = "stage conv\(number)"
            for block in 1...count {
                let isStrided = isKeras ? block == count && number < 5 : block == 1 && number > 2
                map = self.block(
                    "conv\(number)_block\(block)", map, filters: 16 << number, stride: isStrided ? 2 : 1,
                    projects: block == 1, &network)
            }
            network.endStage("conv\(number)_block\(count)_out", [map])
        }
        network.block = "final average"
        network.normalizeRectifyAverage([map], normalization: "post_bn")
        network.classify("classifier", classes: classes, head: head)
    }

    private func block(
        _ name: String, _ input: FeatureMap, filters: Int, stride: Int, projects: Bool, _ network: inout NetworkBuilder
    ) -> FeatureMap {
        let hasBias = order == .keras
        var first = [Filter(name + "_1_conv", outputs: filters, kernel: 1)]
        if projects {
            first.append(Filter(name + "_0_conv", outputs: 4 * filters, kernel: 1, stride: stride, bias: hasBias))
        }
        let maps = network.normalizeRectifyConvolve(input, normalization: name + "_preact_bn", first)
        let middle = network.normalizeRectifyConvolve(
            [maps[0]], normalization: name + "_1_bn",
            Filter(name + "_2_conv", outputs: filters, kernel: 3, stride: stride, padding: 1))
        for map in [maps[0], middle] { network.recompute(map) }
        return network.normalizeRectifyConvolve(
            [middle], normalization: name + "_2_bn",
            Filter(name + "_3_conv", outputs: 4 * filters, kernel: 1, bias: hasBias),
            addedTo: projects ? maps[1] : input)
    }
}
