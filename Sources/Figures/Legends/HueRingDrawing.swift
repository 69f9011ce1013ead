import Foundation

/// The circle of hues: red at the top, then clockwise yellow, green, cyan, blue, magenta.
struct HueRingDrawing: LegendDrawing {
    let size: CGSize
    private let theme: FigureTheme
    private let names: [TextBlock]
    private let heading: TextBlock
    private let outer: Double
    private let inner: Double

    init(_ style: FigureStyle, _ typeface: Typeface) {
        theme = style.theme
        let text = TextStyle(size: style.legendSize)
        names = ["red", "green", "blue"].map { TextBlock($0, text, typeface) }
        heading = TextBlock("hue", text, typeface)
        outer = (style.isNarrow ? 17 : style.width.inches < 6 ? 22 : 24) * style.textScale
        inner = outer * 0.62
        let line = heading.size.height
        let reach = max(names[1].size.width, names[2].size.width) + 2 + outer * 0.866
        size = CGSize(width: 2 * reach, height: line + 1 + 2 * outer)
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        let line = heading.size.height
        let centre = CGPoint(x: origin.x + size.width / 2, y: origin.y + line + 1 + outer)
        func point(_ radius: Double, _ degrees: Double) -> CGPoint {
            let angle = degrees * .pi / 180
            return CGPoint(x: centre.x + radius * sin(angle), y: centre.y - radius * cos(angle))
        }
        // Each wedge extends under the next, so that no white seams are visible.
        for step in stride(from: 0.0, to: 360, by: 3) {
            let reach = step == 357 ? 3.0 : 4.5
            let corners = [(outer, 0), (outer, reach), (inner, reach), (inner, 0)].map { point($0, step + $1) }
            canvas.fill(corners, Colour(hue: step + 1.5))
        }
        for radius in [inner, outer] {
            let circle = stride(from: 0.0, to: 360, by: 3).map { point(radius, $0) }
            canvas.stroke(circle, closed: true, theme.fadedInk, width: 0.4)
        }
        for degrees in [0.0, 120, 240] {
            let tick = [point(inner, degrees), point(outer, degrees)]
            canvas.stroke(tick, closed: false, theme.ink, width: 0.6)
        }
        canvas.writeCentred(heading, at: CGPoint(x: centre.x, y: centre.y - line / 2), theme.ink)
        canvas.writeCentred(names[0], at: CGPoint(x: centre.x, y: origin.y), theme.ink)
        let (green, blue) = (point(outer, 120), point(outer, 240))
        canvas.write(names[1], at: CGPoint(x: green.x + 2, y: green.y - line * 0.25), theme.ink)
        canvas.write(
            names[2], at: CGPoint(x: blue.x - 2 - names[2].size.width, y: blue.y - line * 0.25), theme.ink)
    }
}
