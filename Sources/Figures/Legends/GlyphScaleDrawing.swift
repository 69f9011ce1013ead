import Foundation

/// Five glyphs from circle to ellipse above a line with the corresponding numbers.
struct GlyphScaleDrawing: LegendDrawing {
    let size: CGSize
    private let theme: FigureTheme
    private let heading: TextBlock
    /// The numbers to write, and their positions from 0 at the circle to 1 at the ellipse.
    let ticks: [(text: TextBlock, share: Double)]
    private let columns: Int
    /// The distance between two glyphs.
    let step: Double

    private static let radius = 4.0
    /// The least distance between two numbers.
    private static let gap = 2.0

    init(_ title: String, _ range: ClosedRange<Double>, _ style: FigureStyle, _ typeface: Typeface) {
        theme = style.theme
        let text = TextStyle(size: style.legendSize)
        let texts = NumberText.ticks(range).map { TextBlock($0, text, typeface) }
        let widths = texts.map { Double($0.size.width) }
        // A single number is shown as a circle.
        columns = texts.count > 1 ? 5 : 1
        var step = Self.radius * 4 * style.textScale
        if texts.count == 1 {
            ticks = [(texts[0], 0)]
        } else {
            let isWide = zip(widths, widths.dropFirst()).contains { ($0 + $1) / 2 + Self.gap > 2 * step }
            ticks = isWide ? [(texts[0], 0), (texts[2], 1)] : zip(texts, [0, 0.5, 1]).map { ($0, $1) }
            step = max(step, ((widths[0] + widths[2]) / 2 + Self.gap) / 4)
        }
        self.step = step
        heading = TextBlock(title, limit: 4 * step + 24, lines: 2, text.centred, typeface)
        let reach = max((texts[0].size.width + texts.last!.size.width) / 2, 3 * Self.radius)
        size = CGSize(
            width: max(heading.size.width, 4 * step + reach),
            height: heading.size.height + texts[0].size.height + 2 * Self.radius + 8)
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        let middle = origin.x + size.width / 2
        canvas.writeCentred(heading, at: CGPoint(x: middle, y: origin.y), theme.ink)
        let row = origin.y + heading.size.height + 2 + Self.radius
        let left = middle - step * Double(columns - 1) / 2
        let glyphs = (0..<columns).map { column in
            GlyphLayer.Glyph(
                x: left + step * Double(column), y: row,
                shape: EllipseShape(radius: Self.radius, ellipseShare: Double(column) / 4), fill: theme.missing,
                outline: theme.fadedInk)
        }
        let layer = GlyphLayer(glyphs: glyphs, outlineWidth: 0.4, opacity: 1)
        canvas.draw(layer, clip: CGRect(origin: origin, size: size))
        let axis = row + Self.radius + 2
        let ends = [CGPoint(x: left, y: axis), CGPoint(x: left + step * Double(columns - 1), y: axis)]
        canvas.stroke(ends, closed: false, theme.ink, width: 0.5)
        for tick in ticks {
            let x = left + 4 * step * tick.share
            canvas.stroke(
                [CGPoint(x: x, y: axis), CGPoint(x: x, y: axis + 2)], closed: false, theme.ink, width: 0.5)
            canvas.writeCentred(tick.text, at: CGPoint(x: x, y: axis + 2.5), theme.ink)
        }
    }
}
