import Foundation
import Numerics
import TensorFiles

/// Lines over doubling numbers, such as numbers of annotations, with bands around them: one small panel per quantity.
public struct LineChart: Sendable {
    /// One quantity.
    public struct Panel: Sendable {
        /// The title above the panel.
        public let title: String
        /// In ascending order of x, which is above 0.
        public let points: [Point]
        /// Drawn as a line across the panel; nil for none.
        public let reference: Double?

        /// A panel of at least one point; otherwise it traps.
        public init(title: String, points: [Point], reference: Double? = nil) {
            precondition(!points.isEmpty, "a line has points")
            (self.title, self.points, self.reference) = (title, points, reference)
        }
    }

    /// A point of a line, with its uncertainty.
    public struct Point: Sendable {
        let x: Double
        let y: Double
        let low: Double
        let high: Double

        /// All finite, x above 0.
        public init(x: Double, y: Double, low: Double, high: Double) {
            (self.x, self.y, self.low, self.high) = (x, y, low, high)
        }
    }

    /// From left to right, two per row; at least one, otherwise it traps.
    public let panels: [Panel]
    /// The title below the lowest panels.
    public let horizontalTitle: String
    /// Sentences below the chart; empty for none.
    public var caption = ""
    /// The title of the document, shown by viewers; not drawn.
    public var title = "Chart"
    /// Width, fonts, resolution.
    public var style: FigureStyle

    /// A chart of `panels`.
    public init(_ panels: [Panel], horizontalTitle: String, style: FigureStyle = FigureStyle()) {
        precondition(!panels.isEmpty, "a chart holds at least one panel")
        (self.panels, self.horizontalTitle, self.style) = (panels, horizontalTitle, style)
    }

    /// Draws the chart in the format given by the extension of `url`, and writes it whole or not at all.
    ///
    /// Throws `FigureError`, or `FileWriteError` if the file cannot be written.
    public func write(to url: URL, threads: ThreadCount = .available) throws {
        let format = try FigureFormat(of: url)
        try AtomicFile.write(data(as: format, threads: threads), to: url)
    }

    /// The bytes of the chart's file. Throws as `Figure.data`.
    public func data(as format: FigureFormat, threads: ThreadCount = .available) throws(FigureError) -> Data {
        let typeface = try Typeface(family: style.fontFamily)
        let caption = TextBlock(caption, captionStyle, typeface)
        let captionHeight = self.caption.isEmpty ? 0 : caption.size.height + Self.edge
        let size = CGSize(width: width, height: chartHeight + captionHeight)
        let titleHeight = panels.map { LineChartPanel.title($0, in: frame(0), style, typeface).size.height }.max()!
        let numbers = panels.flatMap(\.points).map(\.x)
        let page = FigurePage(size: size, style: style, title: title)
        func draw(on canvas: any Canvas) {
            let canvas: any Canvas = style.vision.map { SimulatedCanvas(canvas, $0) } ?? canvas
            for (index, panel) in panels.enumerated() {
                LineChartPanel(
                    panel, in: frame(index), columns: numbers.min()!...numbers.max()!, titleHeight: titleHeight, style,
                    typeface
                ).draw(on: canvas)
            }
            let text = TextBlock(horizontalTitle, TextStyle(size: style.detailSize), typeface)
            canvas.write(
                text, at: CGPoint(x: (width - text.size.width) / 2, y: chartHeight - text.size.height - 4),
                style.theme.ink)
            if captionHeight > 0 {
                canvas.write(caption, at: CGPoint(x: Self.edge, y: chartHeight + 2), style.theme.ink)
            }
        }
        if format == .png {
            let image = try page.raster(threads: threads) { canvas throws(FigureError) in draw(on: canvas) }
            return try image.png(dotsPerInch: style.dotsPerInch, threads: threads)
        }
        return try page.vectorData(as: format) { canvas throws(FigureError) in draw(on: canvas) }
    }

    private static let (panelHeight, foot, edge) = (132.0, 14.0, 8.0)

    private var columns: Int { min(2, panels.count) }

    private var width: Double { style.width.inches * 72 }

    /// The height of the panels and the title below them.
    private var chartHeight: Double {
        let rows = (panels.count + columns - 1) / columns
        return Self.panelHeight * Double(rows) + Self.foot
    }

    private var captionStyle: TextStyle {
        var text = TextStyle(size: style.legendSize)
        text.width = width - 2 * Self.edge
        return text
    }

    /// The rectangle of a panel on the page.
    private func frame(_ index: Int) -> CGRect {
        let width = width / Double(columns)
        return CGRect(
            x: width * Double(index % columns), y: Self.panelHeight * Double(index / columns), width: width,
            height: Self.panelHeight
        ).insetBy(dx: Self.edge, dy: Self.edge)
    }
}

/// A panel with its position.
private struct LineChartPanel {
    private let panel: LineChart.Panel
    private let plot: CGRect
    private let style: FigureStyle
    private let typeface: Typeface
    private let title: TextBlock
    private let rows: ClosedRange<Double>
    /// The labelled values; the rows enclose them with some margin.
    private let marks: [(value: Double, text: String)]
    private let columns: ClosedRange<Double>

    /// The room left of the plot, for its marks.
    private static let left = 34.0

    /// The title of a panel, on as many lines as it takes above its plot, but at most three.
    static func title(
        _ panel: LineChart.Panel, in frame: CGRect, _ style: FigureStyle, _ typeface: Typeface
    ) -> TextBlock {
        TextBlock(
            panel.title, limit: frame.width - left, lines: 3, TextStyle(size: style.detailSize, isBold: true), typeface)
    }

    /// The chart's panels share the numbers along the axis and the height of the titles.
    init(
        _ panel: LineChart.Panel, in frame: CGRect, columns numbers: ClosedRange<Double>, titleHeight: Double,
        _ style: FigureStyle, _ typeface: Typeface
    ) {
        (self.panel, self.style, self.typeface) = (panel, style, typeface)
        title = Self.title(panel, in: frame, style, typeface)
        let heights = panel.points.flatMap { [$0.y, $0.low, $0.high] } + (panel.reference.map { [$0] } ?? [])
        let (low, high) = (heights.min()!, heights.max()!)
        let room = low < high ? (high - low) * 0.06 : max(abs(low), 1) * 0.06
        rows = low - room...high + room
        marks = NumberText.roundMarks(rows)
        columns = log2(numbers.lowerBound) - 0.15...log2(numbers.upperBound) + 0.15
        let widest = marks.map { TextBlock($0.text, TextStyle(size: style.legendSize), typeface).size.width }.max() ?? 0
        let (left, top, bottom) = (max(Self.left, Double(widest) + 4), titleHeight + 4, 14.0)
        plot = CGRect(
            x: frame.minX + left, y: frame.minY + top, width: frame.width - left, height: frame.height - top - bottom)
    }

    private func place(_ x: Double, _ y: Double) -> CGPoint {
        CGPoint(
            x: plot.minX + (log2(x) - columns.lowerBound) / (columns.upperBound - columns.lowerBound) * plot.width,
            y: plot.maxY - (y - rows.lowerBound) / (rows.upperBound - rows.lowerBound) * plot.height)
    }

    func draw(on canvas: any Canvas) {
        let theme = style.theme
        let colour = ClassPalette.okabeIto.leading[5]
        let text = TextStyle(size: style.legendSize)
        canvas.write(title, at: CGPoint(x: plot.minX, y: plot.minY - title.size.height - 3), theme.ink)
        for (value, mark) in marks {
            let end = place(panel.points[0].x, value)
            canvas.stroke(
                [CGPoint(x: plot.minX - 2, y: end.y), CGPoint(x: plot.minX, y: end.y)], closed: false, theme.frame,
                width: 0.5)
            let block = TextBlock(mark, text, typeface)
            canvas.write(
                block, at: CGPoint(x: plot.minX - 4 - block.size.width, y: end.y - block.size.height / 2), theme.ink)
        }
        var free = -Double.infinity
        for point in panel.points {
            let foot = place(point.x, rows.lowerBound)
            let block = TextBlock(NumberText.grouped(Int(point.x.rounded())), text, typeface)
            let left = foot.x - block.size.width / 2
            if left < free { continue }
            canvas.write(block, at: CGPoint(x: left, y: plot.maxY + 3), theme.ink)
            free = left + block.size.width + 3
        }
        if let reference = panel.reference {
            canvas.stroke(
                [
                    CGPoint(x: plot.minX, y: place(1, reference).y), CGPoint(x: plot.maxX, y: place(1, reference).y),
                ], closed: false, theme.fadedInk, width: 0.7)
        }
        let band = panel.points.map { place($0.x, $0.high) } + panel.points.reversed().map { place($0.x, $0.low) }
        canvas.fill(band, OKLab(colour).mixed(with: OKLab(theme.paper), 0.75).colour)
        let line = panel.points.map { place($0.x, $0.y) }
        canvas.stroke(line, closed: false, colour, width: 1.1)
        for point in line {
            canvas.fill(CGRect(x: point.x - 1.4, y: point.y - 1.4, width: 2.8, height: 2.8), colour)
        }
        canvas.stroke(plot, theme.frame, width: 0.5)
    }
}
