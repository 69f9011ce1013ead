import Figures
import Foundation
import ImageDatasets
import LabelDistributions

/// The figure of one or more maps, with the data of their samples.
package struct LayoutFigure {
    /// A map, with its report and its predictions if they exist.
    package struct Map {
        package var layout: LayoutFile
        var report: LayoutReport?
        var evaluation: Evaluation?
        var predictions: PredictionTable?
        /// Whether the user has named the predictions, which must then be of the same samples and classes.
        var hasNamedPredictions = false
        /// The ids in the order of the map's file.
        var fileIDs: SampleIDs
        /// `hard`, `soft`, or the file's name.
        var name: String

        package init(
            layout: LayoutFile, report: LayoutReport? = nil, evaluation: Evaluation? = nil,
            predictions: PredictionTable? = nil, name: String
        ) {
            self.layout = layout
            fileIDs = layout.ids
            self.report = report
            self.evaluation = evaluation
            self.predictions = predictions
            self.name = name
        }

        /// "ACC .9546   KL .9424"; nil without predictions.
        var measures: String? {
            NumberText.measures(
                accuracy: evaluation?[.macroAccuracy], labelDivergence: evaluation?[.klDivergence])
        }
    }

    var maps: [Map]
    package var style: FigureStyle
    var mixing: ColourMixing
    /// The seed for the order in which points are drawn.
    var seed: UInt64
    var content = FigureContent()
    var words = FigureWords()
    /// The images of the samples, for thumbnails.
    var images: DatasetSource?

    package init(
        maps: [Map], style: FigureStyle, mixing: ColourMixing, seed: UInt64, content: FigureContent = FigureContent(),
        words: FigureWords = FigureWords(), images: DatasetSource? = nil
    ) {
        self.maps = maps
        self.style = style
        self.mixing = mixing
        self.seed = seed
        self.content = content
        self.words = words
        self.images = images
    }

    /// The figure for the table of labels and for what `content` names of `columns`, which may be omitted if it names none.
    /// Synthetic objects are drawn as Figure 1 unless a colouring or a glyph is requested; otherwise there is one panel per
    /// map.
    ///
    /// Throws `InputError` if ids differ, what `SampleColumns` throws, and `FigureError`.
    package func figure(_ table: SampleTable, columns: SampleColumns? = nil) throws -> Figure {
        for map in maps { try map.layout.ids.requireSame(as: table.ids) }
        try refuseIdleOptions(table, columns)
        let drawn = try aligned()
        var figure: Figure
        var title = words.title
        if case .objects(let appearances) = colourSource(table) {
            figure = try drawn.objects(appearances)
        } else {
            figure = try drawn.general(table, columns)
            // Figure 1 names its rows.
            title = title ?? words.name
        }
        let highlighted = try highlight(&figure, table.ids, columns)
        let groups = try groups(table, columns)
        for row in figure.rows.indices {
            for column in figure.rows[row].panels.indices {
                figure.rows[row].panels[column].groups = groups
                figure.rows[row].panels[column].contours = content.contours
                figure.rows[row].panels[column].hasClusterLabels = content.hasClusterLabels
            }
        }
        if content.contours == .classes, let groups,
            !figure.legends.contains(where: { $0.names.starts(with: groups.names) }),
            let legend = groups.contourLegend(style.theme)
        {
            figure.legends.append(legend)
        }
        if let title { (figure.heading, figure.title) = (title, title) }
        figure.caption =
            switch words.caption {
            case .automatic: try drawn.caption(table, columns, of: figure, highlighted: highlighted)
            case .hidden: nil
            case .text(let text): text
            }
        try showThumbnails(in: &figure, table.ids)
        return figure
    }

    /// Whether colours of the palette are drawn in `figure`, which is of these maps.
    package func usesPalette(_ figure: Figure, _ table: SampleTable) -> Bool {
        if case .nothing = colourSource(table) { return true }
        return figure.legends.contains { !$0.names.isEmpty }
    }

    /// What is wrong with the names of the palette from the file at `path`, in words; nil if all of them are in `figure`, which
    /// is of these maps, or if it shows no colours of classes. Throws `InputError.unusable` if none is, where `mustFit`.
    package func remarkOnPalette(
        from path: String, _ figure: Figure, _ table: SampleTable, mustFit: Bool
    ) throws(InputError) -> String? {
        if !usesPalette(figure, table) { return nil }
        let shown = figure.legends.flatMap { $0.names.dropLast($0.hasMissing && !$0.names.isEmpty ? 1 : 0) }
        return try PaletteFile.remark(on: style.palette, from: path, shown: shown, mustFit: mustFit)
    }

    /// Whether colours of classes are mixed.
    package func mixesColours(_ table: SampleTable) -> Bool {
        if case .mixture = colourSource(table) { true } else { false }
    }

    private func objects(_ appearances: [Appearance]) throws -> Figure {
        let (hues, shares) = (appearances.map(\.hue), appearances.map(\.ellipseShare))
        let shapes = maps.map { map in
            var shape = ShapesMap(
                heading: map.name, coordinates: map.layout.coordinates, hues: hues, ellipseShares: shares)
            shape.accuracy = map.evaluation?[.macroAccuracy]
            shape.labelDivergence = map.evaluation?[.klDivergence]
            return shape
        }
        return try Figure.shapes(shapes, style: style, seed: seed)
    }

    /// The value on which the reports of all maps agree.
    private func common<Value: Equatable>(_ value: (LayoutReport) -> Value?) -> Value? {
        let values = maps.map { $0.report.flatMap(value) }
        return values.allSatisfy { $0 == values[0] } ? values[0] : nil
    }

    private func caption(
        _ table: SampleTable, _ columns: SampleColumns?, of figure: Figure, highlighted: Int?
    ) throws -> String {
        var sentences: [String] = []
        if let simulation = table.simulation {
            sentences.append("\(simulation.prefix(1).uppercased())\(simulation.dropFirst()).")
        }
        let count = table.ids.ids.count
        if maps.contains(where: { $0.report == nil }) {
            // Without their reports, only the size of the maps is known.
            sentences.append("N = \(Decimals.grouped(count))\(words.unit.map { " \($0.name(of: count))" } ?? "").")
        } else {
            sentences.append(
                Figure.caption(
                    counts: [count], perplexity: common { $0.parameters.perplexity.single },
                    iterations: common { $0.iterations },
                    costs: maps.map { map in
                        (maps.count > 1 || table.appearances != nil ? map.name : nil, map.report!.klDivergence)
                    }, unit: words.unit ?? (table.appearances == nil ? .samples : .images)))
        }
        let unlabelled = table.labelsOfSamples.count { $0 == nil }
        if !table.classes.isEmpty, unlabelled > 0, content.showsLabels {
            sentences.append("Grey: \(Decimals.grouped(unlabelled)) without a label.")
        }
        if let remark = try remarkOnRange(table, columns) {
            sentences.append("\(remark.prefix(1).uppercased())\(remark.dropFirst()).")
        }
        let grey = "grey: the others\(figure.legends.contains(where: \.hasMissing) ? ", or no value" : "")"
        if let facet = content.facet { sentences.append("Each panel shows one value of \(facet); \(grey).") }
        if let highlighted { sentences.append(highlightSentence(highlighted, grey: grey)) }
        if let arrowSentence { sentences.append(arrowSentence) }
        if let contours = content.contours {
            let shares = contours.shares.map { "\(Int(100 * $0))" }
            let list = shares.dropLast().joined(separator: ", ") + " and " + shares.last!
            sentences.append("Contours hold \(list) % of \(contours == .all ? "the points" : "each class").")
        }
        if let vision = style.vision {
            sentences.append("Colours as \(vision.rawValue) vision sees them (simulated).")
        }
        return sentences.joined(separator: " ")
    }
}
