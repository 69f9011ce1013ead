import PenumbraRuns
import ArgumentParser
import Foundation
import Parameters

/// Places new samples in an existing map, which does not change.
struct PlaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "place",
        abstract: "Place new samples in an existing map.",
        discussion: """
            Places each new sample among its neighbours in the map, which does not change. Writes LAYOUT.csv (id, x, y) and \
            LAYOUT.json, as 'penumbra project' does.

            A typical call: penumbra place new.npy --into hard.csv --reference hard.npy --out new.csv

            A sample gets the same position whether alone or among others. Ctrl-C keeps the current positions.
            """)

    @Argument(
        help: "Features of the new samples, in any format that 'penumbra project' reads.",
        transform: URL.init(fileURLWithPath:))
    var features: URL

    @OptionGroup(title: "The map") var map: MapOptions

    @Option(help: "Layout to write (.csv).", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(
        help: "A CSV or TSV with the column id, one row per new sample.", transform: URL.init(fileURLWithPath:))
    var ids: URL?

    @Option(
        help: """
            Also write the features, their positions, and the labels from the samples table next to the features to this folder, \
            for TensorBoard's embedding projector.
            """, transform: URL.init(fileURLWithPath:))
    var projector: URL?

    @OptionGroup(title: "Feature files") var featureFiles: FeatureFileOptions
    @OptionGroup(title: "Placement") var placement: PlacementOptions
    @OptionGroup(title: "What the map was made with") var spaces: MapSpaceOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    /// The parameters given by the options.
    var parameters: PlacementParameters {
        PlacementParameters.defaults.with(placement.settings(of: PlacementParameters.self))
    }

    func run() throws {
        if out.pathExtension.lowercased() != "csv" { throw InputError.unknownFormat(path: out.path, known: [".csv"]) }
        try OutputFile.check(out)
        let projector = projector.map(ProjectorFolder.init)
        try OutputFile.check(
            [out, LayoutFile.report(of: out)] + (projector?.files ?? []),
            apartFrom: [
                features, SampleTable.url(besideFeatures: features), ids, map.into, map.reference, map.referenceIds,
            ].compactMap(\.self))
        let parameters = parameters
        try parameters.checkRanges()
        try projector?.check()
        let report = try Placement(
            features: features, reading: featureFiles.reading, idsFile: ids, map: map.map, parameters: parameters,
            spaces: spaces.settings(of: ProjectionParameters.self), out: out, projector: projector
        ).run(threads: threads.count, title: "place", progress: reporting.progress, note: reporting.note)
        let perplexity = report.layout.perplexity.map { Decimals.fixed($0.mean, 3) }.joined(separator: ", ")
        try reporting.report(
            VersionedContent(report, .layoutReport),
            [
                "\(report.layout.points) points placed in the map \(map.into.path); written to \(out.path)",
                "KL \(Decimals.fixed(report.layout.klDivergence, 4)) per point after \(report.layout.iterations) "
                    + "iterations (\(report.layout.method)), perplexity \(perplexity)",
            ])
    }

    /// The arguments of `place` for a call of `project --into`, the command's name in version 0.1; nil for other calls.
    static func arguments(ofAlias arguments: [String]) -> [String]? {
        let options = arguments.prefix { $0 != "--" }
        guard arguments.first == ProjectCommand.configuration.commandName,
            options.contains(where: { $0 == "--into" || $0.hasPrefix("--into=") })
        else { return nil }
        return [configuration.commandName!] + arguments.dropFirst()
    }
}
