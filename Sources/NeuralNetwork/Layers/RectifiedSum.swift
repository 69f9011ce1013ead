import Numerics

/// The end of a residual block whose activation comes last: y = max(0, BN(x) + addend), of which the addend is a map as it
/// is, another map normalised, or nothing.
///
/// Unlike what other layers normalise, y is stored: both the next block's convolution and its sum read it. In evaluation
/// nothing of this is left: the convolution that makes x adds the addend and rectifies (`fold`).
final class RectifiedSum: Layer {
    /// What is added to the normalised map.
    enum Addend {
        case none
        /// A map that is read after all its other readers; its gradient lies in the sum's memory.
        case map(FeatureMap)
        case normalized(BatchNormalization)
    }

    let name: String
    private let normalization: BatchNormalization
    private let addend: Addend
    private let maker: MapMaker
    private let kernels: BlockedKernels
    private let index: Int
    /// Whether the convolution before does all of it.
    private(set) var isFolded = false
    private(set) var tile = 1

    /// Both normalisations' intercepts, and the addend's factor, for the present batch.
    private let shift: AlignedBuffer<Float>
    private let addendScale: AlignedBuffer<Float>

    init(
        name: String, index: Int, _ normalization: BatchNormalization, _ addend: Addend, _ maker: MapMaker,
        _ kernels: BlockedKernels
    ) {
        self.name = name
        self.index = index
        self.normalization = normalization
        self.addend = addend
        self.maker = maker
        self.kernels = kernels
        shift = AlignedBuffer<Float>(count: normalization.channels)
        addendScale = AlignedBuffer<Float>(count: normalization.channels)
        if case .map(let map) = addend { map.gradientHome = maker.map }
    }

    private var addendNormalization: BatchNormalization? {
        if case .normalized(let normalization) = addend { normalization } else { nil }
    }

    var parameters: [Parameter] { normalization.parameters + (addendNormalization?.parameters ?? []) }

    private var map: FeatureMap { maker.map }
    private var source: FeatureMap { normalization.inputs[0] }
    private var otherMap: FeatureMap? {
        switch addend {
        case .none: nil
        case .map(let map): map
        case .normalized(let normalization): normalization.inputs[0]
        }
    }

    /// Leaves the work to the convolution that makes the normalised map, where that normalises its output.
    ///
    /// - Parameter layers: those before this one.
    func fold(into layers: [any Layer]) {
        guard normalization.isFolded, addendNormalization?.isFolded ?? true else { return }
        if let other = otherMap {
            guard let layer = layers[source.maker] as? MapConvolution else { return }
            layer.add(Shortcut(other, into: source, trains: false, kernels), to: source)
        }
        normalization.rectifiesWhenFolded = true
        map.valuesHome = source
        isFolded = true
    }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: 3 * map.imageCount)
        return ScratchNeeds()
    }

    func beginForward(mode: RunMode) {
        maker.beginForward()
        if isFolded { return }
        normalization.beginForward(mode: mode)
        addendNormalization?.beginForward(mode: mode)
        for c in 0..<map.channels {
            shift.base[c] = normalization.intercept.base[c] + (addendNormalization?.intercept.base[c] ?? 0)
            addendScale.base[c] = addendNormalization?.slope.base[c] ?? 1
        }
    }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) {
        if isFolded { return }
        let x = source.values + range.lowerBound * map.imageCount
        let y = maker.values(range)
        if let other = otherMap {
            kernels.addRectify(
                x, other.values + range.lowerBound * map.imageCount, into: y, of: map, images: range.count,
                scale: normalization.slope.base, shift: shift.base, addendScale: addendScale.base)
        } else {
            kernels.scaleShiftRectify(
                x, of: map, images: range.count, into: y,
                .separate(channels: map.channels, positions: map.positions, lanes: kernels.lanes),
                scale: normalization.slope.base, shift: normalization.intercept.base)
        }
        maker.written(range, piece: scratch.piece, mode: mode)
    }

    var forwardSums: [PieceSums] { maker.forwardSums }

    func endForward(mode: RunMode) { maker.endForward(mode: mode) }

    func beginBackward() {
        maker.beginBackward()
        normalization.beginBackward()
        addendNormalization?.beginBackward()
    }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) {
        let gradient = maker.gradient(range, tile: tile)
        kernels.rectifyBackward(maker.values(range), gradient, count: range.count * map.imageCount)
        for normalization in [normalization, addendNormalization].compactMap(\.self) {
            normalization.backward(range, gradient: gradient, nil, layer: index, piece: scratch.piece)
        }
    }

    var backwardSums: [PieceSums] { normalization.backwardSums + (addendNormalization?.backwardSums ?? []) }

    func endBackward() {
        normalization.endBackward()
        addendNormalization?.endBackward()
    }
}
