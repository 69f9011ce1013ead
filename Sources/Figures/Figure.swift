import Numerics
import Foundation
import RasterImages
import TensorFiles

/// Panels in a grid with headings, legends in their own strip, and a caption.
///
/// The same figure gives the same bytes each time, provided that the fonts and the version of Cairo are the same.
public struct Figure: Sendable {
    /// From top to bottom; at least one panel in total, and at most `mostColumns` per row, otherwise it traps.
    public var rows: [Row] {
        didSet { Self.check(rows) }
    }
    /// With more panels per row, each would be too small to read.
    public static let mostColumns = 12
    /// The headings above the columns, from left to right; none if empty.
    public var columnHeadings: [String] = []
    /// Beside or below the panels, according to the style.
    public var legends: [Legend] = []
    /// The heading above everything, in bold.
    public var heading: String?
    /// The text below everything.
    public var caption: String?
    /// The title of the document, shown by viewers; not drawn.
    public var title = "Figure"
    /// Width, fonts, resolution.
    public var style = FigureStyle()
    /// The seed for the order in which points are drawn.
    public var seed: UInt64 = 0

    /// A row of panels.
    public struct Row: Sendable {
        /// From left to right.
        public var panels: [ScatterPanel]
        /// The text to the left of the row, reading upwards.
        public var heading: String?
        /// A second line of the heading, in plain type.
        public var detail: String?

        /// A row of `panels`.
        public init(_ panels: [ScatterPanel], heading: String? = nil, detail: String? = nil) {
            self.panels = panels
            self.heading = heading
            self.detail = detail
        }
    }

    /// A figure of `rows`, which may have different lengths.
    public init(rows: [Row], style: FigureStyle = FigureStyle()) {
        Self.check(rows)
        self.rows = rows
        self.style = style
    }

    /// A grid of `panels` from left to right and top to bottom, with up to `columns` (at least 1, at most `mostColumns`) per
    /// row; by default up to three, and four panels as two rows of two.
    public init(_ panels: [ScatterPanel], columns: Int? = nil, style: FigureStyle = FigureStyle()) {
        let perRow = max(1, columns ?? (panels.count == 4 ? 2 : min(panels.count, 3)))
        self.init(
            rows: stride(from: 0, to: panels.count, by: perRow).map { start in
                Row(Array(panels[start..<min(start + perRow, panels.count)]))
            }, style: style)
    }

    private static func check(_ rows: [Row]) {
        precondition(rows.contains { !$0.panels.isEmpty }, "a figure holds at least one panel")
        precondition(rows.allSatisfy { $0.panels.count <= mostColumns }, "a row holds at most \(mostColumns) panels")
    }

    /// Draws the figure in the format given by the extension of `url`, and writes it whole or not at all.
    ///
    /// Throws `FigureError`, or `FileWriteError` if the file cannot be written.
    public func write(to url: URL, threads: ThreadCount = .available) throws {
        let format = try FigureFormat(of: url)
        try AtomicFile.write(data(as: format, threads: threads), to: url)
    }

    /// The bytes of the figure's file, the same for any number of threads.
    ///
    /// - Throws: `noFont`, `noRoom`, or `drawing` if Cairo cannot hold the picture.
    /// - Complexity: O(points + pixels).
    public func data(as format: FigureFormat, threads: ThreadCount = .available) throws(FigureError) -> Data {
        if format == .png { return try raster(threads: threads).png(dotsPerInch: style.dotsPerInch, threads: threads) }
        let typeface = try Typeface(family: style.fontFamily)
        let layout = try FigureLayout(self, typeface)
        let page = FigurePage(size: layout.size, style: style, title: title)
        return try page.vectorData(as: format) { canvas throws(FigureError) in
            try draw(layout, on: canvas, typeface, isVector: true, threads)
        }
    }

    /// The points of each panel, row by row, that have room to be shown as images. The other contents of the figure determine
    /// the positions of its panels, so call this once they are complete. Throws as `data` does.
    public func thumbnailChoices() throws(FigureError) -> [[Int]] {
        let layout = try FigureLayout(self, try Typeface(family: style.fontFamily))
        return layout.panels.map { panel, rectangle in
            panel.thumbnailPlaces(
                in: rectangle, order: ScatterPanel.order(of: panel.points.count, seed: seed), style
            ).map(\.point)
        }
    }

    /// The characters of the figure's texts for which the system has no font, each once. Throws `FigureError.noFont`.
    public func charactersWithoutFont() throws(FigureError) -> [Character] {
        let typeface = try Typeface(family: style.fontFamily)
        var texts = [heading, caption].compactMap(\.self) + columnHeadings + legends.flatMap(\.texts)
        for row in rows {
            texts += [row.heading, row.detail].compactMap(\.self)
            for panel in row.panels {
                texts += [panel.title, panel.titleEnd, panel.detail].compactMap(\.self)
                if panel.hasClusterLabels { texts += panel.groups?.names ?? [] }
            }
        }
        return typeface.charactersWithoutFont(in: texts)
    }

    /// Begins to search for the system's fonts on a separate thread, so that a figure drawn later by the calling thread need
    /// not wait for them.
    public static func prepareFonts() {
        Typeface.prepare()
    }

    /// The figure in pixels at its resolution. Throws as `data` does.
    func raster(threads: ThreadCount) throws(FigureError) -> RasterImage {
        let typeface = try Typeface(family: style.fontFamily)
        let layout = try FigureLayout(self, typeface)
        return try FigurePage(size: layout.size, style: style, title: title).raster(threads: threads) {
            canvas throws(FigureError) in try draw(layout, on: canvas, typeface, isVector: false, threads)
        }
    }

    private func draw(
        _ layout: FigureLayout, on page: any Canvas, _ typeface: Typeface, isVector: Bool, _ threads: ThreadCount
    ) throws(FigureError) {
        // Maps of the same samples are drawn in the same order.
        var orders: [Int: [Int]] = [:]
        let canvas: any Canvas = style.vision.map { SimulatedCanvas(page, $0) } ?? page
        for (panel, rectangle) in layout.panels {
            let count = panel.points.count
            let order = orders[count] ?? ScatterPanel.order(of: count, seed: seed)
            orders[count] = order
            let glyphs = panel.glyphs(in: rectangle, order: order, style: style, threads: threads)
            if isVector && glyphs.glyphs.count > style.vectorPointLimit {
                let seen = style.vision?.seen(glyphs) ?? glyphs
                try canvas.draw(Self.pixels(of: seen, in: rectangle, style.rasterDotsPerInch, threads), in: rectangle)
            } else {
                canvas.draw(glyphs, clip: rectangle)
            }
            panel.drawArrows(on: canvas, in: rectangle, style)
            try panel.drawThumbnails(on: canvas, in: rectangle, order: order, style)
            for line in panel.contourLines(in: rectangle, style) {
                canvas.stroke(line.corners, closed: true, line.colour, width: line.width)
            }
            canvas.draw(panel.clusterLabels(in: rectangle, style, typeface), style.theme)
            canvas.stroke(rectangle, style.theme.frame, width: 0.5)
        }
        for text in layout.texts {
            if text.isUpwards {
                canvas.writeUpwards(text.block, at: text.origin, text.colour)
            } else {
                canvas.write(text.block, at: text.origin, text.colour)
            }
        }
        for (legend, rectangle) in layout.legends {
            legend.draw(on: canvas, in: rectangle, style, typeface)
        }
    }

    private static func pixels(
        of layer: GlyphLayer, in rectangle: CGRect, _ dotsPerInch: Double, _ threads: ThreadCount
    ) throws(FigureError) -> RasterImage {
        let scale = dotsPerInch / 72
        let image = try RasterImage(
            pixelWidth: Int((rectangle.width * scale).rounded(.up)),
            pixelHeight: Int((rectangle.height * scale).rounded(.up)), isOpaque: false)
        var moved = layer
        for index in moved.glyphs.indices {
            moved.glyphs[index].x -= rectangle.minX
            moved.glyphs[index].y -= rectangle.minY
        }
        // The pixels cover the rectangle exactly, so their number per point is not quite the resolution.
        let canvas = CairoCanvas(image.surface, scale: Double(image.pixelWidth) / rectangle.width, threads: threads)
        canvas.draw(moved, clip: CGRect(origin: .zero, size: rectangle.size))
        return image
    }
}
