import Numerics
import Foundation
import Testing

@testable import Figures

@Suite struct ContourTests {
    private static let square = CGRect(x: 10, y: 20, width: 200, height: 200)

    /// The area that a closed line encloses, signed by its direction.
    private static func area(_ line: [CGPoint]) -> Double {
        var sum = 0.0
        for (here, next) in zip(line, line.dropFirst() + line.prefix(1)) { sum += here.x * next.y - next.x * here.y }
        return sum / 2
    }

    @Test func densityHoldsItsWeight() {
        let places = [(30, 40), (150.3, 77.7), (209.99, 100), (-5, 50)].map { CGPoint(x: $0.0, y: $0.1) }
        let grid = DensityGrid(places, weights: [1, 2.5, 0.5, 9], in: Self.square, bandwidth: 4)
        // The last point lies outside; the third, at the edge, spreads beyond it.
        #expect(abs(grid.values.reduce(0, +) * grid.step * grid.step - 4) < 1e-9)
        #expect(hypot(grid.peak.x - 150.3, grid.peak.y - 77.7) < grid.step)
        #expect(abs(grid.value(at: grid.peak) - 2.5 / (2 * .pi * 16)) < 0.03 * 2.5 / (2 * .pi * 16))
        #expect(grid.value(at: CGPoint(x: -1e300, y: 0)) == 0)
    }

    /// The density around one point is a Gaussian, so its contours are circles of known radius.
    @Test(arguments: [0.2, 0.5, 0.8]) func contoursOfAPointAreCircles(share: Double) throws {
        let bandwidth = 12.0
        let centre = CGPoint(x: 100, y: 110)
        let grid = DensityGrid([centre], in: Self.square, bandwidth: bandwidth)
        let level = share / (2 * .pi * bandwidth * bandwidth)
        let lines = ContourLines(grid, level: level).lines
        #expect(lines.count == 1)
        let radius = bandwidth * (-2 * log(share)).squareRoot()
        for corner in try #require(lines.first) {
            #expect(abs(hypot(corner.x - centre.x, corner.y - centre.y) - radius) < 0.1)
        }
        // The contour at a level encloses the share 1 - level / peak of the weight.
        let held = grid.levels(holding: [1 - share])[0]
        #expect(abs(held / level - 1) < 0.08)
    }

    @Test func linesAreClosedAndRunOneWayRound() {
        var random = CounterRandom(seed: 3)
        let places = (0..<300).map { _ in
            CGPoint(x: 30 + 160 * random.uniform(), y: 40 + 160 * random.uniform())
        }
        let grid = DensityGrid(places, in: Self.square, bandwidth: 6)
        for level in grid.levels(holding: [0.1, 0.3, 0.5, 0.7, 0.9]) {
            let lines = ContourLines(grid, level: level).lines
            #expect(!lines.isEmpty)
            for line in lines {
                for (here, next) in zip(line, line.dropFirst() + line.prefix(1)) {
                    #expect(hypot(here.x - next.x, here.y - next.y) <= grid.step * 1.5)
                }
            }
            // Outer lines and holes have opposite signs, so the sum is the area above the level.
            let inside = Double(grid.values.count { $0 >= level }) * grid.step * grid.step
            let enclosed = abs(lines.map(Self.area).reduce(0, +))
            #expect(abs(enclosed / inside - 1) < 0.12)
        }
    }

    /// Two equal peaks: one contour around both at a low level, one around each at a high level.
    @Test func levelsPartClusters() {
        let grid = DensityGrid(
            [CGPoint(x: 80, y: 100), CGPoint(x: 120, y: 100)], in: Self.square, bandwidth: 14)
        let peak = grid.value(at: grid.peak)
        #expect(ContourLines(grid, level: 0.3 * peak).lines.count == 1)
        #expect(ContourLines(grid, level: 0.95 * peak).lines.count == 2)
    }

    private static func panel(_ classes: Int, count: Int = 400) throws -> ScatterPanel {
        let figure = try ImaginedMaps.mixtures(count, classes: classes)
        var panel = figure.rows[0].panels[0]
        var indices: [Int?] = []
        for index in 0..<count { indices.append(index % classes) }
        panel.groups = PointGroups(indices, names: (0..<classes).map { "class number \($0)" })
        panel.hasClusterLabels = true
        return panel
    }

    @Test(arguments: [1, 3, 10, 40], [60.0, 200]) func labelsStandApartInThePanel(classes: Int, side: Double) throws {
        let panel = try Self.panel(classes)
        let rectangle = CGRect(x: 5, y: 7, width: side, height: side)
        let labels = panel.clusterLabels(in: rectangle, FigureStyle(), try Typeface(family: nil))
        if side == 200 { #expect(labels.count >= min(classes, 30)) }
        for (index, label) in labels.enumerated() {
            #expect(rectangle.contains(label.box))
            for other in labels[..<index] { #expect(!label.box.intersects(other.box)) }
        }
    }

    /// With clusters far apart, each name is placed on its own cluster, without a leader line.
    @Test func labelsStandAtTheirClusters() throws {
        let places: [(Float, Float)] = [(0, 0), (10, 0), (0, 10), (10, 10)]
        var coordinates: [Float] = []
        for index in 0..<80 {
            let place = places[index % 4]
            coordinates += [place.0 + Float(index / 4) * 0.02, place.1]
        }
        let colours = Array(repeating: Colour.black, count: 80)
        var panel = ScatterPanel(try ScatterPoints(coordinates: coordinates, colours: colours))
        panel.groups = PointGroups((0..<80).map { $0 % 4 }, names: ["a", "b", "c", "d"])
        panel.hasClusterLabels = true
        let rectangle = CGRect(x: 0, y: 0, width: 200, height: 200)
        let labels = panel.clusterLabels(in: rectangle, FigureStyle(), try Typeface(family: nil))
        #expect(labels.map(\.text.text).sorted() == ["a", "b", "c", "d"])
        #expect(labels.allSatisfy { $0.leader == nil })
        let corners = [CGPoint(x: 5, y: 195), CGPoint(x: 195, y: 195), CGPoint(x: 5, y: 5), CGPoint(x: 195, y: 5)]
        for (name, corner) in zip(["a", "b", "c", "d"], corners) {
            let label = try #require(labels.first { $0.text.text == name })
            #expect(hypot(label.peak.x - corner.x, label.peak.y - corner.y) < 12)
        }
    }

    @Test func moreContoursMoreLinesInTheFile() throws {
        var panel = try Self.panel(3)
        func strokes() throws -> Int {
            let svg = String(decoding: try Figure([panel]).data(as: .svg), as: UTF8.self)
            return svg.components(separatedBy: "fill=\"none\" stroke").count - 1
        }
        panel.hasClusterLabels = false
        let plain = try strokes()
        panel.contours = .all
        let all = try strokes()
        panel.contours = .classes
        let classes = try strokes()
        #expect(all > plain + 3 && classes > plain + 5)
    }

    /// The kernels of the outermost points extend beyond them, and the frame leaves room for that.
    @Test(arguments: [ScatterPanel.Contours.all, .classes], [60, 400, 3000])
    func contoursAreNotCutByTheFrame(contours: ScatterPanel.Contours, count: Int) throws {
        var panel = try Self.panel(3, count: count)
        panel.contours = contours
        let lines = panel.contourLines(in: Self.square, FigureStyle())
        #expect(!lines.isEmpty)
        let inner = Self.square.insetBy(dx: 0.5, dy: 0.5)
        #expect(lines.allSatisfy { $0.corners.allSatisfy(inner.contains) })
    }

    /// Points in dense regions are translucent; isolated points are opaque.
    @Test func opacityFollowsTheDensity() throws {
        var coordinates: [Float] = []
        var random = CounterRandom(seed: 9)
        for index in 0..<4000 {
            coordinates +=
                index < 3900
                ? [Float(random.normal() * 0.05), Float(random.normal() * 0.05)]
                : [Float(random.uniform() * 40 - 20), Float(random.uniform() * 40 - 20)]
        }
        let points = try ScatterPoints(
            coordinates: coordinates, colours: Array(repeating: .black, count: 4000))
        let glyphs = ScatterPanel(points).glyphs(in: Self.square, order: ScatterPanel.order(of: 4000, seed: 0)).glyphs
        let opacities = glyphs.map(\.opacity)
        #expect(opacities.min()! < 0.5 && opacities.min()! >= 0.35)
        #expect(opacities.count { $0 == 1 } >= 80)
    }
}
