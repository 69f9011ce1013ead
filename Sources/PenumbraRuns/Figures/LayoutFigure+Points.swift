import Figures
import Foundation
import ImageDatasets
import LabelDistributions
import LabelFiles

extension LayoutFigure {
    /// The general figure: one panel per map, in the colours and glyphs that `content` requests. Throws `InputError`,
    /// `CSVError` and `FigureError`.
    func general(_ table: SampleTable, _ columns: SampleColumns?) throws -> Figure {
        var legends: [Legend] = []
        var shares: [Double]?
        if let name = content.glyph {
            let scale: NumberScale
            (shares, scale) = try glyphShares(name, table, columns)
            legends.append(
                .glyphScale(title: isEntropy(name, columns) ? Self.entropyTitle : name, range: scale.range))
        }
        let shared = try content.colouring == .agreement ? nil : colours(table, columns)
        var first: ScatterPoints?
        var panels = try maps.map { map in
            let points: ScatterPoints
            if let first, shared != nil {
                points = try first.moved(to: map.layout.coordinates)
            } else {
                let colours = try shared ?? agreement(map)
                if first == nil, let legend = colours.legend { legends.insert(legend, at: 0) }
                points = try ScatterPoints(
                    coordinates: map.layout.coordinates, colours: colours.colours, ellipseShares: shares,
                    isRaised: colours.isRaised)
                first = points
            }
            return ScatterPanel(points, title: maps.count > 1 ? map.name : nil, detail: map.measures)
        }
        if let arrows = try arrowPanel(panels[0]) {
            if content.facet != nil {
                throw InputError.unusable(
                    path: table.ids.path, problem: "--arrows and --facet cannot be combined; draw two figures")
            }
            panels.append(arrows)
        }
        if content.facet == nil, let grid = content.grid, grid.columns * grid.rows < panels.count {
            throw InputError.tooManyPanels(found: panels.count, columns: grid.columns, rows: grid.rows)
        }
        var figure =
            try faceted(panels, table, columns) ?? Figure(panels, columns: content.grid?.columns, style: style)
        figure.legends = legends
        figure.title = "Feature spaces: " + maps.map(\.name).joined(separator: ", ")
        figure.seed = seed
        return figure
    }

    /// What the colours of the points stand for.
    enum ColourSource {
        /// The objects' own colours, as in Figure 1.
        case objects([Appearance])
        /// Nothing is known.
        case nothing
        /// The one class of each sample.
        case classes
        case mixture, entropy, agreement
        case column(String)
    }

    func colourSource(_ table: SampleTable) -> ColourSource {
        let hasOneClass = table.interpretation?.form == .class
        switch content.colouring {
        case nil:
            if let appearances = table.appearances, content.allowsObjects { return .objects(appearances) }
            return table.classes.isEmpty ? .nothing : hasOneClass ? .classes : .mixture
        case .mixture: return .mixture
        case .entropy: return .entropy
        case .agreement: return .agreement
        case .column(let name):
            return hasOneClass && table.interpretation?.labelColumn == name ? .classes : .column(name)
        }
    }

    /// The colours that all maps share; samples without a label are grey.
    private func colours(_ table: SampleTable, _ columns: SampleColumns?) throws -> PointColours {
        if let numbers = try colouredNumbers(table, columns) {
            if let period = numbers.period {
                return try .cycle(numbers.values, title: numbers.title, period: period, theme: style.theme)
            }
            return try .numbers(
                numbers.values, title: numbers.title, range: content.colourRange, theme: style.theme)
        }
        switch colourSource(table) {
        case .nothing: return .plain(count: table.ids.ids.count, palette: style.palette)
        case .classes:
            return .categories(
                table.labelsOfSamples.map { $0?.hardClass }, names: table.classes, title: classTitle(table),
                palette: style.palette, theme: style.theme)
        case .mixture:
            try requireClasses(table)
            var place = -1
            let places = table.labelsOfSamples.map { label -> Int? in
                if label == nil { return nil }
                place += 1
                return place
            }
            let mixed = try PointColours.mixture(
                of: table.labels.flatMap(\.probabilities), classes: table.classes, palette: style.palette,
                mixing: mixing)
            return mixed.placed(at: places, theme: style.theme)
        case .column(let name):
            guard case .categories(let indices, let names) = try column(name, columns) else {
                preconditionFailure("columns of numbers are drawn above")
            }
            return .categories(indices, names: names, title: name, palette: style.palette, theme: style.theme)
        case .entropy: preconditionFailure("an entropy is a number")
        case .agreement: preconditionFailure("each map has its own predictions")
        case .objects: preconditionFailure("objects are drawn as Figure 1")
        }
    }

    /// The numbers that the colours show, with the period after which these repeat, if they do; nil if the colours show no
    /// numbers. Classes are numbers if that is requested. Throws `InputError.unusable` if they cannot be, and what
    /// `SampleColumns` throws.
    func colouredNumbers(
        _ table: SampleTable, _ columns: SampleColumns?
    ) throws -> (values: [Double?], title: String, period: Double?)? {
        switch colourSource(table) {
        case .objects, .nothing, .mixture, .agreement: return nil
        case .entropy:
            try requireClasses(table)
            return (table.labelsOfSamples.map { $0?.entropy }, Self.entropyTitle, nil)
        case .column(let name):
            guard case .numbers(let values) = try column(name, columns) else { return nil }
            // A range is for a scale with two ends.
            let isAngle = name == "hue" && table.appearances != nil && content.colourRange == nil
            return (values, name, content.colourPeriod ?? (isAngle ? 360 : nil))
        case .classes:
            if !content.isContinuous { return nil }
            let numbers = table.classes.map { Double($0) }
            if let name = zip(table.classes, numbers).first(where: { $1 == nil })?.0 {
                throw InputError.unusable(
                    path: table.interpretation?.file ?? table.ids.path,
                    problem: "--continuous requires classes that are numbers; '\(classTitle(table))' holds '\(name)'")
            }
            let values = table.labelsOfSamples.map { $0.flatMap { numbers[$0.hardClass] } }
            return (values, classTitle(table), content.colourPeriod)
        }
    }

    private func classTitle(_ table: SampleTable) -> String { table.interpretation?.labelColumn ?? "class" }

    private func agreement(_ map: Map) throws -> PointColours {
        guard var predictions = map.predictions else {
            throw InputError.unusable(
                path: map.layout.ids.path,
                problem: "found no predictions with the same ids (predictions.csv next to it, or --predictions)")
        }
        if let first = maps[0].predictions {
            predictions = try predictions.ordered(by: first.classes, of: first.ids.path)
        }
        return try .agreement(
            truth: predictions.labels.map(\.hardClass),
            predicted: predictions.predictions.map { row in row.firstIndex(of: row.max()!)! },
            classes: predictions.classes, palette: style.palette, theme: style.theme)
    }

    /// The groups for contours and labels: the categories of the colours, or else the classes. Nil if neither is drawn.
    func groups(_ table: SampleTable, _ columns: SampleColumns?) throws -> PointGroups? {
        if content.contours != .classes && !content.hasClusterLabels { return nil }
        if case .column(let name) = colourSource(table),
            case .categories(let indices, let names) = try column(name, columns)
        {
            return PointGroups(indices, names: names, palette: style.palette)
        }
        try requireClasses(table)
        return PointGroups(
            distributions: table.labelsOfSamples.flatMap { $0?.probabilities ?? table.classes.map { _ in 0 } },
            names: table.classes, palette: style.palette)
    }

    private static let entropyTitle = "label entropy (nats)"

    /// Whether `name` means the entropy of the labels: no column has that name.
    private func isEntropy(_ name: String, _ columns: SampleColumns?) -> Bool {
        name == "entropy" && columns?.hasColumn(name) != true
    }

    private func glyphShares(
        _ name: String, _ table: SampleTable, _ columns: SampleColumns?
    ) throws -> ([Double], NumberScale) {
        let values: [Double?]
        if isEntropy(name, columns) {
            try requireClasses(table)
            values = table.labelsOfSamples.map { $0?.entropy }
        } else if case .numbers(let numbers) = try column(name, columns) {
            values = numbers
        } else {
            throw InputError.unusable(
                path: maps[0].layout.ids.path,
                problem: "--glyph requires a column of numbers; '\(name)' holds text")
        }
        if let row = values.firstIndex(of: nil) {
            throw InputError.unusable(
                path: maps[0].layout.ids.path,
                problem: "--glyph requires a number for each sample; '\(name)' has none for "
                    + "'\(maps[0].layout.ids.ids[row])'")
        }
        let scale = try NumberScale(values, title: name)
        return (values.map { scale.share(of: $0!) }, scale)
    }

    func column(_ name: String, _ columns: SampleColumns?) throws -> SampleColumn {
        guard let columns else { preconditionFailure("a column is named, but no table of columns is given") }
        return try columns.column(named: name)
    }

    private func requireClasses(_ table: SampleTable) throws(InputError) {
        if !table.classes.isEmpty { return }
        guard let file = table.interpretation?.file else {
            throw .unusable(
                path: table.ids.path, problem: "the labels of its samples are needed; name their file with --labels")
        }
        throw .noColumns(path: file, needed: "classes with their probabilities")
    }
}
