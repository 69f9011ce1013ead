import Numerics

/// The first convolution: from images in plain N × C × H × W to a blocked map.
final class StemConvolution: Layer {
    let name: String
    private let convolution: Convolution
    private let maker: MapMaker
    private let images: ImageInput
    private(set) var tile = 1

    init(
        name: String, _ images: ImageInput, _ shape: ConvolutionShape, _ storage: WeightStorage,
        _ maker: MapMaker
    ) {
        self.name = name
        self.images = images
        self.maker = maker
        convolution = Convolution(name: name, shape, storage)
    }

    var parameters: [Parameter] { convolution.parameters }
    var operations: Int { convolution.shape.operations }
    var convolutions: [Convolution] { [convolution] }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: maker.map.imageCount)
        try convolution.plan(
            plan, images: tile, ConvolutionPurpose(trains: plan.trains, inputGradient: false),
            folding: maker.map.foldedNormalization)
        return ScratchNeeds(
            weightGradient: convolution.weight.storedCount, primitiveBytes: convolution.scratchBytes)
    }

    func parametersChanged() throws(OneDNNError) { try convolution.parametersChanged() }

    func beginForward(mode: RunMode) { maker.beginForward() }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) throws(OneDNNError) {
        try convolution.forward(images.values(range), into: maker.values(range), scratch)
        maker.written(range, piece: scratch.piece, mode: mode)
    }

    var forwardSums: [PieceSums] { maker.forwardSums }

    func endForward(mode: RunMode) { maker.endForward(mode: mode) }

    func beginBackward() { maker.beginBackward() }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) throws(OneDNNError) {
        let gradient = maker.gradient(range, tile: tile)
        try convolution.backwardWeights(images.values(range), gradient, scratch)
    }

    var backwardSums: [PieceSums] { convolution.backwardSums }

    func endBackward() { convolution.endBackward() }
}

/// The images of a batch, in memory with room for whole tiles.
final class ImageInput {
    let channels: Int
    let height: Int
    let width: Int
    private(set) var buffer = AlignedBuffer<Float>(count: 0)

    init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Takes memory for `images` images.
    func allocate(images: Int) { buffer = AlignedBuffer<Float>(count: images * imageCount) }

    var imageCount: Int { channels * height * width }

    func values(_ images: Range<Int>) -> UnsafeMutablePointer<Float> { buffer.base + images.lowerBound * imageCount }
}
