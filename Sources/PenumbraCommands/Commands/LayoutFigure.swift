import Figures
import Foundation
import ImageDatasets
import LabelDistributions

/// The figure of one or more maps and what is known of their samples.
struct LayoutFigure {
    /// A map, its report and its predictions, as far as there are any.
    struct Map {
        var layout: LayoutFile
        var report: LayoutReport?
        var evaluation: Evaluation?
        /// `hard`, `soft`, or the file's name.
        var name: String
    }

    var maps: [Map]
    var style: FigureStyle
    var mixing: ColourMixing
    /// Of the order in which points are drawn.
    var seed: UInt64

    /// The figure for the table of labels: of synthetic objects Figure 1, otherwise one panel a map in mixtures of the
    /// classes' colours. Throws `InputError` where ids differ, and `FigureError`.
    func figure(_ table: SampleTable) throws -> Figure {
        for map in maps { try map.layout.ids.requireSame(as: table.ids) }
        var figure = try table.appearances.map(objects) ?? distributions(table)
        // Without their reports nothing is known of the maps but their size.
        if maps.contains(where: { $0.report == nil }) || table.appearances == nil { figure.caption = caption }
        if let simulation = table.simulation {
            figure.caption = "\(simulation.prefix(1).uppercased())\(simulation.dropFirst()). \(figure.caption ?? "")"
        }
        return figure
    }

    private func objects(_ appearances: [Appearance]) throws -> Figure {
        let shapes = maps.map { map in
            var shape = ShapesMap(
                heading: map.name, coordinates: map.layout.coordinates, hues: appearances.map(\.hue),
                ellipseShares: appearances.map(\.ellipseShare))
            shape.accuracy = map.evaluation?.macroAccuracy
            shape.labelDivergence = map.evaluation?.klDivergence
            shape.mapDivergence = map.report?.klDivergence
            return shape
        }
        return try Figure.shapes(
            shapes, perplexity: common { $0.parameters.perplexity.single }, iterations: common { $0.iterations },
            style: style,
            seed: seed)
    }

    private func distributions(_ table: SampleTable) throws -> Figure {
        let numbers = table.labels.flatMap(\.probabilities)
        let labelled = maps.map { map in
            LabelledMap(
                coordinates: map.layout.coordinates, distributions: numbers, title: maps.count > 1 ? map.name : nil)
        }
        return try Figure.labelDistributions(
            labelled, columns: labelled.count <= 3 ? nil : 3, classes: table.classes, mixing: mixing, style: style,
            seed: seed)
    }

    /// What the reports of all maps agree on.
    private func common<Value: Equatable>(_ value: (LayoutReport) -> Value?) -> Value? {
        let values = maps.map { $0.report.flatMap(value) }
        return values.allSatisfy { $0 == values[0] } ? values[0] : nil
    }

    private var caption: String { "N = \(maps[0].layout.ids.ids.count)." }
}
