/// A convolution of maps, as they are or normalised and rectified: batch normalisation, ReLU and convolution in this order
/// are what dense blocks and second-generation residual blocks are made of. Optionally 2 × 2 average pooling between ReLU
/// and convolution.
///
/// Several convolutions may read the same input, as the first of a residual block and its projection do; and a convolution
/// may be added to another map.
///
/// Where maps are so small that an image gives a convolution too few positions to work on at a time, the images of a
/// tile are laid out as one image, which takes another pass over the output.
///
/// A transition of DenseNet pools behind its 1 × 1 convolution; the two are linear and act on different axes, so they
/// commute, and pooling first takes a quarter of the work.
final class MapConvolution: Layer {
    /// One of the convolutions, with the map it makes.
    struct Branch {
        let convolution: Convolution
        let maker: MapMaker
        /// What the convolution is added to.
        var shortcut: Shortcut?
    }

    let name: String
    private let input: any LayerInput
    private let pools: Bool
    private var branches: [Branch]
    private let kernels: BlockedKernels
    private let index: Int
    /// What the convolutions multiply.
    private let precision: Precision
    private(set) var tile = 1

    init(
        name: String, index: Int, _ input: any LayerInput, pools: Bool, _ branches: [Branch],
        precision: Precision, _ kernels: BlockedKernels
    ) {
        self.precision = precision
        precondition(branches.count == 1 || !pools, "pooling goes with one convolution")
        self.name = name
        self.index = index
        self.input = input
        self.pools = pools
        self.branches = branches
        self.kernels = kernels
    }

    var parameters: [Parameter] { input.parameters + convolutions.flatMap(\.parameters) }
    var operations: Int { convolutions.reduce(0) { $0 + $1.shape.operations } }
    var convolutions: [Convolution] { branches.map(\.convolution) }

    /// Adds the convolution that makes `map` to what `shortcut` brings; before the layer is planned.
    func add(_ shortcut: Shortcut, to map: FeatureMap) {
        branches[branches.firstIndex { $0.maker.map === map }!].shortcut = shortcut
    }

    private var height: Int { input.height }
    private var width: Int { input.width }

    /// Whether a tile lies as one image.
    private var merges: Bool {
        let shapes = convolutions.map(\.shape)
        return !pools && shapes.allSatisfy { $0.stride == 1 && $0.kernel == shapes[0].kernel }
            && (shapes[0].kernel == 1 ? input.positions <= 9 : input.positions <= 4)
    }

    /// How a tile of a map of the input's size lies where it lies as one image.
    private var mergedLayout: TileLayout? {
        if !merges { return nil }
        if convolutions[0].shape.kernel == 1 {
            return .merged(images: tile, positions: height * width, lanes: kernels.lanes)
        }
        return .spaced(images: tile, height: height, width: width, lanes: kernels.lanes)
    }

    /// Floats of a tile of `channels` channels of the input's size, as the convolutions see it.
    private func tileCount(_ channels: Int) -> Int {
        mergedLayout.map { channels / kernels.lanes * $0.block } ?? tile * channels * height * width
    }

    /// Floats of a tile that the convolutions read.
    private var inputCount: Int {
        pools ? tile * input.channels * (height / 2) * (width / 2) : tileCount(input.channels)
    }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        let outputs = branches.map(\.maker.map.imageCount)
        // In training, more tiles cost more in weights' gradients than an output that leaves the cache.
        tile = plan.tile(
            floatsAnImage: plan.trains ? input.imageCount : max(input.imageCount, outputs.max()!),
            weights: convolutions.map(\.weight.count).max()!)
        let full = tileCount(input.channels)
        var needs = ScratchNeeds(
            normalized: full, gradient: plan.trains ? full : 0, pooled: pools ? inputCount : 0,
            branch: plan.trains && branches.count > 1 ? inputCount : 0,
            output: merges ? convolutions.map { tileCount($0.shape.outputChannels) }.max()! : 0)
        if precision == .bf16 {
            let gradients = convolutions.map {
                merges ? tileCount($0.shape.outputChannels) : tile * $0.shape.outputCount
            }
            needs.rounded = max(pools ? inputCount : 0, plan.trains ? gradients.max()! : 0)
        }
        for branch in branches {
            let convolution = branch.convolution
            try convolution.plan(
                plan, images: tile,
                ConvolutionPurpose(trains: plan.trains, adds: branch.shortcut != nil, precision: precision),
                merged: merges, folding: branch.maker.map.foldedNormalization)
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
        input.beginForward(mode: mode)
        for branch in branches { branch.maker.beginForward() }
    }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) throws(OneDNNError) {
        let values = convolutionInput(range, scratch)
        for branch in branches {
            try convolve(values, branch, range, scratch)
            branch.maker.written(range, piece: scratch.piece, mode: mode)
        }
    }

    func repeatForward(_ range: Range<Int>, _ scratch: ThreadScratch) throws(OneDNNError) {
        let values = convolutionInput(range, scratch)
        for branch in branches where branch.maker.map.isRecomputable { try convolve(values, branch, range, scratch) }
    }

    private func convolve(
        _ input: UnsafeRawPointer, _ branch: Branch, _ range: Range<Int>, _ scratch: ThreadScratch
    ) throws(OneDNNError) {
        branch.shortcut?.place(range)
        if let layout = mergedLayout {
            switch branch.maker.map.precision {
            case .float32: try convolveMerged(Float.self, input, branch, range, scratch, layout)
            case .bf16: try convolveMerged(UInt16.self, input, branch, range, scratch, layout)
            }
        } else {
            let output = branch.maker.map.address(ofImage: range.lowerBound)
            try branch.convolution.forward(input, into: output, scratch)
        }
    }

    /// The same for a tile that lies as one image.
    private func convolveMerged<Element>(
        _: Element.Type, _ input: UnsafeRawPointer, _ branch: Branch, _ range: Range<Int>, _ scratch: ThreadScratch,
        _ layout: TileLayout
    ) throws(OneDNNError) {
        let map = branch.maker.map
        let output = map.address(ofImage: range.lowerBound).assumingMemoryBound(to: Element.self)
        let merged = UnsafeMutableRawPointer(scratch.output.base).assumingMemoryBound(to: Element.self)
        if branch.shortcut != nil {
            layout.merge(output, of: map, images: range.count, lanes: kernels.lanes, into: merged)
        }
        try branch.convolution.forward(input, into: merged, scratch)
        layout.separate(merged, into: output, of: map, images: range.count, lanes: kernels.lanes)
    }

    var forwardSums: [PieceSums] { branches.flatMap(\.maker.forwardSums) }

    func endForward(mode: RunMode) {
        for branch in branches { branch.maker.endForward(mode: mode) }
    }

    func beginBackward() {
        for branch in branches { branch.maker.beginBackward() }
        input.beginBackward()
    }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) throws(OneDNNError) {
        let values = convolutionInput(range, scratch)
        let inputGradient = pools ? scratch.pooled.base : scratch.gradient.base
        for (position, branch) in branches.enumerated() {
            let outputGradient = outputGradient(of: branch, range, scratch)
            try branch.convolution.backwardWeights(values, outputGradient, scratch)
            let target = position == 0 ? inputGradient : scratch.branch.base
            try branch.convolution.backwardData(outputGradient, into: target, scratch)
            if position > 0 { ParameterKernels.preferred.add(target, to: inputGradient, count: inputCount) }
            branch.shortcut?.backward(range)
        }
        if pools {
            kernels.averagePoolBackward(
                inputGradient, into: scratch.gradient.base, planes: planes(range), height: height, width: width)
        }
        input.backward(
            range, gradient: scratch.gradient.base, mergedLayout, layer: index, piece: scratch.piece)
    }

    var backwardSums: [PieceSums] { input.backwardSums + convolutions.flatMap(\.backwardSums) }

    func endBackward() {
        input.endBackward()
        for convolution in convolutions { convolution.endBackward() }
    }

    /// The complete gradient of a convolution's output as its backward passes read it.
    private func outputGradient(of branch: Branch, _ range: Range<Int>, _ scratch: ThreadScratch) -> UnsafeRawPointer {
        let map = branch.maker.map
        var gradient = UnsafePointer(branch.maker.gradient(range, tile: tile))
        var count = tile * map.imageCount
        if let layout = mergedLayout {
            count = tileCount(map.channels)
            if layout.row > 0 { scratch.output.base.update(repeating: 0, count: count) }
            layout.merge(gradient, of: map, images: tile, lanes: kernels.lanes, into: scratch.output.base)
            gradient = UnsafePointer(scratch.output.base)
        }
        if precision == .float32 { return UnsafeRawPointer(gradient) }
        ParameterKernels.preferred.round(gradient, into: scratch.roundedGradient.base, count: count)
        return UnsafeRawPointer(scratch.roundedGradient.base)
    }

    /// Normalises, rectifies and pools a tile: the same bytes in the backward pass as in the forward pass.
    private func convolutionInput(_ range: Range<Int>, _ scratch: ThreadScratch) -> UnsafeRawPointer {
        let layout = mergedLayout
        // Where a tile is not full, the memory after its images holds another layer's float32; read as bf16 it may be NaN.
        if precision == .bf16 && range.count < tile || layout?.row ?? 0 > 0 {
            scratch.normalized.base.update(repeating: 0, count: tileCount(input.channels))
        }
        let values = input.forward(range, into: scratch.normalized.base, layout)
        guard pools else { return values }
        kernels.averagePool(
            values.assumingMemoryBound(to: Float.self), into: scratch.pooled.base, planes: planes(range),
            height: height, width: width)
        if precision == .float32 { return UnsafeRawPointer(scratch.pooled.base) }
        ParameterKernels.preferred.round(scratch.pooled.base, into: scratch.roundedInput.base, count: inputCount)
        return UnsafeRawPointer(scratch.roundedInput.base)
    }

    private func planes(_ range: Range<Int>) -> Int { range.count * input.channels / kernels.lanes }
}
