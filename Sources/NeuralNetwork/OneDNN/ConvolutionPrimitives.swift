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

/// What a convolution's passes are wanted for, beside its shape.
struct ConvolutionPurpose {
    /// Whether the two backward passes are planned too.
    var trains: Bool
    /// Whether the gradient of the input is wanted.
    var inputGradient = true
    /// Whether the output is added to what stands in its place.
    var adds = false
    /// Whether what is below zero in the output becomes zero.
    var rectifies = false
    /// Of the input, of the weight where the passes read it, and of the output's gradient. Gradients of weight, bias and
    /// input, and all sums, are float32.
    var precision = Precision.float32
    /// Of the output.
    var output = Precision.float32
    /// Whether passes may go by Winograd's algorithm where that is faster.
    var winograd = Winograd.isAllowed
}

/// The three passes of one convolution, planned for a fixed number of images and one thread.
///
/// The forward pass writes its output, or adds it to what stands there. Input and output lie in the blocked layout (an
/// input of fewer channels than a block lies plainly as N, C, H, W). The weight that is trained and its gradient lie in
/// `weightLayout`. The forward pass reads it in `forwardWeightLayout` and the pass to the input's gradient in
/// `backwardWeightLayout`; in float32 the former is `weightLayout`.
final class ConvolutionPrimitives {
    let shape: ConvolutionShape
    let weightLayout: OneDNNLayout
    let forwardWeightLayout: OneDNNLayout
    let backwardWeightLayout: OneDNNLayout?
    let inputLayout: OneDNNLayout
    let inputGradientLayout: OneDNNLayout
    let outputLayout: OneDNNLayout
    let outputGradientLayout: OneDNNLayout
    let biasLayout: OneDNNLayout?
    let forward: OneDNNPrimitive
    let backwardData: OneDNNPrimitive?
    let backwardWeights: OneDNNPrimitive?
    /// How many passes there are, and how many of them by Winograd's algorithm.
    let passes: (all: Int, winograd: Int)

    /// - Parameter images: how many images one execution takes.
    init(
        _ shape: ConvolutionShape, images: Int, _ purpose: ConvolutionPurpose, _ engine: OneDNNEngine
    ) throws(OneDNNError) {
        self.shape = shape
        let planner = try ConvolutionPlanner(shape, images: images, purpose, engine)
        inputLayout = planner.input
        inputGradientLayout = planner.inputGradient
        outputLayout = planner.output
        outputGradientLayout = planner.outputGradient
        biasLayout = planner.bias
        let output = try planner.forward()
        let forwardWeight = try OneDNNLayout(of: PENUMBRA_DNN_WEIGHT, in: output.plan)
        forwardWeightLayout = forwardWeight
        forward = output.primitive
        guard purpose.trains else {
            weightLayout =
                purpose.precision == .float32 ? forwardWeight : try OneDNNLayout.rowMajor(shape.weightShape)
            (backwardData, backwardWeights, backwardWeightLayout) = (nil, nil, nil)
            passes = (1, output.isWinograd ? 1 : 0)
            return
        }
        let gradient = try planner.backwardWeights(
            purpose.precision == .float32 ? forwardWeight : planner.anyWeight(.float32), hint: output.plan)
        weightLayout = try OneDNNLayout(of: PENUMBRA_DNN_WEIGHT_GRADIENT, in: gradient.plan)
        backwardWeights = gradient.primitive
        var made = [output, gradient]
        if purpose.inputGradient {
            let data = try planner.backwardData(hint: output.plan)
            backwardWeightLayout = try OneDNNLayout(of: PENUMBRA_DNN_WEIGHT, in: data.plan)
            backwardData = data.primitive
            made.append(data)
        } else {
            (backwardData, backwardWeightLayout) = (nil, nil)
        }
        passes = (made.count, made.count { $0.isWinograd })
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

/// One pass, and how it goes.
private struct PlannedPass {
    let plan: OneDNNPlan
    let primitive: OneDNNPrimitive
    let isWinograd: Bool
}

/// Plans the three passes.
private struct ConvolutionPlanner {
    let shape: ConvolutionShape
    let purpose: ConvolutionPurpose
    let input: OneDNNLayout
    let inputGradient: OneDNNLayout
    let output: OneDNNLayout
    let outputGradient: OneDNNLayout
    let bias: OneDNNLayout?
    let engine: OneDNNEngine
    /// Whether Winograd's algorithm is tried first.
    let winograd: Bool

    init(
        _ shape: ConvolutionShape, images: Int, _ purpose: ConvolutionPurpose, _ engine: OneDNNEngine
    ) throws(OneDNNError) {
        self.shape = shape
        self.purpose = purpose
        self.engine = engine
        winograd =
            purpose.winograd && purpose.precision == .float32 && purpose.output == .float32
            && shape.suitsWinograd(images: images)
        let blocked = OneDNNOrder.blocked(lanes: OneDNNEngine.lanes)
        let inputOrder = shape.inputChannels % OneDNNEngine.lanes == 0 ? blocked : .images
        let inputSize = [images, shape.inputChannels, shape.inputHeight, shape.inputWidth]
        let outputSize = [images, shape.outputChannels, shape.outputHeight, shape.outputWidth]
        input = try OneDNNLayout(inputSize, inputOrder, purpose.precision)
        inputGradient = try OneDNNLayout(inputSize, inputOrder)
        output = try OneDNNLayout(outputSize, blocked, purpose.output)
        outputGradient = try OneDNNLayout(outputSize, blocked, purpose.precision)
        bias = shape.hasBias ? try OneDNNLayout([shape.outputChannels], .plain) : nil
    }

    func anyWeight(_ precision: Precision) throws(OneDNNError) -> OneDNNLayout {
        try OneDNNLayout(shape.weightShape, .any, precision)
    }

    func forward() throws(OneDNNError) -> PlannedPass {
        try plan("convolution") { (winograd) throws(OneDNNError) in
            let weight = try anyWeight(purpose.precision)
            var convolution = describe(input, weight, output, winograd: winograd)
            return try OneDNNPlan("plan a convolution \(shape)") {
                penumbra_dnn_plan_forward(&$0, &convolution, engine.handle)
            }
        }
    }

    func backwardData(hint: OneDNNPlan) throws(OneDNNError) -> PlannedPass {
        try plan("convolution's input gradient") { (winograd) throws(OneDNNError) in
            let weight = try anyWeight(purpose.precision)
            var convolution = describe(inputGradient, weight, outputGradient, winograd: winograd)
            return try OneDNNPlan("plan an input gradient of \(shape)") {
                penumbra_dnn_plan_backward_data(&$0, &convolution, hint.handle, engine.handle)
            }
        }
    }

    func backwardWeights(_ weight: OneDNNLayout, hint: OneDNNPlan) throws(OneDNNError) -> PlannedPass {
        try plan("convolution's weight gradient") { (winograd) throws(OneDNNError) in
            var convolution = describe(input, weight, outputGradient, winograd: winograd)
            return try OneDNNPlan("plan a weight gradient of \(shape)") {
                penumbra_dnn_plan_backward_weights(&$0, &convolution, hint.handle, engine.handle)
            }
        }
    }

    /// Makes a pass by Winograd's algorithm where that suits and the library has it, else directly.
    private func plan(
        _ name: String, _ plan: (_ winograd: Bool) throws(OneDNNError) -> OneDNNPlan
    ) throws(OneDNNError) -> PlannedPass {
        if winograd, let plan = try? plan(true), let primitive = try? OneDNNPrimitive(plan, "make a \(name)") {
            return PlannedPass(plan: plan, primitive: primitive, isWinograd: true)
        }
        let plan = try plan(false)
        return PlannedPass(plan: plan, primitive: try OneDNNPrimitive(plan, "make a \(name)"), isWinograd: false)
    }

    /// The layouts must outlive what is returned.
    ///
    /// Winograd's algorithm is planned as for training in evaluation too: it would else read weights in a form four times
    /// as large, into which they can be brought and out of which they cannot.
    private func describe(
        _ input: OneDNNLayout, _ weight: OneDNNLayout, _ output: OneDNNLayout, winograd: Bool
    ) -> penumbra_dnn_convolution {
        penumbra_dnn_convolution(
            input: input.handle, weight: weight.handle, bias: bias?.handle, output: output.handle,
            stride: Int64(shape.stride), padding: Int64(shape.padding), trains: purpose.trains || winograd,
            adds: purpose.adds, rectifies: purpose.rectifies, winograd: winograd)
    }
}
