import COneDNN

/// The three passes of one convolution, planned for a fixed number of images and one thread.
///
/// The forward pass writes its output, or adds it to the values already there. Input and output are in the blocked layout
/// (an input of fewer channels than a block is plain N, C, H, W). The weight that is trained and its gradient are in
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
