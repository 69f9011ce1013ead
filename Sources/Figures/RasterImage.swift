import CPNG
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
    /// `dotsPerInch` is given.
    ///
    /// libpng's fast mode (no filters, light compression) takes a third of the time of Cairo's writer; files of flat
    /// colours grow no larger by it.
    func png(dotsPerInch: Double?) throws(FigureError) -> Data {
        try surface.check("drawing an image")
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        image.width = UInt32(pixelWidth)
        image.height = UInt32(pixelHeight)
        image.format = UInt32(isOpaque ? PNG_FORMAT_FLAG_COLOR : PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
        image.flags = UInt32(PNG_IMAGE_FLAG_FAST)
        let samples = isOpaque ? rgb() : rgba()
        // Data that cannot be compressed grow by five bytes in 16 KiB and some hundred of chunks (PNG_IMAGE_PNG_SIZE_MAX).
        var png = Data(count: samples.count + pixelHeight + (samples.count + pixelHeight) / 1024 + 1024)
        var size = png_alloc_size_t(png.count)
        let isWritten = png.withUnsafeMutableBytes { bytes in
            png_image_write_to_memory(&image, bytes.baseAddress, &size, 0, samples, 0, nil)
        }
        if isWritten == 0 {
            let message = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw .drawing(operation: "writing a PNG", message: message)
        }
        png.removeSubrange(Int(size)...)
        return dotsPerInch.map { Self.adding(dotsPerInch: $0, to: png) } ?? png
    }

    private func rgb() -> [UInt8] {
        var samples = [UInt8](repeating: 0, count: 3 * pixelWidth * pixelHeight)
        surface.withPixels { pixels, stride, columns, rows in
            var next = 0
            for row in rows {
                for pixel in pixels[row * stride..<row * stride + columns.count] {
                    samples[next] = UInt8(truncatingIfNeeded: pixel >> 16)
                    samples[next + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
                    samples[next + 2] = UInt8(truncatingIfNeeded: pixel)
                    next += 3
                }
            }
        }
        return samples
    }

    /// Colours as PNG keeps them: not multiplied by alpha.
    private func rgba() -> [UInt8] {
        var samples = [UInt8](repeating: 0, count: 4 * pixelWidth * pixelHeight)
        surface.withPixels { pixels, stride, columns, rows in
            var next = 0
            for row in rows {
                for pixel in pixels[row * stride..<row * stride + columns.count] {
                    let alpha = pixel >> 24
                    if alpha > 0 {
                        for (part, shift) in [16, 8, 0].enumerated() {
                            let value = ((pixel >> UInt32(shift) & 255) * 255 + alpha / 2) / alpha
                            samples[next + part] = UInt8(min(value, 255))
                        }
                        samples[next + 3] = UInt8(alpha)
                    }
                    next += 4
                }
            }
        }
        return samples
    }

    // MARK: - Resolution

    /// The PNG with the chunk that gives its resolution, which libpng's simple interface does not write.
    private static func adding(dotsPerInch: Double, to png: Data) -> Data {
        // The header (8 bytes of signature, 25 of IHDR) comes first, and pHYs must come before the pixels.
        let pixelsPerMetre = UInt32((dotsPerInch / 0.0254).rounded())
        var chunk = Data("pHYs".utf8)
        chunk.append(bigEndian: pixelsPerMetre)
        chunk.append(bigEndian: pixelsPerMetre)
        chunk.append(1)
        var result = png.prefix(33)
        result.append(bigEndian: UInt32(chunk.count - 4))
        result.append(chunk)
        result.append(bigEndian: crc32(chunk))
        result.append(png.dropFirst(33))
        return result
    }

    /// The checksum of PNG's chunks (ISO 3309), bit by bit: it is only taken over a few bytes.
    private static func crc32(_ bytes: Data) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}

extension Data {
    fileprivate mutating func append(bigEndian value: UInt32) {
        for shift in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }
}
