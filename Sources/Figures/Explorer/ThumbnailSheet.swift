import Foundation
import RasterImages

/// Small square pictures of many samples in one image, row by row.
///
/// For the explorer, the side of a picture follows from their number, so that the sheet never exceeds 4,096 × 4,096 pixels,
/// which take 64 MB in a browser: 64 px for up to 4,096 samples, 48 px up to 7,225, 32 px up to 16,384, 24 px up to 28,900, 16
/// px up to 65,536. For more there is no sheet.
public struct ThumbnailSheet: Sendable {
    /// The place where a sheet is shown.
    public enum Use: Sendable {
        /// In the explorer's page.
        case explorer
        /// In TensorBoard's embedding projector: the same number of cells per column as per row, and up to 8,192 pixels per
        /// side, so each limit on samples is four times the explorer's.
        case projector

        /// The most pixels along a side of the sheet.
        var longest: Int { self == .explorer ? 4096 : 8192 }
    }

    /// The number of samples, with or without a picture.
    public let count: Int
    /// The side of each picture in pixels; 0 if there are too many samples.
    public let side: Int
    /// The number of pictures per row.
    let columns: Int
    /// Which samples have a picture.
    private(set) var isThere: [Bool]
    /// Red, green, blue and alpha of each pixel of the sheet, row by row.
    private(set) var pixels: [UInt8]

    private static let sides = [64, 48, 32, 24, 16]

    /// With more samples than this there are no thumbnails in the explorer.
    public static let mostSamples = places(of: 16, in: .explorer)

    private static func places(of side: Int, in use: Use) -> Int { (use.longest / side) * (use.longest / side) }

    /// A sheet for `count` samples, still without pictures.
    ///
    /// - Parameter imageSide: The longer side of the largest image: pictures are not enlarged. Traps unless it is above 0.
    public init(count: Int, imageSide: Int = .max, for use: Use = .explorer) {
        precondition(count >= 0 && imageSide > 0, "samples are counted, and images have pixels")
        self.count = count
        side = min(Self.sides.first { count <= Self.places(of: $0, in: use) } ?? 0, imageSide)
        isThere = Array(repeating: false, count: count)
        let rows: Int
        switch (side, use) {
        case (0, _): (columns, rows) = (0, 0)
        case (_, .explorer):
            columns = min(use.longest / side, max(count, 1))
            rows = (count + columns - 1) / columns
        case (_, .projector):
            columns = max(1, Int(Double(count).squareRoot().rounded(.up)))
            rows = columns
        }
        pixels = Array(repeating: 0, count: 4 * columns * side * rows * side)
    }

    /// A sentence for the page if there are too many samples.
    var notes: [String] {
        if count <= Self.mostSamples { return [] }
        let limit = NumberText.grouped(Self.mostSamples)
        return ["Thumbnails are left out: they are made for at most \(limit) samples."]
    }

    /// Sets the picture of a sample: the image's pixels, averaged to the sheet's size, centred in a square that is transparent
    /// around them. Does nothing if there are too many samples.
    ///
    /// Traps unless the sample exists and `rgb` holds `pixelHeight` × `pixelWidth` × 3 bytes, rows from the top.
    /// - Complexity: O(pixels of the image).
    public mutating func set(_ sample: Int, pixelWidth: Int, pixelHeight: Int, rgb: [UInt8]) {
        precondition(pixelWidth > 0 && pixelHeight > 0, "an image has a pixel")
        precondition(rgb.count == 3 * pixelWidth * pixelHeight, "three bytes per pixel")
        isThere[sample] = true
        if side == 0 { return }
        let scale = Double(side) / Double(max(pixelWidth, pixelHeight))
        let width = max(1, Int((Double(pixelWidth) * scale).rounded()))
        let height = max(1, Int((Double(pixelHeight) * scale).rounded()))
        let left = (sample % columns) * side + (side - width) / 2
        let top = (sample / columns) * side + (side - height) / 2
        let across = Self.shares(of: pixelWidth, in: width)
        let down = Self.shares(of: pixelHeight, in: height)
        for (y, rows) in down.enumerated() {
            for (x, columnsOfPixel) in across.enumerated() {
                var sum = SIMD3<Float>()
                for (row, rowShare) in rows {
                    for (column, columnShare) in columnsOfPixel {
                        let source = 3 * (row * pixelWidth + column)
                        let colour = SIMD3(Float(rgb[source]), Float(rgb[source + 1]), Float(rgb[source + 2]))
                        sum += rowShare * columnShare * colour
                    }
                }
                let target = 4 * ((top + y) * columns * side + left + x)
                for part in 0..<3 { pixels[target + part] = UInt8(min(max(sum[part].rounded(), 0), 255)) }
                pixels[target + 3] = 255
            }
        }
    }

    /// For each of `few` pixels in a line, which of `many` lie under it, and what share of it each covers.
    private static func shares(of many: Int, in few: Int) -> [[(Int, Float)]] {
        let step = Double(many) / Double(few)
        return (0..<few).map { pixel in
            let (start, end) = (Double(pixel) * step, Double(pixel + 1) * step)
            return (Int(start)..<min(many, Int(end.rounded(.up)))).compactMap { source in
                let covered = min(end, Double(source + 1)) - max(start, Double(source))
                return covered > 0 ? (source, Float(covered / step)) : nil
            }
        }
    }

    /// The sheet as a PNG file, or nil if it has no picture. Throws `drawing` if Cairo or zlib fails.
    public func png() throws(FigureError) -> Data? {
        if side == 0 || !isThere.contains(true) { return nil }
        let width = columns * side
        let image = try RasterImage(pixelWidth: width, pixelHeight: pixels.count / (4 * width), isOpaque: false)
        image.surface.withPixels { target, stride, columns, rows in
            for row in rows {
                for column in columns {
                    // Without a picture all four bytes are 0, otherwise alpha is 255.
                    let source = 4 * (row * width + column)
                    let colour = SIMD4(pixels[source + 2], pixels[source + 1], pixels[source], pixels[source + 3])
                    target[row * stride + column] = UInt32(littleEndian: unsafeBitCast(colour, to: UInt32.self))
                }
            }
        }
        return try image.png(dotsPerInch: nil)
    }

    /// The sheet as a WebP file, or nil if it has no picture. Throws `drawing` if libwebp fails.
    ///
    /// WebP takes about a quarter of the space of PNG for photographs; all browsers have read it since 2020.
    func webP() throws(FigureError) -> Data? {
        if side == 0 || !isThere.contains(true) { return nil }
        let (width, height) = (columns * side, pixels.count / (4 * columns * side))
        do {
            return try WebPCodec.encode(rgba: pixels, width: width, height: height, quality: 82)
        } catch {
            throw .drawing(operation: "writing a sheet of thumbnails", message: error.description)
        }
    }
}
