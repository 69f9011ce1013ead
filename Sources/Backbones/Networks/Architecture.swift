import NeuralNetwork

/// The backbones there are, by the names that checkpoints and the command line give them.
public enum Architecture: String, Sendable, CaseIterable, Codable {
    /// `DenseNet121`.
    case densenet121
    /// `ResNet50V2` in Keras' order.
    case resnet50v2
    /// `ResNet50V2` in timm's order, for its weights.
    case resnetv2_50

    /// The sides of images, in pixels, that leave the last maps at least one pixel and fit a machine's memory.
    public static let imageSizes = 32...4096

    /// The backbone for so many classes.
    public func backbone(classes: Int, head: HeadKind = .plain) -> any Backbone {
        switch self {
        case .densenet121: DenseNet121(classes: classes, head: head)
        case .resnet50v2: ResNet50V2(classes: classes, head: head)
        case .resnetv2_50: ResNet50V2(classes: classes, head: head, order: .timm)
        }
    }
}
