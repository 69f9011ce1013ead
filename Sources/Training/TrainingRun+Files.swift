import Backbones
import Foundation
import ImageDatasets
import NeuralNetwork
import TensorFiles

/// What a training reads before its first step, and what it leaves on disk.
extension TrainingRun {
    func diverged(_ what: String, step: Int) -> TrainingError {
        TrainingError.diverged(
            what: what, epoch: position.epoch + 1, step: step, learningRate: parameters.learningRate,
            kept: position.history.isEmpty ? nil : checkpointURL.path)
    }

    /// The network's tensors. Throws `TrainingError.diverged` where one is not finite: such a state must not take the
    /// place of a good one.
    func finiteState(_ kind: Network.StateKind) throws -> [NamedTensor] {
        let tensors = try network.state(kind)
        if let bad = tensors.first(where: { !$0.values.allSatisfy(\.isFinite) }) {
            throw diverged("\(bad.name) is not finite", step: position.step)
        }
        return tensors
    }

    func load(_ pretrained: WeightSource) throws -> (match: CheckpointMatch, naming: WeightNaming) {
        let url = pretrained.url
        let weights = try WeightFile(pretrained)
        let naming = try weights.requireNetwork()
        if naming.architecture != parameters.architecture {
            throw CheckpointError.otherNetwork(
                path: url.path, found: naming.title, expected: parameters.architecture.rawValue)
        }
        let (tensors, match) = try weights.tensors(
            for: network.state(), needsClassifier: false)
        do {
            try network.load(tensors)
        } catch let error as NetworkStateError {
            throw CheckpointError.misfit(path: url.path, error)
        }
        return (match, naming)
    }

    /// Throws `TrainingError.otherRun` where each process normalised its own images, and there were other processes.
    static func check(
        _ restored: TrainingState.Position, of parameters: TrainingParameters, processes count: Int, path: String
    ) throws(TrainingError) {
        let before = restored.processes ?? 1
        if parameters.batchNorm == .global || before == count { return }
        func words(_ count: Int) -> String { "--batch-norm local in \(count) process\(count == 1 ? "" : "es")" }
        throw .otherRun(path: path, found: words(before), expected: words(count))
    }

    func resume(_ state: TrainingState) throws {
        do {
            try network.load(state.values)
            try network.load(state.velocities, .velocities)
            if parameters.optimizer == .adam { try network.load(state.squares, .squares) }
        } catch let error as NetworkStateError {
            throw TrainingError.badState(path: stateURL.path, found: error.description)
        }
        let steps = (labels.training.count + parameters.batchSize - 1) / parameters.batchSize
        if let problem = state.position.problem(epochs: parameters.epochs, steps: steps) {
            throw TrainingError.badState(path: stateURL.path, found: "metadata penumbra.position: \(problem)")
        }
        let count = position.processes
        position = state.position
        position.processes = count
    }

    /// Removes the state of the run before a fresh start.
    func removeFormerState() throws {
        if processes.isFirst && isFresh && FileManager.default.fileExists(atPath: stateURL.path) {
            try FileManager.default.removeItem(at: stateURL)
        }
    }

    /// Called by all processes at once. All check their weights, which are the same, so that none continues where the
    /// first has found them to have diverged; they take their statistics from the first.
    func writeState() throws {
        if parameters.batchNorm == .local {
            try processes.group?.broadcast(network.runningElements, doing: "sharing running statistics")
        }
        if processes.isFirst {
            let state = TrainingState(
                identity: identity, position: position, values: try finiteState(.values),
                velocities: try finiteState(.velocities), squares: try finiteState(.squares))
            try state.write(to: stateURL)
        } else {
            // One after the other, in a third of the memory.
            for kind in [Network.StateKind.values, .velocities, .squares] { _ = try finiteState(kind) }
        }
        try processes.meet(doing: "waiting for the state to be saved")
        lastSave = .now
    }

    /// Whether the last epoch so far is the one to keep.
    var keepsLatest: Bool {
        parameters.keep.index(in: position.history) == position.history.indices.last
    }

    /// Writes the history and, where the last epoch is the one to keep, the checkpoint.
    func writeResults() throws {
        if !processes.isFirst { return }
        if keepsLatest {
            let checkpoint = Checkpoint(
                architecture: parameters.architecture.rawValue, classes: dataset.classes,
                imageSize: parameters.imageSize, labels: parameters.labels.rawValue,
                resize: parameters.resize.rawValue, upsample: parameters.upsample, precision: parameters.precision,
                output: parameters.loss.output,
                kept: parameters.keep == .best ? "epoch \(position.epoch), the best by validation KL" : nil,
                tensors: try network.state())
            try checkpoint.write(to: checkpointURL)
        }
        try TrainingHistory.write(position.history, to: historyURL)
    }

    /// The SHA-256 digest of what a run's result depends on; image files count with their size.
    static func digest(_ dataset: Dataset, training: [Int], validation: [Int]) -> String {
        var text = dataset.classes.joined(separator: "\t")
        for (name, subset) in [("train", training), ("val", validation)] {
            for index in subset {
                let sample = dataset.samples[index]
                let size = (try? sample.imageURL.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? -1
                text += "\n\(name)\t\(index)\t\(sample.id)\t\(size)\t\(sample.label.probabilities)"
            }
        }
        return SHA256Digest.of(Data(text.utf8)).description
    }
}
