import CWebP
import Foundation

/// Small square pictures of many samples in one image, row by row, for the explorer.
///
/// The side of a picture follows from their number, so that the sheet never has more than 4,096 × 4,096 pixels, which a
/// browser keeps in 64 MB: 64 px for up to 4,096 samples, 48 px up to 7,225, 32 px up to 16,384, 24 px up to 28,900,
/// 16 px up to 65,536. There is no sheet for more.
public struct ThumbnailSheet: Sendable {
    /// How many samples there are, with or without a picture.
    public let count: Int
    /// Pixels a side of each picture; 0 if there are too many samples.
    public let side: Int
    /// Pictures in a row.
    let columns: Int
    /// Which samples have a picture.
    private(set) var isThere: [Bool]
    /// Red, green, blue and alpha of each pixel of the sheet, by row.
    private(set) var pixels: [UInt8]

    private static let longest = 4096

    /// More samples than this have no thumbnails.
    public static let mostSamples = (longest / 16) * (longest / 16)

    /// A sheet for `count` samples, without pictures as yet.
    ///
    /// - Parameter imageSide: The longer side of the largest image: pictures are not made larger. Traps unless above 0.
    public init(count: Int, imageSide: Int = .max) {
        precondition(count >= 0 && imageSide > 0, "samples are counted, and images have pixels")
        self.count = count
        let fitting = [64, 48, 32, 24, 16].first { count <= (Self.longest / $0) * (Self.longest / $0) }
        side = min(fitting ?? 0, imageSide)
        columns = side > 0 ? min(Self.longest / side, max(count, 1)) : 0
        isThere = Array(repeating: false, count: count)
        let rows = columns > 0 ? (count + columns - 1) / columns : 0
        pixels = Array(repeating: 0, count: 4 * columns * side * rows * side)
    }

    /// A sentence for the page if there are too many samples.
    var notes: [String] {
        if count <= Self.mostSamples { return [] }
        let limit = NumberText.grouped(Self.mostSamples)
        return ["Thumbnails are left out: they are made for up to \(limit) samples."]
    }

    /// Makes an image the picture of a sample: its pixels averaged to the sheet's size, in the middle of a square that is
    /// transparent beside it. Does nothing if there are too many samples.
    ///
    /// Traps unless the sample is there and `rgb` holds `pixelHeight` × `pixelWidth` × 3 bytes, rows from the top.
    /// - Complexity: O(pixels of the image).
    public mutating func set(_ sample: Int, pixelWidth: Int, pixelHeight: Int, rgb: [UInt8]) {
        precondition(pixelWidth > 0 && pixelHeight > 0, "an image has a pixel")
        precondition(rgb.count == 3 * pixelWidth * pixelHeight, "three bytes a pixel")
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

    /// For each of `few` pixels in a line, which of `many` lie under it, and the share of it that each covers.
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

    /// The sheet as a WebP file, or nil if it has no picture. Throws `drawing` if libwebp fails.
    ///
    /// WebP takes about a quarter of the space of PNG for photographs; all browsers have read it since 2020.
    func webP() throws(FigureError) -> Data? {
        if side == 0 || !isThere.contains(true) { return nil }
        let (width, height) = (columns * side, pixels.count / (4 * columns * side))
        var output: UnsafeMutablePointer<UInt8>?
        let size = WebPEncodeRGBA(pixels, Int32(width), Int32(height), Int32(4 * width), 82, &output)
        guard size > 0, let output else {
            throw .drawing(operation: "writing a sheet of thumbnails", message: "libwebp made no image of it")
        }
        defer { WebPFree(output) }
        return Data(bytes: output, count: size)
    }
}
