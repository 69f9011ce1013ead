import ArgumentParser
import Backbones
import Foundation
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import RasterImages
import Training

extension Architecture: ExpressibleByArgument {}
extension HeadKind: ExpressibleByArgument {}
extension Optimizer: ExpressibleByArgument {}
extension LearningRateSchedule: ExpressibleByArgument {}
extension ResizeFilter: ExpressibleByArgument {}

/// Trains a network.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a network on hard, soft or quantized labels of a data set.",
        discussion: """
            Writes RUN/split-N/LABELS with checkpoint.safetensors (PyTorch's names), history.csv and what resuming needs. \
            A run may hold several kinds of labels and several splits. An interrupted training goes on where it was when the \
            same command is given again, and ends with the same bytes as without the interruption.
            """)

    @Argument(help: "Folder of labelled images.", transform: URL.init(fileURLWithPath:))
    var data: URL

    @Option(help: "The run's folder.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @OptionGroup(title: "Label options") var labels: LabelOptions

    @Option(help: "The network.")
    var backbone = Architecture.densenet121

    @Option(help: "plain (dropout, dense layer) or large (two further dense layers, with batch normalisation).")
    var head = HeadKind.plain

    @Option(
        help: """
            Side in pixels to which images are scaled, at least 32 (default: 224; with --upsample, that many times the \
            longer side of the first image).
            """)
    var imageSize: Int?

    @Option(
        help: """
            How images are resized: antialias (as torchvision and Pillow do) or bilinear (without a wider filter when \
            shrinking, as torch's interpolate and tf.image.resize do).
            """)
    var resize = ResizeFilter.antialiased

    @Option(help: "Enlarge images by this factor first, bilinearly (8 for CIFAR-10's 32 pixels).")
    var upsample = 1

    @Option(help: "Passes over the training images.")
    var epochs = 60

    @Option(help: "Images a step.")
    var batchSize = 128

    @Option(help: "Parts in which a batch is worked off (default: as few as the memory holds).")
    var accumulate: Int?

    @Flag(
        help: """
            Make the inner maps of blocks again in the backward pass rather than keep them: 15 to 60 % less memory, 10 to \
            25 % more time, the same bytes. What batch normalisation and concatenation make is never kept.
            """)
    var recompute = false

    @Option(help: "sgdw (momentum, decoupled weight decay), sgd or adam, both as PyTorch's.")
    var optimizer = Optimizer.sgdw

    @Option(
        name: [.customLong("lr"), .customLong("learning-rate")],
        help: "Learning rate of the first step (default: 0.02, with --pretrained 0.1, for adam 0.001).")
    var learningRate: Double?

    @Option(
        help: "cosine (half a cosine to 0) or restarts (over a fifth of the steps, then again, each twice as long).")
    var schedule = LearningRateSchedule.cosine

    @Option(help: "Share of the velocity that each step keeps (adam's first beta).")
    var momentum = 0.9

    @Option(help: "Weight decay; that of sgdw goes as the learning rate.")
    var weightDecay = 5e-4

    @Flag(help: "Weight each class by its rarity among the training labels.")
    var classWeights = false

    @Option(help: "Share of each target that goes to all classes alike.")
    var labelSmoothing = 0.0

    @Option(help: "Share of features dropped before the classifier (default: 0, with --pretrained 0.5).")
    var dropout: Double?

    @Flag(inversion: .prefixedNo, help: "Flip, turn by quarters and zoom the training images.")
    var augment = true

    @Option(help: "Which folds are training, validation and test: a slice from 1 to 5.")
    var split = 1

    @Option(
        help: """
            JSON with lists under lr, batch_size, weight_decay, dropout: train with every combination, keep the one of \
            the least KL on the validation images, and write what was tried to grid.csv and grid.md.
            """, transform: URL.init(fileURLWithPath:))
    var grid: URL?

    @Option(
        help: "Weights to start from (.safetensors, .pt, .pth, .h5, .keras; the classifier may differ).",
        transform: URL.init(fileURLWithPath:))
    var pretrained: URL?

    @OptionGroup(title: "Data set options") var format: DatasetFormatOptions
    @OptionGroup(title: "Data set options") var reading: DatasetOptions
    @OptionGroup var foreign: ForeignCheckpointOptions

    @Flag(help: "Start again, whatever stands in the run's folder for these labels and split.")
    var fresh = false

    @Flag(
        help: """
            Tell at the end where the time of the steps went, from the second on: each block's passes and GFLOP/s beside \
            the machine's peak, and what its convolutions and passes take alone (each layer's in profile.csv).
            """)
    var profile = false

    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var speech: SpeechOptions

    func validate() throws {
        if profile && grid != nil {
            throw ValidationError("--profile and --grid cannot be combined.")
        }
    }

    func run() throws {
        let source = DatasetSource(data, as: reading.reading(format.format), note: speech.note)
        let parameters = TrainingParameters(
            architecture: backbone, head: head, labels: labels.labels, resamples: labels.resample,
            annotations: labels.annotations, trainingImages: labels.trainingImages, loss: labels.loss,
            hiddenShares: try labels.hiddenShares(of: source), split: split,
            imageSize: try networkSize(for: source), resize: resize, upsample: upsample, epochs: epochs,
            batchSize: batchSize, accumulation: accumulate, optimizer: optimizer,
            learningRate: learningRate ?? (optimizer == .adam ? 0.001 : pretrained == nil ? 0.02 : 0.1),
            schedule: schedule, momentum: momentum, weightDecay: weightDecay, weighsClasses: classWeights,
            labelSmoothing: labelSmoothing, dropout: dropout ?? (pretrained == nil ? 0 : 0.5), augments: augment,
            precision: try precision.checked(), seed: seeds.seed)
        let values = try grid.map(GridFile.read)
        for parameters in values?.combinations(of: parameters) ?? [parameters] { try parameters.validate() }
        let run = RunFolder(url: out)
        _ = try source.dataset(for: Split(slice: split))
        try run.create()
        let member = run.member(of: parameters)
        let stages = RunStages(run: run, source: source)
        var measured: ProfileReport?
        var execution = TrainingExecution(recomputes: recompute)
        if profile {
            execution.profiled = {
                let report = ProfileReport($0, peak: try Network.measurePeakSpeed(threads: threads.count))
                try report.writeTable(to: member.profile)
                measured = report
            }
        }
        let stage =
            if let grid, let values {
                try stages.search(
                    parameters, values, gridFile: grid, isFresh: fresh, pretrained: pretrained,
                    allowsMissing: foreign.allowMissing, priors: labels.priorsFile, execution: execution)
            } else {
                try stages.train(
                    parameters, isFresh: fresh, pretrained: pretrained, allowsMissing: foreign.allowMissing,
                    priors: labels.priorsFile, execution: execution)
            }
        if fresh { try run.record(nil, as: stage.name) }
        do {
            try StageRunner(run: run, threads: threads.count, progress: speech.progress, note: speech.note)
                .perform([stage])
        } catch let interruption as Interruption {
            for line in measured?.lines ?? [] { speech.note(line) }
            throw interruption
        }
        if profile && measured == nil { speech.note("no profile: a training needs two steps to be profiled") }
        try speech.report(
            Report(checkpoint: member.checkpoint.path, history: member.history.path, profile: measured),
            (measured?.lines ?? []) + [member.checkpoint.path])
    }

    /// The images' size at the network's input.
    private func networkSize(for source: DatasetSource) throws -> Int {
        if let imageSize { return imageSize }
        guard upsample > 1, let first = try source.dataset.samples.first else { return 224 }
        let size = try first.imageSize()
        return max(size.width, size.height) &* upsample
    }

    private struct Report: Encodable {
        var checkpoint: String
        var history: String
        var profile: ProfileReport?
    }
}
