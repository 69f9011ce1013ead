import PenumbraRuns
import ArgumentParser
import Foundation
import Parameters

/// Maps features to the plane.
struct ProjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Map features into the plane with t-SNE.",
        discussion: """
            A typical call: penumbra project features.npy --out layout.csv

            Reads an N x D array (.npy, .npz, .pt, .safetensors, .h5) or a table (.csv, .tsv). Writes LAYOUT.csv (id, x, y) \
            and LAYOUT.json (parameters, columns, KL trace, achieved perplexity, seconds).

            Features of a table are its numbered columns (f0, f1 ... or 16 or more such as emb_0 ...), or a column of lists, \
            or else all columns of numbers. Ids, labels and row numbers are skipped. The separator, decimal commas and a \
            missing header are detected. Which columns are used and skipped is printed.

            An array takes its ids from the array 'ids' in the same .npz, from the column id of --ids or of the samples \
            table that 'penumbra embed' writes next to it, or else numbers its rows.

            Ctrl-C keeps the layout so far. The same command resumes there, even after a kill, and ends with the same bytes.

            'penumbra place' puts new samples in an existing map.
            """)

    @Argument(
        help: "Features: .csv, .tsv, .npy, .npz, .pt, .pth, .safetensors, .h5 or .hdf5.",
        transform: URL.init(fileURLWithPath:))
    var features: URL

    @Option(help: "Layout to write (.csv).", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(help: "A CSV or TSV with the column id, one row per sample.", transform: URL.init(fileURLWithPath:))
    var ids: URL?

    @Option(
        help: """
            Also write the features, the map, and the labels from the samples table next to the features to this folder, for \
            TensorBoard's embedding projector.
            """, transform: URL.init(fileURLWithPath:))
    var projector: URL?

    @OptionGroup(title: "Feature files") var featureFiles: FeatureFileOptions
    @OptionGroup var tsne: TSNEOptions
    @OptionGroup(title: "Along the way") var snapshots: SnapshotOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    /// The parameters given by the options.
    var parameters: ProjectionParameters { tsne.parameters(seeds) }

    func run() throws {
        if out.pathExtension.lowercased() != "csv" { throw InputError.unknownFormat(path: out.path, known: [".csv"]) }
        try OutputFile.check(out)
        let parameters = parameters
        try parameters.checkAll()
        let projector = projector.map(ProjectorFolder.init)
        try OutputFile.check(
            [out, LayoutFile.report(of: out), ProjectionState.url(of: out)] + (projector?.files ?? []),
            apartFrom: [features, SampleTable.url(besideFeatures: features), ids, parameters.initializationFile]
                .compactMap(\.self))
        try projector?.check()
        try project(parameters, projector)
    }

    private func project(_ parameters: ProjectionParameters, _ projector: ProjectorFolder?) throws {
        let projection = Projection(
            features: features, reading: featureFiles.reading, idsFile: ids, parameters: parameters, out: out,
            projector: projector, snapshots: snapshots.snapshots, saveInterval: snapshots.saveInterval)
        let report = try projection.run(threads: threads.count, title: "project", progress: reporting.progress)
        let perplexity = report.perplexity.map { Decimals.fixed($0.mean, 3) }.joined(separator: ", ")
        try reporting.report(
            VersionedContent(report, .layoutReport),
            [
                "\(report.points) points of \(report.dimension) features in \(out.path)",
                "KL \(Decimals.fixed(report.klDivergence, 4)) after \(report.iterations) iterations "
                    + "(\(report.method)), perplexity \(perplexity)",
            ])
    }
}
