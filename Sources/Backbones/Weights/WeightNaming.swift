import TensorFiles

/// A network, and the program whose names its weights have in a file.
///
/// A common prefix of all names, such as `model.` or `backbone.`, is not part of it.
public struct WeightNaming: Sendable, Hashable {
    /// The libraries and programs whose names are known.
    public enum Source: String, Sendable, CaseIterable {
        /// torchvision; timm uses the same names.
        case torchvision
        /// timm, for names of its own.
        case timm
        /// `keras.applications`.
        case keras
        /// The CIFAR-10 networks of the repository pytorch-cifar, whose names many others have adopted.
        case pytorchCIFAR = "pytorch-cifar"
        /// The repository densenet-pytorch, for CIFAR.
        case densenetPyTorch = "densenet-pytorch"
        /// WideResNet-pytorch.
        case wideResNet = "wideresnet"
        /// This program, for names of its own.
        case penumbra
    }

    /// The program whose names they are.
    public let source: Source
    /// The network that takes such weights.
    public let architecture: Architecture

    /// A network whose weights have the names of `source`.
    public init(_ source: Source, _ architecture: Architecture) {
        self.source = source
        self.architecture = architecture
    }

    /// An identifier for programs, such as `torchvision-densenet121`.
    public var identifier: String { "\(source.rawValue)-\(architecture.rawValue)" }

    /// Network and library in words.
    public var title: String {
        let program =
            switch source {
            case .torchvision: "torchvision, timm"
            case .timm: "timm"
            case .keras: "Keras"
            case .pytorchCIFAR: "pytorch-cifar"
            case .densenetPyTorch: "densenet-pytorch"
            case .wideResNet: "WideResNet-pytorch"
            case .penumbra: architecture.family == .resNetV2Timm ? "Penumbra, timm's order" : "Penumbra, Keras' order"
            }
        return "\(architecture.title) (\(program))"
    }

    /// What no file with such names can say and is therefore assumed, in one line; nil if there is nothing of the kind.
    public var assumption: String? {
        switch source {
        case .wideResNet:
            "ReLU is assumed, as in WideResNet-pytorch: networks of FixMatch's code have the same names and leaky ReLU, "
                + "so their features would be wrong"
        default: nil
        }
    }

    /// The last layer before the global average pool; the means of its outputs are the features.
    public var featureLayer: String {
        switch (architecture.family, source) {
        case (.denseNet, .torchvision), (.denseNet, .penumbra): "features.norm5"
        case (.denseNet, .densenetPyTorch): "bn1"
        case (.denseNet, _): "bn"
        case (.resNet, _), (.preActResNet, _), (.resNetKeras, .penumbra):
            architecture.stages(imageSize: Architecture.imageSizes.lowerBound).last!.name
        case (.resNetKeras, _): "conv5_block3_out"
        case (.wideResNet, _): "bn1"
        case (.resNetV2Timm, .timm): "norm"
        case (.resNetV2, _), (.resNetV2Timm, _): "post_bn"
        }
    }

    /// How the file arranges a tensor, given by its name in the network.
    func arrangement(_ name: String, shape: [Int]) -> TensorArrangement {
        if source == .keras {
            if name.hasSuffix(".weight"), shape.count == 4 || shape.count == 2 {
                // Keras' first-generation networks take blue, green, red.
                return .outputsLast(
                    reversesInputs: architecture.family == .resNetKeras && shape.dropLast() == [7, 7, 3])
            }
            // Keras' networks add 1.001e-5; our DenseNet adds PyTorch's 1e-5, the others Keras' value.
            let isVariance = architecture.family == .denseNet && name.hasSuffix(".running_var")
            return isVariance ? .variance(addedEpsilon: 1e-8) : .same
        }
        return WeightFile.isClassifier(name) && shape.count == 4 && shape[2...] == [1, 1] ? .pointwise : .same
    }
}

extension Architecture {
    /// Networks with the same structure, names and inputs.
    public enum Family: Sendable, CaseIterable {
        case denseNet, resNet, resNetKeras, preActResNet, wideResNet, resNetV2, resNetV2Timm
    }

    /// The family of the network.
    public var family: Family {
        switch backbone(classes: 2) {
        case is DenseNet: .denseNet
        case let network as ResNet: network.order == .keras ? .resNetKeras : .resNet
        case is PreActResNet: .preActResNet
        case is WideResNet: .wideResNet
        case let network as ResNetV2: network.order == .timm ? .resNetV2Timm : .resNetV2
        default: preconditionFailure("\(self) is of no family")
        }
    }

    /// Whether the network is made for images of 32 pixels.
    public var isForCIFAR: Bool {
        switch backbone(classes: 2) {
        case let network as DenseNet: network.stem == .cifar
        case let network as ResNet: network.stem == .cifar
        case is PreActResNet, is WideResNet: true
        default: false
        }
    }

    /// The side in pixels of the images on which its published weights were trained.
    public var imageSize: Int { isForCIFAR ? 32 : 224 }

    /// Whether the network is a DenseNet whose layers put their own channels before those that they read.
    var isNewestFirst: Bool { (backbone(classes: 2) as? DenseNet)?.isNewestFirst ?? false }

    /// The program from which the network's own names are taken.
    var namesake: WeightNaming.Source {
        switch family {
        case .denseNet, .resNet: .torchvision
        case .preActResNet: .pytorchCIFAR
        case .wideResNet: .wideResNet
        case .resNetKeras, .resNetV2, .resNetV2Timm: .penumbra
        }
    }

    /// The name in words, such as `ResNet-50 V2`.
    public var title: String {
        var name = rawValue[...]
        var behind = ""
        for (end, words) in [
            ("_cifar_a", " for CIFAR, option A"), ("_cifar", " with a CIFAR stem"), ("_keras", ""), ("v2", " V2"),
        ] where name.hasSuffix(end) {
            name = name.dropLast(end.count)
            behind = words
        }
        let starts = [
            ("densenet_", "DenseNet-"), ("densenet", "DenseNet-"), ("preactresnet", "PreActResNet-"),
            ("wide_resnet", "Wide ResNet-"),
            ("wrn_", "WRN-"), ("resnext", "ResNeXt-"), ("resnetv2_", "ResNet-"), ("resnet", "ResNet-"),
        ]
        for (start, words) in starts where name.hasPrefix(start) {
            if start == "resnetv2_" { behind = " V2" }
            return words + name.dropFirst(start.count).replacing("_", with: "-").replacing("bc", with: "BC") + behind
        }
        return rawValue
    }
}
