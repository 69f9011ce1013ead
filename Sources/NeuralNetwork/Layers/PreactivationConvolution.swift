/// Batch normalisation, ReLU and a convolution, in this order: the unit that dense blocks and second-generation
/// residual blocks are made of. Optionally 2 × 2 average pooling between ReLU and convolution.
///
/// Several convolutions may read the same normalised maps, as the first of a residual block and its projection do; and
/// a convolution may be added to another map.
///
/// A transition of DenseNet pools behind its 1 × 1 convolution; the two are linear and act on different axes, so they
/// commute, and pooling first takes a quarter of the work.
final class PreactivationConvolution: Layer {
    /// One of the convolutions, with the map it makes.
    struct Branch {
        let convolution: Convolution
        let maker: MapMaker
        /// What the convolution is added to.
        var shortcut: Shortcut?
    }

    let name: String
    private let normalization: BatchNormalization
    private let pools: Bool
    private let branches: [Branch]
    private let kernels: BlockedKernels
    private let index: Int
    private(set) var tile = 1

    init(
        name: String, index: Int, _ normalization: BatchNormalization, pools: Bool, _ branches: [Branch],
        _ kernels: BlockedKernels
    ) {
        precondition(branches.count == 1 || !pools, "pooling goes with one convolution")
        self.name = name
        self.index = index
        self.normalization = normalization
        self.pools = pools
        self.branches = branches
        self.kernels = kernels
    }

    var parameters: [Parameter] { normalization.parameters + convolutions.flatMap(\.parameters) }
    var operations: Int { convolutions.reduce(0) { $0 + $1.shape.operations } }
    var convolutions: [Convolution] { branches.map(\.convolution) }

    private var height: Int { normalization.inputs[0].height }
    private var width: Int { normalization.inputs[0].width }
    /// Floats of one image that the convolutions read.
    private var inputCount: Int {
        let shape = branches[0].convolution.shape
        return shape.inputChannels * shape.inputHeight * shape.inputWidth
    }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: normalization.imageCount)
        let full = tile * normalization.imageCount
        var needs = ScratchNeeds(
            normalized: full, gradient: plan.trains ? full : 0, pooled: pools ? tile * inputCount : 0,
            branch: plan.trains && branches.count > 1 ? tile * inputCount : 0)
        for branch in branches {
            let convolution = branch.convolution
            try convolution.plan(plan, images: tile, inputGradient: true, adds: branch.shortcut != nil)
            needs = needs.union(
                ScratchNeeds(
                    weightGradient: plan.trains ? convolution.weight.storedCount : 0,
                    primitiveBytes: convolution.scratchBytes))
        }
        return needs
    }

    func parametersChanged() throws(OneDNNError) {
        for convolution in convolutions { try convolution.parametersChanged() }
    }

    func beginForward(mode: RunMode) {
        normalization.beginForward(mode: mode)
        for branch in branches { branch.maker.beginForward() }
    }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) throws(OneDNNError) {
        let input = convolutionInput(range, scratch)
        for branch in branches {
            branch.shortcut?.place(range)
            try branch.convolution.forward(input, into: branch.maker.values(range), scratch)
            branch.maker.written(range, thread: scratch.thread, mode: mode)
        }
    }

    func endForward(mode: RunMode) {
        for branch in branches { branch.maker.endForward(mode: mode) }
    }

    func beginBackward() {
        for branch in branches { branch.maker.beginBackward() }
        normalization.beginBackward()
    }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) throws(OneDNNError) {
        let input = convolutionInput(range, scratch)
        let inputGradient = pools ? scratch.pooled.base : scratch.gradient.base
        for (position, branch) in branches.enumerated() {
            let outputGradient = branch.maker.gradient(range, tile: tile)
            try branch.convolution.backwardWeights(input, outputGradient, scratch)
            let target = position == 0 ? inputGradient : scratch.branch.base
            try branch.convolution.backwardData(outputGradient, into: target, scratch)
            if position > 0 { ParameterKernels.add(target, to: inputGradient, count: range.count * inputCount) }
            branch.shortcut?.backward(range)
        }
        if pools {
            kernels.averagePoolBackward(
                inputGradient, into: scratch.gradient.base, planes: planes(range), height: height, width: width)
        }
        normalization.backward(range, gradient: scratch.gradient.base, layer: index, thread: scratch.thread)
    }

    func endBackward() {
        normalization.endBackward()
        for convolution in convolutions { convolution.endBackward() }
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
