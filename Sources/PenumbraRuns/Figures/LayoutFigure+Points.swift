import Figures
import Foundation
import LabelDistributions

extension LayoutFigure {
    /// The general figure: one panel a map, in the colours and glyphs that `content` asks for. Throws `InputError`,
    /// `CSVError` and `FigureError`.
    func general(_ table: SampleTable, _ columns: ColumnTable?) throws -> Figure {
        var legends: [Legend] = []
        var shares: [Double]?
        if let name = content.glyph {
            let scale: NumberScale
            (shares, scale) = try glyphShares(name, columns)
            legends.append(.glyphScale(title: name, range: scale.range))
        }
        let shared = try content.colouring == .agreement ? nil : colours(table, columns)
        var first: ScatterPoints?
        let panels = try maps.map { map in
            let points: ScatterPoints
            if let first, shared != nil {
                points = try first.moved(to: map.layout.coordinates)
            } else {
                let colours = try shared ?? agreement(map)
                if first == nil { legends.insert(colours.legend, at: 0) }
                points = try ScatterPoints(
                    coordinates: map.layout.coordinates, colours: colours.colours, ellipseShares: shares,
                    isRaised: colours.isRaised)
                first = points
            }
            return ScatterPanel(points, title: maps.count > 1 ? map.name : nil, detail: map.measures)
        }
        if let grid = content.grid, grid.columns * grid.rows < panels.count {
            throw InputError.tooManyPanels(found: panels.count, columns: grid.columns, rows: grid.rows)
        }
        var figure = Figure(panels, columns: content.grid?.columns, style: style)
        figure.legends = legends
        figure.title = "Feature spaces: " + maps.map(\.name).joined(separator: ", ")
        figure.seed = seed
        return figure
    }

    /// The colours that all maps share.
    private func colours(_ table: SampleTable, _ columns: ColumnTable?) throws -> PointColours {
        switch content.colouring ?? .mixture {
        case .mixture:
            try requireClasses(table)
            return try .mixture(
                of: table.labels.flatMap(\.probabilities), classes: table.classes, mixing: mixing, theme: style.theme)
        case .entropy:
            try requireClasses(table)
            // Of one class there is no other entropy than 0.
            let most = log(Double(max(table.classes.count, 2)))
            return try .numbers(
                table.labels.map(\.entropy), title: "label entropy (nats)", range: 0...most, theme: style.theme)
        case .column(let name):
            switch try column(name, columns) {
            case .numbers(let values): return try .numbers(values, title: name, theme: style.theme)
            case .categories(let indices, let names):
                return .categories(indices, names: names, title: name, theme: style.theme)
            }
        case .agreement: preconditionFailure("each map has its own predictions")
        }
    }

    private func agreement(_ map: Map) throws -> PointColours {
        guard let predictions = map.predictions else {
            throw InputError.unusable(
                path: map.layout.ids.path,
                problem: "no predictions of the same ids found (predictions.csv beside it, or --predictions)")
        }
        if let first = maps[0].predictions, first.classes != predictions.classes {
            throw InputError.otherClasses(
                path: predictions.ids.path, found: predictions.classes, expected: first.classes)
        }
        return try .agreement(
            truth: predictions.labels.map(\.hardClass),
            predicted: predictions.predictions.map { row in row.firstIndex(of: row.max()!)! },
            classes: predictions.classes, theme: style.theme)
    }

    /// What contours and labels are of: the categories of the colours, or else the classes. Nil where neither is drawn.
    func groups(_ table: SampleTable, _ columns: ColumnTable?) throws -> PointGroups? {
        if content.contours != .classes && !content.hasClusterLabels { return nil }
        if case .column(let name) = content.colouring,
            case .categories(let indices, let names) = try column(name, columns)
        {
            return PointGroups(indices, names: names, theme: style.theme)
        }
        try requireClasses(table)
        return PointGroups(
            distributions: table.labels.flatMap(\.probabilities), names: table.classes, theme: style.theme)
    }

    private func glyphShares(_ name: String, _ columns: ColumnTable?) throws -> ([Double], NumberScale) {
        guard case .numbers(let values) = try column(name, columns) else {
            throw InputError.unusable(
                path: maps[0].layout.ids.path,
                problem: "--glyph takes a column of numbers, and '\(name)' holds texts")
        }
        if let row = values.firstIndex(of: nil) {
            throw InputError.unusable(
                path: maps[0].layout.ids.path,
                problem: "--glyph takes a number of each sample; '\(name)' has none for "
                    + "'\(maps[0].layout.ids.ids[row])'")
        }
        let scale = try NumberScale(values, title: name)
        return (values.map { scale.share(of: $0!) }, scale)
    }

    private func column(_ name: String, _ columns: ColumnTable?) throws -> ColumnTable.Column {
        guard let columns else { preconditionFailure("a column is named, and no table of columns is given") }
        return try columns.column(named: name)
    }

    private func requireClasses(_ table: SampleTable) throws(InputError) {
        if table.classes.isEmpty {
            throw .noColumns(path: table.ids.path, needed: "classes with their probabilities")
        }
    }
}
