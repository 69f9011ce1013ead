import Foundation

/// An image that represents a point.
public struct Thumbnail: Sendable, Equatable {
    /// In pixels.
    public let pixelWidth: Int
    /// In pixels.
    public let pixelHeight: Int
    /// `pixelHeight` × `pixelWidth` × 3 bytes: rows from the top, each pixel red, green, blue.
    public let pixels: [UInt8]

    /// Traps unless the number of pixels matches the size, and is at least one.
    public init(pixelWidth: Int, pixelHeight: Int, pixels: [UInt8]) {
        precondition(pixelWidth > 0 && pixelHeight > 0, "an image has a pixel")
        precondition(pixels.count == 3 * pixelWidth * pixelHeight, "three bytes per pixel")
        (self.pixelWidth, self.pixelHeight, self.pixels) = (pixelWidth, pixelHeight, pixels)
    }

    /// The image in the colours that a kind of vision sees.
    func seen(by vision: ColourVision) -> Thumbnail {
        var known: [UInt32: [UInt8]] = [:]
        var seen: [UInt8] = []
        seen.reserveCapacity(pixels.count)
        for start in stride(from: 0, to: pixels.count, by: 3) {
            let hex = UInt32(pixels[start]) << 16 | UInt32(pixels[start + 1]) << 8 | UInt32(pixels[start + 2])
            if known[hex] == nil {
                let colour = vision.seen(Colour(hex: hex)).hex
                known[hex] = [UInt8(colour >> 16 & 255), UInt8(colour >> 8 & 255), UInt8(colour & 255)]
            }
            seen += known[hex]!
        }
        return Thumbnail(pixelWidth: pixelWidth, pixelHeight: pixelHeight, pixels: seen)
    }
}

extension RasterImage {
    /// The pixels of `thumbnail`, each repeated `factor` times in both directions.
    convenience init(_ thumbnail: Thumbnail, repeating factor: Int) throws(FigureError) {
        try self.init(
            pixelWidth: thumbnail.pixelWidth * factor, pixelHeight: thumbnail.pixelHeight * factor, isOpaque: true)
        surface.withPixels { target, stride, columns, rows in
            for row in rows {
                for column in columns {
                    let source = 3 * (row / factor * thumbnail.pixelWidth + column / factor)
                    let parts = (0..<3).map { UInt32(thumbnail.pixels[source + $0]) }
                    target[row * stride + column] = parts[0] << 16 | parts[1] << 8 | parts[2]
                }
            }
        }
    }
}

extension ScatterPanel {
    /// The points to show as images, at most `thumbnailLimit`, each with its square: taken in `order`, those whose square
    /// touches none of the earlier ones. A square that extends beyond the panel's edge is first moved inside.
    ///
    /// The squares are as large as the number of images permits, but not so small that nothing is visible.
    ///
    /// - Complexity: O(N).
    func thumbnailPlaces(in rectangle: CGRect, order: [Int], _ style: FigureStyle) -> [(point: Int, square: CGRect)] {
        if thumbnailLimit == 0 || points.count == 0 { return [] }
        let count = Double(min(thumbnailLimit, points.count))
        let extent = min(rectangle.width, rectangle.height)
        // Half of the panel's area if all of them were drawn.
        var side = min(max(extent * (0.5 / count).squareRoot(), 4), extent / 8)
        let places = places(in: rectangle, style)
        var taken = squares(of: side, at: places, in: rectangle, order)
        while taken.count < Int(count), side * 0.8 >= extent / 30 {
            side *= 0.8
            taken = squares(of: side, at: places, in: rectangle, order)
        }
        return taken
    }

    /// The points whose squares touch none of the earlier ones, at most `thumbnailLimit`.
    private func squares(
        of side: Double, at places: [CGPoint], in rectangle: CGRect, _ order: [Int]
    ) -> [(point: Int, square: CGRect)] {
        // Squares that touch are in the same or in adjacent cells, which are as wide as a square.
        var cells: [SIMD2<Int>: [CGRect]] = [:]
        var taken: [(point: Int, square: CGRect)] = []
        for point in order where taken.count < thumbnailLimit {
            let place = places[point]
            // At the edge of the panel an image is beside its point.
            let x = min(max(place.x - side / 2, rectangle.minX + 1), rectangle.maxX - side - 1)
            let y = min(max(place.y - side / 2, rectangle.minY + 1), rectangle.maxY - side - 1)
            let square = CGRect(x: x, y: y, width: side, height: side)
            let cell = SIMD2(Int((x / side).rounded(.down)), Int((y / side).rounded(.down)))
            let near = (-1...1).flatMap { dx in (-1...1).flatMap { dy in cells[cell &+ SIMD2(dx, dy)] ?? [] } }
            if near.contains(where: { $0.insetBy(dx: -0.5, dy: -0.5).intersects(square) }) { continue }
            cells[cell, default: []].append(square)
            taken.append((point, square))
        }
        return taken
    }

    /// Draws the available images, each with an edge in its point's colour.
    func drawThumbnails(
        on canvas: any Canvas, in rectangle: CGRect, order: [Int], _ style: FigureStyle
    ) throws(FigureError) {
        for (point, square) in thumbnailPlaces(in: rectangle, order: order, style) {
            guard var image = thumbnails[point] else { continue }
            if let vision = style.vision { image = image.seen(by: vision) }
            let longest = Double(max(image.pixelWidth, image.pixelHeight))
            let (width, height) = (
                square.width * Double(image.pixelWidth) / longest, square.height * Double(image.pixelHeight) / longest
            )
            let frame = CGRect(
                x: square.midX - width / 2, y: square.midY - height / 2, width: width, height: height)
            // Small images keep their pixels: each is repeated a whole number of times, and the remaining scaling is smoothed.
            let factor = min(max(1, Int(square.width * style.dotsPerInch / 72 / longest)), 8)
            try canvas.draw(try RasterImage(image, repeating: factor), in: frame)
            canvas.stroke(frame, points.colours[point], width: 0.8)
        }
    }
}
