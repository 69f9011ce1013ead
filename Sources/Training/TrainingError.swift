import ImageDatasets
import Parameters

/// The ways in which training can end without a result.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// A parameter is out of its range.
    case badParameter(ParameterError)
    /// The split leaves nothing to train on.
    case noTrainingSamples(split: Split)
    /// The best epoch should be kept, but the split leaves no samples to choose it by.
    case noValidationSamples(split: Split)
    /// The folder holds an interrupted run with other parameters or other data.
    case otherRun(path: String, found: String, expected: String)
    /// The file to resume from is not one that training wrote.
    case badState(path: String, found: String)
    /// The loss, the weights or the predictions (`what` says which) are not finite. `kept` is the last good checkpoint.
    case diverged(what: String, epoch: Int, step: Int, learningRate: Double, kept: String?)

    /// One line: the place, what was found and what was expected.
    public var description: String {
        switch self {
        case .badParameter(let problem): problem.description
        case .noTrainingSamples(let split):
            "split \(split) has no training sample; expected at least one (--split all trains on every sample)"
        case .noValidationSamples(let split):
            "--keep is best, but split \(split) has no validation sample to choose the epoch by; expected --keep last"
        case .otherRun(let path, let found, let expected):
            "\(path) was made with \(found), not \(expected); use --fresh to start again, or another folder"
        case .badState(let path, let found):
            "\(path): \(found); expected a state that penumbra wrote (use --fresh to start again)"
        case .diverged(let what, let epoch, let step, let learningRate, let kept):
            "\(what) at epoch \(epoch), step \(step), at a learning rate of \(learningRate); "
                + (kept.map { "the checkpoint of the last good epoch is kept in \($0)" } ?? "no epoch was finished")
                + ". Try a smaller learning rate"
        }
    }

    /// Whether the user's input is wrong, and not the run's course.
    public var isInput: Bool {
        if case .diverged = self { return false }
        return true
    }
}
