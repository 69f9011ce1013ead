import PenumbraRuns
import ArgumentParser
import FeatureSpaces
import Figures
import Foundation
import ImageDatasets
import Parameters
import TensorFiles
import TerminalProgress
import Training

/// Compares feature spaces of the same samples.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Find out which feature space is better ordered, with a figure, a report and an explorer.",
        discussion: """
            A typical call: penumbra compare runs/shapes --out comparison

            Takes two or more of: runs, single trainings (RUN/split-1/hard), checkpoints with --data, and feature files \
            (.npy, .npz, .csv) with --labels. A run stands for all its trainings: several splits are compared split by \
            split, and several trainings of one kind on one split count as seeds.

            Writes to the folder: report.md and report.json with the answer, then every measure and interval; figure.png, \
            .svg and .pdf with the maps of all kinds, which start alike and are aligned to the first; samples.csv, the images \
            sorted by how many of their neighbours changed; suspects.csv, the images whose label disagrees most with their \
            neighbours; explorer.html, one page that opens in any browser without a network; and the maps.

            The verdict is "better ordered" if at least four of five measures speak for one kind on every split and none against \
            it, "mixed" if measures speak for both, and otherwise "not distinguishable". The rule was fixed on planted spaces; \
            --self-test checks it on them.
            """)

    @Argument(help: "Runs, trainings, checkpoints or feature files.", transform: URL.init(fileURLWithPath:))
    var spaces: [URL] = []

    @Option(help: "Folder to write the figure, reports, explorer and maps to.", transform: URL.init(fileURLWithPath:))
    var out: URL?

    @Flag(help: "Test the verdict on planted spaces instead, whose order is known, and print how often it is right.")
    var selfTest = false

    @Option(in: .from(1, to: 10_000), help: "For --self-test: seeds of each planted case. (default: 100)")
    var selfTestSeeds: Int?

    @Option(parsing: .upToNextOption, help: "Names of the spaces, one per argument (default: their labels).")
    var names: [String] = []

    @Option(
        help: "Labels for all feature files (default: the table that 'penumbra embed' writes next to each).",
        transform: URL.init(fileURLWithPath:))
    var labels: URL?

    @Option(
        help: "Folder of images for checkpoints and thumbnails (default: the training's).",
        transform: URL.init(fileURLWithPath:))
    var data: URL?

    @Option(
        in: TrainingParameters.splits,
        help: "For checkpoints: the split of the folds into training, validation and test, 1 to 5. (default: 1)")
    var split: Int?

    @Flag(help: "Compare only the labelled samples that all spaces have; what is left out is reported.")
    var commonSamples = false

    @Option(help: "Compare only the samples of this majority class.")
    var onlyClass: String?

    @Flag(
        help:
            "Compare spaces that differ in more than their kind, in training or labels, and list what differs in the report."
    )
    var allowDifferent = false

    @Option(in: .from(1, to: 1_000_000), help: "Number of nearest neighbours in the measures.")
    var neighbors = 15

    @Option(in: .from(0, to: 100_000), help: "Bootstrap draws of the images, for the intervals.")
    var bootstraps = 1_000

    @Option(in: .from(0, to: 100_000), help: "Permutations of the labels, for p; 0 for none.")
    var permutations = 200

    @Option(\.perplexity, help: "Perplexity of t-SNE.")
    var perplexity: ParameterSetting<ProjectionParameters>?

    @Option(\.tsne.iterations, help: "Iterations of t-SNE.")
    var maxIter: ParameterSetting<ProjectionParameters>?

    @Option(
        in: .from(0, to: 200), help: "Intermediate maps of each space to keep, for the explorer to play; 0 for none.")
    var snapshots = 24

    @Flag(inversion: .prefixedNo, help: "Start all maps alike, from the principal components of all spaces together.")
    var sharedStart = true

    @Flag(inversion: .prefixedNo, help: "Show the images in the explorer, where available.")
    var thumbnails = true

    @Flag(help: "Write only the explorer and the maps: no figure, report or tables.")
    var explorerOnly = false

    @OptionGroup var classNames: ClassNameOptions
    @OptionGroup(title: "Feature files") var featureFiles: FeatureOptions
    @OptionGroup(title: "Data set options") var format: DatasetFormatOptions
    @OptionGroup(title: "Data set options") var reading: DatasetOptions
    @OptionGroup(title: "Figure options") var figure: FigureOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        if selfTest {
            if !spaces.isEmpty || out != nil { throw ValidationError("--self-test takes no spaces and no --out.") }
            return
        }
        if selfTestSeeds != nil { throw ValidationError("--self-test-seeds is for --self-test; leave it out.") }
        if spaces.isEmpty { throw ValidationError("Missing spaces to compare; name two or more.") }
        if out == nil { throw ValidationError("Missing --out, the folder to write to.") }
        try reading.refuse(withoutData: data, format.format)
        try ValueCount.check("--names", names.count, expected: spaces.count, one: "space")
    }

    func run() throws {
        guard let out else { return try runSelfTest() }
        try FeatureReading.$options.withValue(.besideLabels) { try make(out) }
    }

    private func make(_ out: URL) throws {
        try OutputFolder.create(out)
        let lock = try OutputLock(folder: out)
        defer { lock.release() }
        let explorer = out.appendingPathComponent("explorer.html")
        let tables =
            explorerOnly
            ? []
            : ["report.json", "report.md", "samples.csv", "suspects.csv"].map { out.appendingPathComponent($0) }
        let outputs = tables + [explorer]
        for url in outputs { try OutputFile.check(url) }
        let figures =
            explorerOnly ? [] : FigureFormat.allCases.map { out.appendingPathComponent("figure.\($0.rawValue)") }
        let names = try classNames.names
        let (style, mixing) = try figure.resolved(note: reporting.note)
        for option in explorerOnly ? figure.given : [] {
            reporting.note("\(option) has no effect, because --explorer-only draws no figure")
        }
        let reading = reading.reading(format.format)
        let predictor = RunPredictions(
            data: data, reading: reading, precision: precision.precision, threads: threads.count,
            progress: reporting.progress, note: reporting.note)
        let inputs = try ComparisonInputs(
            paths: spaces, names: self.names, features: featureFiles.reading, labels: labels, reading: reading.labels,
            data: data.map { DatasetSource($0, as: reading, note: reporting.note) }, split: Split(slice: split ?? 1),
            choice: SampleChoice(takesCommon: commonSamples, onlyClass: onlyClass),
            allowsDifferent: allowDifferent, folder: out, predictor: predictor)
        try inputs.refuse(
            ofCheckpoints: split == nil ? [] : ["--split"],
            ofTrainings: precision.precision == .float32 ? [] : ["--precision"])
        _ = try precision.checked()
        let (kinds, labelDifferences) = try inputs.kinds()
        var projection = ProjectionParameters.defaults.with(settings(of: ProjectionParameters.self))
        projection.tsne.seed = seeds.seed
        try projection.checkAll()
        var measures = MeasureParameters()
        (measures.neighbors, measures.bootstraps, measures.permutations) = (neighbors, bootstraps, permutations)
        measures.seed = seeds.seed
        let comparison = Comparison(
            kinds: kinds, folder: out, parameters: measures,
            projection: projection,
            sharesStart: sharedStart, snapshots: snapshots, allowsDifferent: allowDifferent,
            labelDifferences: labelDifferences, threads: threads.count, progress: reporting.progress)
        try OutputFile.check(
            outputs + figures + comparison.outputs,
            apartFrom: spaces + comparison.inputs + [labels, self.reading.votes].compactMap(\.self) + figure.inputs)
        let result = try comparison.run()
        let report = ComparisonReport(result, parameters: measures)
        if !explorerOnly {
            try JSONText.write(report, as: .comparison, to: tables[0])
            try AtomicFile.write(report.markdown, to: tables[1])
            try ChangedSamples.write(result, to: tables[2])
            try SuspectLabels.write(result, to: tables[3])
            try writeFigures(result, style: style, mixing: mixing, to: figures)
        }
        try ComparisonExplorer(
            result: result, report: report, mixing: mixing, names: names, seed: seeds.seed,
            progress: reporting.progress
        ).explorer(withImages: thumbnails).write(to: explorer)
        var printed = report
        printed.cost = result.cost
        try reporting.report(
            VersionedContent(printed, .comparison),
            report.lines + [""] + (figures + outputs).map(\.path))
    }

    /// Exits with 1 if a case does not pass.
    private func runSelfTest() throws {
        let total = PlantedCase.all.count
        let display = ProgressDisplay("self-test", total: total, unit: "cases", to: reporting.progress)
        var done = 0
        let found = try VerdictSelfTest(seeds: selfTestSeeds ?? 100, threads: threads.count) {
            (_: VerdictSelfTest.Row) throws in
            done += 1
            display.update(done)
            try Interruption.check(kept: "a self-test keeps nothing")
        }
        display.end()
        try reporting.report(found, found.markdown)
        if !found.passes { throw FailedCases(names: found.rows.filter { !$0.passes }.map(\.name), total: total) }
    }

    /// Planted spaces that got too few right verdicts, or too many wrong ones.
    struct FailedCases: Error, CustomStringConvertible {
        let names: [String]
        let total: Int

        var description: String {
            "\(names.count) of \(total) cases \(names.count == 1 ? "does" : "do") not pass (right in at least 98 % of the "
                + "seeds, wrong in at most 2 %): \(names.joined(separator: "; "))"
        }
    }

    /// The maps, aligned with the first, in every format.
    private func writeFigures(
        _ result: Comparison.Result, style: FigureStyle, mixing: ColourMixing, to urls: [URL]
    ) throws {
        let maps = result.measured.map { one in
            LayoutFigure.Map(
                layout: LayoutFile(ids: one.kind.first.samples.ids, coordinates: one.coordinates), report: one.layout,
                evaluation: one.evaluation, name: one.kind.name)
        }
        let first = result.measured[0].kind.first
        let drawing = LayoutFigure(
            maps: maps, style: style, mixing: mixing, seed: seeds.seed,
            words: figure.words(unit: first.data == nil ? nil : .images))
        // The explorer's colours are mixed, too.
        _ = try figure.write(drawing, first.samples, to: urls, mixesElsewhere: true, reporting)
    }
}
