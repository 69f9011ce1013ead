/// Batch normalisation, ReLU and 3 × 3 maximum pooling at a stride of 2.
final class PreactivationMaxPool: Layer {
    let name: String
    private let normalization: BatchNormalization
    private let maker: MapMaker
    private let kernels: BlockedKernels
    private let index: Int
    private(set) var tile = 1

    init(
        name: String, index: Int, _ normalization: BatchNormalization, _ maker: MapMaker, _ kernels: BlockedKernels
    ) {
        self.name = name
        self.index = index
        self.normalization = normalization
        self.maker = maker
        self.kernels = kernels
    }

    var parameters: [Parameter] { normalization.parameters }

    private var height: Int { normalization.inputs[0].height }
    private var width: Int { normalization.inputs[0].width }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: normalization.imageCount)
        let full = tile * normalization.imageCount
        return ScratchNeeds(normalized: full, gradient: plan.trains ? full : 0)
    }

    func beginForward(mode: RunMode) {
        normalization.beginForward(mode: mode)
        maker.beginForward()
    }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) {
        let input = normalization.forward(range, into: scratch.normalized.base, nil).assumingMemoryBound(to: Float.self)
        kernels.maxPool(
            input, into: maker.values(range), planes: planes(range), height: height,
            width: width, border: .empty)
        maker.written(range, piece: scratch.piece, mode: mode)
    }

    var forwardSums: [PieceSums] { maker.forwardSums }

    func endForward(mode: RunMode) { maker.endForward(mode: mode) }

    func beginBackward() {
        maker.beginBackward()
        normalization.beginBackward()
    }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) {
        let outputGradient = maker.gradient(range, tile: tile)
        let input = normalization.forward(range, into: scratch.normalized.base, nil).assumingMemoryBound(to: Float.self)
        kernels.maxPoolBackward(
            input, outputGradient, into: scratch.gradient.base, planes: planes(range),
            height: height, width: width, border: .empty)
        normalization.backward(range, gradient: scratch.gradient.base, nil, layer: index, piece: scratch.piece)
    }

    var backwardSums: [PieceSums] { normalization.backwardSums }

    func endBackward() { normalization.endBackward() }

    private func planes(_ range: Range<Int>) -> Int { range.count * normalization.channels / kernels.lanes }
}
