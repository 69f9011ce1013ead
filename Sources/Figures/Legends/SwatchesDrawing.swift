import Foundation

/// A swatch and a name for each class, in as many columns as keep the list short.
struct SwatchesDrawing: LegendDrawing {
    let size: CGSize
    private let theme: FigureTheme
    private let title: TextBlock?
    private let names: [TextBlock]
    private let colours: [Colour]
    private let perColumn: Int
    private let columnWidth: Double
    private let line: Double

    private static let swatch = 6.0
    /// A longer list would leave no room for the panels.
    private static let mostLines = 40

    init(
        _ title: String?, _ names: [String], _ colours: [Colour], _ style: FigureStyle, _ typeface: Typeface
    ) {
        theme = style.theme
        precondition(names.count == colours.count && !names.isEmpty, "a legend names every colour")
        let shown = names.count > Self.mostLines ? Self.mostLines - 1 : names.count
        var lines = Array(names.prefix(shown))
        if shown < names.count { lines.append("and \(NumberText.grouped(names.count - shown)) more") }
        let limit = style.width == .column ? 60.0 : 84.0
        let text = TextStyle(size: style.legendSize)
        self.title = title.map { TextBlock($0, limit: limit, text, typeface) }
        self.names = lines.map { TextBlock($0, limit: limit, text, typeface) }
        self.colours = Array(colours.prefix(shown))
        perColumn = style.width == .column ? (lines.count + 2) / 3 : min(lines.count, 20)
        columnWidth = Self.swatch + 4 + self.names.map(\.size.width).max()! + 8
        line = self.names[0].size.height + 1.5
        let columns = (lines.count + perColumn - 1) / perColumn
        size = CGSize(
            width: max(columnWidth * Double(columns) - 8, self.title?.size.width ?? 0),
            height: line * Double(perColumn + (title == nil ? 0 : 1)))
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        if let title { canvas.write(title, at: origin, theme.ink) }
        let top = origin.y + (title == nil ? 0 : line)
        for (index, name) in names.enumerated() {
            let x = origin.x + columnWidth * Double(index / perColumn)
            let y = top + line * Double(index % perColumn)
            if index < colours.count {
                let square = CGRect(x: x, y: y + (line - Self.swatch) / 2, width: Self.swatch, height: Self.swatch)
                canvas.fill(square, colours[index])
                canvas.stroke(square, theme.fadedInk, width: 0.3)
            }
            canvas.write(name, at: CGPoint(x: x + Self.swatch + 4, y: y + 0.75), theme.ink)
        }
    }
}
