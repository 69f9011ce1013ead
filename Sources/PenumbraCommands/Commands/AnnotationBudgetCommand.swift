import TensorFiles
import ArgumentParser
import FeatureSpaces
import Figures
import Foundation
import PenumbraRuns

/// Estimates how many annotations per image are enough.
struct AnnotationBudgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotation-budget",
        abstract: "Estimate how many votes per image are enough, from existing votes.",
        discussion: """
            A typical call: penumbra annotation-budget votes.csv --features soft.npy --out budget

            Draws 1, 2, 3, 5, 8 … votes of each image without replacement, many times, and reports how far the resulting labels \
            are from those of all votes (KL, where shares below 1e-5 count as 1e-5, so that a few votes that miss a class cost \
            much; correlation of entropies) and, with --features, how well the neighbours in that \
            space predict them. Nothing is trained. Images with fewer votes keep all of theirs. The existing votes are taken as \
            the truth. By construction, the curve approaches the value of all votes: see how fast it flattens, not where it ends. \
            Intervals are over draws of votes, not over images.

            Writes to the folder: budget.csv and budget.json with means and intervals, and budget.png, .svg and .pdf, where the \
            line across each panel is the value of all votes.
            """)

    @Argument(
        help: "Annotators' votes: a label file of any form that holds numbers of votes.",
        transform: URL.init(fileURLWithPath:))
    var votes: URL

    @Option(
        help: "Features of the images (.npy, .npz, .csv); only images with features are used.",
        transform: URL.init(fileURLWithPath:))
    var features: URL?

    @Option(help: "Folder to write to.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(in: .from(2, to: 10_000), help: "Number of random draws for each number of votes.")
    var draws = 50

    @Option(in: .from(1, to: 1_000_000), help: "Number of nearest neighbours in the measures. (default: 15)")
    var neighbors: Int?

    @OptionGroup(title: "Votes") var labels: LabelFileOptions
    @OptionGroup(title: "Feature files") var featureFiles: FeatureOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        if features != nil { return }
        if featureFiles.reading != FeatureReading() {
            throw ValidationError(
                "--columns, --skip-columns, --array and options that begin with --feature- are for the file of --features."
            )
        }
        if neighbors != nil { throw ValidationError("--neighbors is for the measures of --features.") }
    }

    func run() throws { try FeatureReading.$options.withValue(.besideLabels) { try make() } }

    private func make() throws {
        try OutputFolder.create(out)
        let outputs = ["budget.json", "budget.csv"].map { out.appendingPathComponent($0) }
        let figures = FigureFormat.allCases.map { out.appendingPathComponent("budget.\($0.rawValue)") }
        try OutputFile.check(outputs + figures, apartFrom: [votes, features].compactMap(\.self))
        var parameters = MeasureParameters()
        (parameters.neighbors, parameters.seed) = (neighbors ?? parameters.neighbors, seeds.seed)
        let report = try AnnotationBudgetReport(
            labels: votes, reading: labels.reading, features: features, featureReading: featureFiles.reading,
            parameters: parameters, draws: draws, threads: threads.count, note: reporting.note)
        try JSONText.write(report, as: .annotationBudget, to: outputs[0])
        try report.write(to: outputs[1])
        let chart = report.chart(style: FigureStyle())
        for url in figures { try chart.write(to: url, threads: threads.count) }
        try reporting.report(report, report.lines + [""] + (figures + outputs).map(\.path))
    }
}
