import Foundation

/// For each predicted class, the pale glyph of right predictions, the saturated one of wrong predictions, and the name.
struct AgreementDrawing: LegendDrawing {
    let size: CGSize
    private let theme: FigureTheme
    private let headings: [TextBlock]
    private let names: [TextBlock]
    private let right: [Colour]
    private let wrong: [Colour]
    private let line: Double
    /// The top of each name's first line, relative to the legend's.
    private let tops: [Double]

    private static let radius = 3.2
    /// A longer list would leave no room for the panels.
    private static let mostLines = 40

    init(
        _ names: [String], right: [Colour], wrong: [Colour], _ style: FigureStyle, _ typeface: Typeface
    ) {
        precondition(names.count == right.count && names.count == wrong.count, "a legend names every colour")
        theme = style.theme
        let text = TextStyle(size: style.legendSize)
        headings = ["right", "wrong", "predicted"].map { TextBlock($0, text, typeface) }
        let shown = names.count > Self.mostLines ? Self.mostLines - 1 : names.count
        var lines = Array(names.prefix(shown))
        if shown < names.count { lines.append("and \(NumberText.grouped(names.count - shown)) more") }
        self.names = lines.map { TextBlock($0, limit: 64 * style.textScale, lines: 2, text, typeface) }
        self.right = Array(right.prefix(shown))
        self.wrong = Array(wrong.prefix(shown))
        line = self.headings[0].size.height + 1.5
        let nameWidth = max(self.names.map(\.size.width).max() ?? 0, headings[2].size.width)
        var tops = [line]
        // The box that stands for a missing character may be lower than a line.
        for name in self.names { tops.append(tops.last! + max(Double(name.size.height) + 1.5, line)) }
        size = CGSize(
            width: headings[0].size.width + headings[1].size.width + 12 + nameWidth, height: tops.removeLast())
        self.tops = tops
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        let starts = [
            origin.x, origin.x + headings[0].size.width + 6,
            origin.x + headings[0].size.width + headings[1].size.width + 12,
        ]
        for (heading, x) in zip(headings, starts) { canvas.write(heading, at: CGPoint(x: x, y: origin.y), theme.ink) }
        let shape = EllipseShape(radius: Self.radius, ellipseShare: 0)
        let columns = zip(starts, headings).map { $0 + $1.size.width / 2 }
        for (index, name) in names.enumerated() {
            let y = origin.y + tops[index]
            if index < right.count {
                let glyphs = [
                    (columns[0], right[index], theme.fadedInk), (columns[1], wrong[index], theme.ink),
                ].map { GlyphLayer.Glyph(x: $0, y: y + line / 2, shape: shape, fill: $1, outline: $2) }
                let layer = GlyphLayer(glyphs: glyphs, outlineWidth: 0.4, opacity: 1)
                canvas.draw(layer, clip: CGRect(origin: origin, size: size))
            }
            canvas.write(name, at: CGPoint(x: starts[2], y: y + 0.75), theme.ink)
        }
    }
}
