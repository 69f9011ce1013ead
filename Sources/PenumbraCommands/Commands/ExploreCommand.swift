import PenumbraRuns
import ArgumentParser
import Figures
import Foundation
import ImageDatasets
import LabelFiles
import TensorFiles

/// Makes the explorer of maps.
struct ExploreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explore",
        abstract: "Make an HTML page for exploring a map: search, filters, colours, thumbnails.",
        discussion: """
            A typical call: penumbra explore map.csv --labels features-samples.csv --data images --out explorer.html

            A map is a CSV with id, x and y, from 'penumbra project' or from any other program. Labels are joined by id as \
            'penumbra plot' joins them; without --labels the page shows only the points. Every further column of the labels \
            and of --columns can be searched, filtered and used as a colour.

            The page is one file that opens in any browser of 2023 or later and fetches nothing. It shows up to 1,000,000 \
            points. For which of several spaces is better ordered, see 'penumbra compare'.
            """)

    @Argument(
        help: "Layouts (.csv) of the same samples, up to six, side by side.", transform: URL.init(fileURLWithPath:))
    var layouts: [URL]

    @Option(
        help: "Labels (.csv, .tsv, .json, .jsonl), such as the samples.csv of a run.",
        transform: URL.init(fileURLWithPath:))
    var labels: URL?

    @Option(
        help: "Folder of the images, for thumbnails: a data set with the same ids, or images named by their ids.",
        transform: URL.init(fileURLWithPath:))
    var data: URL?

    @Option(help: "Page to write (.html).", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(
        parsing: .upToNextOption,
        help: "Features, one file per map, for the nearest samples in the space (default: the nearest on the map).",
        transform: URL.init(fileURLWithPath:))
    var features: [URL] = []

    @Option(help: "Another table (.csv) of columns; rows are matched by id.", transform: URL.init(fileURLWithPath:))
    var columns: URL?

    @Option(
        parsing: .upToNextOption, help: "Predictions (.csv), one file per map, in the same order.",
        transform: URL.init(fileURLWithPath:))
    var predictions: [URL] = []

    @Option(parsing: .upToNextOption, help: "Names of the maps, one per map (default: from their files or folders).")
    var names: [String] = []

    @Option(help: "Title of the page (default: the names of the maps).")
    var title: String?

    @Option(help: "How the colours of classes mix.")
    var mix: ColourMixing = .oklab

    @OptionGroup var classNames: ClassNameOptions
    @OptionGroup(title: "Feature files") var featureFiles: FigureFeatureOptions
    @OptionGroup(title: "Data set options") var format: DatasetFormatOptions
    @OptionGroup(title: "Label options") var reading: LabelFileOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        if layouts.count > Explorer.mostPanels {
            throw ValidationError("Found \(layouts.count) maps; a page has room for at most \(Explorer.mostPanels).")
        }
        if features.isEmpty, featureFiles.reading != FeatureReading() {
            throw ValidationError(
                "--skip-columns, --array and options that begin with --feature- are for the files of --features.")
        }
        for (option, values) in [
            ("--features", features.count), ("--predictions", predictions.count), ("--names", names.count),
        ] {
            try ValueCount.check(option, values, expected: layouts.count, one: "map")
        }
    }

    func run() throws { try FeatureReading.$options.withValue(.besideColumns) { try make() } }

    private func make() throws {
        guard ["html", "htm"].contains(out.pathExtension.lowercased()) else {
            throw InputError.unknownFormat(path: out.path, known: [".html", ".htm"])
        }
        try OutputFile.check(out)
        try OutputFile.check(
            [out], apartFrom: layouts + features + predictions + [labels, columns].compactMap(\.self))
        if labels == nil { try reading.reading.refuse(withoutLabelsOf: layouts[0].path, columns: columns != nil) }
        var maps: [LayoutFigure.Map] = []
        for (index, layout) in layouts.enumerated() {
            maps.append(
                try LayoutFigure.Map(
                    layout, name: names.isEmpty ? LayoutFigure.Map.name(of: layout) : names[index],
                    predictions: predictions.isEmpty ? nil : predictions[index], known: maps.first?.layout.ids,
                    note: reporting.note))
        }
        let samples =
            try labels.map { try SampleTable.read($0, as: reading.reading, for: maps[0].layout.ids) }
            ?? SampleTable(maps[0].layout.ids)
        let table = try SampleColumns(samples, further: columns, as: reading.reading)
        for line in samples.remarks + table.remarks { reporting.note(line) }
        maps = try maps.map { try $0.fitting(samples, allowsFurtherClasses: false, note: reporting.note) }
        var page = MapExplorer(
            maps: maps, samples: samples, columns: table, names: try classNames.names, mixing: mix, seed: seeds.seed)
        (page.features, page.reading) = (features, featureFiles.reading)
        page.threads = threads.count
        page.images = data.map {
            DatasetSource($0, as: DatasetReading(format: format.format), note: reporting.note)
        }
        var (explorer, remarks) = try page.explorer(progress: reporting.progress)
        if let title { explorer.title = title }
        for line in remarks { reporting.note(line) }
        try OutputFile.makeFolders(of: [out])
        try explorer.write(to: out)
        try reporting.report(
            Result(
                explorer: out.path, points: samples.ids.ids.count, labels: samples.interpretation,
                notes: samples.remarks + table.remarks + remarks), [out.path])
    }

    private struct Result: Encodable {
        var explorer: String
        var points: Int
        var labels: LabelInterpretation?
        var notes: [String]
    }
}
