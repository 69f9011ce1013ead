import COneDNN

/// The shape of a convolution without dilation.
struct ConvolutionShape: Equatable {
    var inputChannels: Int
    var outputChannels: Int
    var inputHeight: Int
    var inputWidth: Int
    var kernel: Int
    var stride: Int
    var padding: Int
    var hasBias = false
    /// Groups of channels, each of whole blocks, that are convolved for themselves.
    var groups = 1

    var outputHeight: Int { (inputHeight + 2 * padding - kernel) / stride + 1 }
    var outputWidth: Int { (inputWidth + 2 * padding - kernel) / stride + 1 }
    /// Numbers of an image's output.
    var outputCount: Int { outputChannels * outputHeight * outputWidth }

    /// The weight's dimensions: output channels, input channels, height, width, of each group where there are several.
    var weightShape: [Int] {
        groups == 1
            ? [outputChannels, inputChannels, kernel, kernel]
            : [groups, outputChannels / groups, inputChannels / groups, kernel, kernel]
    }

    /// Floating-point operations of the forward pass for one image.
    var operations: Int {
        2 * inputChannels / groups * outputChannels * kernel * kernel * outputHeight * outputWidth
    }
}

/// What a convolution's passes are used for, in addition to its shape.
struct ConvolutionPurpose {
    /// Whether the two backward passes are planned too.
    var trains: Bool
    /// Whether the gradient of the input is wanted.
    var inputGradient = true
    /// Whether the output is added to the values already in its place.
    var adds = false
    /// Whether what is below zero in the output becomes zero.
    var rectifies = false
    /// Of the input, of the weight where the passes read it, and of the output's gradient. Gradients of weight, bias and
    /// input, and all sums, are float32.
    var precision = Precision.float32
    /// Of the output.
    var output = Precision.float32
    /// Whether passes may use Winograd's algorithm where that is faster.
    var winograd = Winograd.isAllowed
}
