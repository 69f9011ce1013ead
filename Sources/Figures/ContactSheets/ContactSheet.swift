import Foundation
import RasterImages
import TensorFiles

/// Small images in a grid, each with a bar of its label distribution, its name and a line of text below it, as a PNG.
///
/// The same sheet gives the same bytes each time, provided that the fonts and the version of Cairo are the same.
public struct ContactSheet: Sendable {
    /// One image, with its name, text and label distribution.
    public struct Tile: Sendable, Equatable {
        /// Shown below the bar, in bold; cut off if too long.
        public var name: String
        /// The text below the name, at most two lines.
        public var detail: String
        /// In pixels.
        public var pixelWidth: Int
        /// In pixels.
        public var pixelHeight: Int
        /// `pixelHeight` × `pixelWidth` × 3 bytes: rows from the top, each pixel red, green, blue.
        public var pixels: [UInt8]
        /// The shares of the bar, one per class.
        public var distribution: [Double]

        /// Traps unless the number of pixels matches the size.
        public init(
            name: String, detail: String, pixelWidth: Int, pixelHeight: Int, pixels: [UInt8], distribution: [Double]
        ) {
            precondition(pixelWidth > 0 && pixelHeight > 0, "an image has a pixel")
            precondition(pixels.count == 3 * pixelWidth * pixelHeight, "three bytes per pixel")
            self.name = name
            self.detail = detail
            self.pixelWidth = pixelWidth
            self.pixelHeight = pixelHeight
            self.pixels = pixels
            self.distribution = distribution
        }
    }

    /// The title above the images.
    public var title: String
    /// The text below the title, in smaller type, with lines broken to the sheet's width.
    public var subtitle: String
    /// The names of the classes, in the order of the shares.
    public var classes: [String]
    /// From left to right and top to bottom.
    public var tiles: [Tile]
    /// Width, font and resolution.
    public var style: FigureStyle

    /// Traps without tiles, and if a tile does not have one share per class.
    public init(title: String, subtitle: String, classes: [String], tiles: [Tile], style: FigureStyle = FigureStyle()) {
        precondition(!tiles.isEmpty, "a contact sheet shows at least one image")
        precondition(tiles.allSatisfy { $0.distribution.count == classes.count }, "one share per class")
        self.title = title
        self.subtitle = subtitle
        self.classes = classes
        self.tiles = tiles
        self.style = style
    }

    /// Writes the sheet to a file, whole or not at all. Throws `FigureError` or `FileWriteError`.
    public func write(to url: URL) throws {
        try AtomicFile.write(png(), to: url)
    }

    /// The bytes of the PNG.
    ///
    /// - Throws: `FigureError.noFont`, or `drawing` if Cairo cannot hold the picture.
    /// - Complexity: O(pixels).
    public func png() throws(FigureError) -> Data {
        let layout = ContactSheetLayout(self, try Typeface(family: style.fontFamily))
        let scale = style.dotsPerInch / 72
        let image = try RasterImage(
            pixelWidth: Int((layout.size.width * scale).rounded()),
            pixelHeight: Int((layout.size.height * scale).rounded(.up)), isOpaque: true)
        let canvas = CairoCanvas(image.surface, scale: scale)
        canvas.fill(CGRect(origin: .zero, size: layout.size), style.theme.paper)
        for (block, origin, colour) in layout.texts { canvas.write(block, at: origin, colour) }
        for (square, colour) in layout.swatches { canvas.fill(square, colour) }
        for (tile, places) in zip(tiles, layout.tiles) {
            try draw(tile, places, layout.colours, on: canvas, scale: scale)
        }
        return try image.png(dotsPerInch: style.dotsPerInch)
    }

    private func draw(
        _ tile: Tile, _ places: ContactSheetLayout.Places, _ colours: [Colour], on canvas: CairoCanvas, scale: Double
    ) throws(FigureError) {
        canvas.fill(places.frame, style.theme.shade)
        let longest = Double(max(tile.pixelWidth, tile.pixelHeight))
        let size = CGSize(
            width: places.frame.width * Double(tile.pixelWidth) / longest,
            height: places.frame.height * Double(tile.pixelHeight) / longest)
        let rectangle = CGRect(
            x: places.frame.midX - size.width / 2, y: places.frame.midY - size.height / 2, width: size.width,
            height: size.height)
        // Small images keep their pixels: each is repeated a whole number of times, and the remaining scaling is smoothed.
        let factor = max(1, Int(places.frame.width * scale / longest))
        let image = Thumbnail(pixelWidth: tile.pixelWidth, pixelHeight: tile.pixelHeight, pixels: tile.pixels)
        canvas.draw(try RasterImage(image, repeating: factor), in: rectangle)
        var x = places.bar.minX
        for (share, colour) in zip(tile.distribution, colours) where share > 0 {
            let width = places.bar.width * share
            canvas.fill(CGRect(x: x, y: places.bar.minY, width: width, height: places.bar.height), colour)
            x += width
            if x < places.bar.maxX - 0.5 {
                canvas.fill(
                    CGRect(x: x - 0.2, y: places.bar.minY, width: 0.4, height: places.bar.height),
                    style.theme.paper)
            }
        }
        canvas.stroke(places.bar, style.theme.fadedInk, width: 0.3)
    }
}
