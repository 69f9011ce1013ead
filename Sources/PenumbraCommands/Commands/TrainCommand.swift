import PenumbraRuns
import ArgumentParser
import Foundation
import ImageDatasets
import NeuralNetwork
import Parameters
import Processes
import Training

/// Trains a network.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a network on hard, soft or quantized labels of a data set.",
        discussion: """
            A typical call: penumbra train images --out runs/mine --labels soft

            Writes RUN/split-N/LABELS with checkpoint.safetensors (PyTorch's names), history.csv and what is needed to resume. \
            A run may hold several kinds of labels and several splits. An interrupted training resumes where it stopped when the \
            same command is run again, and ends with the same bytes as without the interruption.
            """)

    @Argument(help: "Folder of labelled images.", transform: URL.init(fileURLWithPath:))
    var data: URL

    @Option(help: "The run's folder.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @OptionGroup(title: "Label options") var labels: LabelOptions

    @OptionGroup(title: "Training options") var training: TrainingOptions

    @Flag(
        help: """
            Recompute the activations inside blocks in the backward pass instead of storing them: 15 to 60 % less memory, 8 to \
            27 % more time, the same bytes. Outputs of batch normalisation and concatenation are never kept.
            """)
    var recompute = false

    @Option(
        help: """
            JSON with lists under lr, batch_size, weight_decay, dropout: train with every combination, keep the one with \
            the lowest KL on the validation images, and write all results to grid.csv and grid.md.
            """, transform: URL.init(fileURLWithPath:))
    var grid: URL?

    @Option(
        help: "Weights to start from (.safetensors, .pt, .pth, .h5, .keras; the classifier may differ).",
        transform: URL.init(fileURLWithPath:))
    var pretrained: URL?

    @OptionGroup(title: "Data set options") var format: DatasetFormatOptions
    @OptionGroup(title: "Data set options") var reading: DatasetOptions
    @OptionGroup var foreign: ForeignCheckpointOptions

    @Flag(help: "Start over, even if the run's folder already holds a training for these labels and split.")
    var fresh = false

    @Flag(
        help: """
            Report at the end where the time of the steps went, from the second on: each block's passes and GFLOP/s compared with \
            the machine's peak, and what its convolutions and passes take alone (each layer's in profile.csv).
            """)
    var profile = false

    @Option(
        name: .customLong("seeds"),
        help: """
            Train this many times, with seeds from --seed on, each into split-N-seed-S/LABELS: for data sets with one official split.
            """)
    var repetitions: Int?

    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        if profile && grid != nil { throw ValidationError("--profile and --grid cannot be combined.") }
        try foreign.require("--pretrained", isGiven: pretrained != nil)
        guard let repetitions else { return }
        if !(2...1000).contains(repetitions) {
            throw ValidationError(
                "--seeds is \(repetitions); expected 2 to 1000 (--seed sets the seed of a single training).")
        }
        for (option, isGiven) in [("--grid", grid != nil), ("--profile", profile)] where isGiven {
            throw ValidationError("--seeds and \(option) cannot be combined.")
        }
    }

    func run() throws {
        try Interruption.within(time.stopAfter) { try SharedCommand.run { try run(sharedBy: $0) } }
    }

    private func run(sharedBy group: (any ProcessGroup)?) throws {
        let shared = group.map(SharedTraining.init)
        let isFirst = group?.isFirst ?? true
        let source = DatasetSource(data, as: reading.reading(format.format)) { if isFirst { reporting.note($0) } }
        _ = try precision.checked()
        try shared?.requireSame(arguments: CommandLineProgram.arguments, source: source)
        let start = TrainingStart(pretrained: pretrained.map(foreign.source), isFresh: fresh)
        var execution = TrainingExecution(recomputes: recompute, processes: group)
        let parameters = try parameters(of: source, shared)
        if let shared, !isFirst {
            return try shared.serve(source: source, start, execution, threads: threads.count)
        }
        try train(parameters, source, start, &execution, endingWith: shared)
    }

    /// Trains, as the only process or as the first of several.
    private func train(
        _ parameters: TrainingParameters, _ source: DatasetSource, _ start: TrainingStart,
        _ execution: inout TrainingExecution, endingWith shared: SharedTraining?
    ) throws {
        let values = try grid.map(GridFile.read)
        for parameters in values?.combinations(of: parameters) ?? [parameters] { try parameters.validate() }
        let run = RunFolder(url: out)
        let dataset = try source.dataset(for: parameters.split)
        if grid != nil && parameters.split.indices(of: .validation, in: dataset).isEmpty {
            throw ValidationError("--grid needs validation images, of which split \(parameters.split) has none.")
        }
        let data = TrainingData(dataset, split: parameters.split)
        reporting.note(data.line)
        try run.create()
        let trainings = (0..<UInt64(repetitions ?? 1)).map { number in
            var repeated = parameters
            repeated.seed &+= number
            return repeated
        }
        let members = trainings.map { run.member(of: $0, namesSeed: repetitions != nil) }
        let member = members[0]
        let stages = RunStages(run: run, source: source, namesRepetitions: repetitions != nil)
        var measured: ProfileReport?
        if profile {
            execution.profiled = {
                let report = ProfileReport($0, peak: try Network.measurePeakSpeed(threads: threads.count))
                try report.writeTable(to: member.profile)
                measured = report
            }
        }
        let work =
            if let grid, let values {
                [try stages.search(parameters, values, gridFile: grid, start, execution: execution)]
            } else {
                try trainings.map {
                    try stages.train($0, start, execution: execution, namesSeed: repetitions != nil)
                }
            }
        do {
            try StageRunner(run: run, threads: threads.count, progress: reporting.progress, note: reporting.note)
                .perform(work)
            try shared?.finish()
        } catch let interruption as Interruption {
            try shared?.finish()
            for line in measured?.lines ?? [] { reporting.note(line) }
            throw interruption
        }
        if profile && measured == nil { reporting.note("no profile: profiling needs at least two training steps") }
        try reporting.report(
            Report(
                data: data, checkpoint: member.checkpoint.path, history: member.history.path,
                checkpoints: repetitions.map { _ in members.map(\.checkpoint.path) }, profile: measured),
            (measured?.lines ?? []) + members.map(\.checkpoint.path))
    }

    /// The parameters given by the options, with the defaults that depend on others.
    func parameters(of source: DatasetSource, _ shared: SharedTraining? = nil) throws -> TrainingParameters {
        var parameters = TrainingParameters.defaults
        if pretrained != nil { (parameters.learningRate, parameters.dropout) = (0.1, 0.5) }
        if training.optimizer?.word == Optimizer.adam.word { parameters.learningRate = 0.001 }
        parameters = parameters.with(settings(of: TrainingParameters.self))
        parameters.precision = precision.precision
        parameters.seed = seeds.seed
        if let shared, parameters.shards == nil { parameters.shards = try shared.pieces(threads: threads.count) }
        if training.imageSize == nil, parameters.upsample > 1, let first = try source.dataset.samples.first {
            let size = try first.imageSize()
            parameters.imageSize = max(size.width, size.height) &* parameters.upsample
        }
        return parameters
    }

    private struct Report: Encodable {
        /// What was trained on.
        var data: TrainingData
        var checkpoint: String
        var history: String
        /// The checkpoints of all seeds, if there are several.
        var checkpoints: [String]?
        var profile: ProfileReport?
    }
}
