import Numerics
import Foundation

/// One map in a figure, drawn at one scale on both axes, without ticks: the axes of t-SNE mean nothing.
public struct ScatterPanel: Sendable {
    /// What is drawn.
    public var points: ScatterPoints
    /// The title above the panel, in bold.
    public var title: String?
    /// The end of the title, such as the number of points: where there is no room, the title is cut before it.
    public var titleEnd: String?
    /// The text below the title: the map's measures.
    public var detail: String?
    /// The classes of the points, for contours of classes and labels.
    public var groups: PointGroups? {
        didSet {
            let isFitting = groups.map { $0.weights.count == points.count * $0.names.count } ?? true
            precondition(isFitting, "one weight per point and class")
        }
    }
    /// Which lines of equal density to draw, if any.
    public var contours: Contours?
    /// Whether the names of `groups` are written at their clusters.
    public var hasClusterLabels = false
    /// Displacements of points from one map to another, drawn above all points.
    public var arrows: [Arrow] = []
    /// The maximum number of points shown as their images, as far as there is room.
    public var thumbnailLimit = 0 {
        didSet { precondition(thumbnailLimit >= 0, "images are counted") }
    }
    /// The images of the points chosen by `Figure.thumbnailChoices`.
    public var thumbnails: [Int: Thumbnail] = [:]
    /// The size of glyphs relative to the size that follows from the number of points; above 0, otherwise it traps.
    public var glyphScale: Double {
        didSet { Self.check(glyphScale) }
    }

    /// A panel of `points`.
    public init(_ points: ScatterPoints, title: String? = nil, detail: String? = nil, glyphScale: Double = 1) {
        self.points = points
        self.title = title
        self.detail = detail
        self.glyphScale = glyphScale
        Self.check(glyphScale)
    }

    private static func check(_ glyphScale: Double) {
        precondition(glyphScale > 0 && glyphScale.isFinite, "glyphs have a size")
    }

    /// The radius of a circle, in points, in a panel with sides of `side` points: all glyphs together cover a fixed share of
    /// the panel, within limits on the glyph size.
    func glyphRadius(side: Double) -> Double {
        let even = side * (0.28 / (.pi * Double(max(points.count, 1)))).squareRoot()
        return min(max(even, 0.3), 2.6) * glyphScale
    }

    /// The order in which `count` points are drawn, such that no class covers another.
    static func order(of count: Int, seed: UInt64) -> [Int] {
        var random = CounterRandom(seed: seed)
        return random.permutation(of: count)
    }

    /// The glyphs placed in `rectangle` (in points, y downwards), in the order `shuffled`, with raised points after all others.
    /// Where many overlap, they are translucent.
    func glyphs(
        in rectangle: CGRect, order shuffled: [Int], style: FigureStyle = FigureStyle(),
        threads: ThreadCount = ThreadCount(1)
    ) -> GlyphLayer {
        let radius = radius(in: rectangle, style)
        let places = places(in: rectangle, style)
        let opacities = opacities(at: places, in: rectangle, radius: radius, threads)
        let order = Self.layered(shuffled, isUpper: points.isRaised, isLower: points.isFaded)
        let glyphs = threads.map(order.count) { position in
            let index = order[position]
            let isRaised = !points.isRaised.isEmpty && points.isRaised[index]
            return GlyphLayer.Glyph(
                x: places[index].x, y: places[index].y,
                shape: EllipseShape(radius: radius, ellipseShare: points.ellipseShares[index]),
                fill: points.colours[index], outline: isRaised ? style.theme.ink : points.outlines[index],
                opacity: isRaised ? 1 : opacities[index])
        }
        return GlyphLayer(glyphs: glyphs, outlineWidth: min(0.25, radius * 0.2), opacity: 1)
    }

    /// The order with the points that are below all others first, and those that are above them last.
    private static func layered(_ order: [Int], isUpper: [Bool], isLower: [Bool]) -> [Int] {
        if isUpper.isEmpty && isLower.isEmpty { return order }
        func layer(_ index: Int) -> Int {
            if !isUpper.isEmpty && isUpper[index] { return 2 }
            return !isLower.isEmpty && isLower[index] ? 0 : 1
        }
        return (0...2).flatMap { wanted in order.filter { layer($0) == wanted } }
    }

    /// The radius of a circle in a figure with this style.
    private func radius(in rectangle: CGRect, _ style: FigureStyle) -> Double {
        glyphRadius(side: min(rectangle.width, rectangle.height)) * style.pointScale
    }

    /// The position of each point in `rectangle`, in the order of the points.
    func places(in rectangle: CGRect, _ style: FigureStyle) -> [CGPoint] {
        let place = placer(in: rectangle, style)
        return (0..<points.count).map { place(points.coordinates[2 * $0], points.coordinates[2 * $0 + 1]) }
    }

    /// Converts a position on the map to one in `rectangle`.
    func placer(in rectangle: CGRect, _ style: FigureStyle) -> (_ x: Float, _ y: Float) -> CGPoint {
        let side = min(rectangle.width, rectangle.height)
        // The points' glyphs, and their contours, which run up to three bandwidths from the outermost points.
        let reach = max(1.5 * radius(in: rectangle, style), contours == nil ? 0 : 3 * bandwidth(in: rectangle))
        let inset = min(reach + 3, side / 4)
        let place = placement(in: rectangle.insetBy(dx: inset, dy: inset))
        return { x, y in CGPoint(x: place.x + place.scale * Double(x), y: place.y - place.scale * Double(y)) }
    }

    /// The opacity of each point: full where up to two glyphs overlap, and lower the more there are.
    private func opacities(
        at places: [CGPoint], in rectangle: CGRect, radius: Double, _ threads: ThreadCount
    ) -> [Double] {
        if places.count < 100 { return Array(repeating: 1, count: places.count) }
        let density = DensityGrid(places, in: rectangle, bandwidth: max(2 * radius, 2), threads: threads)
        return threads.map(places.count) { index in
            let cover = density.value(at: places[index]) * .pi * radius * radius
            return min(max((2 / max(cover, 1)).squareRoot(), 0.35), 1)
        }
    }

    /// The scale and origin that centre the points' bounding box in `rectangle`, as large as possible.
    private func placement(in rectangle: CGRect) -> (x: Double, y: Double, scale: Double) {
        guard points.count > 0 else { return (rectangle.midX, rectangle.midY, 0) }
        var low = SIMD2<Double>(repeating: .infinity)
        var high = -low
        func take(_ x: Float, _ y: Float) {
            let point = SIMD2(Double(x), Double(y))
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        for index in 0..<points.count { take(points.coordinates[2 * index], points.coordinates[2 * index + 1]) }
        for arrow in arrows { take(arrow.to.x, arrow.to.y) }
        let extent = high - low
        let scales = [rectangle.width / extent.x, rectangle.height / extent.y].filter(\.isFinite)
        let scale = scales.min() ?? 0
        let centre = (low + high) / 2
        return (rectangle.midX - scale * centre.x, rectangle.midY + scale * centre.y, scale)
    }
}
