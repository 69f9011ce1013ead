import Figures
import LabelFiles

extension LayoutFigure {
    /// More panels than this would be too small to read.
    static let mostFacets = 24

    /// One panel for each value of the column that `content` names, in which the points with other values are grey: for a
    /// single map in a grid, for several maps one row per map.
    ///
    /// Throws `InputError.tooManyFacets`, `InputError.unusable` for contours or cluster labels, which apply to all points, and
    /// what `SampleColumns` throws.
    func faceted(_ panels: [ScatterPanel], _ table: SampleTable, _ columns: SampleColumns?) throws -> Figure? {
        guard let name = content.facet else { return nil }
        if content.contours != nil || content.hasClusterLabels {
            throw InputError.unusable(
                path: table.ids.path,
                problem: "--facet cannot be combined with --contours or --cluster-labels, which apply to all points")
        }
        let (values, names) = try facets(name, table, columns)
        let limit = maps.count > 1 ? Figure.mostColumns : Self.mostFacets
        if names.isEmpty || names.count > limit {
            throw InputError.tooManyFacets(path: table.ids.path, column: name, found: names.count, limit: limit)
        }
        if maps.count > 1, content.grid != nil {
            throw InputError.unusable(
                path: table.ids.path,
                problem: "--panels cannot be combined with --facet for several maps, each of which is a row")
        }
        let rows = try panels.map { panel in
            try names.indices.map { value in
                let isShown = values.map { $0 == value }
                var facet = ScatterPanel(
                    try panel.points.fading(apartFrom: isShown, theme: style.theme), title: names[value])
                facet.titleEnd = "(\(Decimals.grouped(isShown.count { $0 })))"
                return facet
            }
        }
        if maps.count == 1 { return Figure(rows[0], columns: content.grid?.columns, style: style) }
        return Figure(
            rows: zip(rows, maps).map { Figure.Row($0, heading: $1.name, detail: $1.measures) }, style: style)
    }

    /// The value of each sample as an index into the names of all values. If no column is called `class`, this name means the
    /// majority class.
    private func facets(
        _ name: String, _ table: SampleTable, _ columns: SampleColumns?
    ) throws -> (values: [Int?], names: [String]) {
        if name == "class", !table.classes.isEmpty, columns?.hasColumn(name) != true {
            let found = table.labelsOfSamples.map { $0?.hardClass }
            let present = table.classes.indices.filter { found.contains($0) }
            return (found.map { $0.flatMap(present.firstIndex) }, present.map { table.classes[$0] })
        }
        switch try column(name, columns) {
        case .categories(let indices, let names): return (indices, names)
        case .numbers(let numbers):
            let present = Set(numbers.compactMap(\.self)).sorted()
            if present.count > Self.mostFacets { return (numbers.map { _ in nil }, present.map { "\($0)" }) }
            return (
                numbers.map { number in number.flatMap { present.firstIndex(of: $0) } },
                present.map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
            )
        }
    }
}
