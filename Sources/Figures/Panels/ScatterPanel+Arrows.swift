import Foundation

extension ScatterPanel {
    /// The displacement of a point from its position in the map to its position in another.
    public struct Arrow: Sendable, Equatable {
        /// In the map's own units, y upwards.
        public var from: SIMD2<Float>
        /// The position of the head.
        public var to: SIMD2<Float>

        /// An arrow between two finite positions; traps at others.
        public init(from: SIMD2<Float>, to: SIMD2<Float>) {
            precondition([from.x, from.y, to.x, to.y].allSatisfy(\.isFinite), "an arrow leads from a place to a place")
            (self.from, self.to) = (from, to)
        }
    }

    /// Draws the arrows over the points: thin lines with a halo in the paper's colour, and heads three points long.
    func drawArrows(on canvas: any Canvas, in rectangle: CGRect, _ style: FigureStyle) {
        let place = placer(in: rectangle, style)
        for arrow in arrows {
            let (start, end) = (place(arrow.from.x, arrow.from.y), place(arrow.to.x, arrow.to.y))
            let (dx, dy) = (end.x - start.x, end.y - start.y)
            let length = hypot(dx, dy)
            if length < 0.5 { continue }
            let head = min(3, length)
            let (ux, uy) = (dx / length, dy / length)
            let neck = CGPoint(x: end.x - head * ux, y: end.y - head * uy)
            canvas.stroke([start, neck], closed: false, style.theme.paper, width: 1.2)
            canvas.stroke([start, neck], closed: false, style.theme.ink, width: 0.5)
            let half = head * 0.4
            canvas.fill(
                [
                    end, CGPoint(x: neck.x - half * uy, y: neck.y + half * ux),
                    CGPoint(x: neck.x + half * uy, y: neck.y - half * ux),
                ], style.theme.ink)
        }
    }
}
