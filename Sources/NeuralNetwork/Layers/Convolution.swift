import Determinism

/// A convolution's weight with its passes: what the layers that convolve have in common.
///
/// Every thread gathers the weight's gradient for its own tiles: the first in the network's gradient, each other in a
/// buffer of its own. The network adds them up in the threads' order once all layers are done.
final class Convolution {
    let shape: ConvolutionShape
    let weight: Parameter

    /// Where thread t > 0 gathers the gradient; set by the network.
    var threadGradients: [UnsafeMutablePointer<Float>] = []

    private var primitives: ConvolutionPrimitives?
    private var bindings: [ConvolutionBinding] = []
    private var backwardWeight: AlignedBuffer<Float>?
    private var reorder: OneDNNReorder?
    private var hasGradient: [UnsafeMutablePointer<Bool>] = []

    init(name: String, _ shape: ConvolutionShape) {
        self.shape = shape
        weight = Parameter(name: name + ".weight", shape: shape.weightShape, role: .weight)
    }

    deinit { for flag in hasGradient { flag.deallocate() } }

    /// Makes the passes for tiles of `images` images.
    func plan(_ plan: LayerPlan, images: Int, inputGradient: Bool) throws(OneDNNError) {
        let primitives = try ConvolutionPrimitives(
            shape, images: images, training: plan.trains, inputGradient: inputGradient, plan.engine)
        self.primitives = primitives
        weight.layout = primitives.weightLayout
        for _ in 0..<plan.threads {
            bindings.append(try primitives.bind(plan.engine))
            let flag = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
            flag.initialize(to: false)
            hasGradient.append(flag)
        }
        guard let layout = primitives.backwardWeightLayout else { return }
        if !layout.isEqual(to: primitives.weightLayout) {
            backwardWeight = AlignedBuffer<Float>(count: layout.byteCount / 4)
            reorder = try OneDNNReorder(from: primitives.weightLayout, to: layout, plan.engine)
        }
    }

    var scratchBytes: Int { primitives!.scratchBytes }

    func parametersChanged() throws(OneDNNError) {
        if let reorder, let backwardWeight {
            try reorder.execute(from: weight.values, to: backwardWeight.base)
        }
    }

    func forward(
        _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, _ scratch: ThreadScratch
    ) throws(OneDNNError) {
        try bindings[scratch.thread].forward(
            input: input, weight: weight.values, output: output, scratch: scratch.primitive.base)
    }

    /// The gradient of the input of a tile.
    func backwardData(
        _ outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>,
        _ scratch: ThreadScratch
    ) throws(OneDNNError) {
        try bindings[scratch.thread].backwardData(
            outputGradient: outputGradient, weight: backwardWeight?.base ?? weight.values,
            inputGradient: inputGradient, scratch: scratch.primitive.base)
    }

    /// Adds a tile's gradient of the weight to the thread's sum.
    func backwardWeights(
        _ input: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>, _ scratch: ThreadScratch
    ) throws(OneDNNError) {
        let sum = scratch.thread == 0 ? weight.gradient! : threadGradients[scratch.thread - 1]
        let flag = hasGradient[scratch.thread]
        let target = flag.pointee ? scratch.weightGradient.base : sum
        try bindings[scratch.thread].backwardWeights(
            input: input, outputGradient: outputGradient, weightGradient: target, scratch: scratch.primitive.base)
        if flag.pointee { ParameterKernels.add(target, to: sum, count: weight.storedCount) }
        flag.pointee = true
    }

    /// Sets the sums of threads that had no tile to zero and makes ready for the next batch.
    func endBackward() {
        for (thread, flag) in hasGradient.enumerated() {
            if !flag.pointee && thread > 0 {
                threadGradients[thread - 1].update(repeating: 0, count: weight.storedCount)
            }
            flag.pointee = false
        }
    }
}
