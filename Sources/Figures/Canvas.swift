import Foundation

/// What figures are drawn on: points (1/72 inch) from the top left corner, y downwards.
protocol Canvas: AnyObject {
    /// Fills a polygon.
    func fill(_ corners: [CGPoint], _ colour: Colour)
    /// Draws the lines between `corners`, and back to the first if `closed`.
    func stroke(_ corners: [CGPoint], closed: Bool, _ colour: Colour, width: Double)
    /// Draws ellipses, each over those before it; what lies outside `clip` is cut off.
    func draw(_ layer: GlyphLayer, clip: CGRect)
    /// Writes `text` with its top left corner at `origin`.
    func write(_ text: TextBlock, at origin: CGPoint, _ colour: Colour)
    /// Writes `text` from bottom to top: `origin` is the corner at the left below, where its first line begins.
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

extension CGRect {
    var corners: [CGPoint] {
        [
            CGPoint(x: minX, y: minY), CGPoint(x: maxX, y: minY), CGPoint(x: maxX, y: maxY),
            CGPoint(x: minX, y: maxY),
        ]
    }
}
