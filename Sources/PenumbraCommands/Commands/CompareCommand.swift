import PenumbraRuns
import ArgumentParser
import FeatureSpaces
import Figures
import Foundation
import ImageDatasets
import Parameters
import TensorFiles
import Training

/// Compares feature spaces of the same samples.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Say which feature space is better ordered, with a figure, a report and an explorer.",
        discussion: """
            A typical call: penumbra compare runs/shapes --out comparison

            Takes two or more of: runs, single trainings (RUN/split-1/hard), checkpoints with --data, and files of features \
            (.npy, .npz, .csv) with --labels. A run stands for all its trainings: several splits are compared split by \
            split, and several trainings of one kind on one split count as seeds.

            Writes to the folder: figure.png, .svg and .pdf with the maps of all kinds, which begin alike and are aligned to \
            the first; report.md and report.json with every measure, intervals and the verdict; samples.csv, the images \
            sorted by how much their place changed; explorer.html, one page that opens in any browser without a network; \
            and the maps.

            The verdict is "better ordered" only if four measures in the original space agree on every split and every gap \
            is larger than the gap between two seeds of one kind. Otherwise the spaces are not distinguishable.
            """)

    @Argument(help: "Runs, trainings, checkpoints or files of features.", transform: URL.init(fileURLWithPath:))
    var spaces: [URL]

    @Option(help: "Folder to write the figure, reports, explorer and maps to.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(parsing: .upToNextOption, help: "Names of the spaces, one per argument (default: their labels).")
    var names: [String] = []

    @Option(
        help: "Labels for all files of features (default: the table that 'penumbra embed' writes beside each).",
        transform: URL.init(fileURLWithPath:))
    var labels: URL?

    @Option(
        help: "Folder of images for checkpoints and thumbnails (default: the training's).",
        transform: URL.init(fileURLWithPath:))
    var data: URL?

    @Option(
        in: TrainingParameters.splits,
        help: "For checkpoints: the split of the folds into training, validation and test, 1 to 5.")
    var split = 1

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
        in: .from(0, to: 200), help: "Intermediate layouts to keep of each map, which the explorer plays; 0 for none.")
    var snapshots = 24

    @Flag(inversion: .prefixedNo, help: "Start all maps alike, from the principal components of all spaces together.")
    var sharedStart = true

    @Flag(inversion: .prefixedNo, help: "Show the images in the explorer, if they are known.")
    var thumbnails = true

    @OptionGroup(title: "Feature files") var columns: FeatureColumnOptions
    @OptionGroup(title: "Data set options") var format: DatasetFormatOptions
    @OptionGroup(title: "Data set options") var reading: DatasetOptions
    @OptionGroup(title: "Figure options") var figure: FigureOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        if !names.isEmpty && names.count != spaces.count {
            throw ValidationError("--names has \(names.count) names for \(spaces.count) spaces; give one per space.")
        }
    }

    func run() throws {
        try OutputFile.createFolder(out)
        let lock = try OutputLock(folder: out)
        defer { lock.release() }
        let outputs = ["report.json", "report.md", "samples.csv", "explorer.html"].map {
            out.appendingPathComponent($0)
        }
        for url in outputs { try OutputFile.check(url) }
        let figures = FigureFormat.allCases.map { out.appendingPathComponent("figure.\($0.rawValue)") }
        let (style, mixing) = try figure.resolved(note: reporting.note)
        let reading = reading.reading(format.format)
        let predictor = RunPredictions(
            data: data, reading: reading, precision: try precision.checked(), threads: threads.count,
            progress: reporting.progress, note: reporting.note)
        let kinds = try ComparisonInputs(
            paths: spaces, names: names, features: columns.reading, labels: labels, reading: reading.labels,
            data: data.map { DatasetSource($0, as: reading, note: reporting.note) }, split: Split(slice: split),
            folder: out,
            predictor: predictor
        ).kinds()
        var projection = ProjectionParameters.defaults.with(settings(of: ProjectionParameters.self))
        projection.tsne.seed = seeds.seed
        try projection.checkAll()
        var measures = MeasureParameters()
        (measures.neighbors, measures.bootstraps, measures.permutations) = (neighbors, bootstraps, permutations)
        measures.seed = seeds.seed
        let comparison = Comparison(
            kinds: kinds, folder: out, parameters: measures,
            projection: projection,
            sharesStart: sharedStart, snapshots: snapshots, threads: threads.count, progress: reporting.progress)
        try OutputFile.check(
            outputs + figures + comparison.outputs,
            apartFrom: spaces + comparison.inputs + [labels, figure.style, self.reading.votes].compactMap(\.self))
        let result = try comparison.run()
        let report = ComparisonReport(result, parameters: measures)
        try JSONText.write(report, as: .comparison, to: outputs[0])
        try AtomicFile.write(report.markdown, to: outputs[1])
        try ChangedSamples.write(result, to: outputs[2])
        try writeFigures(result, style: style, mixing: mixing, to: figures)
        try ComparisonExplorer(result: result, mixing: mixing, seed: seeds.seed, progress: reporting.progress)
            .explorer(withImages: thumbnails).write(to: outputs[3])
        try reporting.report(
            VersionedContent(report, .comparison), report.pairs.map(\.sentence) + [""] + (figures + outputs).map(\.path)
        )
    }

    /// The maps, laid onto the first, in every format.
    private func writeFigures(
        _ result: Comparison.Result, style: FigureStyle, mixing: ColourMixing, to urls: [URL]
    ) throws {
        let maps = result.measured.map { one in
            LayoutFigure.Map(
                layout: LayoutFile(ids: one.kind.first.samples.ids, coordinates: one.coordinates), report: one.layout,
                evaluation: one.evaluation, name: one.kind.name)
        }
        let drawing = try LayoutFigure(maps: maps, style: style, mixing: mixing, seed: seeds.seed)
            .figure(result.measured[0].kind.first.samples)
        for url in urls { try drawing.write(to: url) }
    }
}
