import COneDNN

/// The shape of a convolution without dilation or groups.
struct ConvolutionShape: Equatable {
    var inputChannels: Int
    var outputChannels: Int
    var inputHeight: Int
    var inputWidth: Int
    var kernel: Int
    var stride: Int
    var padding: Int
    var hasBias = false

    var outputHeight: Int { (inputHeight + 2 * padding - kernel) / stride + 1 }
    var outputWidth: Int { (inputWidth + 2 * padding - kernel) / stride + 1 }

    /// The weight's dimensions: output channels, input channels, height, width.
    var weightShape: [Int] { [outputChannels, inputChannels, kernel, kernel] }

    /// Floating-point operations of the forward pass for one image.
    var operations: Int {
        2 * inputChannels * outputChannels * kernel * kernel * outputHeight * outputWidth
    }
}

/// The three passes of one convolution, planned for a fixed number of images and one thread.
///
/// The forward pass writes its output, or adds it to what stands there. Input and output lie in the blocked layout (an input of fewer channels than a block lies plainly as N, C, H, W). The
/// weight lies in `weightLayout`, which the forward pass chose and the gradient shares; the pass to the input's gradient
/// reads a copy in `backwardWeightLayout`.
final class ConvolutionPrimitives {
    let shape: ConvolutionShape
    let weightLayout: OneDNNLayout
    let backwardWeightLayout: OneDNNLayout?
    fileprivate let inputLayout: OneDNNLayout
    fileprivate let outputLayout: OneDNNLayout
    fileprivate let biasLayout: OneDNNLayout?
    fileprivate let forward: OneDNNPrimitive
    fileprivate let backwardData: OneDNNPrimitive?
    fileprivate let backwardWeights: OneDNNPrimitive?

    /// - Parameters:
    ///   - images: how many images one execution takes.
    ///   - training: whether the two backward passes are planned too.
    ///   - inputGradient: whether the gradient of the input is wanted.
    ///   - adds: whether the output is added to what stands in its place.
    init(
        _ shape: ConvolutionShape, images: Int, training: Bool, inputGradient: Bool, adds: Bool,
        _ engine: OneDNNEngine
    ) throws(OneDNNError) {
        self.shape = shape
        let blocked = engine.lanes == 16 ? dnnl_nChw16c : dnnl_nChw8c
        let input = try OneDNNLayout(
            [images, shape.inputChannels, shape.inputHeight, shape.inputWidth],
            shape.inputChannels % engine.lanes == 0 ? blocked : dnnl_nchw)
        let output = try OneDNNLayout(
            [images, shape.outputChannels, shape.outputHeight, shape.outputWidth], blocked)
        inputLayout = input
        outputLayout = output
        let bias = shape.hasBias ? try OneDNNLayout([shape.outputChannels], dnnl_x) : nil
        biasLayout = bias
        var planner = try ConvolutionPlanner(shape, input, output, bias, engine)
        let description = try planner.forward(training: training, adds: adds)
        defer { dnnl_primitive_desc_destroy(description) }
        weightLayout = OneDNNLayout(dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0).pointee)
        forward = try OneDNNPrimitive(description, "make a convolution")
        guard training else {
            (backwardData, backwardWeights, backwardWeightLayout) = (nil, nil, nil)
            return
        }
        let gradient = try planner.backwardWeights(weightLayout, hint: description)
        defer { dnnl_primitive_desc_destroy(gradient) }
        backwardWeights = try OneDNNPrimitive(gradient, "make a convolution's weight gradient")
        guard inputGradient else {
            (backwardData, backwardWeightLayout) = (nil, nil)
            return
        }
        let data = try planner.backwardData(hint: description)
        defer { dnnl_primitive_desc_destroy(data) }
        backwardWeightLayout = OneDNNLayout(dnnl_primitive_desc_query_md(data, dnnl_query_weights_md, 0).pointee)
        backwardData = try OneDNNPrimitive(data, "make a convolution's input gradient")
    }

    /// The bytes of scratch memory that one thread needs for any of the passes.
    var scratchBytes: Int {
        [forward, backwardData, backwardWeights].compactMap { $0?.scratchLayout.byteCount }.max() ?? 0
    }

    /// Floats of the input and of the output of one execution.
    var tileFloats: (input: Int, output: Int) { (inputLayout.byteCount / 4, outputLayout.byteCount / 4) }

    /// What one thread needs to run the passes; not to be shared between threads.
    func bind(_ engine: OneDNNEngine) throws(OneDNNError) -> ConvolutionBinding {
        try ConvolutionBinding(self, engine)
    }
}

/// Makes the library's descriptions of the three passes.
private struct ConvolutionPlanner {
    let shape: ConvolutionShape
    var input: OneDNNLayout
    var output: OneDNNLayout
    var anyWeight: OneDNNLayout
    /// An empty description where there is no bias, which the library takes for none.
    var bias: OneDNNLayout
    let engine: OneDNNEngine
    let strides: [dnnl_dim_t]
    let padding: [dnnl_dim_t]

    init(
        _ shape: ConvolutionShape, _ input: OneDNNLayout, _ output: OneDNNLayout, _ bias: OneDNNLayout?,
        _ engine: OneDNNEngine
    ) throws(OneDNNError) {
        self.shape = shape
        self.input = input
        self.output = output
        self.bias = bias ?? OneDNNLayout(dnnl_memory_desc_t())
        self.engine = engine
        anyWeight = try OneDNNLayout(shape.weightShape, dnnl_format_tag_any)
        strides = [dnnl_dim_t(shape.stride), dnnl_dim_t(shape.stride)]
        padding = [dnnl_dim_t(shape.padding), dnnl_dim_t(shape.padding)]
    }

    mutating func forward(training: Bool, adds: Bool) throws(OneDNNError) -> dnnl_primitive_desc_t {
        var description = dnnl_convolution_desc_t()
        try OneDNNError.check(
            dnnl_convolution_forward_desc_init(
                &description, training ? dnnl_forward_training : dnnl_forward_inference, dnnl_convolution_direct,
                &input.descriptor, &anyWeight.descriptor, &bias.descriptor, &output.descriptor, strides, padding,
                padding), "describe a convolution \(shape)")
        return try create(&description, hint: nil, adds: adds)
    }

    mutating func backwardData(hint: dnnl_primitive_desc_t) throws(OneDNNError) -> dnnl_primitive_desc_t {
        var description = dnnl_convolution_desc_t()
        try OneDNNError.check(
            dnnl_convolution_backward_data_desc_init(
                &description, dnnl_convolution_direct, &input.descriptor, &anyWeight.descriptor, &output.descriptor,
                strides, padding, padding), "describe an input gradient of \(shape)")
        return try create(&description, hint: hint)
    }

    mutating func backwardWeights(
        _ weight: OneDNNLayout, hint: dnnl_primitive_desc_t
    ) throws(OneDNNError) -> dnnl_primitive_desc_t {
        var description = dnnl_convolution_desc_t()
        var weight = weight
        try OneDNNError.check(
            dnnl_convolution_backward_weights_desc_init(
                &description, dnnl_convolution_direct, &input.descriptor, &weight.descriptor, &bias.descriptor,
                &output.descriptor, strides, padding, padding), "describe a weight gradient of \(shape)")
        return try create(&description, hint: hint)
    }

    private func create(
        _ description: inout dnnl_convolution_desc_t, hint: dnnl_primitive_desc_t?, adds: Bool = false
    ) throws(OneDNNError) -> dnnl_primitive_desc_t {
        let attributes = try CallerScratch()
        if adds { try attributes.addToOutput() }
        var result: dnnl_primitive_desc_t?
        try OneDNNError.check(
            dnnl_primitive_desc_create(&result, &description, attributes.handle, engine.handle, hint),
            "plan a convolution \(shape)")
        return result!
    }
}

/// One thread's views of the memory that a convolution's passes read and write.
final class ConvolutionBinding {
    private let primitives: ConvolutionPrimitives
    private let engine: OneDNNEngine
    private let input: OneDNNMemory
    private let output: OneDNNMemory
    private let weight: OneDNNMemory
    private let backwardWeight: OneDNNMemory?
    private let bias: OneDNNMemory?
    private let scratch: [OneDNNMemory?]

    fileprivate init(_ primitives: ConvolutionPrimitives, _ engine: OneDNNEngine) throws(OneDNNError) {
        self.primitives = primitives
        self.engine = engine
        input = try OneDNNMemory(primitives.inputLayout, engine)
        output = try OneDNNMemory(primitives.outputLayout, engine)
        weight = try OneDNNMemory(primitives.weightLayout, engine)
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

    /// `output` = (or +=) `input` convolved with `weight` (in `weightLayout`), plus `bias` where there is one.
    func forward(
        input source: UnsafePointer<Float>, weight weights: UnsafePointer<Float>, bias biases: UnsafePointer<Float>?,
        output destination: UnsafeMutablePointer<Float>, scratch bytes: UnsafeMutableRawPointer
    ) throws(OneDNNError) {
        try input.point(at: source)
        try weight.point(at: weights)
        try output.point(at: destination)
        try scratch[0]!.point(at: bytes)
        var arguments = [
            dnnl_exec_arg_t(arg: DNNL_ARG_SRC, memory: input.handle),
            dnnl_exec_arg_t(arg: DNNL_ARG_WEIGHTS, memory: weight.handle),
            dnnl_exec_arg_t(arg: DNNL_ARG_DST, memory: output.handle),
            dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: scratch[0]!.handle),
        ]
        if let bias, let biases {
            try bias.point(at: biases)
            arguments.append(dnnl_exec_arg_t(arg: DNNL_ARG_BIAS, memory: bias.handle))
        }
        try primitives.forward.execute(arguments, engine)
    }

    /// The gradient of the input, from that of the output and a weight in `backwardWeightLayout`.
    func backwardData(
        outputGradient: UnsafePointer<Float>, weight weights: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>, scratch bytes: UnsafeMutableRawPointer
    ) throws(OneDNNError) {
        try input.point(at: inputGradient)
        try backwardWeight!.point(at: weights)
        try output.point(at: outputGradient)
        try scratch[1]!.point(at: bytes)
        try primitives.backwardData!.execute(
            [
                dnnl_exec_arg_t(arg: DNNL_ARG_DIFF_SRC, memory: input.handle),
                dnnl_exec_arg_t(arg: DNNL_ARG_WEIGHTS, memory: backwardWeight!.handle),
                dnnl_exec_arg_t(arg: DNNL_ARG_DIFF_DST, memory: output.handle),
                dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: scratch[1]!.handle),
            ], engine)
    }

    /// The gradients of the weight (in `weightLayout`) and of the bias where there is one, from the input and the
    /// output's gradient. Overwrites.
    func backwardWeights(
        input source: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
        scratch bytes: UnsafeMutableRawPointer
    ) throws(OneDNNError) {
        try input.point(at: source)
        try weight.point(at: weightGradient)
        try output.point(at: outputGradient)
        try scratch[2]!.point(at: bytes)
        var arguments = [
            dnnl_exec_arg_t(arg: DNNL_ARG_SRC, memory: input.handle),
            dnnl_exec_arg_t(arg: DNNL_ARG_DIFF_WEIGHTS, memory: weight.handle),
            dnnl_exec_arg_t(arg: DNNL_ARG_DIFF_DST, memory: output.handle),
            dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: scratch[2]!.handle),
        ]
        if let bias, let biasGradient {
            try bias.point(at: biasGradient)
            arguments.append(dnnl_exec_arg_t(arg: DNNL_ARG_DIFF_BIAS, memory: bias.handle))
        }
        try primitives.backwardWeights!.execute(arguments, engine)
    }
}
