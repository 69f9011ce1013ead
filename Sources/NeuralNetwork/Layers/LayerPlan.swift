import Numerics

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
