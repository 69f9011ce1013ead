/// Batch normalisation, ReLU and a convolution, in this order: the unit that dense blocks and second-generation
/// residual blocks are made of. Optionally 2 × 2 average pooling between ReLU and convolution.
///
/// Several convolutions may read the same normalised maps, as the first of a residual block and its projection do; and
/// a convolution may be added to another map.
///
/// Where maps are so small that an image gives a convolution too few positions to work on at a time, the images of a
/// tile are laid out as one image, which takes another pass over the output.
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

    /// Whether a tile lies as one image.
    private var merges: Bool {
        let shapes = convolutions.map(\.shape)
        return !pools && shapes.allSatisfy { $0.stride == 1 && $0.kernel == shapes[0].kernel }
            && (shapes[0].kernel == 1 ? normalization.positions <= 9 : normalization.positions <= 4)
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
        pools ? tile * normalization.channels * (height / 2) * (width / 2) : tileCount(normalization.channels)
    }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        let outputs = branches.map(\.maker.map.imageCount)
        // In training, more tiles cost more in weights' gradients than an output that leaves the cache.
        tile = plan.tile(
            floatsAnImage: plan.trains ? normalization.imageCount : max(normalization.imageCount, outputs.max()!),
            weights: convolutions.map(\.weight.count).max()!)
        let full = tileCount(normalization.channels)
        var needs = ScratchNeeds(
            normalized: full, gradient: plan.trains ? full : 0, pooled: pools ? inputCount : 0,
            branch: plan.trains && branches.count > 1 ? inputCount : 0,
            output: merges ? convolutions.map { tileCount($0.shape.outputChannels) }.max()! : 0)
        for branch in branches {
            let convolution = branch.convolution
            try convolution.plan(plan, images: tile, inputGradient: true, adds: branch.shortcut != nil, merged: merges)
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
            try convolve(input, branch, range, scratch)
            branch.maker.written(range, thread: scratch.thread, mode: mode)
        }
    }

    func repeatForward(_ range: Range<Int>, _ scratch: ThreadScratch) throws(OneDNNError) {
        let input = convolutionInput(range, scratch)
        for branch in branches where branch.maker.map.isRecomputable { try convolve(input, branch, range, scratch) }
    }

    private func convolve(
        _ input: UnsafePointer<Float>, _ branch: Branch, _ range: Range<Int>, _ scratch: ThreadScratch
    ) throws(OneDNNError) {
        branch.shortcut?.place(range)
        let output = branch.maker.values(range)
        if let layout = mergedLayout {
            let merged = scratch.output.base
            if branch.shortcut != nil {
                merge(output, of: branch.maker.map, images: range.count, into: merged, layout)
            }
            try branch.convolution.forward(input, into: merged, scratch)
            separate(merged, layout, into: output, of: branch.maker.map, images: range.count)
        } else {
            try branch.convolution.forward(input, into: output, scratch)
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
            var outputGradient = UnsafePointer(branch.maker.gradient(range, tile: tile))
            if let layout = mergedLayout {
                let count = tileCount(branch.maker.map.channels)
                if layout.row > 0 { scratch.output.base.update(repeating: 0, count: count) }
                merge(outputGradient, of: branch.maker.map, images: tile, into: scratch.output.base, layout)
                outputGradient = UnsafePointer(scratch.output.base)
            }
            try branch.convolution.backwardWeights(input, outputGradient, scratch)
            let target = position == 0 ? inputGradient : scratch.branch.base
            try branch.convolution.backwardData(outputGradient, into: target, scratch)
            if position > 0 { ParameterKernels.add(target, to: inputGradient, count: inputCount) }
            branch.shortcut?.backward(range)
        }
        if pools {
            kernels.averagePoolBackward(
                inputGradient, into: scratch.gradient.base, planes: planes(range), height: height, width: width)
        }
        normalization.backward(
            range, gradient: scratch.gradient.base, mergedLayout, layer: index, thread: scratch.thread)
    }

    func endBackward() {
        normalization.endBackward()
        for convolution in convolutions { convolution.endBackward() }
    }

    /// Normalises, rectifies and pools a tile: the same bytes in the backward pass as in the forward pass.
    private func convolutionInput(_ range: Range<Int>, _ scratch: ThreadScratch) -> UnsafePointer<Float> {
        let layout = mergedLayout
        if let layout, layout.row > 0 {
            scratch.normalized.base.update(repeating: 0, count: tileCount(normalization.channels))
        }
        normalization.forward(range, into: scratch.normalized.base, layout)
        guard pools else { return UnsafePointer(scratch.normalized.base) }
        kernels.averagePool(
            scratch.normalized.base, into: scratch.pooled.base, planes: planes(range), height: height,
            width: width)
        return UnsafePointer(scratch.pooled.base)
    }

    /// Lays the images of a tile out as one; columns of zeros are the caller's.
    private func merge(
        _ source: UnsafePointer<Float>, of map: FeatureMap, images: Int, into target: UnsafeMutablePointer<Float>,
        _ layout: TileLayout
    ) {
        forEachRun(of: map, images: images, layout) { separate, merged, count in
            (target + merged).update(from: source + separate, count: count)
        }
    }

    /// The way back of `merge`.
    private func separate(
        _ source: UnsafePointer<Float>, _ layout: TileLayout, into target: UnsafeMutablePointer<Float>,
        of map: FeatureMap, images: Int
    ) {
        forEachRun(of: map, images: images, layout) { separate, merged, count in
            (target + separate).update(from: source + merged, count: count)
        }
    }

    /// Calls `body` with the place in a map, and in a tile that lies so, of every row of every block of every image, and
    /// its floats.
    private func forEachRun(
        of map: FeatureMap, images: Int, _ layout: TileLayout, _ body: (Int, Int, Int) -> Void
    ) {
        let run = layout.run * kernels.lanes, rows = map.positions / layout.run
        for image in 0..<images {
            for block in 0..<map.channels / kernels.lanes {
                let start = image * map.imageCount + block * map.positions * kernels.lanes
                for row in 0..<rows {
                    body(start + row * run, image * layout.image + block * layout.block + row * layout.row, run)
                }
            }
        }
    }

    private func planes(_ range: Range<Int>) -> Int { range.count * normalization.channels / kernels.lanes }
}
