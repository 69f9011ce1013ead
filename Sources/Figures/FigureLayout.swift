import Foundation

/// The positions of everything in a figure, in points from the top left corner.
struct FigureLayout {
    private(set) var size = CGSize.zero
    private(set) var panels: [(ScatterPanel, CGRect)] = []
    private(set) var legends: [(Legend, CGRect)] = []
    private(set) var texts: [PlacedText] = []

    struct PlacedText {
        var block: TextBlock
        var origin: CGPoint
        var colour: Colour
        var isUpwards = false
    }

    private static let margin = 3.0
    private static let gap = 6.0
    /// In smaller panels nothing is visible.
    static let leastSide = 8.0

    /// Throws `FigureError.noRoom` if the panels would be too small.
    init(_ figure: Figure, _ typeface: Typeface) throws(FigureError) {
        let style = figure.style
        let theme = style.theme
        let columns = figure.rows.map(\.panels.count).max()!
        let width = style.width.inches * 72
        let legends = style.legendPlacement == .hidden ? [] : figure.legends
        let legendsBelow = style.placesLegendsBelow || legends.isEmpty
        let heading = TextStyle(size: style.headingSize, isBold: true)
        let detail = TextStyle(size: style.detailSize)
        let lines = TextBlock("Ag", heading, typeface).size.height
        let detailLines = TextBlock("Ag", detail, typeface).size.height

        // The strip of row headings.
        var left = Self.margin
        let headingHeight = figure.rows.contains { $0.heading != nil } ? lines : 0
        let detailHeight = figure.rows.contains { $0.detail != nil } ? detailLines : 0
        if headingHeight + detailHeight > 0 { left += headingHeight + detailHeight + 3 }

        // The strip of legends at the right.
        let legendWidth = legendsBelow ? 0 : legends.map { $0.size(style, typeface).width }.max()!
        let right = width - Self.margin - (legendsBelow ? 0 : legendWidth + 2 * Self.gap)
        let side = (right - left - Self.gap * Double(columns - 1)) / Double(columns)
        if side < Self.leastSide { throw .noRoom(side: side) }
        func columnStart(_ column: Int) -> Double { left + Double(column) * (side + Self.gap) }

        var top = Self.margin
        if let text = figure.heading {
            let style = TextStyle(size: style.headingSize * 1.15, isBold: true, width: width - Self.margin - left)
            let block = TextBlock(text, style, typeface)
            texts.append(PlacedText(block: block, origin: CGPoint(x: left, y: top), colour: theme.ink))
            top += block.size.height + 4
        }
        if !figure.columnHeadings.isEmpty {
            var lowest = top
            for (column, text) in figure.columnHeadings.prefix(columns).enumerated() {
                var style = heading
                (style.width, style.alignment, style.maximumLines) = (side, .centre, 2)
                let block = TextBlock(text, style, typeface)
                texts.append(
                    PlacedText(
                        block: block, origin: CGPoint(x: columnStart(column), y: top), colour: theme.ink))
                lowest = max(lowest, top + block.size.height)
            }
            top = lowest + 3
        }
        let panelsTop = top
        for (number, row) in figure.rows.enumerated() {
            if number > 0 { top += Self.gap }
            top += placeTitles(
                of: row, heading, detail, typeface, theme, top: top, side: side, columnStart)
            for (column, panel) in row.panels.enumerated() {
                panels.append((panel, CGRect(x: columnStart(column), y: top, width: side, height: side)))
            }
            for (text, textStyle, x) in [
                (row.heading, heading, Self.margin), (row.detail, detail, Self.margin + headingHeight),
            ] {
                guard let text else { continue }
                var textStyle = textStyle
                (textStyle.width, textStyle.alignment, textStyle.maximumLines) = (side, .centre, 1)
                let block = TextBlock(text, textStyle, typeface)
                texts.append(
                    PlacedText(
                        block: block, origin: CGPoint(x: x, y: top + side), colour: theme.ink,
                        isUpwards: true))
            }
            top += side
        }
        if legendsBelow {
            let starts = (0..<columns).map(columnStart)
            top = placeLegendsBelow(legends, style, typeface, top: top, starts: starts, side: side)
        } else {
            let x = right + 2 * Self.gap
            top = placeLegendsBeside(
                legends, style, typeface, x: x, width: legendWidth, between: panelsTop, and: top)
        }
        if let caption = figure.caption {
            let block = TextBlock(
                caption, TextStyle(size: style.captionSize, width: width - Self.margin - left), typeface)
            top += 5
            texts.append(
                PlacedText(block: block, origin: CGPoint(x: left, y: top), colour: theme.fadedInk))
            top += block.size.height
        }
        size = CGSize(width: width, height: top + Self.margin)
    }

    /// Places the titles of a row's panels, with their details below, and returns their height.
    private mutating func placeTitles(
        of row: Figure.Row, _ heading: TextStyle, _ detail: TextStyle, _ typeface: Typeface, _ theme: FigureTheme,
        top: Double, side: Double, _ columnStart: (Int) -> Double
    ) -> Double {
        var height = 0.0
        let titles = row.panels.map { panel in
            panel.title.map { title in
                guard let end = panel.titleEnd else {
                    return TextBlock(title, limit: side, lines: 2, heading.centred, typeface)
                }
                return TextBlock.keeping(end, after: title, limit: side, lines: 2, heading.centred, typeface)
            }
        }
        let details = row.panels.map { panel in
            panel.detail.map { TextBlock($0, limit: side, lines: 2, detail.centred, typeface) }
        }
        for blocks in [titles, details] {
            for (column, block) in blocks.enumerated() {
                guard let block else { continue }
                let x = columnStart(column) + (side - block.size.width) / 2
                texts.append(
                    PlacedText(block: block, origin: CGPoint(x: x, y: top + height), colour: theme.ink))
            }
            height += blocks.map { $0.map { Double($0.size.height) } ?? 0 }.max() ?? 0
        }
        return height > 0 ? height + 2 : 0
    }

    /// Each legend below its column if there is one for each and they fit; otherwise side by side, centred, on as many lines as
    /// needed. Returns where they end.
    private mutating func placeLegendsBelow(
        _ legends: [Legend], _ style: FigureStyle, _ typeface: Typeface, top: Double, starts: [Double], side: Double
    ) -> Double {
        if legends.isEmpty { return top }
        let entries = legends.map { ($0, $0.size(style, typeface)) }
        if legends.count == starts.count && entries.allSatisfy({ $0.1.width <= side }) {
            return placeLine(entries, starts: zip(starts, entries).map { $0 + (side - $1.1.width) / 2 }, top: top + 8)
        }
        let (left, right) = (starts[0], starts.last! + side)
        var (rest, top) = (entries[...], top)
        while !rest.isEmpty {
            var width = -2 * Self.gap
            let line = rest.prefix { entry in
                width += 2 * Self.gap + entry.1.width
                return width <= right - left
            }
            let fitting = line.isEmpty ? rest.prefix(1) : line
            let total = fitting.map(\.1.width).reduce(0, +) + 2 * Self.gap * Double(fitting.count - 1)
            var next = (left + right - total) / 2
            let starts = fitting.map { entry in
                defer { next += entry.1.width + 2 * Self.gap }
                return next
            }
            top = placeLine(Array(fitting), starts: starts, top: top + 8)
            rest = rest.dropFirst(fitting.count)
        }
        return top
    }

    private mutating func placeLine(_ entries: [(Legend, CGSize)], starts: [Double], top: Double) -> Double {
        for ((legend, size), start) in zip(entries, starts) {
            legends.append((legend, CGRect(origin: CGPoint(x: start, y: top), size: size)))
        }
        return top + entries.map(\.1.height).max()!
    }

    /// The legends one below another, centred on the height of the panels. Returns where both end.
    private mutating func placeLegendsBeside(
        _ legends: [Legend], _ style: FigureStyle, _ typeface: Typeface, x: Double, width: Double,
        between top: Double, and bottom: Double
    ) -> Double {
        let sizes = legends.map { $0.size(style, typeface) }
        let spacing = 26.0
        let total = sizes.map(\.height).reduce(0, +) + spacing * Double(legends.count - 1)
        var y = max(top, (top + bottom - total) / 2)
        for (legend, size) in zip(legends, sizes) {
            let place = CGPoint(x: x + (width - size.width) / 2, y: y)
            self.legends.append((legend, CGRect(origin: place, size: size)))
            y += size.height + spacing
        }
        return max(bottom, y - spacing)
    }
}
