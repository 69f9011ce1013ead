import Numerics
import Foundation
import RasterImages
import Testing

@testable import Figures

@Suite struct PNGFileTests {
    private func image(width: Int, height: Int, isOpaque: Bool) throws -> RasterImage {
        let image = try RasterImage(pixelWidth: width, pixelHeight: height, isOpaque: isOpaque)
        var random = CounterRandom(seed: 4)
        image.surface.withPixels { pixels, stride, columns, rows in
            for row in rows {
                for column in columns {
                    // Flat on one side, noise on the other; opaque or fully transparent.
                    let isFlat = column < width / 2
                    let noise = UInt32(truncatingIfNeeded: random.index(below: 1 << 24))
                    let colour = isFlat ? UInt32(row / 7) * 0x010305 & 0xFFFFFF : noise
                    pixels[row * stride + column] = isOpaque || column % 3 > 0 ? 0xFF00_0000 | colour : 0
                }
            }
        }
        return image
    }

    private func pixels(_ image: RasterImage) -> [UInt32] {
        var found: [UInt32] = []
        image.surface.withPixels { pixels, stride, columns, rows in
            for row in rows { found += pixels[row * stride..<row * stride + columns.count].map { $0 & 0xFFFFFF } }
        }
        return found
    }

    /// Cairo decodes through libpng, which checks the stream and its checksums. A band has 64 rows.
    @Test(arguments: [(1, 1), (3, 64), (17, 65), (50, 128), (301, 200)], [true, false])
    func decodesToTheSamePixels(size: (width: Int, height: Int), isOpaque: Bool) throws {
        let image = try image(width: size.width, height: size.height, isOpaque: isOpaque)
        let decoded = try DecodedPNG(try image.png(dotsPerInch: 300))
        let expected = pixels(image)
        #expect((decoded.width, decoded.height) == size)
        var wrong = 0
        for row in 0..<size.height {
            for column in 0..<size.width {
                if decoded[column, row] != expected[row * size.width + column] { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    @Test(arguments: [true, false]) func bytesDoNotDependOnTheThreads(isOpaque: Bool) throws {
        let image = try image(width: 90, height: 333, isOpaque: isOpaque)
        let first = try image.png(dotsPerInch: 300)
        for threads in [2, 3, 8] {
            let isSame = try image.png(dotsPerInch: 300, threads: ThreadCount(threads)) == first
            #expect(isSame)
        }
    }

    /// Checks the length and checksum of each chunk, and that the resolution precedes the pixels.
    @Test func chunksStandInTheirOrder() throws {
        let png = [UInt8](try image(width: 20, height: 130, isOpaque: true).png(dotsPerInch: 300))
        var (names, place) = ([String](), 8)
        while place + 12 <= png.count {
            let length = png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            names.append(String(decoding: png[place + 4..<place + 8], as: UTF8.self))
            if names.last == "pHYs" { #expect(png[place + 8..<place + 17] == [0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1]) }
            place += 12 + length
        }
        #expect(place == png.count)
        #expect(names == ["IHDR", "pHYs", "sRGB", "IDAT", "IDAT", "IDAT", "IDAT", "IEND"])
    }
}
