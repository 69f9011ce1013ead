import ArgumentParser
import Backbones
import Figures
import Foundation
import ImageDatasets
import LabelFiles
import Parameters
import PenumbraRuns
import TensorFiles

/// Makes a figure from checkpoints or features in one call.
struct FigureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figure",
        abstract: "Draw the feature spaces of checkpoints or feature files: extraction, t-SNE and figure in one call.",
        discussion: """
            A typical call: penumbra figure model.pth --data images --out figure.pdf

            Does what 'penumbra embed', 'penumbra project' and 'penumbra plot' do one after the other, with their defaults. \
            Each checkpoint (.safetensors, .pt, .pth, .h5, .keras) or file of features (.npy, .npz, .csv, .tsv; others with \
            --array) becomes a panel. Several maps start from a common layout, so that they can be compared by eye, and have the same samples, \
            which are joined by id. Labels come from the data set, from the table that 'penumbra embed' writes next to \
            features, or from --labels.

            Features, predictions and maps stay in a folder next to the figure (figure-files for figure.pdf), with a record of \
            how they were made. The same call with other colours redraws the figure without recomputing anything; another \
            perplexity recomputes only the maps. Ctrl-C keeps what is there; the same command resumes.

            'penumbra compare' says which of the spaces is better ordered.
            """)

    @Argument(
        help: "Checkpoints or feature files, in the order of the panels.", transform: URL.init(fileURLWithPath:))
    var inputs: [URL]

    @Option(help: "Figure to write: .png, .svg or .pdf.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(help: "Folder of labelled images, for checkpoints.", transform: URL.init(fileURLWithPath:))
    var data: URL?

    @Option(
        help: "Labels (.csv, .tsv, .json, .jsonl) (default: the data set's, or the table next to the features).",
        transform: URL.init(fileURLWithPath:))
    var labels: URL?

    @Option(
        help: "Folder for features and maps (default: figure-files next to figure.pdf).",
        transform: URL.init(fileURLWithPath:))
    var keep: URL?

    @Option(
        parsing: .upToNextOption, help: "Names of the panels, one per input (default: from the names of the files).")
    var names: [String] = []

    @Option(
        help: "The layer whose outputs to take ('penumbra inspect --layers' lists them) (default: the head's input).")
    var layer: String?

    @Flag(inversion: .prefixedNo, help: "Start all maps alike, from the principal components of all spaces together.")
    var sharedStart = true

    @OptionGroup(title: "Extraction") var extraction: ExtractionOptions
    @OptionGroup(title: "Extraction") var foreign: ForeignCheckpointOptions
    @OptionGroup(title: "Extraction") var pixels: PixelOptions
    @OptionGroup(title: "Extraction") var precision: PrecisionOptions
    @OptionGroup(title: "Feature files") var featureFiles: FigureFeatureOptions
    @OptionGroup(title: "Data set and labels") var format: DatasetFormatOptions
    @OptionGroup(title: "Data set and labels") var reading: DatasetOptions
    @OptionGroup var tsne: TSNEOptions
    @OptionGroup(title: "What is drawn") var shown: FigureContentOptions
    @OptionGroup(title: "Figure options") var figure: FigureOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        try ValueCount.check("--names", names.count, expected: inputs.count, one: "input")
        try reading.refuse(withoutData: data, format.format)
    }

    func run() throws { try FeatureReading.$options.withValue(.besideColumns) { try make() } }

    private func make() throws {
        _ = try FigureFormat(of: out)
        try OutputFile.check(out)
        let stem = out.deletingPathExtension().lastPathComponent
        let folder = keep ?? out.deletingLastPathComponent().appendingPathComponent("\(stem)-files", isDirectory: true)
        if labels == nil && data == nil {
            try reading.labels.reading.refuse(withoutLabelsOf: inputs[0].path, columns: shown.columns != nil)
        }
        let projection = tsne.parameters(seeds)
        try projection.checkAll()
        let (style, mixing) = try figure.resolved(note: reporting.note)
        let stages = try stages(folder, projection)
        let work = try stages.stages()
        try OutputFile.check(
            [out] + work.flatMap(\.allOutputs),
            apartFrom: inputs
                + [labels, reading.votes, shown.columns, projection.initializationFile].compactMap(\.self)
                + figure.inputs)
        try OutputFolder.create(folder)
        let lock = try OutputLock(folder: folder)
        defer { lock.release() }
        try StageRunner(
            run: stages.run, threads: threads.count, progress: reporting.progress, note: reporting.note
        ).perform(work)
        try draw(stages, folder, style: style, mixing: mixing)
    }

    private func stages(_ folder: URL, _ projection: ProjectionParameters) throws -> FigureStages {
        let dataReading = reading.reading(format.format)
        let stages = try FigureStages(
            inputs.map(foreign.source), names: names, folder: folder,
            data: data.map { DatasetSource($0, as: dataReading, note: reporting.note) },
            extraction: extraction.choice(pixels, precision, layers: [layer ?? Embedding.Output.features]),
            reading: featureFiles.reading, projection: projection, sharesStart: sharedStart, note: reporting.note)
        let given =
            (layer == nil ? [] : ["--layer"]) + extraction.given + foreign.given + pixels.given
            + (precision.precision == .float32 ? [] : ["--precision"])
        if !stages.hasCheckpoints, !given.isEmpty {
            throw InputError.optionsOfCheckpoints(path: inputs[0].path, options: given)
        }
        return stages
    }

    private func draw(_ stages: FigureStages, _ folder: URL, style: FigureStyle, mixing: ColourMixing) throws {
        Figure.prepareFonts()
        var maps = try stages.maps()
        let table = labels ?? stages.labels
        let samples = try FigureSamples(
            maps[0].layout.ids, labels: table, as: labels == nil ? LabelReading() : reading.labels.reading,
            further: shown.columns, for: shown.content)
        try stages.requireFeatures(of: maps, apartFrom: samples.table)
        var remarks = samples.remarks
        if table == nil {
            remarks.append("found no labels, so all points have the same colour; name a file with --labels")
        }
        for line in remarks { reporting.note(line) }
        maps = try maps.map { try $0.fitting(samples.table, note: reporting.note) }
        let drawing = LayoutFigure(
            maps: maps, style: style, mixing: mixing, seed: seeds.seed, content: shown.content,
            words: figure.words(unit: data == nil ? nil : .images, names: names), images: stages.data)
        try OutputFile.makeFolders(of: [out])
        remarks += try figure.write(drawing, samples.table, columns: samples.columns, to: [out], reporting)
        try reporting.report(
            Report(
                figure: out.path, files: folder.path, points: samples.table.ids.ids.count,
                labels: samples.table.interpretation, notes: remarks),
            [out.path, folder.path + " (features and maps)"])
    }

    private struct Report: Encodable {
        var figure: String
        var files: String
        var points: Int
        var labels: LabelInterpretation?
        var notes: [String]
    }
}
