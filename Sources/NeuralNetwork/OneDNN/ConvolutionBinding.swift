import COneDNN

/// One thread's views of the memory that a convolution's passes read and write.
final class ConvolutionBinding {
    private let primitives: ConvolutionPrimitives
    private let engine: OneDNNEngine
    private let input: OneDNNMemory
    private let inputGradient: OneDNNMemory
    private let output: OneDNNMemory
    private let outputGradient: OneDNNMemory
    private let forwardWeight: OneDNNMemory
    private let backwardWeight: OneDNNMemory?
    private let weightGradient: OneDNNMemory
    private let bias: OneDNNMemory?
    private let scratch: [OneDNNMemory?]

    init(_ primitives: ConvolutionPrimitives, _ engine: OneDNNEngine) throws(OneDNNError) {
        self.primitives = primitives
        self.engine = engine
        input = try OneDNNMemory(primitives.inputLayout, engine)
        inputGradient = try OneDNNMemory(primitives.inputGradientLayout, engine)
        output = try OneDNNMemory(primitives.outputLayout, engine)
        outputGradient = try OneDNNMemory(primitives.outputGradientLayout, engine)
        forwardWeight = try OneDNNMemory(primitives.forwardWeightLayout, engine)
        weightGradient = try OneDNNMemory(primitives.weightLayout, engine)
        if let layout = primitives.backwardWeightLayout {
            backwardWeight = try OneDNNMemory(layout, engine)
        } else {
            backwardWeight = nil
        }
        if let layout = primitives.biasLayout { bias = try OneDNNMemory(layout, engine) } else { bias = nil }
        var scratch: [OneDNNMemory?] = []
        for primitive in [primitives.forward, primitives.backwardData, primitives.backwardWeights] {
            if let primitive {
                scratch.append(try OneDNNMemory(primitive.scratchLayout, engine))
            } else {
                scratch.append(nil)
            }
        }
        self.scratch = scratch
    }

    /// `output` = (or +=) `input` convolved with `weight` (in `forwardWeightLayout`), plus `bias` where there is one.
    func forward(
        input source: UnsafeRawPointer, weight weights: UnsafeRawPointer, bias biases: UnsafePointer<Float>?,
        output destination: UnsafeMutableRawPointer, scratch bytes: UnsafeMutableRawPointer
    ) throws(OneDNNError) {
        try input.point(at: source)
        try forwardWeight.point(at: weights)
        try output.point(at: destination)
        try scratch[0]!.point(at: bytes)
        var arguments = [
            penumbra_dnn_argument(PENUMBRA_DNN_INPUT, input),
            penumbra_dnn_argument(PENUMBRA_DNN_WEIGHT, forwardWeight),
            penumbra_dnn_argument(PENUMBRA_DNN_OUTPUT, output),
            penumbra_dnn_argument(PENUMBRA_DNN_SCRATCH, scratch[0]!),
        ]
        if let bias, let biases {
            try bias.point(at: biases)
            arguments.append(penumbra_dnn_argument(PENUMBRA_DNN_BIAS, bias))
        }
        try primitives.forward.execute(arguments, engine)
    }

    /// The gradient of the input, from that of the output and a weight in `backwardWeightLayout`.
    func backwardData(
        outputGradient destination: UnsafeRawPointer, weight weights: UnsafeRawPointer,
        inputGradient source: UnsafeMutablePointer<Float>, scratch bytes: UnsafeMutableRawPointer
    ) throws(OneDNNError) {
        try inputGradient.point(at: source)
        try backwardWeight!.point(at: weights)
        try outputGradient.point(at: destination)
        try scratch[1]!.point(at: bytes)
        try primitives.backwardData!.execute(
            [
                penumbra_dnn_argument(PENUMBRA_DNN_INPUT_GRADIENT, inputGradient),
                penumbra_dnn_argument(PENUMBRA_DNN_WEIGHT, backwardWeight!),
                penumbra_dnn_argument(PENUMBRA_DNN_OUTPUT_GRADIENT, outputGradient),
                penumbra_dnn_argument(PENUMBRA_DNN_SCRATCH, scratch[1]!),
            ], engine)
    }

    /// The gradients of the weight (in `weightLayout`) and of the bias where there is one, from the input and the
    /// output's gradient. Overwrites.
    func backwardWeights(
        input source: UnsafeRawPointer, outputGradient destination: UnsafeRawPointer,
        weightGradient weights: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
        scratch bytes: UnsafeMutableRawPointer
    ) throws(OneDNNError) {
        try input.point(at: source)
        try weightGradient.point(at: weights)
        try outputGradient.point(at: destination)
        try scratch[2]!.point(at: bytes)
        var arguments = [
            penumbra_dnn_argument(PENUMBRA_DNN_INPUT, input),
            penumbra_dnn_argument(PENUMBRA_DNN_WEIGHT_GRADIENT, weightGradient),
            penumbra_dnn_argument(PENUMBRA_DNN_OUTPUT_GRADIENT, outputGradient),
            penumbra_dnn_argument(PENUMBRA_DNN_SCRATCH, scratch[2]!),
        ]
        if let bias, let biasGradient {
            try bias.point(at: biasGradient)
            arguments.append(penumbra_dnn_argument(PENUMBRA_DNN_BIAS_GRADIENT, bias))
        }
        try primitives.backwardWeights!.execute(arguments, engine)
    }
}
