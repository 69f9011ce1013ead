import Numerics
import Foundation
import TensorFiles
import TerminalProgress
import Training

/// Trains every combination of a grid and keeps the one with the smallest KL(human ‖ model) on the validation samples.
///
/// Each trial has its own folder in the member's `grid`, and resumes there after an interruption. The tables of trials are
/// written after each trial; the best trial's checkpoint and history become the member's.
struct GridSearch {
    let source: DatasetSource
    let base: TrainingParameters
    let grid: TrainingGrid
    let member: RunMember
    var start = TrainingStart()
    var execution = TrainingExecution()

    /// The result of one combination.
    struct Trial {
        let parameters: TrainingParameters
        /// The record of the checkpoint's epoch, or nil if the training diverged.
        let record: EpochRecord?
        let seconds: Double
    }

    /// Tries all combinations. Throws the last trial's `TrainingError.diverged` if all diverged, `Interruption`, and what
    /// trainings throw.
    func run(threads: ThreadCount, title: String, progress: ProgressOutput) throws {
        let combinations = grid.combinations(of: base)
        var trials: [Trial] = []
        var divergence: TrainingError?
        for (index, parameters) in combinations.enumerated() {
            let work = TrainingWork(
                source: source, parameters: parameters, folder: folder(of: parameters), start: start,
                execution: execution)
            var records: [EpochRecord] = []
            do {
                records = try work.run(
                    threads: threads, title: "\(title) \(index + 1)/\(combinations.count)", progress: progress)
            } catch let error as TrainingError {
                guard case .diverged = error else { throw error }
                divergence = error
            }
            let kept = parameters.keep.index(in: records)
            trials.append(
                Trial(
                    parameters: parameters, record: kept.map { records[$0] },
                    seconds: records.reduce(0) { $0 + $1.seconds }))
            try write(trials)
        }
        guard let best = Self.best(of: trials) else { throw divergence! }
        for file in [member.checkpoint, member.history] {
            let made = folder(of: trials[best].parameters).appendingPathComponent(file.lastPathComponent)
            try AtomicFile.write(Data(contentsOf: made), to: file)
        }
    }

    /// The trial with the smallest divergence; the first if there are several.
    static func best(of trials: [Trial]) -> Int? {
        trials.indices.filter { trials[$0].record != nil }
            .min { trials[$0].record!.validationKL < trials[$1].record!.validationKL }
    }

    private func folder(of parameters: TrainingParameters) -> URL {
        let name =
            "lr-\(parameters.learningRate)-batch-\(parameters.batchSize)-decay-\(parameters.weightDecay)"
            + "-dropout-\(parameters.dropout)"
        return member.grid.appendingPathComponent(name, isDirectory: true)
    }

    private func write(_ trials: [Trial]) throws {
        let header = [
            "learning_rate", "batch_size", "weight_decay", "dropout", "epochs", "loss", "validation_accuracy",
            "validation_kl", "seconds", "outcome",
        ]
        let best = Self.best(of: trials)
        func outcome(_ index: Int) -> String {
            trials[index].record == nil ? "diverged" : index == best ? "best" : "done"
        }
        try CSVWriter.write(to: member.gridTable, header: header) { table in
            for (index, trial) in trials.enumerated() {
                let parameters = trial.parameters
                let results = [trial.record?.loss, trial.record?.validationAccuracy, trial.record?.validationKL]
                try table.append(
                    [
                        .double(parameters.learningRate), .integer(parameters.batchSize),
                        .double(parameters.weightDecay), .double(parameters.dropout), .integer(parameters.epochs),
                    ] + results.map { $0.map { .double($0) } ?? .text("") }
                        + [.double((trial.seconds * 1000).rounded() / 1000), .text(outcome(index))])
            }
        }
        let rows = trials.enumerated().map { index, trial in
            let parameters = trial.parameters
            let results = [trial.record?.loss, trial.record?.validationAccuracy, trial.record?.validationKL]
            return [
                "\(parameters.learningRate)", "\(parameters.batchSize)", "\(parameters.weightDecay)",
                "\(parameters.dropout)", "\(parameters.epochs)",
            ] + results.map { $0.map { Decimals.fixed($0, 4) } ?? "–" }
                + [Decimals.fixed(trial.seconds, 1), outcome(index) == "best" ? "**best**" : outcome(index)]
        }
        let titles = [
            "learning rate", "batch size", "weight decay", "dropout", "epochs", "loss", "validation ACC",
            "validation KL", "seconds", "",
        ]
        let lines = ([titles, titles.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |\n" }
        try AtomicFile.write(lines.joined(), to: member.gridReport)
    }
}
