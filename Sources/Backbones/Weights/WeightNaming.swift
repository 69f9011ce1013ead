import TensorFiles

/// A network, and the program whose names its weights have in a file.
///
/// A prefix of all names, such as `model.` or `backbone.`, is not part of it.
public struct WeightNaming: Sendable, Hashable {
    /// The libraries and programs whose names are known.
    public enum Source: String, Sendable, CaseIterable {
        /// torchvision; timm has the same names.
        case torchvision
        /// timm, where its names are its own.
        case timm
        /// `keras.applications`.
        case keras
        /// The networks for CIFAR-10 of the repository pytorch-cifar, whose names many others have taken over.
        case pytorchCIFAR = "pytorch-cifar"
        /// The repository densenet-pytorch, for CIFAR.
        case densenetPyTorch = "densenet-pytorch"
        /// WideResNet-pytorch.
        case wideResNet = "wideresnet"
        /// This program, where its names are its own.
        case penumbra
    }

    /// Whose names they are.
    public let source: Source
    /// The network that takes such weights.
    public let architecture: Architecture

    /// A network whose weights are called as `source` does.
    public init(_ source: Source, _ architecture: Architecture) {
        self.source = source
        self.architecture = architecture
    }

    /// A word for programs, such as `torchvision-densenet121`.
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

    /// What no file with such names can say and is taken as given, in one line; nil where there is nothing of the kind.
    public var assumption: String? {
        switch source {
        case .wideResNet:
            "ReLU is assumed, as in WideResNet-pytorch: networks of FixMatch's code have the same names and leaky ReLU, "
                + "so their features would be wrong"
        default: nil
        }
    }

    /// The last layer before the global average pool, whose means are the features.
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

    /// How a tensor of a network by its name there is arranged in the file.
    func arrangement(_ name: String, shape: [Int]) -> TensorArrangement {
        if source == .keras {
            if name.hasSuffix(".weight"), shape.count == 4 || shape.count == 2 {
                // Keras' networks of the first generation take blue, green, red.
                return .outputsLast(
                    reversesInputs: architecture.family == .resNetKeras && shape.dropLast() == [7, 7, 3])
            }
            // Keras' networks add 1.001e-5; our DenseNet adds PyTorch's 1e-5, the others Keras'.
            let isVariance = architecture.family == .denseNet && name.hasSuffix(".running_var")
            return isVariance ? .variance(addedEpsilon: 1e-8) : .same
        }
        return WeightFile.isClassifier(name) && shape.count == 4 && shape[2...] == [1, 1] ? .pointwise : .same
    }
}

extension Architecture {
    /// Networks that are built, named and fed alike.
    public enum Family: Sendable, CaseIterable {
        case denseNet, resNet, resNetKeras, preActResNet, wideResNet, resNetV2, resNetV2Timm
    }

    /// Which of them the network is.
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

    /// The side in pixels of the images for which its published weights are trained.
    public var imageSize: Int { isForCIFAR ? 32 : 224 }

    /// Whether the network is a DenseNet whose layers put their channels before those that they read.
    var isNewestFirst: Bool { (backbone(classes: 2) as? DenseNet)?.isNewestFirst ?? false }

    /// Whose names the network's own are.
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
