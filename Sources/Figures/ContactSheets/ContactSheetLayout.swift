import Foundation

/// The positions of everything on a contact sheet, in points.
struct ContactSheetLayout {
    /// The rectangles of a tile's image and bar.
    struct Places {
        let frame: CGRect
        let bar: CGRect
    }

    private(set) var size = CGSize.zero
    private(set) var texts: [(block: TextBlock, origin: CGPoint, colour: Colour)] = []
    private(set) var swatches: [(square: CGRect, colour: Colour)] = []
    private(set) var tiles: [Places] = []
    /// The colours of the classes.
    let colours: [Colour]

    private static let margin = 12.0
    private static let gap = 9.0
    private static let barHeight = 4.5
    private static let swatch = 6.0
    private static let nameSize = 5.8
    /// With more classes than this there is no legend: the colours could not be told apart.
    private static let mostNames = 40

    init(_ sheet: ContactSheet, _ typeface: Typeface) {
        let theme = sheet.style.theme
        let width = sheet.style.width.inches * 72
        let inner = width - 2 * Self.margin
        colours = sheet.style.palette.colours(of: sheet.classes)
        var y = Self.margin
        let title = TextBlock(
            sheet.title, TextStyle(size: 11, isBold: true, width: inner, maximumLines: 1), typeface)
        texts.append((title, CGPoint(x: Self.margin, y: y), theme.ink))
        y += title.size.height + 1
        let subtitle = TextBlock(sheet.subtitle, TextStyle(size: 7.5, width: inner, maximumLines: 3), typeface)
        texts.append((subtitle, CGPoint(x: Self.margin, y: y), theme.fadedInk))
        y += subtitle.size.height + 6
        y = addLegend(sheet.classes, from: y, inner: inner, theme, typeface) + 8

        let columns = Self.columns(of: sheet.tiles.count, style: sheet.style)
        let side = (inner - Self.gap * Double(columns - 1)) / Double(columns)
        for start in stride(from: 0, to: sheet.tiles.count, by: columns) {
            var bottom = y
            for (column, tile) in sheet.tiles[start..<min(start + columns, sheet.tiles.count)].enumerated() {
                let x = Self.margin + Double(column) * (side + Self.gap)
                let frame = CGRect(x: x, y: y, width: side, height: side)
                let bar = CGRect(x: x, y: frame.maxY + 3, width: side, height: Self.barHeight)
                tiles.append(Places(frame: frame, bar: bar))
                let style = TextStyle(size: Self.nameSize, isBold: true, width: side, maximumLines: 1)
                let name = TextBlock(tile.name, style, typeface)
                texts.append((name, CGPoint(x: x, y: bar.maxY + 2), theme.ink))
                let detail = TextBlock(
                    tile.detail, TextStyle(size: Self.nameSize, width: side, maximumLines: 3), typeface)
                texts.append((detail, CGPoint(x: x, y: bar.maxY + 2 + name.size.height), theme.fadedInk))
                bottom = max(bottom, bar.maxY + 2 + name.size.height + detail.size.height)
            }
            y = bottom + Self.gap
        }
        size = CGSize(width: width, height: y - Self.gap + Self.margin)
    }

    /// Swatches with the classes' names, one after another in lines; returns the end of the last line.
    private mutating func addLegend(
        _ classes: [String], from top: Double, inner: Double, _ theme: FigureTheme, _ typeface: Typeface
    ) -> Double {
        if classes.count > Self.mostNames { return top }
        let (left, right) = (Self.margin, Self.margin + inner)
        var (x, y, line) = (left, top, 0.0)
        for (name, colour) in zip(classes, colours) {
            var block = TextBlock(name, TextStyle(size: 7), typeface)
            if block.size.width > inner / 3 {
                block = TextBlock(name, TextStyle(size: 7, width: inner / 3, maximumLines: 1), typeface)
            }
            let length = Self.swatch + 3 + block.size.width
            line = block.size.height
            if x > left && x + length > right { (x, y) = (left, y + line + 2) }
            let middle = y + (line - Self.swatch) / 2
            swatches.append((CGRect(x: x, y: middle, width: Self.swatch, height: Self.swatch), colour))
            texts.append((block, CGPoint(x: x + Self.swatch + 3, y: y), theme.ink))
            x += length + 10
        }
        return y + line
    }

    /// At least as many columns as rows, and at most as many as leave room for names; among these, the number that leaves the
    /// fewest empty cells in the last row.
    static func columns(of count: Int, style: FigureStyle) -> Int {
        let most = style.isNarrow ? 4 : style.width.inches < 6 ? 7 : 8
        let least = max(3, min(most, Int(Double(count).squareRoot().rounded(.up))))
        func empty(_ columns: Int) -> Int { (columns - count % columns) % columns }
        return (least...most).min { empty($0) < empty($1) } ?? least
    }
}
