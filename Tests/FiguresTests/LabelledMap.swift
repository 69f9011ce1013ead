@testable import Figures

/// A map whose points have label distributions, as the general figure shows it.
struct LabelledMap: Sendable {
    /// N × 2 by row, finite.
    var coordinates: [Float]
    /// N × K by row: each row finite, not negative, with the sum 1 within 1e-3.
    var distributions: [Double]
    /// Stands above the panel, say "hard labels".
    var title: String?
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
    static func labelDistributions(
        _ maps: [LabelledMap], columns: Int? = nil, classes: [String], mixing: ColourMixing = .oklab,
        style: FigureStyle = FigureStyle(), seed: UInt64 = 0
    ) throws(FigureError) -> Figure {
        precondition(!maps.isEmpty && !classes.isEmpty, "a figure has at least one map and one class")
        var panels: [ScatterPanel] = []
        var legends: [Legend] = []
        for map in maps {
            let count = map.coordinates.count / 2 * classes.count
            if map.distributions.count != count {
                throw .countMismatch(
                    column: "label distribution", found: map.distributions.count, expected: count)
            }
            let mixed = try PointColours.mixture(
                of: map.distributions, classes: classes, mixing: mixing)
            let points = try ScatterPoints(coordinates: map.coordinates, colours: mixed.colours)
            panels.append(ScatterPanel(points, title: map.title))
            legends = [mixed.legend].compactMap(\.self)
        }
        var figure = Figure(panels, columns: columns, style: style)
        figure.legends = legends
        figure.title = "Label distributions"
        figure.seed = seed
        return figure
    }
}
