import Foundation

/// The transformation of the channels' values, 0…1, before the network sees them: (value − mean) / deviation.
public struct ChannelNormalization: Sendable, Equatable {
    /// Red, green, blue.
    public let mean: [Float]
    /// Red, green, blue.
    public let deviation: [Float]

    /// Traps unless there are three means and three deviations, all finite, and the deviations are above 0.
    public init(mean: [Float], deviation: [Float]) {
        precondition(mean.count == 3 && deviation.count == 3, "three channels")
        precondition(mean.allSatisfy(\.isFinite) && deviation.allSatisfy { $0.isFinite && $0 > 0 }, "finite numbers")
        self.mean = mean
        self.deviation = deviation
    }

    /// For example `mean 0.485, 0.456, 0.406 and std 0.229, 0.224, 0.225`.
    public var words: String {
        func list(_ numbers: [Float]) -> String { numbers.map { String(format: "%.4g", $0) }.joined(separator: ", ") }
        return "mean \(list(mean)) and std \(list(deviation))"
    }

    /// ImageNet's statistics, as PyTorch's and Keras' DenseNet expect.
    public static let imageNet = ChannelNormalization(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

    /// The means and deviations of CIFAR-10's training images.
    public static let cifar10 = ChannelNormalization(
        mean: [0.4914, 0.4822, 0.4465], deviation: [0.2470, 0.2435, 0.2616])

    /// CIFAR-10's means, with the smaller deviations that the repository pytorch-cifar uses for training.
    public static let pytorchCIFAR = ChannelNormalization(
        mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.2010])

    /// Values of 0…255 minus ImageNet's means, as Keras' ResNet50, ResNet101 and ResNet152 expect.
    public static let imageNetMeans = ChannelNormalization(
        mean: [123.68, 116.779, 103.939].map { (mean: Float) in mean / 255 },
        deviation: [Float](repeating: 1 / 255, count: 3))

    /// To −1…1, as Keras' ResNet50V2 expects.
    public static let plusMinusOne = ChannelNormalization(mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
}
