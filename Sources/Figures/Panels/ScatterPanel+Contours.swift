import Foundation

extension ScatterPanel {
    /// What contours are drawn for.
    public enum Contours: String, Sendable, CaseIterable {
        /// For all points together.
        case all
        /// For each class, in its colour.
        case classes

        /// The share of the points inside each line, the innermost first.
        public var shares: [Double] {
            switch self {
            case .all: [0.25, 0.5, 0.75, 0.9]
            case .classes: [0.5, 0.8]
            }
        }
    }

    /// A line of equal density, in page points.
    struct ContourLine {
        var corners: [CGPoint]
        var colour: Colour
        var width: Double
    }

    /// The lines that enclose `Contours.shares` of the points, for all or for each class (to which points belong according to
    /// their weights); none without points.
    func contourLines(in rectangle: CGRect, _ style: FigureStyle) -> [ContourLine] {
        guard let contours, points.count > 0 else { return [] }
        let places = places(in: rectangle, style)
        switch contours {
        case .all:
            let grid = DensityGrid(places, in: rectangle, bandwidth: bandwidth(in: rectangle))
            return lines(of: grid, holding: contours.shares, style.theme.ink, in: rectangle, width: 0.45)
        case .classes:
            guard let groups else { return [] }
            return groups.names.indices.flatMap { group -> [ContourLine] in
                let weights = groups.weights(of: group)
                if !weights.contains(where: { $0 > 0 }) { return [] }
                let grid = DensityGrid(
                    places, weights: weights, in: rectangle, bandwidth: bandwidth(in: rectangle))
                let colour = PointGroups.lineColour(groups.colours[group], style.theme)
                return lines(of: grid, holding: contours.shares, colour, in: rectangle, width: 0.7)
            }
        }
    }

    /// The bandwidth of the densities behind contours and labels, in points: smaller the more points there are.
    func bandwidth(in rectangle: CGRect) -> Double {
        let side = min(rectangle.width, rectangle.height)
        return max(side * 0.055 * pow(Double(max(points.count, 1)), -1.0 / 6), 1.5)
    }

    /// The outermost line is thinner than the others.
    private func lines(
        of grid: DensityGrid, holding shares: [Double], _ colour: Colour, in rectangle: CGRect, width: Double
    ) -> [ContourLine] {
        let levels = grid.levels(holding: shares)
        return levels.enumerated().flatMap { index, level -> [ContourLine] in
            if level <= 0 { return [] }
            return ContourLines(grid, level: level).lines.map { line in
                // A kernel extends beyond the outermost points, perhaps further than the panel does.
                let corners = line.map { corner in
                    CGPoint(
                        x: min(max(corner.x, rectangle.minX), rectangle.maxX),
                        y: min(max(corner.y, rectangle.minY), rectangle.maxY))
                }
                return ContourLine(
                    corners: corners, colour: colour, width: index == levels.count - 1 ? 0.7 * width : width)
            }
        }
    }
}
