import Numerics
import Foundation

/// Pixels in memory that are drawn on, and then saved as a PNG or laid under vectors.
final class RasterImage {
    let pixelWidth: Int
    let pixelHeight: Int
    let surface: CairoSurface
    private let isOpaque: Bool

    /// An image that starts white if `isOpaque`, else fully transparent.
    init(pixelWidth: Int, pixelHeight: Int, isOpaque: Bool) throws(FigureError) {
        self.pixelWidth = pixelWidth
        self.pixelHeight = pixelHeight
        self.isOpaque = isOpaque
        surface = try CairoSurface(pixelWidth: pixelWidth, pixelHeight: pixelHeight, isOpaque: isOpaque)
    }

    /// The image as a PNG file of sRGB, with alpha unless it is opaque, that says its resolution (`pHYs`) if
    /// `dotsPerInch` is given; the same bytes for any number of threads.
    func png(dotsPerInch: Double?, threads: ThreadCount = ThreadCount(1)) throws(FigureError) -> Data {
        try surface.check("drawing an image")
        var result: Result<Data, FigureError> = .success(Data())
        surface.withPixels { pixels, stride, columns, rows in
            let file = PNGFile(
                pixels: pixels, stride: stride, width: columns.count, height: rows.count, isOpaque: isOpaque,
                dotsPerInch: dotsPerInch)
            do throws(FigureError) {
                result = .success(try file.data(threads: threads))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }
}
