import Backbones

/// What a run reports to its observer.
public enum TrainingEvent: Sendable {
    /// Images are being read and resized: this many of all.
    case loading(done: Int, of: Int)
    /// The run starts from the weights of a file. Says what was taken from it.
    case pretrained(CheckpointMatch, WeightNaming)
    /// The run resumes after the epochs and steps of a previous one, with this many threads.
    case resumed(epoch: Int, step: Int, threads: Int)
    /// Whole batches do not fit into memory (or the parameters ask for parts): each batch is processed in `parts` parts
    /// of at most `images` images, whose gradients are added up. Batch normalisation sees one part at a time.
    case accumulating(parts: Int, images: Int)
    /// A step is done: epoch and step (from 1), the loss of the step, and training images per second since the epoch
    /// began.
    case step(epoch: Int, step: Int, steps: Int, loss: Double, imagesPerSecond: Double)
    /// The validation of an epoch is in progress: this many images of all.
    case validating(done: Int, of: Int)
    /// An epoch is done, and its checkpoint written.
    case epoch(EpochRecord)
}

/// Whether a run continues.
public enum TrainingDecision: Sendable {
    /// With the next step.
    case `continue`
    /// Write the state and end the run.
    case stop
}

/// How a run ended.
public enum TrainingOutcome: Sendable, Equatable {
    /// All epochs are done.
    case finished([EpochRecord])
    /// It was stopped; a new run in the same folder resumes from there.
    case stopped([EpochRecord])
}
