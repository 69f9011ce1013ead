/// What is done to the channels' values, 0…1, before the network sees them: (value − mean) / deviation.
public struct ChannelNormalization: Sendable, Equatable {
    /// Red, green, blue.
    public let mean: [Float]
    /// Red, green, blue.
    public let deviation: [Float]

    /// Traps unless there are three means and three deviations, all finite, the deviations above 0.
    public init(mean: [Float], deviation: [Float]) {
        precondition(mean.count == 3 && deviation.count == 3, "three channels")
        precondition(mean.allSatisfy(\.isFinite) && deviation.allSatisfy { $0.isFinite && $0 > 0 }, "finite numbers")
        self.mean = mean
        self.deviation = deviation
    }

    /// ImageNet's statistics, as PyTorch's and Keras' DenseNet expect.
    public static let imageNet = ChannelNormalization(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

    /// To −1…1, as Keras' ResNet50V2 expects.
    public static let plusMinusOne = ChannelNormalization(mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
}
