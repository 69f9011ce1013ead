import NeuralNetwork

/// The available backbones, under the names used in checkpoints and on the command line. A new member of a family needs a case
/// here and a line in `backbone`.
public enum Architecture: String, Sendable, CaseIterable, Codable {
    case densenet121, densenet161, densenet169, densenet201
    /// For images of 32 pixels: pytorch-cifar's, and those of the paper, DenseNet-BC-100-12 and -190-40.
    case densenet121_cifar, densenet_bc_100_12, densenet_bc_190_40
    case resnet18, resnet34, resnet50, resnet101, resnet152
    case wide_resnet50_2, wide_resnet101_2
    case resnext50_32x4d, resnext101_32x8d, resnext101_64x4d
    /// The same with a stem for images of 32 pixels.
    case resnet18_cifar, resnet34_cifar, resnet50_cifar, resnet101_cifar, resnet152_cifar
    /// The paper's networks for CIFAR, with projection shortcuts (B) and with parameter-free shortcuts (A).
    case resnet20_cifar, resnet32_cifar, resnet44_cifar, resnet56_cifar, resnet110_cifar
    case resnet20_cifar_a, resnet32_cifar_a, resnet44_cifar_a, resnet56_cifar_a, resnet110_cifar_a
    /// With the layer order of Keras applications.
    case resnet50_keras, resnet101_keras, resnet152_keras
    case preactresnet18, preactresnet34, preactresnet50, preactresnet101, preactresnet152
    case wrn_16_8, wrn_28_2, wrn_28_10, wrn_40_2, wrn_40_4
    /// With Keras' layer order.
    case resnet50v2, resnet101v2, resnet152v2
    /// With timm's layer order, for its weights.
    case resnetv2_50, resnetv2_101, resnetv2_152

    /// The sides of images, in pixels, for which the last maps have at least one pixel and the memory of a machine suffices.
    public static let imageSizes = 32...4096

    /// How far running statistics move with each batch in the program that published the weights.
    public var batchNormMomentum: Double {
        switch self {
        case .resnet50_keras, .resnet101_keras, .resnet152_keras, .resnet50v2, .resnet101v2, .resnet152v2: 0.01
        default: 0.1
        }
    }

    /// The backbone for this many classes.
    public func backbone(classes: Int, head: HeadKind = .plain) -> any Backbone {
        func dense(
            _ blocks: [Int], channels: Int = 64, growth: Int = 32, _ stem: StemKind = .imageNet,
            isNewestFirst: Bool = false
        ) -> DenseNet {
            DenseNet(
                classes: classes, head: head, stem: stem, stemChannels: channels, growth: growth, blocks: blocks,
                isNewestFirst: isNewestFirst)
        }
        func residual(
            _ kind: ResidualBlock, _ blocks: [Int], _ stem: StemKind = .imageNet, width: Int = 64,
            groups: Int = 1, order: ResNet.Order = .torch
        ) -> ResNet {
            ResNet(
                classes: classes, head: head, stem: stem, order: order, kind, blocks: blocks, width: width,
                groups: groups)
        }
        func small(_ depth: Int, _ projection: ResNet.Projection = .convolved) -> ResNet {
            ResNet(
                classes: classes, head: head, stem: .cifar, projection: projection, channels: 16, .basic,
                blocks: Array(repeating: (depth - 2) / 6, count: 3))
        }
        func preactivated(_ kind: ResidualBlock, _ blocks: [Int]) -> PreActResNet {
            PreActResNet(classes: classes, head: head, kind, blocks: blocks)
        }
        func wide(_ depth: Int, _ factor: Int) -> WideResNet {
            WideResNet(classes: classes, head: head, depth: depth, factor: factor)
        }
        func second(_ blocks: [Int], _ order: ResNetV2.Order) -> ResNetV2 {
            ResNetV2(classes: classes, head: head, order: order, blocks: blocks)
        }
        return switch self {
        case .densenet121: dense([6, 12, 24, 16])
        case .densenet161: dense([6, 12, 36, 24], channels: 96, growth: 48)
        case .densenet169: dense([6, 12, 32, 32])
        case .densenet201: dense([6, 12, 48, 32])
        case .densenet121_cifar: dense([6, 12, 24, 16], .cifar, isNewestFirst: true)
        case .densenet_bc_100_12: dense([16, 16, 16], channels: 24, growth: 12, .cifar)
        case .densenet_bc_190_40: dense([31, 31, 31], channels: 80, growth: 40, .cifar)
        case .resnet18: residual(.basic, [2, 2, 2, 2])
        case .resnet34: residual(.basic, [3, 4, 6, 3])
        case .resnet50: residual(.bottleneck, [3, 4, 6, 3])
        case .resnet101: residual(.bottleneck, [3, 4, 23, 3])
        case .resnet152: residual(.bottleneck, [3, 8, 36, 3])
        case .wide_resnet50_2: residual(.bottleneck, [3, 4, 6, 3], width: 128)
        case .wide_resnet101_2: residual(.bottleneck, [3, 4, 23, 3], width: 128)
        case .resnext50_32x4d: residual(.bottleneck, [3, 4, 6, 3], width: 128, groups: 32)
        case .resnext101_32x8d: residual(.bottleneck, [3, 4, 23, 3], width: 256, groups: 32)
        case .resnext101_64x4d: residual(.bottleneck, [3, 4, 23, 3], width: 256, groups: 64)
        case .resnet18_cifar: residual(.basic, [2, 2, 2, 2], .cifar)
        case .resnet34_cifar: residual(.basic, [3, 4, 6, 3], .cifar)
        case .resnet50_cifar: residual(.bottleneck, [3, 4, 6, 3], .cifar)
        case .resnet101_cifar: residual(.bottleneck, [3, 4, 23, 3], .cifar)
        case .resnet152_cifar: residual(.bottleneck, [3, 8, 36, 3], .cifar)
        case .resnet20_cifar: small(20)
        case .resnet32_cifar: small(32)
        case .resnet44_cifar: small(44)
        case .resnet56_cifar: small(56)
        case .resnet110_cifar: small(110)
        case .resnet20_cifar_a: small(20, .padded)
        case .resnet32_cifar_a: small(32, .padded)
        case .resnet44_cifar_a: small(44, .padded)
        case .resnet56_cifar_a: small(56, .padded)
        case .resnet110_cifar_a: small(110, .padded)
        case .resnet50_keras: residual(.bottleneck, [3, 4, 6, 3], order: .keras)
        case .resnet101_keras: residual(.bottleneck, [3, 4, 23, 3], order: .keras)
        case .resnet152_keras: residual(.bottleneck, [3, 8, 36, 3], order: .keras)
        case .preactresnet18: preactivated(.basic, [2, 2, 2, 2])
        case .preactresnet34: preactivated(.basic, [3, 4, 6, 3])
        case .preactresnet50: preactivated(.bottleneck, [3, 4, 6, 3])
        case .preactresnet101: preactivated(.bottleneck, [3, 4, 23, 3])
        case .preactresnet152: preactivated(.bottleneck, [3, 8, 36, 3])
        case .wrn_16_8: wide(16, 8)
        case .wrn_28_2: wide(28, 2)
        case .wrn_28_10: wide(28, 10)
        case .wrn_40_2: wide(40, 2)
        case .wrn_40_4: wide(40, 4)
        case .resnet50v2: second([3, 4, 6, 3], .keras)
        case .resnet101v2: second([3, 4, 23, 3], .keras)
        case .resnet152v2: second([3, 8, 36, 3], .keras)
        case .resnetv2_50: second([3, 4, 6, 3], .timm)
        case .resnetv2_101: second([3, 4, 23, 3], .timm)
        case .resnetv2_152: second([3, 8, 36, 3], .timm)
        }
    }
}
