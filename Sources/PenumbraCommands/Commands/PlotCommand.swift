import PenumbraRuns
import ArgumentParser
import Figures
import Foundation
import LabelFiles

/// Draws maps.
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw one or more layouts as a figure: PNG, SVG or PDF.",
        discussion: """
            A typical call: penumbra plot layout.csv --labels features-samples.csv --out figure.pdf

            A layout is a CSV with id, x and y. Labels are joined by id, in any order: votes, distributions, single classes or \
            annotations, in any form of 'Label files' in Documentation/formats.md. How the file was read is printed. Samples \
            without a label are grey; without --labels all points have the same colour.

            If the labels have hue and ellipse_share (the shapes set), each layout gets a row of two panels: each object in \
            its own colour on the left, its shape in tones on the right. Otherwise, or with --color or --glyph, each layout is \
            one panel.

            The dumps X-60.csv and X-gt.csv of the DCIC benchmark, which have no header and no ids, are read as they are: 'penumbra \
            project X-60.csv' numbers its rows from 0, and X-gt.csv holds labels in the same order.

            A map shows ACC and KL if predictions.csv with the same ids is next to the layout, or if --predictions names one \
            file per layout. The perplexity and the final cost of t-SNE come from LAYOUT.json.

            --film draws the same figure for each intermediate map that 'penumbra project --snapshots' wrote.
            """)

    @Argument(help: "Layouts (.csv), in the order of the rows or panels.", transform: URL.init(fileURLWithPath:))
    var layouts: [URL]

    @Option(
        help: "Labels (.csv, .tsv, .json, .jsonl), such as the samples.csv of a run.",
        transform: URL.init(fileURLWithPath:))
    var labels: URL?

    @Option(help: "Figure to write: .png, .svg or .pdf.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(
        help:
            "Also write a film of the intermediate maps (.webp): 8 seconds, then the final map, at 144 pixels per inch or --dpi.",
        transform: URL.init(fileURLWithPath:))
    var film: URL?

    @Option(
        parsing: .upToNextOption, help: "Predictions (.csv), one file per layout, in the same order.",
        transform: URL.init(fileURLWithPath:))
    var predictions: [URL] = []

    @Option(
        parsing: .upToNextOption,
        help: "Names of the rows or panels, one per layout (default: from the names of the files or their folders).")
    var names: [String] = []

    @Option(help: "Folder of the samples' images, for --thumbnails.", transform: URL.init(fileURLWithPath:))
    var data: URL?

    @OptionGroup(title: "What is drawn") var shown: FigureContentOptions
    @OptionGroup(title: "Label options") var reading: LabelFileOptions
    @OptionGroup(title: "Figure options") var figure: FigureOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        for (option, values) in [("--predictions", predictions.count), ("--names", names.count)] {
            try ValueCount.check(option, values, expected: layouts.count, one: "layout")
        }
        if shown.thumbnails > 0 && film != nil {
            throw ValidationError("--thumbnails and --film cannot be combined.")
        }
        if (shown.thumbnails > 0) != (data != nil) {
            throw ValidationError("--thumbnails and --data go together; one is missing.")
        }
    }

    func run() throws {
        _ = try FigureFormat(of: out)
        try OutputFile.check(out)
        if let film {
            try Film.checkExtension(of: film)
            try OutputFile.check(film)
        }
        try OutputFile.check(
            [out, film].compactMap(\.self),
            apartFrom: layouts + predictions + [labels, shown.columns].compactMap(\.self) + figure.inputs)
        if labels == nil {
            try reading.reading.refuse(withoutLabelsOf: layouts[0].path, columns: shown.columns != nil)
        }
        let (style, mixing) = try figure.resolved(note: reporting.note)
        Figure.prepareFonts()
        var maps: [LayoutFigure.Map] = []
        for (index, layout) in layouts.enumerated() {
            let name = names.isEmpty ? LayoutFigure.Map.name(of: layout) : names[index]
            maps.append(
                try LayoutFigure.Map(
                    layout, name: name, predictions: predictions.isEmpty ? nil : predictions[index],
                    known: maps.first?.layout.ids, note: reporting.note))
        }
        let samples = try FigureSamples(
            maps[0].layout.ids, labels: labels, as: reading.reading, further: shown.columns, for: shown.content)
        for line in samples.remarks { reporting.note(line) }
        let (table, columns) = (samples.table, samples.columns)
        maps = try maps.map { try $0.fitting(table, note: reporting.note) }
        var drawing = LayoutFigure(
            maps: maps, style: style, mixing: mixing, seed: seeds.seed, content: shown.content,
            words: figure.words(names: names), images: data.map { DatasetSource($0, note: reporting.note) })
        try OutputFile.makeFolders(of: [out] + [film].compactMap(\.self))
        let remarks = try figure.write(drawing, table, columns: columns, to: [out], reporting)
        if let film {
            if figure.dpi == nil { drawing.style.dotsPerInch = min(style.dotsPerInch, LayoutFilm.dotsPerInch) }
            try LayoutFilm(drawing, layouts: layouts)
                .write(to: film, table, columns: columns, progress: reporting.progress)
        }
        try reporting.report(
            Result(
                figure: out.path, film: film?.path, points: table.ids.ids.count, labels: table.interpretation,
                notes: samples.remarks + remarks),
            [out.path] + (film.map { [$0.path] } ?? []))
    }

    private struct Result: Encodable {
        var figure: String
        var film: String?
        var points: Int
        var labels: LabelInterpretation?
        var notes: [String]
    }
}
