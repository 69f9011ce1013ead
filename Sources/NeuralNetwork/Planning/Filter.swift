/// The description of a convolution, apart from its input.
public struct Filter: Sendable {
    /// The name before `.weight` and `.bias`.
    public let name: String
    /// Channels of the output.
    public let outputs: Int
    /// Rows and columns.
    public let kernel: Int
    /// The distance between neighbouring positions of the window.
    public let stride: Int
    /// Zeros on each side of the input.
    public let padding: Int
    /// Whether a number is added to each channel.
    public let bias: Bool
    /// Groups of channels that are convolved separately.
    public let groups: Int

    /// A square filter without dilation.
    public init(
        _ name: String, outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        bias: Bool = false, groups: Int = 1
    ) {
        self.groups = groups
        self.name = name
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.bias = bias
    }
}
