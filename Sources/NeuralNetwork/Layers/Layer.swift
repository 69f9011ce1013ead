import Numerics

/// One step of a network, run by several threads at once, each on tiles of a few images. The images that passes get are
/// numbered by their places in this process's memory, which are not those in the batch where that is in fixed pieces.
///
/// A tile is small enough that what a layer computes in passing (the normalised input of a convolution, the gradient
/// behind it) stays in the thread's cache and never goes to memory; see "How a step runs" in this module's documentation.
protocol Layer: AnyObject {
    /// The name that profiles and errors show.
    var name: String { get }
    var parameters: [Parameter] { get }
    var convolutions: [Convolution] { get }
    /// Images a tile.
    var tile: Int { get }
    /// Floating-point operations of the forward pass for one image.
    var operations: Int { get }

    /// Chooses the tile and makes the primitives; says what scratch memory a thread needs.
    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds
    /// Copies what the passes read in another layout, after the parameters have changed.
    func parametersChanged() throws(OneDNNError)
    /// Runs on one thread before the tiles.
    func beginForward(mode: RunMode)
    func forward(_ images: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) throws(OneDNNError)
    /// What other processes that share the batch must know before `endForward` in training.
    var forwardSums: [PieceSums] { get }
    /// Runs on one thread after the tiles.
    func endForward(mode: RunMode)
    /// Writes the maps again that were not kept, to the same bytes: like `forward`, but on the normalisation that the
    /// training pass before has begun with, and without taking statistics.
    func repeatForward(_ images: Range<Int>, _ scratch: ThreadScratch) throws(OneDNNError)
    func beginBackward()
    func backward(_ images: Range<Int>, _ scratch: ThreadScratch) throws(OneDNNError)
    /// What other processes that share the batch must know before `endBackward`.
    var backwardSums: [PieceSums] { get }
    func endBackward()
}

/// What a layer without parameters or convolutions has, and one that has nothing to do before or after.
extension Layer {
    var parameters: [Parameter] { [] }
    var convolutions: [Convolution] { [] }
    var operations: Int { 0 }
    var forwardSums: [PieceSums] { [] }
    var backwardSums: [PieceSums] { [] }
    func parametersChanged() throws(OneDNNError) {}
    func endBackward() {}

    func repeatForward(_ images: Range<Int>, _ scratch: ThreadScratch) throws(OneDNNError) {
        try forward(images, scratch, mode: .evaluation)
    }
}

/// Whether batch normalisation takes the batch's statistics or the running ones.
enum RunMode {
    case training
    case evaluation
}

/// What a layer must know to plan itself.
struct LayerPlan {
    /// Nil for an outline, whose layers are put together and never planned.
    private let planner: OneDNNEngine?
    /// The largest number of images in a batch.
    let batch: Int
    let threads: Int
    let pieces: BatchPieces
    /// Images that a fixed piece has places for, once all layers have chosen their tiles.
    var places = 0
    let trains: Bool
    /// What the convolutions of maps multiply; those of images multiply float32.
    let precision: Precision

    init(
        engine: OneDNNEngine?, batch: Int, threads: Int, pieces: BatchPieces? = nil, trains: Bool, precision: Precision
    ) {
        planner = engine
        (self.batch, self.threads, self.trains, self.precision) = (batch, threads, trains, precision)
        self.pieces = pieces ?? .perThread(ThreadCount(threads))
    }

    /// What primitives are made with.
    var engine: OneDNNEngine {
        guard let planner else { preconditionFailure("an outline plans no layer") }
        return planner
    }

    /// How many images a tile holds when one of them takes `floats` of passing activations: as few tiles as fit a cache
    /// of `cacheFloats`, as even as can be over a piece of the batch. Every tile reads all `weights` of its
    /// layer, so that where these are more than the cache holds a tile has as many activations as they are.
    func tile(floatsAnImage floats: Int, weights: Int = 0) -> Int {
        let fitting = max(1, max(trains ? Self.cacheFloats : Self.cacheFloats / 2, weights) / max(1, floats))
        let tiles = (share + fitting - 1) / fitting
        return (share + tiles - 1) / tiles
    }

    /// The most images of a piece.
    private var share: Int { (batch + pieces.count - 1) / pieces.count }

    /// The places that a fixed piece needs for whole tiles of every layer.
    func places(for layers: [any Layer]) -> Int { layers.map { (share + $0.tile - 1) / $0.tile * $0.tile }.max()! }

    /// The largest number of images that tiles of `tile` images cover.
    func coveredImages(tile: Int) -> Int {
        pieces.isFixed ? pieces.own.count * places : (batch + tile - 1) / tile * tile
    }

    /// Floats of passing activations a thread keeps in training: 1 MiB, half of a present core's second-level cache. In
    /// evaluation it is half of that: a tile's output is to stay there as well.
    static let cacheFloats = 256 * 1024
}

/// Floats of scratch memory that a thread needs while it runs a layer.
struct ScratchNeeds {
    var normalized = 0
    var gradient = 0
    var pooled = 0
    var branch = 0
    var output = 0
    /// Of an input or of an output's gradient that is rounded to bf16.
    var rounded = 0
    var weightGradient = 0
    var primitiveBytes = 0

    /// All of it.
    var floats: Int {
        normalized + gradient + pooled + branch + output + rounded + weightGradient + primitiveBytes / 4
    }

    /// The larger of both in every part.
    func union(_ other: ScratchNeeds) -> ScratchNeeds {
        ScratchNeeds(
            normalized: max(normalized, other.normalized), gradient: max(gradient, other.gradient),
            pooled: max(pooled, other.pooled), branch: max(branch, other.branch),
            output: max(output, other.output), rounded: max(rounded, other.rounded),
            weightGradient: max(weightGradient, other.weightGradient),
            primitiveBytes: max(primitiveBytes, other.primitiveBytes))
    }
}

/// One thread's scratch memory, shared by all layers since only one runs at a time.
final class ThreadScratch {
    let thread: Int
    /// The piece of the batch that the thread works on, numbered among those of the whole batch.
    var piece = 0
    /// What turns the place of one of the piece's images into its number in the batch.
    var imageOffset = 0
    let normalized: AlignedBuffer<Float>
    let gradient: AlignedBuffer<Float>
    let pooled: AlignedBuffer<Float>
    let branch: AlignedBuffer<Float>
    let output: AlignedBuffer<Float>
    /// An input that was pooled, and an output's gradient, in bf16.
    let roundedInput: AlignedBuffer<UInt16>
    let roundedGradient: AlignedBuffer<UInt16>
    let weightGradient: AlignedBuffer<Float>
    let primitive: AlignedBuffer<Float>
    /// Seconds that the thread has spent in convolutions, where they are timed.
    var convolutionSeconds: Double?

    init(thread: Int, _ needs: ScratchNeeds) {
        self.thread = thread
        normalized = AlignedBuffer<Float>(count: needs.normalized)
        gradient = AlignedBuffer<Float>(count: needs.gradient)
        pooled = AlignedBuffer<Float>(count: needs.pooled)
        branch = AlignedBuffer<Float>(count: needs.branch)
        output = AlignedBuffer<Float>(count: needs.output)
        roundedInput = AlignedBuffer<UInt16>(count: needs.rounded)
        roundedGradient = AlignedBuffer<UInt16>(count: needs.rounded)
        weightGradient = AlignedBuffer<Float>(count: needs.weightGradient)
        primitive = AlignedBuffer<Float>(count: needs.primitiveBytes / 4 + 16)
    }

    /// Runs a convolution, timed where that is asked for.
    func timed(_ body: () throws(OneDNNError) -> Void) throws(OneDNNError) {
        guard let before = convolutionSeconds else { return try body() }
        let start = ContinuousClock.now
        try body()
        convolutionSeconds = before + start.elapsedSeconds
    }
}
