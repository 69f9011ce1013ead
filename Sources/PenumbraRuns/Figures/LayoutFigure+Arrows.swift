import FeatureSpaces
import Figures
import LabelDistributions

extension LayoutFigure {
    /// Rotates the second map onto the first, so that the displacements between them are meaningful. Changes nothing if no
    /// arrows are requested. Throws `InputError.unusable` unless there are two maps.
    func aligned() throws -> LayoutFigure {
        guard content.arrows != nil else { return self }
        if maps.count != 2 {
            throw InputError.unusable(
                path: maps[0].layout.ids.path,
                problem: "--arrows lead from one map to another; found \(maps.count); expected 2")
        }
        let label = LabelDistribution(oneHot: 0, of: 1)
        let spaces = try maps.map { map in
            try FeatureSpace(
                features: map.layout.coordinates, dimension: 2,
                labels: Array(repeating: label, count: map.layout.ids.ids.count))
        }
        var figure = self
        let motion = try MapAlignment(moving: spaces[1], onto: spaces[0])
        figure.maps[1].layout = LayoutFile(
            ids: maps[1].layout.ids, coordinates: motion.apply(to: maps[1].layout.coordinates))
        return figure
    }

    /// The points that moved most from the first map to the second; ties keep their order.
    private func movers() -> [Int] {
        guard let share = content.arrows, maps.count == 2 else { return [] }
        let (first, second) = (maps[0].layout.coordinates, maps[1].layout.coordinates)
        let ways = maps[0].layout.ids.ids.indices.map { row -> Float in
            let (dx, dy) = (second[2 * row] - first[2 * row], second[2 * row + 1] - first[2 * row + 1])
            return dx * dx + dy * dy
        }
        let count = max(1, Int((share * Double(ways.count)).rounded()))
        return ways.indices.sorted { (ways[$1], $0) < (ways[$0], $1) }.prefix(count).sorted()
    }

    /// A panel of the first map's points, with arrows from those that moved most to their positions in the second.
    func arrowPanel(_ panel: ScatterPanel) throws -> ScatterPanel? {
        let movers = movers()
        if movers.isEmpty { return nil }
        let isMover = Set(movers)
        var arrows = ScatterPanel(
            try panel.points.fading(
                apartFrom: panel.points.colours.indices.map(isMover.contains), theme: style.theme),
            title: "\(maps[0].name) → \(maps[1].name)")
        let (first, second) = (maps[0].layout.coordinates, maps[1].layout.coordinates)
        arrows.arrows = movers.map { row in
            ScatterPanel.Arrow(
                from: SIMD2(first[2 * row], first[2 * row + 1]), to: SIMD2(second[2 * row], second[2 * row + 1]))
        }
        return arrows
    }

    /// The caption's sentence about the arrows.
    var arrowSentence: String? {
        let count = movers().count
        guard count > 0, let share = content.arrows else { return nil }
        let percent = (share * 10_000).rounded() / 100
        return "Arrows: the \(Decimals.grouped(count)) points (\(Decimals.short(percent)) %) that moved most from "
            + "\(maps[0].name) to \(maps[1].name), which was rotated onto the first."
    }
}
