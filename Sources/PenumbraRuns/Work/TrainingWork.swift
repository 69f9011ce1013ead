import Backbones
import Foundation
import ImageDatasets
import NeuralNetwork
import Processes
import Numerics
import TensorFiles
import TerminalProgress
import Training

/// The settings of a training that do not change its result.
package struct TrainingExecution {
    /// Whether activations are recomputed in the backward pass.
    var recomputes = false
    /// Receives the profile of the steps, if one is requested and there was more than one step.
    package var profiled: ((NetworkProfile) throws -> Void)?
    /// The processes that share the training, of which this is the first.
    var processes: (any ProcessGroup)?

    package init(
        recomputes: Bool = false, profiled: ((NetworkProfile) throws -> Void)? = nil,
        processes: (any ProcessGroup)? = nil
    ) {
        self.recomputes = recomputes
        self.profiled = profiled
        self.processes = processes
    }
}

/// What a training starts from.
package struct TrainingStart {
    /// The weights; nil to start from scratch.
    var pretrained: WeightSource?
    /// Whether to start again even if there is a state to resume from.
    var isFresh = false

    package init(pretrained: WeightSource? = nil, isFresh: Bool = false) {
        self.pretrained = pretrained
        self.isFresh = isFresh
    }
}

/// A training with a progress display, alone or as part of a run.
struct TrainingWork {
    let source: DatasetSource
    let parameters: TrainingParameters
    /// The folder for checkpoint, history and state.
    let folder: URL
    var start = TrainingStart()
    var execution = TrainingExecution()

    /// Trains to the end. Throws `Interruption` once the state has been written, and what training throws.
    func run(threads: ThreadCount, title: String, progress: ProgressOutput) throws -> [EpochRecord] {
        try OutputFolder.create(folder)
        let dataset = try source.dataset
        let split = parameters.split
        let all = split.indices(of: .train, in: dataset).count
        let count = min(all, parameters.trainingImages ?? all)
        let training: TrainingRun
        try execution.processes.map { try SharedTraining(group: $0).announce(parameters, folder: folder) }
        do {
            training = try TrainingRun(
                dataset: dataset, parameters: parameters, folder: folder, threads: threads, fresh: start.isFresh,
                pretrained: start.pretrained, recomputes: execution.recomputes,
                profiles: execution.profiled != nil, processes: execution.processes)
        } catch let error as NetworkMemoryError {
            let batch = min(parameters.batchSize, count)
            throw error.explained(parts: parameters.accumulation ?? batch, batchSize: batch)
        }
        let validated = split.indices(of: .validation, in: dataset).count
        if validated == 0 && split != .all {
            progress.print("\(title): the data set has no validation images; the last epoch's checkpoint is kept")
        }
        let loaded = count + validated
        var watcher = Watcher(
            parameters: parameters, imagesPerEpoch: count, title: title, threads: threads.count,
            progress: progress,
            recomputes: execution.recomputes,
            loading: ProgressDisplay("\(title): load", total: loaded, unit: "images", to: progress))
        let outcome = try training.run { event in
            watcher.show(event)
            return Interruption.isRequested ? .stop : .continue
        }
        if let profiled = execution.profiled, let profile = try training.takeProfile() { try profiled(profile) }
        switch outcome {
        case .finished(let history):
            watcher.end(nil)
            return history
        case .stopped(let history):
            watcher.end("interrupted")
            throw Interruption(
                kept: "\(history.count) of \(parameters.epochs) epochs are done; run the same command "
                    + (start.isFresh ? "without --fresh " : "again ") + "to resume")
        }
    }

    /// What was taken from pretrained weights, and what this training does differently.
    static func lines(_ match: CheckpointMatch, _ naming: WeightNaming) -> [String] {
        var lines = ["pre-trained weights: \(naming.title), \(match.summary)"]
        lines += match.details(limit: 5).map { "  " + $0 }
        let own = naming.architecture.normalization
        if naming.normalization != own {
            lines.append(
                "  this training scales pixel values by \(own.words); the weights were made with "
                    + naming.normalization.words)
        }
        if let assumption = naming.assumption { lines.append("  " + assumption) }
        return lines
    }

    /// Shows a training's events.
    private struct Watcher {
        let parameters: TrainingParameters
        let imagesPerEpoch: Int
        let title: String
        let threads: Int
        let progress: ProgressOutput
        let recomputes: Bool
        let loading: ProgressDisplay
        var steps: ProgressDisplay?

        private func images(epoch: Int, step: Int) -> Int {
            epoch * imagesPerEpoch + min(imagesPerEpoch, step * parameters.batchSize)
        }

        private func display(done: Int) -> ProgressDisplay {
            ProgressDisplay(
                title, total: parameters.epochs * imagesPerEpoch, unit: "images", done: done, to: progress)
        }

        mutating func show(_ event: TrainingEvent) {
            switch event {
            case .loading(let done, let count):
                loading.update(done)
                if done == count { loading.end() }
            case .pretrained(let match, let naming):
                for line in TrainingWork.lines(match, naming) { loading.print(line) }
            case .resumed(let epoch, let step, let threads):
                steps = display(done: images(epoch: epoch, step: step))
                steps?.print("resuming after epoch \(epoch), step \(step)")
                if threads != self.threads && parameters.shards == nil {
                    steps?.print(
                        "it ran with \(threads) threads before: the result will not be byte-identical to an uninterrupted run"
                    )
                }
            case .step(let epoch, let step, _, let loss, _):
                let done = images(epoch: epoch - 1, step: step)
                if steps == nil { steps = display(done: images(epoch: epoch - 1, step: step - 1)) }
                steps?.update(done, note: "epoch \(epoch)/\(parameters.epochs), loss \(Decimals.fixed(loss, 4))")
            case .accumulating(let parts, let images):
                if steps == nil { steps = display(done: 0) }
                steps?.print(
                    "batches of \(parameters.batchSize) in \(parts) parts of \(images) images: their gradients are "
                        + "summed, and batch normalisation sees one part at a time"
                        + (recomputes ? "" : "; --recompute needs fewer parts"))
            case .validating: break
            case .epoch(let record):
                let validation =
                    record.validation.isEmpty
                    ? ""
                    : "validation ACC \(Decimals.fixed(record.validationAccuracy, 4)), KL "
                        + "\(Decimals.fixed(record.validationKL, 4)), "
                steps?.print(
                    "epoch \(record.epoch)/\(parameters.epochs): loss \(Decimals.fixed(record.loss, 4)), "
                        + validation + "\(Decimals.fixed(record.seconds, 1)) s")
            }
        }

        func end(_ outcome: String?) { steps?.end(outcome) }
    }
}
