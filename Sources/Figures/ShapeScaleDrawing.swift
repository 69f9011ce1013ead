import Foundation

/// Five glyphs from circle to ellipse on a line with ticks at 0, ½ and 1.
struct ShapeScaleDrawing: LegendDrawing {
    let size: CGSize
    private let heading: TextBlock
    private let ticks: [TextBlock]
    private let ends: [TextBlock]
    private let radius: Double
    private let step: Double

    init(_ style: FigureStyle, _ typeface: Typeface) {
        let text = TextStyle(size: style.legendSize)
        heading = TextBlock("ellipse share", text, typeface)
        ticks = ["0", "½", "1"].map { TextBlock($0, text, typeface) }
        ends = ["circle", "ellipse"].map { TextBlock($0, text, typeface) }
        radius = style.width == .column ? 4 : 4.6
        step = radius * 3.4
        let width = max(heading.size.width, 4 * step + ends.map(\.size.width).max()!)
        size = CGSize(width: width, height: 3 * heading.size.height + 2 * radius + 9)
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        let line = heading.size.height
        let middle = origin.x + size.width / 2
        canvas.writeCentred(heading, at: CGPoint(x: middle, y: origin.y), FigureStyle.ink)
        let y = origin.y + line + 3 + radius
        let glyphs = (0...4).map { index in
            let share = Double(index) / 4
            let fill = EllipseShareTone.grey(ellipseShare: share)
            return GlyphLayer.Glyph(
                x: middle + (Double(index) - 2) * step, y: y,
                shape: EllipseShape(radius: radius, ellipseShare: share), fill: fill, outline: FigureStyle.ink)
        }
        let layer = GlyphLayer(glyphs: glyphs, outlineWidth: 0.4, opacity: 1)
        // Drawing on any canvas but SVG's image layer cannot fail, and there is none here.
        try? canvas.draw(layer, clip: CGRect(origin: origin, size: size))
        let axis = y + radius + 3
        canvas.stroke(
            [CGPoint(x: middle - 2 * step, y: axis), CGPoint(x: middle + 2 * step, y: axis)], closed: false,
            FigureStyle.ink, width: 0.5)
        for (index, text) in ticks.enumerated() {
            let x = middle + Double(index - 1) * 2 * step
            let tick = [CGPoint(x: x, y: axis), CGPoint(x: x, y: axis + 2)]
            canvas.stroke(tick, closed: false, FigureStyle.ink, width: 0.5)
            canvas.writeCentred(text, at: CGPoint(x: x, y: axis + 2.5), FigureStyle.ink)
        }
        for (text, x) in zip(ends, [middle - 2 * step, middle + 2 * step]) {
            canvas.writeCentred(text, at: CGPoint(x: x, y: axis + 2 + line), FigureStyle.ink)
        }
    }
}
