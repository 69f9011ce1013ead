import Foundation

/// Pixels in memory that are drawn on, and then saved as a PNG or laid under vectors.
final class RasterImage {
    let pixelWidth: Int
    let pixelHeight: Int
    let surface: CairoSurface

    /// An image that starts white if `isOpaque`, else fully transparent.
    init(pixelWidth: Int, pixelHeight: Int, isOpaque: Bool) throws(FigureError) {
        self.pixelWidth = pixelWidth
        self.pixelHeight = pixelHeight
        surface = try CairoSurface(pixelWidth: pixelWidth, pixelHeight: pixelHeight, isOpaque: isOpaque)
    }

    /// The image as a PNG file that says its resolution (`pHYs`) if `dotsPerInch` is given.
    func png(dotsPerInch: Double?) throws(FigureError) -> Data {
        let bare = try surface.png()
        guard let dotsPerInch else { return bare }
        // The header (8 bytes of signature, 25 of IHDR) comes first, and pHYs must come before the pixels.
        let pixelsPerMetre = UInt32((dotsPerInch / 0.0254).rounded())
        var chunk = Data("pHYs".utf8)
        chunk.append(bigEndian: pixelsPerMetre)
        chunk.append(bigEndian: pixelsPerMetre)
        chunk.append(1)
        var png = bare.prefix(33)
        png.append(bigEndian: UInt32(chunk.count - 4))
        png.append(chunk)
        png.append(bigEndian: Self.crc32(chunk))
        png.append(bare.dropFirst(33))
        return png
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
