/// The other addend of a residual sum where that has more channels: every second position of every second row of a map, with
/// channels of zeros before and behind (option A of He, Zhang, Ren and Sun, 2016). It has no weights.
final class PaddedShortcut: Layer {
    let name: String
    private let input: FeatureMap
    private let maker: MapMaker
    private let index: Int
    private let lanes: Int
    private(set) var tile = 1

    init(name: String, index: Int, _ input: FeatureMap, _ maker: MapMaker, lanes: Int) {
        self.name = name
        self.index = index
        self.input = input
        self.maker = maker
        self.lanes = lanes
    }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: input.imageCount)
        return ScratchNeeds()
    }

    func beginForward(mode: RunMode) { maker.beginForward() }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) {
        let target = maker.values(range), source = input.values + range.lowerBound * input.imageCount
        target.update(repeating: 0, count: range.count * maker.map.imageCount)
        forEachPair(images: range.count) { target[$1] = source[$0] }
        maker.written(range, piece: scratch.piece, mode: mode)
    }

    var forwardSums: [PieceSums] { maker.forwardSums }

    func endForward(mode: RunMode) { maker.endForward(mode: mode) }

    func beginBackward() { maker.beginBackward() }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) {
        let gradient = maker.gradient(range, tile: tile), target = input.gradient + range.lowerBound * input.imageCount
        if index == input.readers.last { target.update(repeating: 0, count: range.count * input.imageCount) }
        forEachPair(images: range.count) { target[$0] += gradient[$1] }
    }

    /// Calls `body` with the places of each element in the input and in the output, within a tile.
    private func forEachPair(images: Int, _ body: (_ input: Int, _ output: Int) -> Void) {
        let map = maker.map, before = (map.used - input.used) / 2
        for image in 0..<images {
            for c in 0..<input.used {
                let from = image * input.imageCount + c / lanes * input.positions * lanes + c % lanes
                let to = image * map.imageCount + (c + before) / lanes * map.positions * lanes + (c + before) % lanes
                for row in 0..<map.height {
                    for column in 0..<map.width {
                        body(
                            from + (2 * row * input.width + 2 * column) * lanes,
                            to + (row * map.width + column) * lanes)
                    }
                }
            }
        }
    }
}
