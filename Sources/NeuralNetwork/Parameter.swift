/// What a tensor of a network is for; it decides how it starts, whether it decays and whether it is trained.
public enum ParameterRole: Sendable, Equatable {
    /// A convolution's or a dense layer's weight.
    case weight
    /// A dense layer's bias.
    case bias
    /// Batch normalisation's scale (γ).
    case scale
    /// Batch normalisation's shift (β).
    case shift
    /// The running mean of a channel: part of the state, not trained.
    case runningMean
    /// The running variance of a channel: part of the state, not trained.
    case runningVariance

    /// Whether gradient descent changes it.
    public var isTrained: Bool { self != .runningMean && self != .runningVariance }

    /// Whether weight decay applies: to weights alone, since γ, β and biases do not set a function's size.
    public var decays: Bool { self == .weight }
}

/// A tensor with the name that a checkpoint gives it.
public struct NamedTensor: Sendable, Equatable {
    /// The name in PyTorch's way, such as `features.conv0.weight`.
    public let name: String
    /// Row-major dimensions; a convolution's weight is output channels, input channels, height, width.
    public let shape: [Int]
    /// The elements in row-major order.
    public var values: [Float]

    /// Traps unless `values` has as many elements as `shape` says.
    public init(name: String, shape: [Int], values: [Float]) {
        precondition(values.count == shape.reduce(1, *), "\(name): \(values.count) values for shape \(shape)")
        self.name = name
        self.shape = shape
        self.values = values
    }
}

/// One tensor of a network that is being built or run.
final class Parameter {
    let name: String
    let shape: [Int]
    let role: ParameterRole

    /// How the elements lie in memory where that is not row-major.
    var layout: OneDNNLayout?

    /// Where the elements begin in the network's contiguous buffers.
    var offset = 0
    var values: UnsafeMutablePointer<Float>!
    var gradient: UnsafeMutablePointer<Float>!

    init(name: String, shape: [Int], role: ParameterRole) {
        self.name = name
        self.shape = shape
        self.role = role
    }

    var count: Int { shape.reduce(1, *) }

    /// Floats in memory, which padding in the layout can make more than `count`.
    var storedCount: Int { max(count, (layout?.byteCount ?? 0) / 4) }
}
