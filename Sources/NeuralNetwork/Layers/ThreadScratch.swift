import Numerics

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
