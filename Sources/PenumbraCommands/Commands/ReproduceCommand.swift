import PenumbraRuns
import ArgumentParser
import Backbones
import Foundation
import ImageDatasets
import Parameters
import TensorFiles
import Training

/// Does everything from scratch up to the figures.
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Make the image set, train on each kind of labels, map and draw them: Figure 1, Table 1.",
        discussion: """
            A typical call: penumbra reproduce --preset quick --out figures

            Presets:
            \(ReproductionPreset.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

            Writes to the run's folder every file that the stages make, run.json with all parameters and digests, \
            evaluation.json, the table of results (table.md, .csv, .tex), and figure.png, .svg and .pdf. After an \
            interruption, the same command does only what is left.
            """)

    @Option(help: "\(ReproductionPreset.all.map(\.name).joined(separator: ", ")).")
    var preset: String

    @Option(help: "The run's folder.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(in: .within(ShapesParameters.counts), help: "Number of images (default: the preset's).")
    var count: Int?

    @Option(\.architecture, help: "The network of all trainings.", default: "the preset's")
    var backbone: ParameterSetting<TrainingParameters>?

    @Option(\.imageSize, help: "Side of the images in pixels.", default: "the preset's")
    var imageSize: ParameterSetting<TrainingParameters>?

    @Option(\.epochs, help: "Epochs per training.", default: "the preset's")
    var epochs: ParameterSetting<TrainingParameters>?

    @Option(\.batchSize, help: "Images per training step.", default: "the preset's")
    var batchSize: ParameterSetting<TrainingParameters>?

    @Option(\.learningRate, help: "Learning rate.", default: "the preset's")
    var learningRate: ParameterSetting<TrainingParameters>?

    @Option(\.perplexity, help: "Perplexity of t-SNE.", default: "the preset's")
    var perplexity: ParameterSetting<ProjectionParameters>?

    @Option(\.tsne.iterations, help: "Iterations of t-SNE.", default: "the preset's")
    var maxIter: ParameterSetting<ProjectionParameters>?

    @Option(help: "Only this run of a preset with several, such as shapes, fibres or cifar10h.")
    var only: String?

    @Option(
        help: """
            For the preset real: folder with the images that you have, as cifar10 (one folder per class in train and test), \
            cifar10h and ferplus ('How to make it again' in Documentation/results.md says where they come from).
            """, transform: URL.init(fileURLWithPath:))
    var data: URL?

    @Option(parsing: .upToNextOption, help: "Only these of the preset's splits.")
    var splits: [Int] = []

    @Option(
        help: "Folder of MiceBone, to use instead of fibres (simulated).", transform: URL.init(fileURLWithPath:))
    var miceBone: URL?

    @Option(
        help: """
            Weights to start the trainings from (.safetensors, .pt, .pth, .h5, .keras); may be given several times, for \
            presets of several networks.
            """, transform: URL.init(fileURLWithPath:))
    var pretrained: [URL] = []

    @OptionGroup var foreign: ForeignCheckpointOptions

    @Flag(help: "Remove what an earlier run made in the folder and start over.")
    var fresh = false

    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var seeds: SeedOptions
    @Flag(help: "List the trainings, each of which --job can do on its own, and show which are done.")
    var listJobs = false

    @Option(
        help: """
            Do only the training with this number in --list-jobs, with its features and its map, while other processes run \
            other jobs. The same command without --job then does the rest.
            """)
    var job: Int?

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        try foreign.require("--pretrained", isGiven: !pretrained.isEmpty)
        if job != nil && fresh { throw ValidationError("--job and --fresh cannot be combined.") }
        if listJobs && (job != nil || fresh) {
            throw ValidationError("--list-jobs cannot be combined with \(fresh ? "--fresh" : "--job").")
        }
    }

    func run() throws { try Interruption.within(time.stopAfter) { try perform() } }

    private func perform() throws {
        let reproductions = try reproductions()
        if job != nil || listJobs { return try performJob(of: reproductions) }
        // Trainings that start from the weights of an earlier run are only known once that run is trained.
        func stages(of reproduction: Reproduction) throws -> [Stage] {
            let start = reproductions.first { $0.plan.isStart && $0.plan.folder == reproduction.plan.start }
            return try start.map { try !fresh && $0.isTrained } ?? true ? reproduction.stages() : []
        }
        var stages = try reproductions.map(stages)
        let runners = reproductions.map {
            StageRunner(run: $0.run, threads: threads.count, progress: reporting.progress, note: reporting.note)
        }
        try OutputFolder.create(out)
        let lock = try OutputLock(folder: out)
        defer { lock.release() }
        for (runner, stages) in zip(runners, stages) { try runner.checkSources(stages) }
        if fresh {
            let sources = stages.joined().flatMap(\.sources)
            for runner in runners { try runner.removeEverything(apartFrom: sources.filter(isGiven)) }
        }
        for (runner, stages) in zip(runners, stages) {
            try runner.run.create()
            try runner.check(stages)
        }
        try estimate(reproductions)
        // Tables over several runs are not those of a single run.
        let isWhole = only == nil && reproductions.count > 1
        var evaluations: [Evaluation] = []
        for (index, (reproduction, runner)) in zip(reproductions, runners).enumerated() {
            if stages[index].isEmpty { stages[index] = try reproduction.stages() }
            try runner.perform(stages[index])
            if reproduction.plan.isStart { continue }
            let found = try JSONText.read(
                EvaluationTable.self, as: .evaluation, from: reproduction.run.evaluation
            ).evaluations
            let prefix = isWhole ? try reproduction.title() + "/" : ""
            evaluations += found.map { evaluation in
                var named = evaluation
                named.name = prefix + evaluation.name
                return named
            }
        }
        let table = EvaluationTable(evaluations)
        let whole = RunFolder(url: out)
        if isWhole { for url in whole.tables { try ResultsTable(table).write(to: url) } }
        let runs = reproductions.map(\.run)
        let states = runs.flatMap(\.members).map(\.resume).filter { FileManager.default.fileExists(atPath: $0.path) }
        let outputs = try WrittenFiles(
            stages.joined().flatMap(\.outputs) + states + runs.map(\.manifest)
                + (isWhole ? whole.tables : []), in: whole)
        try reporting.report(Report(evaluation: table, outputs: outputs.files), table.lines + [""] + outputs.lines)
    }

    /// Lists the jobs, or performs the requested one.
    private func performJob(of reproductions: [Reproduction]) throws {
        let jobs = try ReproductionJob.all(of: reproductions)
        guard let number = job else {
            let summaries = try jobs.map { try $0.summary() }
            return try reporting.report(summaries, summaries.map(\.line))
        }
        guard jobs.indices.contains(number) else {
            throw ValidationError("--job \(number): expected 0 to \(jobs.count - 1); --list-jobs lists the jobs.")
        }
        let job = jobs[number]
        try OutputFolder.create(out)
        try job.perform(
            StageRunner(run: job.run, threads: threads.count, progress: reporting.progress, note: reporting.note))
        let files = try job.outputs().map(\.path)
        try reporting.report(files, files)
    }

    /// Reports how long the remaining trainings will take.
    private func estimate(_ reproductions: [Reproduction]) throws {
        if reporting.quiet { return }
        let estimates = try reproductions.compactMap { try $0.estimate(threads: threads.count) }
        for estimate in estimates { reporting.note(estimate.line) }
        if estimates.count > 1 {
            reporting.note("about \(Reproduction.Estimate.duration(estimates.reduce(0) { $0 + $1.seconds })) in all")
        }
    }

    private struct Report: Encodable {
        var evaluation: EvaluationTable
        var outputs: [WrittenFiles.File]
    }
}
