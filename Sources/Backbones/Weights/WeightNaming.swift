import TensorFiles

/// How a library names the weights of a network, told from the names and shapes in a file.
///
/// What stands in front of all names, such as `model.` or `backbone.`, is no part of it.
public enum WeightNaming: String, Sendable, CaseIterable, Codable {
    /// torchvision's and timm's `densenet121`, which share their names; before 2018 with `norm.1` for `norm1`.
    case torchDenseNet121 = "torchvision-densenet121"
    /// `ResNet50V2` as this program writes it, in Keras' order and in timm's.
    case penumbraResNet50V2 = "penumbra-resnet50v2"
    case penumbraResNetV2 = "penumbra-resnetv2_50"
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
        case .penumbraResNet50V2: "ResNet-50 V2 (Penumbra, Keras' order)"
        case .penumbraResNetV2: "ResNet-50 V2 (Penumbra, timm's order)"
        case .timmResNetV2: "ResNet-50 V2 (timm)"
        case .kerasDenseNet121: "DenseNet-121 (Keras)"
        case .kerasResNet50V2: "ResNet-50 V2 (Keras)"
        }
    }

    /// The network that takes such weights.
    public var architecture: Architecture {
        switch self {
        case .torchDenseNet121, .kerasDenseNet121: .densenet121
        case .kerasResNet50V2, .penumbraResNet50V2: .resnet50v2
        case .timmResNetV2, .penumbraResNetV2: .resnetv2_50
        }
    }

    /// The last layer before the global average pool, whose means are the features.
    public var featureLayer: String {
        switch self {
        case .torchDenseNet121: "features.norm5"
        case .timmResNetV2: "norm"
        case .kerasDenseNet121: "bn"
        case .kerasResNet50V2, .penumbraResNet50V2, .penumbraResNetV2: "post_bn"
        }
    }

    /// How many features the global average pool gives.
    public var featureCount: Int {
        switch self {
        case .torchDenseNet121, .kerasDenseNet121: 1024
        case .timmResNetV2, .kerasResNet50V2, .penumbraResNet50V2, .penumbraResNetV2: 2048
        }
    }

    /// How a tensor of a network by its name there is arranged in the file.
    func arrangement(_ name: String, shape: [Int]) -> TensorArrangement {
        switch self {
        case .torchDenseNet121, .penumbraResNet50V2, .penumbraResNetV2: return .same
        case .timmResNetV2:
            return name == "classifier.weight" && shape.count == 4 && shape[2...] == [1, 1] ? .pointwise : .same
        case .kerasDenseNet121, .kerasResNet50V2:
            if name.hasSuffix(".weight"), shape.count == 4 || shape.count == 2 { return .outputsLast }
            // Keras' networks add 1.001e-5; our DenseNet121 adds PyTorch's 1e-5, our ResNet50V2 Keras'.
            let isVariance = self == .kerasDenseNet121 && name.hasSuffix(".running_var")
            return isVariance ? .variance(addedEpsilon: 1e-8) : .same
        }
    }

    /// The names that the network of `architecture` gives the tensors of a file, nil for those that it has no use for.
    func networkNames(_ tensors: [TensorFile.Tensor], prefix: String) -> [String?] {
        switch self {
        case .kerasDenseNet121: return KerasNaming.denseNet121(tensors)!.names
        case .kerasResNet50V2: return KerasNaming.resNet50V2(tensors)!.names
        default:
            return tensors.map { tensor in
                guard tensor.name.hasPrefix(prefix) else { return nil }
                let name = String(tensor.name.dropFirst(prefix.count))
                switch self {
                case .torchDenseNet121: return Self.withoutOldDots(name)
                case .timmResNetV2: return Self.withKerasLayers(name)
                default: return name
                }
            }
        }
    }

    /// timm's `stages.1.blocks.0.norm2.weight` as `conv3_block1_1_bn.weight`; see `ResNet50V2`.
    private static func withKerasLayers(_ name: String) -> String {
        let outer = ["stem.conv.": "conv1_conv.", "norm.": "post_bn.", "head.fc.": "classifier."]
        for (timm, keras) in outer where name.hasPrefix(timm) { return keras + name.dropFirst(timm.count) }
        let parts = name.split(separator: ".")
        guard parts.count >= 6, parts[0] == "stages", let stage = Int(parts[1]), (0..<4).contains(stage),
            parts[2] == "blocks", let block = Int(parts[3]), (0..<6).contains(block)
        else { return name }
        let layers = [
            "norm1": "preact_bn", "norm2": "1_bn", "norm3": "2_bn", "conv1": "1_conv", "conv2": "2_conv",
            "conv3": "3_conv", "downsample.conv": "0_conv",
        ]
        guard let layer = layers[parts[4..<parts.count - 1].joined(separator: ".")] else { return name }
        return "conv\(stage + 2)_block\(block + 1)_\(layer).\(parts[parts.count - 1])"
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
        case .penumbraResNet50V2, .penumbraResNetV2:
            Self.prefix(
                of: "conv1_conv.weight", shape: [64, 3, 7, 7], in: tensors,
                with: ["conv4_block6_3_conv.weight", "post_bn.running_mean"]
                    + (self == .penumbraResNet50V2 ? ["conv1_conv.bias"] : []), without: ["conv4_block7_1_conv."])
        case .timmResNetV2:
            Self.prefix(
                of: "stem.conv.weight", shape: [64, 3, 7, 7], in: tensors,
                with: ["stages.2.blocks.5.conv3.weight", "norm.running_mean"], without: ["stages.2.blocks.6."])
        // Keras' layers are found wherever in a path they stand.
        case .kerasDenseNet121: KerasNaming.denseNet121(tensors) == nil ? nil : ""
        case .kerasResNet50V2: KerasNaming.resNet50V2(tensors) == nil ? nil : ""
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
}
