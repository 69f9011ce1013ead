import Foundation

/// A swatch and a name for each class, in enough columns to keep the list short. Names are on one line if there is room,
/// otherwise on two.
struct SwatchesDrawing: LegendDrawing {
    let size: CGSize
    private let theme: FigureTheme
    private let title: TextBlock?
    private let names: [TextBlock]
    private let colours: [Colour]
    /// The top left corner of each name's swatch and line, relative to the legend's.
    let places: [CGPoint]
    private let line: Double
    /// How many classes are not listed, and where that is written; nil if it is written like a name.
    let rest: (text: TextBlock, place: CGPoint)?

    private static let swatch = 6.0
    private static let gap = 8.0
    /// A longer list would leave no room for the panels.
    private static let mostLines = 40
    /// The share of the figure's width for a legend beside the panels, and for one below them, which leaves room for headings.
    private static let shareBeside = 0.24
    private static let shareBelow = 0.85

    init(
        _ title: String?, _ names: [String], _ colours: [Colour], _ style: FigureStyle, _ typeface: Typeface
    ) {
        theme = style.theme
        precondition(names.count == colours.count && !names.isEmpty, "a legend names every colour")
        let shown = names.count > Self.mostLines ? Self.mostLines - 1 : names.count
        var lines = Array(names.prefix(shown))
        if shown < names.count { lines.append("and \(NumberText.grouped(names.count - shown)) more") }
        let text = TextStyle(size: style.legendSize)
        let width = style.width.inches * 72 * (style.placesLegendsBelow ? Self.shareBelow : Self.shareBeside)
        let longest = lines.map { TextBlock($0, text, typeface).size.width }.max()!
        func limit(_ columns: Int) -> Double {
            (width - Self.gap * Double(columns - 1)) / Double(columns) - Self.swatch - 4
        }
        var columns = lines.count > 20 ? 2 : 1
        if style.placesLegendsBelow {
            // As many as leave room for the full names, and at least two or three, in which names may take two lines.
            columns = (1...lines.count).last { limit($0) >= longest } ?? 1
            columns = min(max(columns, lines.count > 20 ? 3 : 2), lines.count)
        }
        let perColumn = (lines.count + columns - 1) / columns
        var blocks = lines.map { TextBlock($0, limit: limit(columns), lines: 2, text, typeface) }
        // A column may be too narrow for the number of further classes, which must not be cut.
        var rest: TextBlock?
        if shown < names.count, blocks.last!.isCut {
            blocks.removeLast()
            let whole = TextBlock(lines.last!, text, typeface)
            var wrapped = text
            wrapped.width = width
            rest = whole.size.width <= width ? whole : TextBlock(lines.last!, wrapped, typeface)
        }
        self.title = title.map { TextBlock($0, limit: width, lines: 2, text, typeface) }
        self.names = blocks
        self.colours = Array(colours.prefix(shown))
        let height = Double(TextBlock("Ag", text, typeface).size.height)
        line = height + 1.5
        let columnWidth = Self.swatch + 4 + blocks.map(\.size.width).max()! + Self.gap
        let top = self.title.map { $0.size.height + 1.5 } ?? 0
        var places: [CGPoint] = []
        var (y, lowest) = (top, top)
        for (index, block) in blocks.enumerated() {
            if index % perColumn == 0 { y = top }
            places.append(CGPoint(x: columnWidth * Double(index / perColumn), y: y))
            // The box that stands for a missing character may be lower than a line.
            y += max(block.size.height, height) + 1.5
            lowest = max(lowest, y)
        }
        self.places = places
        let filled = (blocks.count + perColumn - 1) / perColumn
        let widths = [self.title, rest].compactMap { $0.map { Double($0.size.width) } }
        self.rest = rest.map { ($0, CGPoint(x: 0, y: lowest + 0.75)) }
        size = CGSize(
            width: ([columnWidth * Double(filled) - Self.gap] + widths).max()!,
            height: lowest + (rest.map { Double($0.size.height) + 1.5 } ?? 0))
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        if let title { canvas.write(title, at: origin, theme.ink) }
        if let rest {
            canvas.write(rest.text, at: CGPoint(x: origin.x + rest.place.x, y: origin.y + rest.place.y), theme.ink)
        }
        for (index, name) in names.enumerated() {
            let (x, y) = (origin.x + places[index].x, origin.y + places[index].y)
            if index < colours.count {
                let square = CGRect(x: x, y: y + (line - Self.swatch) / 2, width: Self.swatch, height: Self.swatch)
                canvas.fill(square, colours[index])
                canvas.stroke(square, theme.fadedInk, width: 0.3)
            }
            canvas.write(name, at: CGPoint(x: x + Self.swatch + 4, y: y + 0.75), theme.ink)
        }
    }
}
