/// 3 × 3 maximum pooling at a stride of 2 of a map as it is, neither normalised nor rectified.
final class MaxPool: Layer {
    let name: String
    private let input: FeatureMap
    private let maker: MapMaker
    private let border: PoolBorder
    private let kernels: BlockedKernels
    private(set) var tile = 1

    /// - Parameter input: a map that no other layer reads.
    init(name: String, _ input: FeatureMap, _ maker: MapMaker, border: PoolBorder, _ kernels: BlockedKernels) {
        self.name = name
        self.input = input
        self.maker = maker
        self.border = border
        self.kernels = kernels
    }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: input.imageCount)
        return ScratchNeeds()
    }

    func beginForward(mode: RunMode) { maker.beginForward() }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) {
        kernels.maxPool(
            input.values + range.lowerBound * input.imageCount, into: maker.values(range), planes: planes(range),
            height: input.height, width: input.width, border: border)
        maker.written(range, piece: scratch.piece, mode: mode)
    }

    var forwardSums: [PieceSums] { maker.forwardSums }

    func endForward(mode: RunMode) { maker.endForward(mode: mode) }

    func beginBackward() { maker.beginBackward() }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) {
        let start = range.lowerBound * input.imageCount
        kernels.maxPoolBackward(
            input.values + start, maker.gradient(range, tile: tile), into: input.gradient + start,
            planes: planes(range), height: input.height, width: input.width, border: border)
    }

    private func planes(_ range: Range<Int>) -> Int { range.count * input.channels / kernels.lanes }
}
