import PenumbraRuns
import ArgumentParser
import Figures
import Foundation

/// Draws maps.
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw one or more layouts as a figure: PNG, SVG or PDF.",
        discussion: """
            A typical call: penumbra plot layout.csv --labels features-samples.csv --out figure.pdf

            A layout is a CSV with id, x and y. Labels are a CSV with the same ids in the same order; every column but id, \
            split, fold and annotators is a class with its probability, unless --classes names the classes. If the labels \
            have hue and ellipse_share (the shapes set), each layout gets a row of two panels: each object in its own colour \
            at the left, its shape in tones at the right. Otherwise, or with --color or --glyph, each layout is one panel.

            The dumps X-60.csv and X-gt.csv of the DCIC benchmark, without header and ids, are read as they are: 'penumbra \
            project X-60.csv' numbers its rows from 0, and X-gt.csv holds labels in the same order.

            A map shows ACC and KL if predictions.csv with the same ids is beside the layout, or if --predictions names one \
            file per layout. The perplexity and the final KL come from LAYOUT.json.

            --film draws the same figure for each intermediate layout that 'penumbra project --snapshots' wrote.
            """)

    @Argument(help: "Layouts (.csv), in the order of the rows or panels.", transform: URL.init(fileURLWithPath:))
    var layouts: [URL]

    @Option(help: "Labels (.csv), such as the samples.csv of a run.", transform: URL.init(fileURLWithPath:))
    var labels: URL

    @Option(help: "Figure to write: .png, .svg or .pdf.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(
        help:
            "Also write a film of the projections (.webp): 8 seconds, then the final map, at 144 pixels per inch or --dpi.",
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

    @Option(
        parsing: .upToNextOption,
        help: """
            Columns of the labels that are classes (default: all but the known others). If the labels have no header \
            (DCIC's -gt.csv): names for all columns (default: class 0, class 1 ...).
            """)
    var classes: [String] = []

    @OptionGroup(title: "What is drawn") var shown: ContentOptions
    @OptionGroup(title: "Figure options") var figure: FigureOptions
    @OptionGroup var seeds: SeedOptions
    @OptionGroup var fileOptions: FileOptions
    @OptionGroup var speech: SpeechOptions

    func validate() throws {
        for (option, values) in [("--predictions", predictions.count), ("--names", names.count)]
        where values != 0 && values != layouts.count {
            throw ValidationError("\(option) has \(values) values; expected \(layouts.count), one per layout.")
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
            apartFrom: layouts + predictions + [labels, shown.columns, figure.style].compactMap(\.self))
        let (style, mixing) = try figure.resolved(note: speech.note)
        Figure.prepareFonts()
        let table = try SampleTable.read(labels, classes: classes)
        if table.idsAreRows {
            speech.note("\(labels.relativePath): neither header nor ids found, rows are numbered from 0")
            if table.labels.allSatisfy({ $0 == $0.oneHot }) {
                speech.note(
                    "\(labels.relativePath): every label is of one class alone, as a run on hard labels writes them; the "
                        + "file of the run on soft labels holds the shares")
            }
        }
        let maps = try layouts.indices.map { index in
            let name = names.isEmpty ? LayoutFigure.Map.name(of: layouts[index]) : names[index]
            return try LayoutFigure.Map(
                layouts[index], name: name, predictions: predictions.isEmpty ? nil : predictions[index],
                known: table.ids, note: speech.note)
        }
        let columns =
            shown.content.namesColumn || shown.columns != nil
            ? try ColumnTable(table.ids, labels: table.idsAreRows ? nil : labels, further: shown.columns) : nil
        var drawing = LayoutFigure(
            maps: maps, style: style, mixing: mixing, seed: seeds.seed, content: shown.content)
        try drawing.figure(table, columns: columns).write(to: out)
        if let film {
            if figure.dpi == nil { drawing.style.dotsPerInch = min(style.dotsPerInch, LayoutFilm.dotsPerInch) }
            try LayoutFilm(drawing, layouts: layouts)
                .write(to: film, table, columns: columns, progress: speech.progress)
        }
        try speech.report(
            Result(figure: out.path, film: film?.path, points: table.ids.ids.count),
            [out.path] + (film.map { [$0.path] } ?? []))
    }

    private struct Result: Encodable {
        var figure: String
        var film: String?
        var points: Int
    }
}
