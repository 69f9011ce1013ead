/// Batch normalisation, ReLU and a convolution, in this order: the unit that dense blocks and second-generation
/// residual blocks are made of. Optionally 2 × 2 average pooling between ReLU and convolution.
///
/// A transition of DenseNet pools behind its 1 × 1 convolution; the two are linear and act on different axes, so they
/// commute, and pooling first takes a quarter of the work.
final class PreactivationConvolution: Layer {
    let name: String
    private let normalization: BatchNormalization
    private let pools: Bool
    private let convolution: Convolution
    private let maker: MapMaker
    private let kernels: BlockedKernels
    private let index: Int
    private(set) var tile = 1

    init(
        name: String, index: Int, _ normalization: BatchNormalization, pools: Bool, _ convolution: Convolution,
        _ maker: MapMaker, _ kernels: BlockedKernels
    ) {
        self.name = name
        self.index = index
        self.normalization = normalization
        self.pools = pools
        self.convolution = convolution
        self.maker = maker
        self.kernels = kernels
    }

    var parameters: [Parameter] { normalization.parameters + [convolution.weight] }
    var operations: Int { convolution.shape.operations }
    var convolutions: [Convolution] { [convolution] }

    private var height: Int { normalization.inputs[0].height }
    private var width: Int { normalization.inputs[0].width }
    private var pooledCount: Int {
        normalization.channels * convolution.shape.inputHeight * convolution.shape.inputWidth
    }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: normalization.imageCount)
        try convolution.plan(plan, images: tile, inputGradient: true)
        let full = tile * normalization.imageCount
        return ScratchNeeds(
            normalized: full, gradient: plan.trains ? full : 0, pooled: pools ? tile * pooledCount : 0,
            weightGradient: plan.trains ? convolution.weight.storedCount : 0,
            primitiveBytes: convolution.scratchBytes)
    }

    func parametersChanged() throws(OneDNNError) { try convolution.parametersChanged() }

    func beginForward(mode: RunMode) {
        normalization.beginForward(mode: mode)
        maker.beginForward()
    }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) throws(OneDNNError) {
        try convolution.forward(convolutionInput(range, scratch), into: maker.values(range), scratch)
        maker.written(range, thread: scratch.thread, mode: mode)
    }

    func endForward(mode: RunMode) { maker.endForward(mode: mode) }

    func beginBackward() {
        maker.beginBackward()
        normalization.beginBackward()
    }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) throws(OneDNNError) {
        let outputGradient = maker.gradient(range, tile: tile)
        try convolution.backwardWeights(convolutionInput(range, scratch), outputGradient, scratch)
        if pools {
            try convolution.backwardData(outputGradient, into: scratch.pooled.base, scratch)
            kernels.averagePoolBackward(
                scratch.pooled.base, into: scratch.gradient.base, planes: planes(range), height: height,
                width: width)
        } else {
            try convolution.backwardData(outputGradient, into: scratch.gradient.base, scratch)
        }
        normalization.backward(range, gradient: scratch.gradient.base, layer: index, thread: scratch.thread)
    }

    func endBackward() {
        normalization.endBackward()
        convolution.endBackward()
    }

    /// Normalises, rectifies and pools a tile: the same bytes in the backward pass as in the forward pass.
    private func convolutionInput(_ range: Range<Int>, _ scratch: ThreadScratch) -> UnsafePointer<Float> {
        normalization.forward(range, into: scratch.normalized.base)
        guard pools else { return UnsafePointer(scratch.normalized.base) }
        kernels.averagePool(
            scratch.normalized.base, into: scratch.pooled.base, planes: planes(range), height: height,
            width: width)
        return UnsafePointer(scratch.pooled.base)
    }

    private func planes(_ range: Range<Int>) -> Int { range.count * normalization.channels / kernels.lanes }
}
