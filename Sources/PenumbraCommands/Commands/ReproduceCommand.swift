import ArgumentParser
import Foundation
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import Training

/// Does everything from nothing to the figures.
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Make the image set, train on hard and on soft labels, map and draw both: Figure 1.",
        discussion: """
            Presets:
            \(ReproductionPreset.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

            The run's folder gets every file that the stages make, run.json with all parameters and digests, \
            evaluation.json, and figure.png, .svg and .pdf. Interrupted or repeated, the same command does only what is \
            not done yet.
            """)

    @Option(help: "\(ReproductionPreset.all.map(\.name).joined(separator: ", ")).")
    var preset: String

    @Option(help: "The run's folder.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(help: "Number of images (default: the preset's).")
    var count: Int?

    @Option(help: "Side of the images in pixels (default: the preset's).")
    var imageSize: Int?

    @Option(help: "Epochs of each training (default: the preset's).")
    var epochs: Int?

    @Option(help: "Images a training step (default: the preset's).")
    var batchSize: Int?

    @Option(name: [.customLong("lr"), .customLong("learning-rate")], help: "Learning rate (default: the preset's).")
    var learningRate: Double?

    @Option(help: "Perplexity of t-SNE (default: the preset's).")
    var perplexity: Double?

    @Option(help: "Iterations of t-SNE (default: the preset's).")
    var maxIter: Int?

    @Option(
        help: "DenseNet-121's weights to start the trainings from (.safetensors, .pt, .pth, .h5, .keras).",
        transform: URL.init(fileURLWithPath:))
    var pretrained: URL?

    @OptionGroup var foreign: ForeignCheckpointOptions

    @Flag(help: "Remove what an earlier run made in the folder, and start again.")
    var fresh = false

    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var speech: SpeechOptions

    func run() throws {
        var plan = try ReproductionPreset.named(preset)
        plan.count = count ?? plan.count
        plan.imageSize = imageSize ?? plan.imageSize
        plan.epochs = epochs ?? plan.epochs
        plan.batchSize = batchSize ?? plan.batchSize
        plan.learningRate = learningRate ?? (pretrained == nil ? plan.learningRate : plan.pretrainedLearningRate)
        plan.perplexity = perplexity ?? plan.perplexity
        plan.maxIter = maxIter ?? plan.maxIter
        let run = RunFolder(url: out)
        let stages = try Self.stages(
            of: plan, in: run, seed: seeds.seed, pretrained: pretrained, allowsMissing: foreign.allowMissing,
            precision: try precision.checked())
        let runner = StageRunner(
            run: run, threads: threads.count, progress: speech.progress, note: speech.note)
        if fresh { try runner.removeEverything() }
        try runner.perform(stages)
        let evaluations = try JSONText.read(EvaluationTable.self, from: run.evaluation)
        let states = run.members.map(\.resume).filter { FileManager.default.fileExists(atPath: $0.path) }
        let outputs = try WrittenFiles(stages.flatMap(\.outputs) + states + [run.manifest], in: run)
        try speech.report(
            Report(evaluation: evaluations, outputs: outputs.files), evaluations.lines + [""] + outputs.lines)
    }

    /// Everything that the preset asks for, in an order in which each stage finds its inputs.
    private static func stages(
        of plan: ReproductionPreset, in run: RunFolder, seed: UInt64, pretrained: URL?, allowsMissing: Bool,
        precision: Precision
    ) throws -> [Stage] {
        let set = run.dataset.appendingPathComponent(ShapesGenerator.name, isDirectory: true)
        let maker = RunStages(run: run, source: DatasetSource(set), namesSplits: plan.splits.count > 1)
        let shapes = try ShapesParameters(count: plan.count, size: plan.imageSize, seed: seed)
        var stages = [try maker.generate(shapes)]
        let projection = ProjectionParameters(
            perplexity: ProjectionParameters.Perplexities([plan.perplexity]), maxIter: plan.maxIter, seed: seed)
        let members = plan.splits.map { split in plan.kinds.map { run.member(split: split, kind: $0) } }
        for member in members.joined() {
            let training = TrainingParameters(
                labels: member.kind.labels, resamples: member.kind.resamples, loss: member.kind.loss,
                split: member.split, imageSize: plan.imageSize, epochs: plan.epochs,
                batchSize: plan.batchSize, learningRate: plan.learningRate, weightDecay: plan.weightDecay,
                dropout: plan.dropout, precision: precision, seed: seed)
            try training.validate()
            stages += [
                try maker.train(training, pretrained: pretrained, allowsMissing: allowsMissing),
                try maker.embed(member, precision: precision),
                try maker.project(member, projection),
            ]
        }
        stages.append(try maker.evaluate(Array(members.joined())))
        for pair in members {
            stages.append(try maker.plot(pair, split: plan.splits.count > 1 ? pair[0].split : nil, seed: seed))
        }
        return stages
    }

    private struct Report: Encodable {
        var evaluation: EvaluationTable
        var outputs: [WrittenFiles.File]
    }
}
