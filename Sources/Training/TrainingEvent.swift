import Backbones

/// What a run tells the one who watches it.
public enum TrainingEvent: Sendable {
    /// Images are being read and brought to size: so many of all.
    case loading(done: Int, of: Int)
    /// The run starts from the weights of a file: what was taken from it.
    case pretrained(CheckpointMatch, WeightNaming)
    /// The run goes on after the epochs and steps that a former one had done, with so many threads.
    case resumed(epoch: Int, step: Int, threads: Int)
    /// The memory does not hold whole batches (or the parameters say so): each is processed in so many parts of so many
    /// images at most, whose gradients are added up. Batch normalisation sees one part at a time.
    case accumulating(parts: Int, images: Int)
    /// A step is done: epoch and step from 1, the step's loss, training images per second since the epoch began.
    case step(epoch: Int, step: Int, steps: Int, loss: Double, imagesPerSecond: Double)
    /// An epoch's validation goes on: so many images of all.
    case validating(done: Int, of: Int)
    /// An epoch is done, and its checkpoint written.
    case epoch(EpochRecord)
}

/// Whether a run goes on.
public enum TrainingDecision: Sendable {
    /// With the next step.
    case `continue`
    /// The state is written, and the run ends.
    case stop
}

/// How a run ended.
public enum TrainingOutcome: Sendable, Equatable {
    /// All epochs are done.
    case finished([EpochRecord])
    /// It was stopped, and a new run in the same folder goes on from there.
    case stopped([EpochRecord])
}
