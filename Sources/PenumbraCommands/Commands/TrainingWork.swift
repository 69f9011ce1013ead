import Determinism
import Foundation
import ImageDatasets
import TerminalProgress
import Training

/// A training with its progress, alone or as a part of a run.
struct TrainingWork {
    let source: DatasetSource
    let parameters: TrainingParameters
    /// Where checkpoint, history and state go.
    let folder: URL
    /// Starts again even where there is something to go on with.
    let isFresh: Bool
    let pretrained: URL?

    /// Trains to the end. Throws `Interruption` after its state has been written, and what training throws.
    func run(threads: ThreadCount, title: String, progress: ProgressOutput) throws -> [EpochRecord] {
        try RunFolder.createFolder(folder)
        let dataset = try source.dataset
        let count = try Split(slice: parameters.split).indices(of: .train, in: dataset).count
        let training = try TrainingRun(
            dataset: dataset, parameters: parameters, folder: folder, threads: threads, fresh: isFresh,
            pretrained: pretrained)
        var watcher = Watcher(parameters: parameters, imagesPerEpoch: count, title: title, progress: progress)
        let outcome = try training.run { event in
            watcher.show(event)
            return Interruption.isRequested ? .stop : .proceed
        }
        switch outcome {
        case .finished(let history):
            watcher.end(nil)
            return history
        case .stopped(let history):
            watcher.end("interrupted")
            throw Interruption(
                kept: "\(history.count) of \(parameters.epochs) epochs are done, the same command goes on from there")
        }
    }

    /// Shows a training's events.
    private struct Watcher {
        let parameters: TrainingParameters
        let imagesPerEpoch: Int
        let title: String
        let progress: ProgressOutput
        var loading: ProgressDisplay?
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
                if loading == nil {
                    loading = ProgressDisplay("\(title): load", total: count, unit: "images", to: progress)
                }
                loading?.update(done)
                if done == count {
                    loading?.end()
                }
            case .resumed(let epoch, let step):
                steps = display(done: images(epoch: epoch, step: step))
                steps?.print("goes on after \(epoch) epochs and \(step) steps")
            case .step(let epoch, let step, _, let loss, _):
                let done = images(epoch: epoch - 1, step: step)
                if steps == nil { steps = display(done: images(epoch: epoch - 1, step: step - 1)) }
                steps?.update(done, note: "epoch \(epoch)/\(parameters.epochs), loss \(Decimals.fixed(loss, 4))")
            case .epoch(let record):
                steps?.print(
                    "epoch \(record.epoch)/\(parameters.epochs): loss \(Decimals.fixed(record.loss, 4)), validation ACC "
                        + "\(Decimals.fixed(record.validationAccuracy, 4)), KL "
                        + "\(Decimals.fixed(record.validationKL, 4)), \(Decimals.fixed(record.seconds, 1)) s")
            }
        }

        func end(_ outcome: String?) { steps?.end(outcome) }
    }
}
