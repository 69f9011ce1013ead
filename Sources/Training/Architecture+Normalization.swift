import Backbones
import ImageDatasets

extension Architecture {
    /// How images are scaled for the network: as those that its published weights were trained on.
    public var normalization: ChannelNormalization {
        switch self {
        case .densenet121: .imageNet
        case .resnet50v2, .resnetv2_50: .plusMinusOne
        }
    }
}
