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
