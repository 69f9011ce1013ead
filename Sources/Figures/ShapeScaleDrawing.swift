import Foundation

/// Five glyphs from circle to ellipse in each of the three pure colours, over a line with ticks at 0, ½ and 1.
struct ShapeScaleDrawing: LegendDrawing {
    let size: CGSize
    private let heading: TextBlock
    private let ticks: [TextBlock]
    private let ends: [TextBlock]
    private let radius: Double
    private let step: Double
    private let rowStep: Double

    init(_ style: FigureStyle, _ typeface: Typeface) {
        let text = TextStyle(size: style.legendSize)
        heading = TextBlock("ellipse share", text, typeface)
        ticks = ["0", "½", "1"].map { TextBlock($0, text, typeface) }
        ends = ["circle", "ellipse"].map { TextBlock($0, text, typeface) }
        radius = style.width == .column ? 3.6 : 4.4
        step = radius * 3.6
        rowStep = 2 * radius + 2
        let width = max(heading.size.width, 4 * step + ends.map(\.size.width).max()!)
        size = CGSize(width: width, height: 3 * heading.size.height + 3 * rowStep + 5)
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        let line = heading.size.height
        let middle = origin.x + size.width / 2
        canvas.writeCentred(heading, at: CGPoint(x: middle, y: origin.y), FigureStyle.ink)
        let top = origin.y + line + 3
        let glyphs = [0.0, 120, 240].enumerated().flatMap { row, hue in
            (0...4).map { column in
                let share = Double(column) / 4
                let fill = EllipseShareTone.colour(hue: hue, ellipseShare: share)
                return GlyphLayer.Glyph(
                    x: middle + (Double(column) - 2) * step, y: top + radius + rowStep * Double(row),
                    shape: EllipseShape(radius: radius, ellipseShare: share), fill: fill,
                    outline: FigureStyle.fadedInk)
            }
        }
        let layer = GlyphLayer(glyphs: glyphs, outlineWidth: 0.3, opacity: 1)
        canvas.draw(layer, clip: CGRect(origin: origin, size: size))
        let axis = top + 3 * rowStep + 1
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
