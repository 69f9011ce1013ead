import COneDNN

/// One pass, and how it goes.
struct PlannedPass {
    let plan: OneDNNPlan
    let primitive: OneDNNPrimitive
    let isWinograd: Bool
}

/// Plans the three passes.
struct ConvolutionPlanner {
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
