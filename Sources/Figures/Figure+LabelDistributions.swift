/// A map whose points have label distributions, as the general figure shows it.
public struct LabelledMap: Sendable {
    /// N × 2 by row, finite.
    public var coordinates: [Float]
    /// N × K by row: each row finite, not negative, with the sum 1 within 1e-3.
    public var distributions: [Double]
    /// Stands above the panel, say "hard labels".
    public var title: String?

    /// A map from its columns.
    public init(coordinates: [Float], distributions: [Double], title: String? = nil) {
        self.coordinates = coordinates
        self.distributions = distributions
        self.title = title
    }
}

extension Figure {
    /// Maps of any label distributions side by side: each point in the mixture of its classes' colours
    /// (`ClassPalette`), with a triangle as legend for three classes and swatches otherwise.
    ///
    /// - Parameters:
    ///   - maps: At least one, from left to right.
    ///   - columns: How many panels stand in a row, at most `mostColumns`; up to three if left out.
    ///   - classes: The K names, at least one.
    /// - Throws: `countMismatch`, `notFinite`, `outOfRange` or `notADistribution`.
    /// - Complexity: O(N K).
    public static func labelDistributions(
        _ maps: [LabelledMap], columns: Int? = nil, classes: [String], mixing: ColourMixing = .oklab,
        style: FigureStyle = FigureStyle(), seed: UInt64 = 0
    ) throws(FigureError) -> Figure {
        precondition(!maps.isEmpty && !classes.isEmpty, "a figure has at least one map and one class")
        let palette = ClassPalette.colours(classes.count)
        var panels: [ScatterPanel] = []
        for map in maps {
            let colours = try Self.colours(map, palette, mixing)
            let points = try ScatterPoints(coordinates: map.coordinates, colours: colours)
            panels.append(ScatterPanel(points, title: map.title))
        }
        let perRow = max(1, columns ?? min(panels.count, 3))
        var figure = Figure(
            rows: stride(from: 0, to: panels.count, by: perRow).map { start in
                Row(Array(panels[start..<min(start + perRow, panels.count)]))
            }, style: style)
        figure.legends = [
            classes.count == 3
                ? .triangle(names: classes, colours: palette, mixing: mixing)
                : .classes(names: classes, colours: palette)
        ]
        figure.title = "Label distributions"
        figure.seed = seed
        return figure
    }

    private static func colours(
        _ map: LabelledMap, _ palette: [Colour], _ mixing: ColourMixing
    ) throws(FigureError) -> [Colour] {
        let classes = palette.count
        let count = map.coordinates.count / 2
        try LabelDistributionCheck.check(map.distributions, count: count, classes: classes)
        return (0..<count).map { row in
            mixing.mix(palette, by: map.distributions[row * classes..<(row + 1) * classes])
        }
    }
}
