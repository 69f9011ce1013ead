@testable import Figures

/// A map whose points have label distributions, as in the general figure.
struct LabelledMap: Sendable {
    /// N × 2, row-major, finite.
    var coordinates: [Float]
    /// N × K, row-major. Each row is finite, non-negative, and sums to 1 within 1e-3.
    var distributions: [Double]
    /// Title above the panel, such as "hard labels".
    var title: String?
}

extension Figure {
    /// Maps of any label distributions side by side. Points get the mixture of their classes' colours (`ClassPalette`). The
    /// legend is a triangle for three classes and swatches otherwise.
    ///
    /// - Parameters:
    ///   - maps: At least one, from left to right.
    ///   - columns: Panels per row, at most `mostColumns`; up to three by default.
    ///   - classes: The K class names, at least one.
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
