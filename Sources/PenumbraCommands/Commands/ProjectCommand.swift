import ArgumentParser
import Foundation

/// Maps features into the plane.
struct ProjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Map features into the plane with t-SNE.",
        discussion: """
            Reads an array (.npy, or .npz with one such array; N x D) or a table (.csv or .tsv with the columns f0, \
            f1 ... or any columns of numbers but id, split, fold and annotators) and writes LAYOUT.csv (id, x, y) and LAYOUT.json (parameters, KL trace, achieved perplexity, seconds).

            The ids of an array are the texts ids beside it in an .npz, or the column id of --ids, or of the samples \
            table that 'penumbra embed' writes beside it, or else the numbers of its rows. Ctrl-C keeps the layout so far.
            """)

    @Argument(help: "Features: .npy or .csv.", transform: URL.init(fileURLWithPath:))
    var features: URL

    @Option(help: "The layout to write, a .csv.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(help: "A CSV with the column id, one row a sample.", transform: URL.init(fileURLWithPath:))
    var ids: URL?

    @Option(help: "auto, exact or barnes-hut; auto is exact up to 10,000 points.")
    var method = ProjectionParameters.Method.automatic

    @Option(help: "Angle of Barnes-Hut, from 0 (exact) to 2.")
    var theta = 0.5

    @Option(help: "Effective number of neighbours of a point, below N - 1.")
    var perplexity = 30.0

    @Option(help: "Number of iterations, those with early exaggeration among them.")
    var maxIter = 5_000

    @Option(help: "auto (N / 12 early, N later) or a number, for the gradient without its factor 4.")
    var learningRate = ProjectionParameters.LearningRate.automatic

    @Option(help: "Factor on the affinities in the first iterations.")
    var earlyExaggeration = 12.0

    @Option(help: "Number of iterations with early exaggeration.")
    var earlyExaggerationIter = 250

    @Option(help: "How far the layout may move before the repulsion is computed again; 0 for every iteration.")
    var repulsionTolerance: Double?

    @Option(help: "pca, random, or a file: a layout (.csv) of the same ids or an array (.npy, N x 2).")
    var `init` = "pca"

    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var speech: SpeechOptions

    func run() throws {
        if out.pathExtension.lowercased() != "csv" { throw InputError.unknownFormat(path: out.path, known: [".csv"]) }
        if out.standardizedFileURL == features.standardizedFileURL { throw InputError.usedTwice(path: out.path) }
        try OutputFile.check(out)
        let parameters = ProjectionParameters(
            method: method, theta: theta, perplexity: perplexity, maxIter: maxIter, learningRate: learningRate,
            earlyExaggeration: earlyExaggeration, earlyExaggerationIter: earlyExaggerationIter,
            repulsionTolerance: repulsionTolerance,
            initialization: `init`, seed: seeds.seed)
        let report = try Projection(features: features, idsFile: ids, parameters: parameters, out: out)
            .run(threads: threads.count, title: "project", progress: speech.progress)
        let perplexity = report.perplexity.mean
        try speech.report(
            report,
            [
                "\(report.points) points of \(report.dimension) features in \(out.path)",
                "KL \(Decimals.fixed(report.klDivergence, 4)) after \(report.iterations) iterations "
                    + "(\(report.method)), perplexity \(Decimals.fixed(perplexity, 3))",
            ])
    }
}
