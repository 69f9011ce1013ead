import Foundation

/// A canvas that draws on another one in the colours that a kind of vision sees. Pixels are drawn unchanged.
final class SimulatedCanvas: Canvas {
    private let canvas: any Canvas
    private let vision: ColourVision

    init(_ canvas: any Canvas, _ vision: ColourVision) {
        self.canvas = canvas
        self.vision = vision
    }

    func fill(_ corners: [CGPoint], _ colour: Colour) {
        canvas.fill(corners, vision.seen(colour))
    }

    func stroke(_ corners: [CGPoint], closed: Bool, _ colour: Colour, width: Double) {
        canvas.stroke(corners, closed: closed, vision.seen(colour), width: width)
    }

    func draw(_ layer: GlyphLayer, clip: CGRect) {
        canvas.draw(vision.seen(layer), clip: clip)
    }

    func write(_ text: TextBlock, at origin: CGPoint, _ colour: Colour) {
        canvas.write(text, at: origin, vision.seen(colour))
    }

    func writeUpwards(_ text: TextBlock, at origin: CGPoint, _ colour: Colour) {
        canvas.writeUpwards(text, at: origin, vision.seen(colour))
    }

    func outline(_ text: TextBlock, at origin: CGPoint, _ colour: Colour, width: Double) {
        canvas.outline(text, at: origin, vision.seen(colour), width: width)
    }

    func draw(_ image: RasterImage, in rectangle: CGRect) throws(FigureError) {
        try canvas.draw(image, in: rectangle)
    }
}
