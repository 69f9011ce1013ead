import TensorFiles

/// How a file arranges a tensor's numbers, and how they are converted for our networks.
enum TensorArrangement: Equatable {
    /// As PyTorch does.
    case same
    /// A 1 × 1 convolution in place of a dense layer, as in timm's classifiers.
    case pointwise
    /// Keras' kernels: rows, columns, inputs, outputs, or inputs, outputs; converted to outputs, inputs, rows, columns. Some
    /// networks take the colours in reverse order, which is corrected here.
    case outputsLast(reversesInputs: Bool)
    /// A variance to which the network adds a different epsilon from the program that wrote the file. The difference is added
    /// to the variance, since only the sum of the two matters.
    case variance(addedEpsilon: Double)

    /// The shape in PyTorch's order.
    func shape(_ shape: [Int]) -> [Int] {
        switch self {
        case .same, .variance: shape
        case .pointwise: Array(shape.prefix(2))
        case .outputsLast: shape.count == 4 ? [shape[3], shape[2], shape[0], shape[1]] : shape.reversed()
        }
    }

    /// The numbers in PyTorch's order.
    func values(_ array: NumericArray) -> [Float] {
        switch self {
        case .same, .pointwise: array.values
        case .variance(let added): array.values.map { Float(Double($0) + added) }
        case .outputsLast(let reverses): Self.transposed(array, reversesInputs: reverses)
        }
    }

    /// Converts an array of (positions, inputs, outputs) to (outputs, inputs, positions).
    private static func transposed(_ array: NumericArray, reversesInputs: Bool) -> [Float] {
        let shape = array.shape
        let (inputs, outputs) = (shape[shape.count - 2], shape[shape.count - 1])
        let positions = shape.dropLast(2).reduce(1, *)
        return [Float](unsafeUninitializedCapacity: array.values.count) { target, initialized in
            initialized = array.values.count
            array.values.withUnsafeBufferPointer { source in
                for position in 0..<positions {
                    for input in 0..<inputs {
                        let row = (position * inputs + input) * outputs
                        let input = reversesInputs ? inputs - 1 - input : input
                        for output in 0..<outputs {
                            target[(output * inputs + input) * positions + position] = source[row + output]
                        }
                    }
                }
            }
        }
    }
}
