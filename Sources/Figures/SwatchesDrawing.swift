import Foundation

/// A swatch and a name for each class, in as many columns as keep the list short.
struct SwatchesDrawing: LegendDrawing {
    let size: CGSize
    private let names: [TextBlock]
    private let colours: [Colour]
    private let perColumn: Int
    private let columnWidth: Double
    private let line: Double

    private static let swatch = 6.0

    init(_ names: [String], _ colours: [Colour], _ style: FigureStyle, _ typeface: Typeface) {
        precondition(names.count == colours.count && !names.isEmpty, "a legend names every colour")
        let limit = style.width == .column ? 60.0 : 84.0
        self.names = names.map { name in
            let block = TextBlock(name, TextStyle(size: style.legendSize), typeface)
            if block.size.width <= limit { return block }
            return TextBlock(name, TextStyle(size: style.legendSize, width: limit, maximumLines: 1), typeface)
        }
        self.colours = colours
        perColumn = style.width == .column ? (names.count + 2) / 3 : min(names.count, 20)
        columnWidth = Self.swatch + 4 + self.names.map(\.size.width).max()! + 8
        line = self.names[0].size.height + 1.5
        let columns = (names.count + perColumn - 1) / perColumn
        size = CGSize(width: columnWidth * Double(columns) - 8, height: line * Double(perColumn))
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        for (index, (name, colour)) in zip(names, colours).enumerated() {
            let x = origin.x + columnWidth * Double(index / perColumn)
            let y = origin.y + line * Double(index % perColumn)
            let square = CGRect(x: x, y: y + (line - Self.swatch) / 2, width: Self.swatch, height: Self.swatch)
            canvas.fill(square, colour)
            canvas.stroke(square, FigureStyle.fadedInk, width: 0.3)
            canvas.write(name, at: CGPoint(x: x + Self.swatch + 4, y: y + 0.75), FigureStyle.ink)
        }
    }
}
