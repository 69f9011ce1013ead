import Backbones
import ImageDatasets

extension Architecture {
    /// How images are scaled for the network: as those that its published weights were trained on.
    public var normalization: ChannelNormalization {
        switch family {
        case .denseNet, .resNet: isForCIFAR ? .cifar10 : .imageNet
        case .preActResNet, .wideResNet: .cifar10
        case .resNetKeras: .imageNetMeans
        case .resNetV2, .resNetV2Timm: .plusMinusOne
        }
    }
}

extension WeightNaming {
    /// How images are scaled for the network where its weights come from there.
    public var normalization: ChannelNormalization {
        source == .pytorchCIFAR ? .pytorchCIFAR : architecture.normalization
    }
}
