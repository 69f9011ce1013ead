import Foundation

/// A surface that figures are drawn on: in points (1/72 inch) from the top left corner, y downwards.
protocol Canvas: AnyObject {
    /// Fills a polygon.
    func fill(_ corners: [CGPoint], _ colour: Colour)
    /// Draws the lines between `corners`, and back to the first if `closed`.
    func stroke(_ corners: [CGPoint], closed: Bool, _ colour: Colour, width: Double)
    /// Draws ellipses, each over those before it, clipped to `clip`.
    func draw(_ layer: GlyphLayer, clip: CGRect)
    /// Writes `text` with its top left corner at `origin`.
    func write(_ text: TextBlock, at origin: CGPoint, _ colour: Colour)
    /// Draws the outlines of the letters that `write` would fill, `width` points wide.
    func outline(_ text: TextBlock, at origin: CGPoint, _ colour: Colour, width: Double)
    /// Writes `text` from bottom to top: `origin` is the lower left corner, where its first line begins.
    func writeUpwards(_ text: TextBlock, at origin: CGPoint, _ colour: Colour)
    /// Draws `image` so that it covers `rectangle`.
    func draw(_ image: RasterImage, in rectangle: CGRect) throws(FigureError)
}

extension Canvas {
    func fill(_ rectangle: CGRect, _ colour: Colour) {
        fill(rectangle.corners, colour)
    }

    func stroke(_ rectangle: CGRect, _ colour: Colour, width: Double) {
        stroke(rectangle.corners, closed: true, colour, width: width)
    }
}

extension Canvas {
    /// Draws leader lines, and over them the texts with a halo in the paper's colour, to be legible on points.
    func draw(_ labels: [ScatterPanel.ClusterLabel], _ theme: FigureTheme) {
        for label in labels {
            guard let leader = label.leader else { continue }
            stroke(leader, closed: false, theme.paper, width: 1.6)
            stroke(leader, closed: false, theme.ink, width: 0.5)
        }
        for label in labels {
            outline(label.text, at: label.origin, theme.paper, width: 2)
            write(label.text, at: label.origin, theme.ink)
        }
    }
}

extension CGRect {
    var corners: [CGPoint] {
        [
            CGPoint(x: minX, y: minY), CGPoint(x: maxX, y: minY), CGPoint(x: maxX, y: maxY),
            CGPoint(x: minX, y: maxY),
        ]
    }
}
