import Numerics
import Foundation
import RasterImages

/// Pixels in memory to draw on, which are then saved as a PNG or embedded beneath vectors.
final class RasterImage {
    let pixelWidth: Int
    let pixelHeight: Int
    let surface: CairoSurface
    private let isOpaque: Bool

    /// An image that starts white if `isOpaque`, otherwise fully transparent.
    init(pixelWidth: Int, pixelHeight: Int, isOpaque: Bool) throws(FigureError) {
        self.pixelWidth = pixelWidth
        self.pixelHeight = pixelHeight
        self.isOpaque = isOpaque
        do throws(CairoError) {
            surface = try CairoSurface(
                pixelWidth: pixelWidth, pixelHeight: pixelHeight, background: isOpaque ? .white : .transparent)
        } catch {
            throw FigureError(error)
        }
    }

    /// The image as an sRGB PNG file, with alpha unless it is opaque, and with its resolution (`pHYs`) if `dotsPerInch` is
    /// given. The bytes are the same for any number of threads.
    func png(dotsPerInch: Double?, threads: ThreadCount = ThreadCount(1)) throws(FigureError) -> Data {
        do throws(CairoError) { try surface.check("drawing an image") } catch { throw FigureError(error) }
        var result: Result<Data, FigureError> = .success(Data())
        surface.withPixels { pixels, stride, columns, rows in
            let file = PNGFile(
                pixels: pixels, stride: stride, width: columns.count, height: rows.count, isOpaque: isOpaque,
                dotsPerInch: dotsPerInch)
            do throws(PNGError) {
                result = .success(try file.data(threads: threads))
            } catch {
                result = .failure(.drawing(operation: "writing a PNG", message: "zlib could not compress it"))
            }
        }
        return try result.get()
    }
}
