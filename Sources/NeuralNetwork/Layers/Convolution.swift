import Numerics

/// A convolution's weight and bias with their passes: what the layers that convolve have in common.
///
/// Every piece of a batch gathers the weight's gradient of its own tiles: the process's first in the network's gradient,
/// each other in a buffer of its own. The network adds them up in the pieces' order once all layers are done. The bias's gradient, a
/// number per channel, is gathered and added up here.
final class Convolution {
    let name: String
    let shape: ConvolutionShape
    let weight: Parameter
    let bias: Parameter?

    /// Where this process's pieces after the first gather the gradient; set by the network.
    var pieceGradients: [UnsafeMutablePointer<Float>] = []

    private var primitives: ConvolutionPrimitives?
    private var bindings: [ConvolutionBinding] = []
    private var forwardWeight: WeightCopy?
    private var backwardWeight: WeightCopy?
    private var folded: FoldedFilter?
    /// Ones where the weight is, zeros between its groups.
    private var mask: AlignedBuffer<Float>?
    private let isMasked: Bool
    private var hasGradient: [UnsafeMutablePointer<Bool>] = []
    /// For each thread the bias's gradient of one tile.
    private var biasTiles: [AlignedBuffer<Float>] = []
    /// For each piece the bias's gradient, where there is a bias to train.
    private var biasSums: PieceSums?
    private var pieces = BatchPieces.fixed(1)

    /// - Parameter storage: how the weight is stored; nil where as the shape says.
    init(name: String, _ shape: ConvolutionShape, _ storage: WeightStorage? = nil) {
        self.name = name
        self.shape = shape
        isMasked = storage?.isMasked ?? false
        weight = Parameter(
            name: name + ".weight", shape: storage?.shape ?? shape.weightShape, role: .weight)
        weight.padding = storage?.padding
        bias =
            shape.hasBias
            ? Parameter(name: name + ".bias", shape: [shape.outputChannels], role: .bias) : nil
    }

    deinit { for flag in hasGradient { flag.deallocate() } }

    /// Whether a normalisation is folded into it.
    var isFolded: Bool { folded != nil }
    var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

    /// Makes the passes for tiles of `images` images.
    ///
    /// - Parameters:
    ///   - merged: whether the images of a tile lie as one: rows of an image each for a 1 × 1 convolution, else side by
    ///     side with a column of zeros behind each.
    ///   - normalization: what is done to the output in passing, with the ReLU behind it where one follows.
    func plan(
        _ plan: LayerPlan, images: Int, _ purpose: ConvolutionPurpose, merged: Bool = false,
        folding normalization: BatchNormalization? = nil
    ) throws(OneDNNError) {
        var shape = shape
        var purpose = purpose
        if let normalization {
            shape.hasBias = true
            purpose.rectifies = normalization.rectifiesWhenFolded
            purpose.output = normalization.output
        }
        if merged, shape.kernel == 1 {
            (shape.inputHeight, shape.inputWidth) = (images, shape.inputHeight * shape.inputWidth)
        } else if merged {
            shape.inputWidth = images * (shape.inputWidth + 1)
        }
        let primitives = try ConvolutionPrimitives(
            shape, images: merged ? 1 : images, purpose, plan.engine)
        self.primitives = primitives
        weight.layout = primitives.weightLayout
        for _ in 0..<plan.threads {
            bindings.append(try primitives.bind(plan.engine))
            if plan.trains, bias != nil { biasTiles.append(AlignedBuffer<Float>(count: shape.outputChannels)) }
        }
        pieces = plan.pieces
        if plan.trains, bias != nil { biasSums = PieceSums(pieces: pieces.count, width: shape.outputChannels) }
        for _ in pieces.own {
            let flag = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
            flag.initialize(to: false)
            hasGradient.append(flag)
        }
        if let normalization {
            folded = try FoldedFilter(
                weight, bias, normalization, from: primitives.weightLayout, to: primitives.forwardWeightLayout,
                plan.engine)
        } else {
            forwardWeight = try WeightCopy(
                from: primitives.weightLayout, to: primitives.forwardWeightLayout, plan.engine)
        }
        if plan.trains && isMasked { mask = try makeMask(in: primitives.weightLayout, plan.engine) }
        if let layout = primitives.backwardWeightLayout {
            backwardWeight = try WeightCopy(from: primitives.weightLayout, to: layout, plan.engine)
        }
    }

    private func makeMask(in layout: OneDNNLayout, _ engine: OneDNNEngine) throws(OneDNNError)
        -> AlignedBuffer<Float>
    {
        let plain = AlignedBuffer<Float>(count: weight.plainCount)
        weight.padding!.store(Array(repeating: 1, count: weight.count), in: plain.base)
        let mask = AlignedBuffer<Float>(count: weight.storedCount)
        try OneDNNReorder(from: .rowMajor(weight.storedShape), to: layout, engine).execute(
            from: plain.base, to: mask.base)
        return mask
    }

    var scratchBytes: Int { primitives!.scratchBytes }

    /// How many passes are planned, and how many of them by Winograd's algorithm.
    var passes: (all: Int, winograd: Int) { primitives!.passes }

    /// Floats that the passes of one tile read and write.
    var tileFloats: (input: Int, output: Int) { primitives!.tileFloats }

    /// Whether there is a pass to the input's gradient.
    var hasInputGradient: Bool { primitives!.backwardWeightLayout != nil }

    func parametersChanged() throws(OneDNNError) {
        try forwardWeight?.update(from: weight.values)
        try backwardWeight?.update(from: weight.values)
        try folded?.parametersChanged()
    }

    func forward(
        _ input: UnsafeRawPointer, into output: UnsafeMutableRawPointer, _ scratch: ThreadScratch
    ) throws(OneDNNError) {
        let copy = folded.map { UnsafeMutableRawPointer($0.weight.base) } ?? forwardWeight?.base
        try scratch.timed { () throws(OneDNNError) in
            try bindings[scratch.thread].forward(
                input: input, weight: copy ?? UnsafeMutableRawPointer(weight.values),
                bias: folded?.bias.base ?? bias?.values, output: output, scratch: scratch.primitive.base)
        }
    }

    /// The gradient of the input of a tile.
    func backwardData(
        _ outputGradient: UnsafeRawPointer, into inputGradient: UnsafeMutablePointer<Float>,
        _ scratch: ThreadScratch
    ) throws(OneDNNError) {
        try scratch.timed { () throws(OneDNNError) in
            try bindings[scratch.thread].backwardData(
                outputGradient: outputGradient, weight: backwardWeight?.base ?? UnsafeMutableRawPointer(weight.values),
                inputGradient: inputGradient, scratch: scratch.primitive.base)
        }
    }

    /// Adds a tile's gradients of weight and bias to the piece's sums.
    func backwardWeights(
        _ input: UnsafeRawPointer, _ outputGradient: UnsafeRawPointer, _ scratch: ThreadScratch
    ) throws(OneDNNError) {
        let own = scratch.piece - pieces.own.lowerBound
        let sum = own == 0 ? weight.gradient! : pieceGradients[own - 1]
        let flag = hasGradient[own]
        let target = flag.pointee ? scratch.weightGradient.base : sum
        let biasTile = bias == nil ? nil : biasTiles[scratch.thread]
        try scratch.timed { () throws(OneDNNError) in
            try bindings[scratch.thread].backwardWeights(
                input: input, outputGradient: outputGradient, weightGradient: target, biasGradient: biasTile?.base,
                scratch: scratch.primitive.base)
        }
        if let biasTile, let sum = biasSums?.row(scratch.piece) {
            for c in 0..<shape.outputChannels { sum[c] += Double(biasTile.base[c]) }
        }
        if flag.pointee { ParameterKernels.preferred.add(target, to: sum, count: weight.storedCount) }
        flag.pointee = true
    }

    /// What other processes must know before `endBackward`.
    var backwardSums: [PieceSums] { biasSums.map { [$0] } ?? [] }

    /// Stores the bias's gradient, sets the sums of pieces that had no tile to zero and makes ready for the next batch.
    func endBackward() {
        if let bias, let biasSums {
            for c in 0..<shape.outputChannels {
                bias.gradient[c] = Float((0..<pieces.count).reduce(0) { $0 + biasSums.row($1)[c] })
            }
            biasSums.clear()
        }
        for (own, flag) in hasGradient.enumerated() {
            if !flag.pointee {
                let sum = own == 0 ? weight.gradient! : pieceGradients[own - 1]
                sum.update(repeating: 0, count: weight.storedCount)
            }
            flag.pointee = false
        }
        guard let mask else { return }
        for sum in [weight.gradient!] + pieceGradients {
            for i in 0..<weight.storedCount { sum[i] *= mask.base[i] }
        }
    }
}

/// A weight in the layout and the precision in which a pass reads it.
final class WeightCopy {
    private let buffer: AlignedBuffer<UInt8>
    private let reorder: OneDNNReorder

    /// Nil where `layout`, the weight's own, is what the pass reads.
    init?(from layout: OneDNNLayout, to target: OneDNNLayout, _ engine: OneDNNEngine) throws(OneDNNError) {
        if target.isEqual(to: layout) { return nil }
        buffer = AlignedBuffer<UInt8>(count: target.byteCount)
        reorder = try OneDNNReorder(from: layout, to: target, engine)
    }

    /// The copy.
    var base: UnsafeMutableRawPointer { UnsafeMutableRawPointer(buffer.base) }

    /// Copies `weight`, in `layout`.
    func update(from weight: UnsafePointer<Float>) throws(OneDNNError) {
        try reorder.execute(from: weight, to: base)
    }
}
