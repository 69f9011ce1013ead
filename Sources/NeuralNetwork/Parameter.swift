/// The role of a tensor in a network. It decides how the tensor is initialised, whether it decays and whether it is
/// trained.
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

    /// Whether weight decay applies: only to weights, since γ, β and biases do not set a function's size.
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

    /// The stored tensor where it has zeros between the elements.
    var padding: Padding?
    /// How the stored tensor lies in memory where that is not row-major.
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

    /// The dimensions of the stored tensor.
    var storedShape: [Int] { padding?.shape ?? shape }
    /// Floats of the stored tensor, row-major.
    var plainCount: Int { storedShape.reduce(1, *) }
    /// Floats in memory, which padding in the layout can make more than `plainCount`.
    var storedCount: Int { max(plainCount, (layout?.byteCount ?? 0) / 4) }
}

extension Parameter {
    /// A tensor stored among zeros, which stay zeros: maps have whole blocks of channels and convolutions whole blocks of
    /// groups, of which a network may use a part.
    struct Padding {
        /// Of the stored tensor.
        let shape: [Int]
        /// For each element, row-major, its place in the stored tensor, row-major; made when they are needed.
        let places: () -> [Int]

        /// The elements among those of the stored tensor.
        func elements(in stored: UnsafePointer<Float>) -> [Float] { places().map { stored[$0] } }

        /// Puts the elements into a stored tensor of zeros.
        func store(_ elements: [Float], in stored: UnsafeMutablePointer<Float>) {
            for (place, element) in zip(places(), elements) { stored[place] = element }
        }
    }
}
