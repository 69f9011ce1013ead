import Numerics
import Foundation

@testable import Figures

/// Maps like those t-SNE makes of the shapes set: a ring of hues with shape across it for soft labels, six tight clusters for
/// hard ones.
enum ImaginedMaps {
    static func soft(_ count: Int, seed: UInt64 = 1) -> ShapesMap {
        map("soft labels", count, seed: seed) { hue, share, random in
            let angle = hue * .pi / 180 + 0.05 * random.normal()
            let radius = 6 + 5 * share + 0.35 * random.normal()
            let wave = 1 + 0.12 * sin(5 * angle + 1)
            return (radius * wave * cos(angle), 0.85 * radius * wave * sin(angle))
        }
    }

    static func hard(_ count: Int, seed: UInt64 = 1) -> ShapesMap {
        map("hard labels", count, seed: seed) { hue, share, random in
            let pure = ((hue / 120).rounded()).truncatingRemainder(dividingBy: 3) * 2 + (share > 0.5 ? 1 : 0)
            let angle = pure * .pi / 3
            let offset = (hue / 120 - (hue / 120).rounded(), share - (share > 0.5 ? 1 : 0))
            let (distance, turn) = (2.6 * random.uniform().squareRoot(), 2 * .pi * random.uniform())
            return (
                9 * cos(angle) + distance * cos(turn) + 1.5 * offset.0,
                9 * sin(angle) + 0.8 * distance * sin(turn) + 1.5 * offset.1
            )
        }
    }

    private static func map(
        _ heading: String, _ count: Int, seed: UInt64,
        _ place: (Double, Double, inout CounterRandom) -> (Double, Double)
    ) -> ShapesMap {
        var result = ShapesMap(heading: heading, coordinates: [], hues: [], ellipseShares: [])
        for index in 0..<count {
            var random = CounterRandom(seed: seed, UInt64(index))
            let isPure = random.uniform() < 0.4
            let hue = isPure ? Double(random.index(below: 3)) * 120 : 360 * random.uniform()
            let share = isPure ? Double(random.index(below: 2)) : random.uniform()
            let point = place(hue, share, &random)
            result.coordinates += [Float(point.0), Float(point.1)]
            result.hues.append(hue)
            result.ellipseShares.append(share)
        }
        return result
    }

    static func figure(_ count: Int, width: FigureStyle.Width = .page) throws -> Figure {
        var (hard, soft) = (hard(count), soft(count))
        (hard.accuracy, hard.labelDivergence, hard.mapCost) = (0.9546, 0.9424, 0.8731)
        (soft.accuracy, soft.labelDivergence, soft.mapCost) = (0.9415, 0.0232, 1.1094)
        return try Figure.shapes(
            [hard, soft], perplexity: 30, iterations: 5000, style: FigureStyle(width: width))
    }

    /// A map of `classes` classes on a ring, with mixtures between neighbouring classes, and one of its majority labels.
    static func mixtures(_ count: Int, classes: Int, width: FigureStyle.Width = .page) throws -> Figure {
        var soft = LabelledMap(coordinates: [], distributions: [], title: "soft labels")
        var hard = LabelledMap(coordinates: [], distributions: [], title: "hard labels")
        for index in 0..<count {
            var random = CounterRandom(seed: 5, UInt64(index))
            let first = random.index(below: classes)
            let share = random.uniform() < 0.4 ? 1 : random.uniform()
            var distribution = Array(repeating: 0.0, count: classes)
            distribution[first] += share
            distribution[(first + 1) % classes] += 1 - share
            let angle = 2 * .pi * (Double(first) + 1 - share) / Double(classes) + 0.05 * random.normal()
            let radius = 5 + 0.9 * random.normal()
            let point = [Float(radius * cos(angle)), Float(radius * sin(angle))]
            soft.coordinates += point
            hard.coordinates += point
            soft.distributions += distribution
            let majority = share >= 0.5 ? first : (first + 1) % classes
            hard.distributions += (0..<classes).map { $0 == majority ? 1 : 0 }
        }
        let names = ["directed", "not relevant", "undirected"]
        return try Figure.labelDistributions(
            [hard, soft], classes: classes == 3 ? names : (1...classes).map { "class \($0)" },
            style: FigureStyle(width: width))
    }
}
