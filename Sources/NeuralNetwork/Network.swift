import Determinism

/// How images come to a network.
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
/// Two kinds are made. One for training holds what the backward pass needs and runs all threads on one batch, in step.
/// One for evaluation runs on the thread that calls it, in less memory; make one for each thread. Neither may be used by
/// two threads at once.
public final class Network {
    /// What `build` in `init` put together.
    let layers: [any Layer]
    let features: FeatureVectors
    let head: ClassifierHead
    let images: ImageInput
    let engine: OneDNNEngine
    let scratch: [ThreadScratch]
    let parameters: [Parameter]
    let threads: ThreadCount
    let trains: Bool

    /// Values, gradients and velocities of all trained parameters lie in this order: those that decay, then the rest.
    let trainedCount: Int
    let decayingCount: Int
    let values: AlignedBuffer<Float>
    let gradients: AlignedBuffer<Float>
    let velocities: AlignedBuffer<Float>
    /// Adam's means of squared gradients, from its first step on.
    var squares: AlignedBuffer<Float>?
    /// Gradients of a batch's parts, while there are some.
    var gathered: AlignedBuffer<Float>?
    var gathersGradients = false
    let threadGradients: [AlignedBuffer<Float>]
    private let runningStatistics: AlignedBuffer<Float>
    let activations: AlignedBuffer<Float>

    /// How the images come.
    public let imageShape: ImageShape
    /// The most samples that one call takes.
    public let batch: Int
    /// How many features a sample has.
    public var featureCount: Int { features.channels }
    /// How many classes the classifier tells apart.
    public var classCount: Int { head.classes }

    /// Where the time goes, when `profiles` is set.
    public private(set) var profile = NetworkProfile()
    /// Whether each layer's passes are timed.
    public var profiles = false

    /// Plans a network.
    ///
    /// - Parameters:
    ///   - trains: whether it can train; then it takes `threads` threads, else the caller's alone.
    ///   - precision: what its convolutions multiply.
    ///   - build: puts the layers together, a classifier last.
    /// - Throws: `NetworkMemoryError` where the machine is too small, `PrecisionError` where it lacks the instructions,
    ///   `OneDNNError` where the library cannot plan a layer.
    public init(
        images shape: ImageShape, batch: Int, threads: ThreadCount, trains: Bool, precision: Precision = .float32,
        build: (inout NetworkBuilder) -> Void
    ) throws {
        try precision.check()
        precondition(batch >= 1, "a batch holds at least one sample")
        self.threads = trains ? threads : ThreadCount(1)
        self.trains = trains
        self.batch = batch
        imageShape = shape
        let engine = try OneDNNEngine()
        let plan = LayerPlan(
            engine: engine, batch: batch, threads: self.threads.count, trains: trains, precision: precision)
        var builder = NetworkBuilder(
            plan: plan, images: ImageInput(channels: shape.channels, height: shape.height, width: shape.width))
        build(&builder)
        guard let head = builder.head, let features = builder.features else {
            preconditionFailure("a network ends in a classifier")
        }
        precondition(builder.maps.allSatisfy { !$0.readers.isEmpty }, "a map that no layer reads")
        if !trains { builder.foldNormalizations() }
        self.engine = engine
        layers = builder.layers
        images = builder.images
        self.head = head
        self.features = features

        let built = builder.layers
        let needs = try OneDNNEngine.onOneThread { () throws(OneDNNError) -> ScratchNeeds in
            var needs = ScratchNeeds()
            for layer in built { needs = needs.union(try layer.plan(plan)) }
            return needs
        }
        let memory = Self.arrangeMaps(builder.maps, of: layers, plan)
        let scratchCount = needs.floats * self.threads.count
        try NetworkMemoryError.check(
            floats: memory.total + scratchCount + plan.coveredImages(tile: layers[0].tile) * shape.count, batch: batch,
            image: shape)
        images.allocate(images: plan.coveredImages(tile: layers[0].tile))
        scratch = (0..<self.threads.count).map { ThreadScratch(thread: $0, needs) }
        activations = Self.place(builder.maps, memory)

        parameters = layers.flatMap(\.parameters) + head.parameters
        let trained = parameters.filter { $0.role.isTrained }
        decayingCount = Self.place(trained.filter { $0.role.decays }, from: 0)
        trainedCount = Self.place(trained.filter { !$0.role.decays }, from: decayingCount)
        let running = parameters.filter { !$0.role.isTrained }
        runningStatistics = AlignedBuffer<Float>(count: Self.place(running, from: 0))
        values = AlignedBuffer<Float>(count: trainedCount)
        gradients = AlignedBuffer<Float>(count: trains ? trainedCount : 0)
        velocities = AlignedBuffer<Float>(count: trains ? trainedCount : 0)
        let decaying = decayingCount
        threadGradients = (0..<(trains ? self.threads.count - 1 : 0)).map { _ in AlignedBuffer<Float>(count: decaying) }
        for parameter in trained {
            parameter.values = values.base + parameter.offset
            parameter.gradient = gradients.base + (trains ? parameter.offset : 0)
        }
        for parameter in running { parameter.values = runningStatistics.base + parameter.offset }
        for convolution in layers.flatMap(\.convolutions) {
            convolution.threadGradients = threadGradients.map { $0.base + convolution.weight.offset }
        }
    }

    /// Gives parameters their offsets, each on a cache line, and returns where the last one ends.
    private static func place(_ parameters: [Parameter], from start: Int) -> Int {
        parameters.reduce(start) { end, parameter in
            parameter.offset = end
            return end + (parameter.storedCount + 15) / 16 * 16
        }
    }

    /// Where the values of a map lie and, in training, its gradient.
    private typealias MapSlots = (values: BufferPlan.Slot, gradient: BufferPlan.Slot?)

    /// Plans the memory of maps and their gradients, shared where lifetimes allow.
    private static func arrangeMaps(
        _ maps: [FeatureMap], of layers: [any Layer], _ plan: LayerPlan
    ) -> (slots: [MapSlots], total: Int) {
        var memory = BufferPlan()
        let last = 2 * layers.count - 1
        /// One slot for all maps that lie in the same one's memory, from the first that lives to the last.
        func request(
            home: KeyPath<FeatureMap, FeatureMap?>, lifetime: (FeatureMap) -> ClosedRange<Int>
        ) -> [BufferPlan.Slot] {
            var needs: [ObjectIdentifier: (count: Int, lifetime: ClosedRange<Int>)] = [:]
            let homes = maps.map { map in
                var place = map
                while let next = place[keyPath: home] { place = next }
                return ObjectIdentifier(place)
            }
            for (map, place) in zip(maps, homes) {
                // A folded map is read as it is, by whole tiles of its reader.
                let users = [map.maker] + (map.foldedNormalization == nil ? [] : map.readers)
                let count = users.map { plan.coveredImages(tile: layers[$0].tile) }.max()! * map.imageCount
                let mine = lifetime(map), other = needs[place] ?? (count, mine)
                let start = min(mine.lowerBound, other.lifetime.lowerBound)
                let end = max(mine.upperBound, other.lifetime.upperBound)
                needs[place] = (max(count, other.count), start...end)
            }
            var slots: [ObjectIdentifier: BufferPlan.Slot] = [:]
            return homes.map { place in
                if let slot = slots[place] { return slot }
                let slot = memory.request(count: needs[place]!.count, lifetime: needs[place]!.lifetime)
                slots[place] = slot
                return slot
            }
        }
        let values = request(home: \.valuesHome) {
            $0.maker...(plan.trains ? last - $0.maker : $0.readers.last!)
        }
        guard plan.trains else { return (values.map { ($0, nil) }, memory.arrange()) }
        let gradients = request(home: \.gradientHome) { last - $0.readers.last!...last - $0.maker }
        return (Array(zip(values, gradients)), memory.arrange())
    }

    /// Takes the memory and gives every map its part.
    private static func place(_ maps: [FeatureMap], _ memory: (slots: [MapSlots], total: Int)) -> AlignedBuffer<Float> {
        let buffer = AlignedBuffer<Float>(count: memory.total)
        for (map, slot) in zip(maps, memory.slots) {
            map.values = buffer.base + slot.values.offset
            map.gradient = slot.gradient.map { buffer.base + $0.offset }
        }
        return buffer
    }

    func record(_ layer: any Layer, backward: Bool, seconds: Double, images: Int) {
        profile.add(layer.name, backward: backward, seconds: seconds, operations: layer.operations * images)
    }
}
