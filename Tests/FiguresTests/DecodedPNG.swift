import CCairo
import Foundation

@testable import Figures

/// The pixels of a PNG, decoded by Cairo.
struct DecodedPNG {
    let width: Int
    let height: Int
    private let pixels: [UInt32]

    init(_ data: Data) throws {
        final class Source {
            var rest: Data.SubSequence
            init(_ data: Data) { rest = data[...] }
        }
        let source = Source(data)
        let surface = cairo_image_surface_create_from_png_stream(
            { closure, bytes, count in
                let source = Unmanaged<Source>.fromOpaque(closure!).takeUnretainedValue()
                guard source.rest.count >= Int(count) else { return CAIRO_STATUS_READ_ERROR }
                source.rest.prefix(Int(count)).copyBytes(to: bytes!, count: Int(count))
                source.rest = source.rest.dropFirst(Int(count))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(source).toOpaque())!
        defer { cairo_surface_destroy(surface) }
        let status = cairo_surface_status(surface)
        if status != CAIRO_STATUS_SUCCESS {
            throw FigureError.drawing(operation: "decoding", message: String(cString: cairo_status_to_string(status)))
        }
        width = Int(cairo_image_surface_get_width(surface))
        height = Int(cairo_image_surface_get_height(surface))
        let (width, height) = (width, height)
        let stride = Int(cairo_image_surface_get_stride(surface)) / 4
        pixels = cairo_image_surface_get_data(surface).withMemoryRebound(to: UInt32.self, capacity: stride * height) {
            start in
            (0..<height).flatMap { row in (0..<width).map { start[row * stride + $0] & 0xFFFFFF } }
        }
    }

    /// The pixel at a column and row, as 0xRRGGBB.
    subscript(column: Int, row: Int) -> UInt32 { pixels[row * width + column] }

    /// The pixel at a position in points, at `dotsPerInch`.
    func at(x: Double, y: Double, dotsPerInch: Double = 300) -> UInt32 {
        self[Int(x * dotsPerInch / 72), Int(y * dotsPerInch / 72)]
    }

    /// Counts the colours within a rectangle given in points.
    func colours(in rectangle: CGRect, dotsPerInch: Double = 300) -> [UInt32: Int] {
        let scale = dotsPerInch / 72
        var found: [UInt32: Int] = [:]
        for row in Int(rectangle.minY * scale)..<min(height, Int(rectangle.maxY * scale)) {
            for column in Int(rectangle.minX * scale)..<min(width, Int(rectangle.maxX * scale)) {
                found[self[column, row], default: 0] += 1
            }
        }
        return found
    }
}
