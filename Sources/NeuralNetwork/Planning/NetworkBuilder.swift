import Numerics

/// Puts a network's layers together in the order in which they run.
///
/// Maps are N, C, H, W. A layer that takes several maps takes their concatenation along the channels, which is never
/// stored. Maps come in blocks of 16 channels; the last block may be only partly used.
public struct NetworkBuilder {
    let plan: LayerPlan
    let images: ImageInput
    let kernels: BlockedKernels
    private(set) var layers: [any Layer] = []
    /// The value of `block` when each layer was put in.
    private(set) var blocks: [String] = []
    private(set) var maps: [FeatureMap] = []
    private var normalizations: [BatchNormalization] = []
    /// Maps that a convolution writes and that nothing is added to, with what the convolution multiplies.
    private var convolved: [ObjectIdentifier: Precision] = [:]
    private(set) var features: FeatureVectors?
    private(set) var head: ClassifierHead?

    /// The name of the part of the network that the next layers belong to, for profiles.
    public var block = "layers"

    /// What batch normalisation adds to variances; PyTorch's default unless a backbone sets another.
    public var epsilon: Float = 1e-5
    /// How far running statistics move with each batch (one minus Keras' momentum); PyTorch's default unless a backbone
    /// sets another. A value given to `Network.init` overrides both.
    public var momentum: Float {
        get { chosenMomentum ?? ownMomentum }
        set { ownMomentum = newValue }
    }
    private var ownMomentum: Float = 0.1
    private let chosenMomentum: Float?

    /// The outputs of stages, in their order.
    public private(set) var stages: [NetworkStage] = []
    private let wantedStages: Set<String>

    init(plan: LayerPlan, images: ImageInput, momentum: Float? = nil, wantedStages: Set<String> = []) {
        chosenMomentum = momentum
        self.plan = plan
        self.wantedStages = wantedStages
        self.images = images
        kernels = BlockedKernels(lanes: OneDNNEngine.lanes)
    }

    /// A convolution of the images.
    public mutating func convolveImages(
        _ name: String, outputs: Int, kernel: Int, stride: Int, padding: Int, bias: Bool = false
    ) -> FeatureMap {
        precondition(layers.isEmpty, "the images are convolved first, and once")
        precondition(images.channels < OneDNNEngine.lanes, "images have fewer channels than a block")
        var shape = ConvolutionShape(
            inputChannels: images.channels, outputChannels: outputs, inputHeight: images.height,
            inputWidth: images.width, kernel: kernel, stride: stride, padding: padding, hasBias: bias)
        let maker = makeMap(outputs, shape.outputHeight, shape.outputWidth)
        shape.outputChannels = maker.map.channels
        precondition(
            !bias || outputs == maker.map.channels, "a bias goes with whole blocks of channels")
        let storage = WeightStorage(
            inputs: ChannelPadding(count: images.channels), outputs: outputs,
            outputChannels: maker.map.channels,
            kernel: kernel, groups: 1, lanes: kernels.lanes)
        convolved[ObjectIdentifier(maker.map)] = .float32
        put(StemConvolution(name: name, images, shape, storage, maker))
        return maker.map
    }

    /// Batch normalisation, ReLU and a convolution, optionally `halving` the maps in between by 2 × 2 averages. If
    /// there is an `addend`, the convolution is added to it: a map of the output's size, or a larger one of which every
    /// second position of every second row is taken. No further layer may read it.
    public mutating func normalizeRectifyConvolve(
        _ inputs: [FeatureMap], normalization: String, _ filter: Filter, halving: Bool = false,
        addedTo addend: FeatureMap? = nil
    ) -> FeatureMap {
        // Averages are taken of float32, and then rounded.
        let normalization = read(inputs, normalization, writing: halving ? .float32 : plan.precision)
        var branch = makeBranch(filter, inputs, halving: halving)
        if let addend {
            branch.shortcut = add(addend, to: branch.maker.map)
            convolved[ObjectIdentifier(branch.maker.map)] = nil
        }
        append(normalization, pools: halving, [branch])
        return branch.maker.map
    }

    /// Batch normalisation and ReLU of one map, and several convolutions of the result.
    public mutating func normalizeRectifyConvolve(
        _ input: FeatureMap, normalization: String, _ filters: [Filter]
    ) -> [FeatureMap] {
        let normalization = read([input], normalization, writing: plan.precision)
        let branches = filters.map { makeBranch($0, [input]) }
        append(normalization, pools: false, branches)
        return branches.map(\.maker.map)
    }

    /// Convolutions of one map as it is.
    public mutating func convolve(_ input: FeatureMap, _ filters: [Filter]) -> [FeatureMap] {
        let branches = filters.map { makeBranch($0, [input]) }
        append(readAsItIs(input, writing: plan.precision), pools: false, branches)
        return branches.map(\.maker.map)
    }

    /// Batch normalisation of one map that no other layer reads, and ReLU.
    public mutating func normalizeRectify(_ input: FeatureMap, normalization: String) -> FeatureMap {
        let first = read([input], normalization, rectifies: false)
        return sum(first, .none, name: normalization)
    }

    /// Batch normalisation of one map that no other layer reads, its sum with `addend`, and ReLU. No further layer may
    /// read the addend.
    public mutating func normalizeAddRectify(
        _ input: FeatureMap, normalization: String, addend: FeatureMap
    ) -> FeatureMap {
        precondition(!addend.isAdded && addend.readers.last != layers.count, "a map is added once, after it was read")
        let first = read([input], normalization, rectifies: false)
        addend.isAdded = true
        addend.readers.append(layers.count)
        return sum(first, .map(addend), name: normalization)
    }

    /// The same for an addend that is normalised itself.
    public mutating func normalizeAddRectify(
        _ input: FeatureMap, normalization: String, addend: FeatureMap, addendNormalization: String
    ) -> FeatureMap {
        let first = read([input], normalization, rectifies: false)
        let second = read([addend], addendNormalization, rectifies: false)
        return sum(first, .normalized(second), name: normalization)
    }

    /// Every second position of every second row of a map, with as many channels of zeros before as behind, `channels` in
    /// all: an addend without weights.
    public mutating func subsample(_ name: String, _ input: FeatureMap, channels: Int) -> FeatureMap {
        precondition(!input.isAdded && (channels - input.used).isMultiple(of: 2), "as many zeros before as behind")
        input.readers.append(layers.count)
        let maker = makeMap(channels, (input.height - 1) / 2 + 1, (input.width - 1) / 2 + 1)
        put(PaddedShortcut(name: name, index: layers.count, input, maker, lanes: kernels.lanes))
        return maker.map
    }

    private mutating func sum(
        _ normalization: BatchNormalization, _ addend: RectifiedSum.Addend, name: String
    ) -> FeatureMap {
        let input = normalization.inputs[0]
        let other: FeatureMap? =
            switch addend {
            case .none: nil
            case .map(let map): map
            case .normalized(let normalization): normalization.inputs[0]
            }
        precondition(
            other.map { ($0.used, $0.height, $0.width) == (input.used, input.height, input.width) } ?? true,
            "maps of a sum have one size")
        let maker = makeMap(input.used, input.height, input.width)
        put(RectifiedSum(name: name, index: layers.count, normalization, addend, maker, kernels))
        return maker.map
    }

    /// The maxima of 3 × 3 squares at a stride of 2 of a map that no other layer reads.
    public mutating func maxPool(_ name: String, _ input: FeatureMap, border: PoolBorder) -> FeatureMap {
        precondition(input.readers.isEmpty, "a map is pooled as it is by its only reader")
        input.readers.append(layers.count)
        let maker = makeMap(input.used, (input.height - 1) / 2 + 1, (input.width - 1) / 2 + 1)
        put(MaxPool(name: name, input, maker, border: border, kernels))
        return maker.map
    }

    /// Batch normalisation, ReLU and the maxima of 3 × 3 squares at a stride of 2.
    public mutating func normalizeRectifyMaxPool(_ input: FeatureMap, normalization name: String) -> FeatureMap {
        let normalization = read([input], name)
        let maker = makeMap(input.used, (input.height - 1) / 2 + 1, (input.width - 1) / 2 + 1)
        put(PreactivationMaxPool(name: name, index: layers.count, normalization, maker, kernels))
        return maker.map
    }

    /// Batch normalisation, ReLU and the mean over all positions: the features.
    public mutating func normalizeRectifyAverage(_ inputs: [FeatureMap], normalization name: String) {
        average(read(inputs, name), name: name)
    }

    /// The mean over all positions of a map as it is: the features.
    public mutating func average(_ name: String, _ input: FeatureMap) {
        average(readAsItIs(input, writing: .float32), name: name)
    }

    private mutating func average(_ input: any LayerInput, name: String) {
        let features = FeatureVectors(
            channels: ChannelPadding(input.inputs).places.count, batch: plan.batch, trains: plan.trains)
        self.features = features
        put(GlobalAverage(name: name, index: layers.count, input, features, kernels))
    }

    /// Declares these maps to be the output of a stage of this name, which can then be requested (`Network.init`).
    public mutating func endStage(_ name: String, _ maps: [FeatureMap]) {
        let channels = maps.reduce(0) { $0 + $1.used }
        stages.append(
            NetworkStage(name: name, channels: channels, height: maps[0].height, width: maps[0].width))
        guard wantedStages.contains(name) else { return }
        precondition(!plan.trains, "stages are looked at in evaluation")
        for map in maps { map.readers.append(layers.count) }
        put(
            StageAverage(
                name: name, maps, FeatureVectors(channels: channels, batch: plan.batch, trains: false), kernels))
    }

    /// A head of this kind over `classes` classes, with softmax. Its last dense layer is called `name`, the layers
    /// before it `head.norm1`, `head.dense1` and so on.
    public mutating func classify(_ name: String, classes: Int, head kind: HeadKind = .plain) {
        guard let features else { preconditionFailure("a classifier reads features: average the maps first") }
        var layers: [any VectorLayer] = []
        var vectors = features
        let plan = plan
        let constants = (epsilon: epsilon, momentum: momentum)
        func append(_ layer: any VectorLayer) {
            layers.append(layer)
            vectors = layer.output
        }
        func appendNormalization(_ number: Int) {
            append(
                VectorNormalization(
                    name: "head.norm\(number)", vectors, epsilon: constants.epsilon, momentum: constants.momentum, plan)
            )
        }
        switch kind {
        case .plain: append(VectorDropout(vectors, number: 0, plan))
        case .large:
            for (number, units) in [128, 64].enumerated() {
                appendNormalization(number + 1)
                append(DenseLayer(name: "head.dense\(number + 1)", vectors, outputs: units, rectifies: true, plan))
                append(VectorDropout(vectors, number: number, plan))
            }
            appendNormalization(3)
        }
        append(DenseLayer(name: name, vectors, outputs: classes, rectifies: false, plan))
        head = ClassifierHead(layers)
    }

    /// Declares that training may recompute a map for the backward pass instead of keeping it, if the network is
    /// planned that way. Exactly one layer must read the map, it must not be an addend, and it must be the only such
    /// map that its layer makes.
    ///
    /// What its layer reads is kept, or made again before it.
    public func recompute(_ map: FeatureMap) {
        precondition(
            !maps.contains { $0.isRecomputable && $0.maker == map.maker }, "a layer makes one of its maps again")
        map.isRecomputable = true
    }

    private mutating func put(_ layer: any Layer) {
        layers.append(layer)
        blocks.append(block)
    }

    private mutating func makeMap(_ used: Int, _ height: Int, _ width: Int) -> MapMaker {
        let map = FeatureMap(channels: (used + 15) / 16 * 16, height: height, width: width, used: used)
        map.maker = layers.count
        maps.append(map)
        return MapMaker(map, epsilon: epsilon, pieces: plan.pieces, kernels)
    }

    private mutating func makeBranch(
        _ filter: Filter, _ inputs: [FeatureMap], halving: Bool = false
    ) -> MapConvolution.Branch {
        let channels = ChannelPadding(inputs)
        let factor = halving ? 2 : 1
        var shape = ConvolutionShape(
            inputChannels: channels.channels, outputChannels: filter.outputs,
            inputHeight: inputs[0].height / factor,
            inputWidth: inputs[0].width / factor, kernel: filter.kernel, stride: filter.stride,
            padding: filter.padding,
            hasBias: filter.bias)
        let maker = makeMap(filter.outputs, shape.outputHeight, shape.outputWidth)
        precondition(
            !filter.bias || filter.outputs == maker.map.channels,
            "a bias goes with whole blocks of channels")
        let storage = WeightStorage(
            inputs: channels, outputs: filter.outputs, outputChannels: maker.map.channels,
            kernel: filter.kernel,
            groups: filter.groups, lanes: kernels.lanes)
        (shape.outputChannels, shape.groups) = (maker.map.channels, storage.groups)
        convolved[ObjectIdentifier(maker.map)] = plan.precision
        return MapConvolution.Branch(
            convolution: Convolution(name: filter.name, shape, storage), maker: maker)
    }

    private mutating func append(
        _ input: any LayerInput, pools: Bool, _ branches: [MapConvolution.Branch]
    ) {
        put(
            MapConvolution(
                name: branches.map(\.convolution.name).joined(separator: ", "), index: layers.count, input,
                pools: pools,
                branches, precision: plan.precision, kernels))
    }

    private func add(_ addend: FeatureMap, to sum: FeatureMap) -> Shortcut {
        precondition(addend.channels == sum.channels, "addends of as many channels")
        let sameSize = (addend.height, addend.width) == (sum.height, sum.width)
        let halved = ((addend.height - 1) / 2 + 1, (addend.width - 1) / 2 + 1) == (sum.height, sum.width)
        precondition(sameSize || halved, "an addend is as large as the sum, or twice as large")
        precondition(!addend.isAdded && addend.readers.last != layers.count, "a map is added once, after it was read")
        addend.isAdded = true
        addend.readers.append(layers.count)
        return Shortcut(addend, into: sum, trains: plan.trains, kernels)
    }

    private mutating func read(
        _ inputs: [FeatureMap], _ name: String, writing output: Precision = .float32, rectifies: Bool = true
    ) -> BatchNormalization {
        let (height, width) = (inputs[0].height, inputs[0].width)
        precondition(inputs.allSatisfy { $0.height == height && $0.width == width }, "maps of one size")
        for map in inputs {
            precondition(map.readers.last != layers.count, "a map appears once in a concatenation")
            precondition(!map.isAdded, "nothing reads a map after it was added")
            map.isNormalized = true
            map.readers.append(layers.count)
        }
        let normalization = BatchNormalization(
            name: name, inputs, epsilon: epsilon, momentum: momentum, pieces: plan.pieces, output: output,
            rectifies: rectifies, kernels)
        normalizations.append(normalization)
        return normalization
    }

    private func readAsItIs(_ input: FeatureMap, writing output: Precision) -> PlainInput {
        precondition(input.readers.last != layers.count && !input.isAdded, "nothing reads a map after it was added")
        input.isReadAsItIs = true
        input.readers.append(layers.count)
        return PlainInput(input, output: output, kernels)
    }

    /// Lets convolutions do what normalises and rectifies their outputs, which is a scale and a shift per channel when the
    /// statistics are the running ones. That goes where a normalisation reads one convolution's output alone and nothing
    /// else reads it; call it when all layers are there, for a network that does not train.
    func foldNormalizations() {
        for normalization in normalizations where normalization.inputs.count == 1 {
            let map = normalization.inputs[0]
            guard map.readers.count == 1, let made = convolved[ObjectIdentifier(map)] else { continue }
            // A convolution of float32 cannot write bf16.
            if made == .float32 && normalization.output == .bf16 { continue }
            map.foldedNormalization = normalization
            map.precision = normalization.output
            normalization.isFolded = true
        }
        for case let layer as RectifiedSum in layers { layer.fold(into: layers) }
    }
}
