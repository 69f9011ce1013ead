import Numerics

/// The size of the images that a network takes.
public struct ImageShape: Sendable, Equatable {
    /// Colour channels, 3 for RGB.
    public let channels: Int
    /// Rows of pixels.
    public let height: Int
    /// Columns of pixels.
    public let width: Int

    /// An image of `channels` planes of `height` × `width` numbers.
    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Numbers in one image.
    public var count: Int { channels * height * width }
}

/// A network planned once for a batch shape, with its parameters, its memory and its threads.
///
/// There are two kinds. A network for training holds what the backward pass needs and runs all threads on one batch, in
/// step. A network for evaluation runs on the calling thread, in less memory; create one for each thread. Neither may
/// be used by two threads at once.
public final class Network {
    /// What `build` in `init` put together.
    let layers: [any Layer]
    /// The part of the network that each layer belongs to.
    let blocks: [String]
    let features: FeatureVectors
    let head: ClassifierHead
    let images: ImageInput
    let engine: OneDNNEngine
    let scratch: [ThreadScratch]
    let parameters: [Parameter]
    let threads: ThreadCount
    package let pieces: BatchPieces
    /// Places in memory for the images of each fixed piece.
    let places: Int
    /// Joins the processes that share a batch, where there are several.
    let exchange: (any BatchExchange)?
    let buckets: [Bucket]
    /// Spent waiting for the other processes' sums of batch normalisation.
    var gatherSeconds = 0.0
    /// The seconds of the exchange's sums before the present step.
    var summedBefore = 0.0
    let trains: Bool

    /// Values, gradients and velocities of all trained parameters lie in this order: those that decay, then the rest.
    let trainedCount: Int
    let decayingCount: Int
    /// Where the classifier's begin among those that decay and among the rest.
    let headStarts: (decaying: Int, rest: Int)
    let values: AlignedBuffer<Float>
    let gradients: AlignedBuffer<Float>
    let velocities: AlignedBuffer<Float>
    /// Adam's means of squared gradients, from its first step on.
    var squares: AlignedBuffer<Float>?
    /// Gradients of a batch's parts, while there are some.
    var gathered: AlignedBuffer<Float>?
    var gathersGradients = false
    /// Those of this process's pieces after the first.
    let pieceGradients: [AlignedBuffer<Float>]
    /// Whether the other pieces' gradients of the last batch still have to be added to the first one's.
    var gradientsAreApart = false
    /// For each thread the parameters that it moves.
    let descentShares: [[DescentShare]]
    let runningStatistics: AlignedBuffer<Float>
    let activations: AlignedBuffer<Float>
    /// The maps that are made again for the backward pass, and for each layer those that run forward again before its
    /// backward pass.
    let recomputed: [FeatureMap]
    let repetitions: [[Int]]

    /// The shape of the images.
    public let imageShape: ImageShape
    /// The most samples that one call takes.
    public let batch: Int
    /// How many features a sample has.
    public var featureCount: Int { features.channels }
    /// The number of classes.
    public var classCount: Int { head.classes }

    /// Where the time goes: batches are timed while there is a profile, and add to it.
    public var profile: NetworkProfile?

    /// Plans a network.
    ///
    /// - Parameters:
    ///   - trains: whether it can train. If so it uses `threads` threads, otherwise only the caller's.
    ///   - precision: what its convolutions multiply.
    ///   - recomputes: whether training recomputes some maps for the backward pass (those that `build` gives to
    ///     `NetworkBuilder.recompute`) instead of keeping them: less memory, more time, the same bytes.
    ///   - momentum: how far running statistics move with each batch; nil for the value set by `build`
    ///     (`NetworkBuilder.momentum`).
    ///   - wantedStages: the stages whose averages `stageAverages` returns; only for a network that does not train.
    ///   - pieces: how training cuts batches; nil for one piece per thread, without fixed images.
    ///   - exchange: what joins the processes that have the other pieces.
    ///   - build: puts the layers together, a classifier last.
    /// - Throws: `NetworkMemoryError` or `AddressSpaceError` where memory is too small, `PrecisionError` where the processor
    ///   lacks the instructions, `OneDNNError` where the library cannot plan a layer.
    public convenience init(
        images shape: ImageShape, batch: Int, threads: ThreadCount, trains: Bool, precision: Precision = .float32,
        recomputes: Bool = false, momentum: Float? = nil, stages: [String] = [], pieces: BatchPieces? = nil,
        build: (inout NetworkBuilder) -> Void
    ) throws {
        try self.init(
            images: shape, batch: batch, threads: threads, trains: trains, precision: precision,
            recomputes: recomputes, momentum: momentum, stages: stages, pieces: pieces, exchange: nil, build: build)
    }

    /// The same for one of several processes that share each batch by `exchange` and have `pieces` of it.
    package init(
        images shape: ImageShape, batch: Int, threads: ThreadCount, trains: Bool, precision: Precision,
        recomputes: Bool, momentum: Float?, stages wantedStages: [String], pieces: BatchPieces?,
        exchange: (any BatchExchange)?, build: (inout NetworkBuilder) -> Void
    ) throws {
        try precision.check()
        precondition(batch >= 1, "a batch holds at least one sample")
        self.threads = trains ? threads : ThreadCount(1)
        self.trains = trains
        self.batch = batch
        imageShape = shape
        // Planning makes code already.
        try AddressSpaceError.check(NetworkMemoryError.unplanned)
        let engine = try OneDNNEngine()
        self.exchange = exchange
        self.pieces = trains ? pieces ?? .perThread(threads) : .perThread(self.threads)
        var plan = LayerPlan(
            engine: engine, batch: batch, threads: self.threads.count, pieces: self.pieces, trains: trains,
            precision: precision)
        var builder = NetworkBuilder(
            plan: plan, images: ImageInput(channels: shape.channels, height: shape.height, width: shape.width),
            momentum: momentum, wantedStages: Set(wantedStages))
        build(&builder)
        guard let head = builder.head, let features = builder.features else {
            preconditionFailure("a network ends in a classifier")
        }
        precondition(builder.maps.allSatisfy { !$0.readers.isEmpty }, "a map that no layer reads")
        if !trains { builder.foldNormalizations() }
        self.engine = engine
        layers = builder.layers
        blocks = builder.blocks
        images = builder.images
        self.head = head
        self.features = features

        let built = builder.layers
        let needs = try OneDNNEngine.onOneThread { [plan] () throws(OneDNNError) -> ScratchNeeds in
            var needs = ScratchNeeds()
            for layer in built { needs = needs.union(try layer.plan(plan)) }
            return needs
        }
        plan.places = plan.places(for: built)
        places = plan.places
        let memory = MapPlan(builder.maps, of: layers, plan, recomputes: recomputes)
        let covered = plan.coveredImages(tile: layers[0].tile)
        let fixed = needs.floats * self.threads.count + covered * shape.count
        let maps = builder.maps, final = plan
        try NetworkMemoryError.check(floats: fixed + memory.count, batch: batch, image: shape) {
            if !trains || recomputes { return nil }
            return fixed + MapPlan(maps, of: built, final, recomputes: true).count
        }
        images.allocate(images: covered)
        scratch = (0..<self.threads.count).map { ThreadScratch(thread: $0, needs) }
        activations = memory.allocate()
        recomputed = builder.maps.filter { $0.repeatedValues != nil }
        repetitions = memory.repetitions

        parameters = layers.flatMap(\.parameters) + head.parameters
        let trained = parameters.filter { $0.role.isTrained }
        decayingCount = Self.place(trained.filter { $0.role.decays }, from: 0)
        trainedCount = Self.place(trained.filter { !$0.role.decays }, from: decayingCount)
        let headParameters = head.parameters.filter { $0.role.isTrained }
        headStarts = (
            headParameters.first { $0.role.decays }?.offset ?? decayingCount,
            headParameters.first { !$0.role.decays }?.offset ?? trainedCount
        )
        let running = parameters.filter { !$0.role.isTrained }
        runningStatistics = AlignedBuffer<Float>(count: Self.place(running, from: 0))
        values = AlignedBuffer<Float>(count: trainedCount)
        gradients = AlignedBuffer<Float>(count: trains ? trainedCount : 0)
        velocities = AlignedBuffer<Float>(count: trains ? trainedCount : 0)
        let decaying = decayingCount
        let furtherPieces = trains ? self.pieces.own.count - 1 : 0
        pieceGradients = (0..<furtherPieces).map { _ in AlignedBuffer<Float>(count: decaying) }
        buckets = Self.buckets(of: layers, size: Self.bucketSize)
        descentShares = Self.descentShares(of: layers, trainedCount: trainedCount, threads: self.threads.count)
        for parameter in trained {
            parameter.values = values.base + parameter.offset
            parameter.gradient = gradients.base + (trains ? parameter.offset : 0)
        }
        for parameter in running { parameter.values = runningStatistics.base + parameter.offset }
        for convolution in layers.flatMap(\.convolutions) {
            convolution.pieceGradients = pieceGradients.map { $0.base + convolution.weight.offset }
        }
    }

    /// Gives parameters their offsets, each on a cache line, and returns where the last one ends.
    private static func place(_ parameters: [Parameter], from start: Int) -> Int {
        parameters.reduce(start) { end, parameter in
            parameter.offset = end
            return end + (parameter.storedCount + 15) / 16 * 16
        }
    }
}
