import Determinism
import Foundation

/// One map in a figure, drawn at one scale on both axes, without ticks: the axes of t-SNE mean nothing.
public struct ScatterPanel: Sendable {
    /// What is drawn.
    public var points: ScatterPoints
    /// Stands above the panel.
    public var title: String?
    /// The size of glyphs against the size that follows from the number of points; above 0, else it traps.
    public var glyphScale: Double {
        didSet { Self.check(glyphScale) }
    }

    /// A panel of `points`.
    public init(_ points: ScatterPoints, title: String? = nil, glyphScale: Double = 1) {
        self.points = points
        self.title = title
        self.glyphScale = glyphScale
        Self.check(glyphScale)
    }

    private static func check(_ glyphScale: Double) {
        precondition(glyphScale > 0 && glyphScale.isFinite, "glyphs have a size")
    }

    /// The radius in points of a circle, in a panel whose side is `side` points long: all glyphs together cover a fixed
    /// share of the panel, as long as they stay neither dots nor discs.
    func glyphRadius(side: Double) -> Double {
        let even = side * (0.28 / (.pi * Double(max(points.count, 1)))).squareRoot()
        return min(max(even, 0.3), 2.6) * glyphScale
    }

    /// Many points lie on one another: then each lets those below shine through.
    var opacity: Double {
        let count = Double(max(points.count, 1))
        return min(max(1.15 - 0.1 * log10(count / 100), 0.6), 1)
    }

    /// The glyphs placed in `rectangle` (in points, y downwards), in an order that `seed` shuffles, so that no class
    /// lies above another.
    func glyphs(in rectangle: CGRect, seed: UInt64) -> GlyphLayer {
        let radius = glyphRadius(side: min(rectangle.width, rectangle.height))
        let outline = min(0.25, radius * 0.2)
        let inset = min(1.5 * radius + 3, min(rectangle.width, rectangle.height) / 4)
        let place = placement(in: rectangle.insetBy(dx: inset, dy: inset))
        var random = CounterRandom(seed: seed)
        let glyphs = random.permutation(of: points.count).map { index in
            let fill = points.colours[index]
            var edge = OKLab(fill)
            edge.lightness *= 0.72
            return GlyphLayer.Glyph(
                x: place.x + place.scale * Double(points.coordinates[2 * index]),
                y: place.y - place.scale * Double(points.coordinates[2 * index + 1]),
                shape: EllipseShape(radius: radius, ellipseShare: points.ellipseShares[index]),
                fill: fill, outline: edge.colour)
        }
        return GlyphLayer(glyphs: glyphs, outlineWidth: outline, opacity: opacity)
    }

    /// Scale and origin that put the points' bounding box in the middle of `rectangle`, as large as it can be.
    private func placement(in rectangle: CGRect) -> (x: Double, y: Double, scale: Double) {
        guard points.count > 0 else { return (rectangle.midX, rectangle.midY, 0) }
        var low = SIMD2<Double>(repeating: .infinity)
        var high = -low
        for index in 0..<points.count {
            let point = SIMD2(Double(points.coordinates[2 * index]), Double(points.coordinates[2 * index + 1]))
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        let extent = high - low
        let scales = [rectangle.width / extent.x, rectangle.height / extent.y].filter(\.isFinite)
        let scale = scales.min() ?? 0
        let centre = (low + high) / 2
        return (rectangle.midX - scale * centre.x, rectangle.midY + scale * centre.y, scale)
    }
}
