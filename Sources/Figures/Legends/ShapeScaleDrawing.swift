import Foundation

/// Five glyphs from circle to ellipse in each of the three pure colours and in the colours half way between them, above a line
/// with ticks at 0, ½ and 1.
struct ShapeScaleDrawing: LegendDrawing {
    let size: CGSize
    private let theme: FigureTheme
    private let heading: TextBlock
    private let ticks: [TextBlock]
    private let ends: [TextBlock]
    /// The names of the rows; if space is tight, only those of the pure colours.
    private let names: [TextBlock?]
    private let radius: Double
    private let step: Double
    private let rowStep: Double
    /// The distance from the left edge to the first glyph's centre.
    private let left: Double

    private static let rows: [(name: String, hue: Double)] = [
        ("red", 0), ("red–green", 60), ("green", 120), ("green–blue", 180), ("blue", 240), ("blue–red", 300),
    ]

    init(_ style: FigureStyle, _ typeface: Typeface) {
        theme = style.theme
        let text = TextStyle(size: style.legendSize)
        heading = TextBlock("ellipse share", text, typeface)
        ticks = ["0", "½", "1"].map { TextBlock($0, text, typeface) }
        ends = ["circle", "ellipse"].map { TextBlock($0, text, typeface) }
        // Beside panels the legend takes less than a quarter of the figure's width.
        let isTight = style.width.inches < 6 && !style.placesLegendsBelow
        let names = Self.rows.map { row in
            isTight && !row.hue.truncatingRemainder(dividingBy: 120).isZero ? nil : TextBlock(row.name, text, typeface)
        }
        self.names = names
        radius = (style.isNarrow ? 3.2 : 3.6) * style.textScale
        step = radius * (isTight ? 2.5 : 3.3)
        rowStep = max(2 * radius + 2, heading.size.height + 0.5)
        // The first glyph, or the word below it, extends to the left of the line's end.
        let reach: Double = max(ends[0].size.width / 2, radius + 4)
        let nameWidths: [Double] = names.compactMap { name in name.map { Double($0.size.width) } }
        left = max(nameWidths.max()! + radius + 4, reach)
        let width = left + 4 * step + max(ends[1].size.width / 2, radius * 1.5)
        size = CGSize(width: width, height: 3 * heading.size.height + Double(Self.rows.count) * rowStep + 5)
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        let line = heading.size.height
        let middle = origin.x + left + 2 * step
        canvas.writeCentred(heading, at: CGPoint(x: middle, y: origin.y), theme.ink)
        let top = origin.y + line + 3
        for (row, name) in names.enumerated() {
            guard let name else { continue }
            let y = top + radius + rowStep * Double(row) - line / 2
            let x = origin.x + left - radius - 4 - name.size.width
            canvas.write(name, at: CGPoint(x: x, y: y), theme.ink)
        }
        let glyphs = Self.rows.map(\.hue).enumerated().flatMap { row, hue in
            (0...4).map { column in
                let share = Double(column) / 4
                let fill = EllipseShareTone.colour(hue: hue, ellipseShare: share)
                return GlyphLayer.Glyph(
                    x: middle + (Double(column) - 2) * step, y: top + radius + rowStep * Double(row),
                    shape: EllipseShape(radius: radius, ellipseShare: share), fill: fill,
                    outline: theme.fadedInk)
            }
        }
        let layer = GlyphLayer(glyphs: glyphs, outlineWidth: 0.3, opacity: 1)
        canvas.draw(layer, clip: CGRect(origin: origin, size: size))
        let axis = top + Double(Self.rows.count) * rowStep + 1
        canvas.stroke(
            [CGPoint(x: middle - 2 * step, y: axis), CGPoint(x: middle + 2 * step, y: axis)], closed: false,
            theme.ink, width: 0.5)
        for (index, text) in ticks.enumerated() {
            let x = middle + Double(index - 1) * 2 * step
            let tick = [CGPoint(x: x, y: axis), CGPoint(x: x, y: axis + 2)]
            canvas.stroke(tick, closed: false, theme.ink, width: 0.5)
            canvas.writeCentred(text, at: CGPoint(x: x, y: axis + 2.5), theme.ink)
        }
        for (text, x) in zip(ends, [middle - 2 * step, middle + 2 * step]) {
            canvas.writeCentred(text, at: CGPoint(x: x, y: axis + 2 + line), theme.ink)
        }
    }
}
