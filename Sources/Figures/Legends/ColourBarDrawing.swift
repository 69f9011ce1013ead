import Foundation

/// A bar of a `ColourMap` with its least, middle and largest number below it.
struct ColourBarDrawing: LegendDrawing {
    let size: CGSize
    private let theme: FigureTheme
    private let heading: TextBlock
    private let ticks: [TextBlock]
    private let missing: TextBlock?
    private let width: Double

    private static let height = 7.0
    private static let swatch = 6.0
    private static let steps = 64

    init(
        _ title: String, _ range: ClosedRange<Double>, hasMissing: Bool, _ style: FigureStyle, _ typeface: Typeface
    ) {
        theme = style.theme
        let text = TextStyle(size: style.legendSize)
        width = style.width == .column ? 76 : 72
        heading = TextBlock(title, limit: width + 12, text, typeface)
        ticks = NumberText.ticks(range).map { TextBlock($0, text, typeface) }
        missing = hasMissing ? TextBlock("no value", text, typeface) : nil
        let line = heading.size.height
        let reach = (ticks[0].size.width + ticks.last!.size.width) / 2
        size = CGSize(
            width: max(heading.size.width, width + reach),
            height: 2 * line + Self.height + 5 + (missing == nil ? 0 : line + 4))
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        let line = heading.size.height
        let left = origin.x + (size.width - width) / 2
        let top = origin.y + line + 2
        canvas.writeCentred(heading, at: CGPoint(x: origin.x + size.width / 2, y: origin.y), theme.ink)
        let map = ColourMap(theme)
        let step = width / Double(Self.steps)
        for index in 0..<Self.steps {
            // Each step reaches below the next, so that no seams show between them.
            let reach = index == Self.steps - 1 ? step : 1.5 * step
            let colour = map.colour((Double(index) + 0.5) / Double(Self.steps))
            canvas.fill(CGRect(x: left + Double(index) * step, y: top, width: reach, height: Self.height), colour)
        }
        let bar = CGRect(x: left, y: top, width: width, height: Self.height)
        canvas.stroke(bar, theme.fadedInk, width: 0.4)
        for (index, tick) in ticks.enumerated() {
            let x = left + (ticks.count > 1 ? width * Double(index) / Double(ticks.count - 1) : width / 2)
            canvas.stroke(
                [CGPoint(x: x, y: bar.maxY), CGPoint(x: x, y: bar.maxY + 2)], closed: false, theme.ink, width: 0.5)
            canvas.writeCentred(tick, at: CGPoint(x: x, y: bar.maxY + 3), theme.ink)
        }
        if let missing {
            let y = bar.maxY + 3 + line + 4
            let square = CGRect(x: left, y: y + (line - Self.swatch) / 2, width: Self.swatch, height: Self.swatch)
            canvas.fill(square, theme.missing)
            canvas.stroke(square, theme.fadedInk, width: 0.3)
            canvas.write(missing, at: CGPoint(x: left + Self.swatch + 4, y: y), theme.ink)
        }
    }
}
