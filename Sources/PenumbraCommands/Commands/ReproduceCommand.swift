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

    /// Whether the user named `source`; the other sources are data sets that the runs generate themselves.
    private func isGiven(_ source: URL) -> Bool {
        let images = data.map { data in
            ((try? ReproductionPreset.named(preset))?.givenFolders ?? []).map { data.appendingPathComponent($0) }
        }
        return (pretrained + [miceBone].compactMap(\.self) + (images ?? [])).map(\.standardizedFileURL.path)
            .contains(source.standardizedFileURL.path)
    }

    /// The runs of the preset, modified by the options.
    private func reproductions() throws -> [Reproduction] {
        let preset = try ReproductionPreset.named(preset)
        let precision = try precision.checked()
        var plans = preset.runs
        if let only {
            guard let plan = plans.first(where: { $0.folder == only }) else {
                throw ValidationError("--only \(only): preset \(preset.name) has " + Self.folders(of: preset) + ".")
            }
            // Includes the run whose weights it starts from.
            plans = plans.filter { $0.folder == plan.start } + [plan]
        }
        if count != nil && plans.allSatisfy({ $0.set.givenFolder != nil }) {
            throw ValidationError("--count sets how many images are made; here all images are given.")
        }
        if !pretrained.isEmpty && plans.contains(where: { $0.start != nil }) {
            throw ValidationError("--pretrained: preset \(preset.name) trains the weights that its runs start from.")
        }
        let data = try givenData(for: plans, of: preset)
        if miceBone != nil && !plans.contains(where: { $0.set == .fibres }) {
            throw ValidationError("--mice-bone replaces fibres, which preset \(preset.name) does not have.")
        }
        let parameters = settings(of: TrainingParameters.self)
        let weightsByPlan = try weights(
            for: plans.map { plan in
                var plan = plan
                plan.training = plan.training.with(parameters)
                return plan
            })
        var reproductions: [Reproduction] = []
        for (plan, weights) in zip(plans, weightsByPlan) {
            var given = plan.set == .fibres ? miceBone : nil
            if case .given(let name) = plan.set { given = data?.appendingPathComponent(name) }
            var plan = plan
            if !plan.isStart, let other = splits.first(where: { !plan.splits.contains($0) }) {
                let names = plan.splits.map(String.init)
                throw ValidationError(
                    "--splits \(other): preset \(preset.name) has "
                        + (names.dropLast().joined(separator: ", ") + (names.count > 1 ? " and " : "") + names.last!)
                        + ".")
            }
            if !splits.isEmpty && !plan.isStart { plan.splits = Set(splits).sorted() }
            plan.count = count ?? plan.count
            if weights != nil { plan.training.learningRate = plan.pretrainedLearningRate }
            plan.training = plan.training.with(parameters)
            (plan.training.precision, plan.training.seed) = (precision, seeds.seed)
            var projection = preset.projection.with(settings(of: ProjectionParameters.self))
            projection.tsne.seed = seeds.seed
            let folder = plan.set == .fibres && given != nil ? "micebone" : plan.folder
            let start = try reproductions.first { $0.plan.folder == plan.start && plan.start != nil }?.checkpoint
            reproductions.append(
                Reproduction(
                    plan: plan, run: RunFolder(url: folder.map { out.appendingPathComponent($0) } ?? out), given: given,
                    data: data, projection: projection,
                    pretrained: weights.map(foreign.source) ?? start.map { WeightSource($0) }))
        }
        return reproductions
    }

    /// The folder of the user's images, which contains all that `plans` need. Throws `ValidationError`.
    private func givenData(for plans: [ReproducedRun], of preset: ReproductionPreset) throws -> URL? {
        let needed = Set(plans.compactMap(\.set.givenFolder)).sorted()
        guard let data else {
            if needed.isEmpty { return nil }
            throw ValidationError(
                "Preset \(preset.name) needs --data with the folder that holds \(needed.joined(separator: ", ")).")
        }
        if preset.givenFolders.isEmpty {
            throw ValidationError("--data: preset \(preset.name) makes its own images.")
        }
        for name in needed where !FileManager.default.fileExists(atPath: data.appendingPathComponent(name).path) {
            throw ValidationError(
                "--data \(data.relativePath) has no folder '\(name)', which preset \(preset.name) needs; --only does a single "
                    + "run.")
        }
        return data
    }

    /// The weight file of each plan; nil if it has none. Throws `ValidationError` if a network has two, or a file belongs to no
    /// network: none is ignored silently.
    private func weights(for plans: [ReproducedRun]) throws -> [URL?] {
        var unused = Set(pretrained)
        let weights = try plans.map { plan in
            if plan.start != nil || plan.isStart { return URL?.none }
            let fitting = try plans.count == 1 ? pretrained : pretrained.filter { try Self.fits($0, plan) }
            if fitting.count > 1 {
                throw ValidationError(
                    "--pretrained names \(fitting.count) files for \(plan.training.architecture.rawValue): "
                        + fitting.map(\.path).joined(separator: ", ") + "; expected one.")
            }
            unused.subtract(fitting)
            return fitting.first
        }
        if let file = pretrained.first(where: unused.contains) {
            throw ValidationError("--pretrained \(file.path): no network of the preset has these weights.")
        }
        return weights
    }

    private static func folders(of preset: ReproductionPreset) -> String {
        let names = preset.runs.compactMap(\.folder)
        return names.isEmpty ? "only one run" : names.joined(separator: " and ")
    }

    /// Whether weights belong to the plan's network.
    private static func fits(_ weights: URL, _ plan: ReproducedRun) throws -> Bool {
        try WeightFile(weights).naming.map { $0.architecture == plan.training.architecture } ?? false
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
