import TensorFiles

/// How a library names the weights of a network, told from the names and shapes in a file.
///
/// What stands in front of all names, such as `model.` or `backbone.`, is no part of it.
public enum WeightNaming: String, Sendable, CaseIterable, Codable {
    /// torchvision's and timm's `densenet121`, which share their names; before 2018 with `norm.1` for `norm1`.
    case torchDenseNet121 = "torchvision-densenet121"
    /// timm's `resnetv2_50`.
    case timmResNetV2 = "timm-resnetv2_50"
    /// `keras.applications.DenseNet121`.
    case kerasDenseNet121 = "keras-densenet121"
    /// `keras.applications.ResNet50V2`.
    case kerasResNet50V2 = "keras-resnet50v2"

    /// Network and library in words.
    public var title: String {
        switch self {
        case .torchDenseNet121: "DenseNet-121 (torchvision, timm)"
        case .timmResNetV2: "ResNet-50 V2 (timm)"
        case .kerasDenseNet121: "DenseNet-121 (Keras)"
        case .kerasResNet50V2: "ResNet-50 V2 (Keras)"
        }
    }

    /// The network that takes such weights, or nil where this program cannot load them.
    public var architecture: Architecture? {
        switch self {
        case .torchDenseNet121: .densenet121
        case .timmResNetV2, .kerasDenseNet121, .kerasResNet50V2: nil
        }
    }

    /// The last layer before the global average pool, whose means are the features.
    public var featureLayer: String {
        switch self {
        case .torchDenseNet121: "features.norm5"
        case .timmResNetV2: "norm"
        case .kerasDenseNet121: "bn"
        case .kerasResNet50V2: "post_bn"
        }
    }

    /// How many features the global average pool gives.
    public var featureCount: Int {
        switch self {
        case .torchDenseNet121, .kerasDenseNet121: 1024
        case .timmResNetV2, .kerasResNet50V2: 2048
        }
    }

    /// The classifier's weight, whose first dimension in PyTorch's shape is the number of classes.
    var classifier: String {
        switch self {
        case .torchDenseNet121: "classifier.weight"
        case .timmResNetV2: "head.fc.weight"
        case .kerasDenseNet121, .kerasResNet50V2: "predictions"
        }
    }

    /// The name that the network of `architecture` gives a tensor of the file, without what stands before all names.
    func networkName(_ name: String) -> String {
        switch self {
        case .torchDenseNet121: Self.withoutOldDots(name)
        case .timmResNetV2, .kerasDenseNet121, .kerasResNet50V2: name
        }
    }

    /// `….denselayer1.norm.1.weight` as `….denselayer1.norm1.weight`.
    private static func withoutOldDots(_ name: String) -> String {
        guard name.contains(".denselayer") else { return name }
        for part in ["norm", "conv"] {
            for number in ["1", "2"] where name.contains(".\(part).\(number).") {
                return name.replacing(".\(part).\(number).", with: ".\(part)\(number).")
            }
        }
        return name
    }

    /// The naming of a file's tensors and what stands before all names, or nil for a network that is not known here.
    ///
    /// - Complexity: O(number of tensors).
    public static func of(_ tensors: [TensorFile.Tensor]) -> (naming: WeightNaming, prefix: String)? {
        for naming in allCases {
            if let prefix = naming.prefix(in: tensors) { return (naming, prefix) }
        }
        return nil
    }

    /// What stands before all names where they are of this naming.
    private func prefix(in tensors: [TensorFile.Tensor]) -> String? {
        switch self {
        case .torchDenseNet121:
            // The depth of the blocks tells the network from its larger relatives.
            Self.prefix(
                of: "features.conv0.weight", shape: [64, 3, 7, 7], in: tensors,
                without: ["features.denseblock3.denselayer25.", "features.denseblock4.denselayer17."])
        case .timmResNetV2:
            Self.prefix(
                of: "stem.conv.weight", shape: [64, 3, 7, 7], in: tensors,
                with: ["stages.2.blocks.5.conv3.weight", "norm.running_mean"], without: ["stages.2.blocks.6."])
        case .kerasDenseNet121:
            Self.layers(
                in: tensors, contain: ["conv5_block16_1_conv", "conv4_block24_1_conv"], without: "conv4_block25_1_conv")
        case .kerasResNet50V2:
            Self.layers(
                in: tensors, contain: ["conv2_block1_preact_bn", "conv4_block6_1_conv", "post_bn"],
                without: "conv4_block7_1_conv")
        }
    }

    private static func prefix(
        of anchor: String, shape: [Int], in tensors: [TensorFile.Tensor], with needed: [String] = [],
        without foreign: [String]
    ) -> String? {
        for tensor in tensors where tensor.shape == shape && tensor.name.hasSuffix(anchor) {
            let prefix = String(tensor.name.dropLast(anchor.count))
            guard prefix.isEmpty || prefix.hasSuffix(".") else { continue }
            let hasForeign = tensors.contains { other in foreign.contains { other.name.hasPrefix(prefix + $0) } }
            let hasNeeded = needed.allSatisfy { name in tensors.contains { $0.name == prefix + name } }
            if !hasForeign && hasNeeded { return prefix }
        }
        return nil
    }

    /// Keras names layers, wherever in a path they stand; nothing stands before them.
    private static func layers(
        in tensors: [TensorFile.Tensor], contain needed: [String], without foreign: String
    ) -> String? {
        let layers = Set(tensors.flatMap { $0.name.split { "/.:".contains($0) }.map(String.init) })
        return layers.isSuperset(of: needed) && !layers.contains(foreign) ? "" : nil
    }
}
