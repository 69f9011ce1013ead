import Foundation
import Numerics
import TensorFiles

/// A PNG file (W3C recommendation of 2003) with 8 bits per channel in sRGB, compressed by several threads.
///
/// libpng compresses a picture from its first row to its last. Here a band of rows becomes a run of deflate blocks that ends on
/// a byte boundary, as after a zlib flush; the concatenated bands are one stream, and do not depend on the number of threads.
/// Paeth's filter with run-length coding takes less time than libpng's fast mode, and files of glyphs are a few per cent
/// smaller.
package struct PNGFile {
    /// 0xAARRGGBB, premultiplied by alpha.
    let pixels: UnsafeMutableBufferPointer<UInt32>
    /// The distance between the starts of two rows, in pixels.
    let stride: Int
    let width: Int
    let height: Int
    /// Whether there is no alpha channel.
    let isOpaque: Bool
    /// The resolution stored in the file (`pHYs`), if given.
    let dotsPerInch: Double?
    private let rowPasses: PNGRows

    /// A file for an image.
    package init(
        pixels: UnsafeMutableBufferPointer<UInt32>, stride: Int, width: Int, height: Int, isOpaque: Bool,
        dotsPerInch: Double?, kernels: KernelPath = .preferred()
    ) {
        self.pixels = pixels
        self.stride = stride
        self.width = width
        self.height = height
        self.isOpaque = isOpaque
        self.dotsPerInch = dotsPerInch
        rowPasses = PNGRows(path: kernels)
    }

    private static let rowsInBand = 64

    /// A band of rows, compressed.
    private struct Band {
        /// The compressed bytes, from a chunk's length to its checksum.
        var chunk: [UInt8]
        /// The checksum of the filtered bytes.
        var checksum: Adler32
    }

    /// The file's bytes.
    /// - Throws: `notCompressed` if zlib cannot allocate memory.
    /// - Complexity: O(pixels).
    package func data(threads: ThreadCount) throws(PNGError) -> Data {
        nonisolated(unsafe) let file = self
        let count = (height + Self.rowsInBand - 1) / Self.rowsInBand
        let bands = [Band?](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            nonisolated(unsafe) let start = buffer.baseAddress
            threads.forEachChunk(of: file.height, size: Self.rowsInBand) { number, rows in
                if let start { (start + number).initialize(to: file.compressed(rows)) }
            }
            initializedCount = count
        }
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes.reserveCapacity(bands.reduce(256) { $0 + ($1?.chunk.count ?? 0) })
        // Bits per channel, colour type, compression, filters, no interlacing.
        bytes += Self.chunk("IHDR", Self.bigEndian(width) + Self.bigEndian(height) + [8, isOpaque ? 2 : 6, 0, 0, 0])
        if let dotsPerInch {
            let pixelsPerMetre = Self.bigEndian(Int((dotsPerInch / 0.0254).rounded()))
            bytes += Self.chunk("pHYs", pixelsPerMetre + pixelsPerMetre + [1])
        }
        bytes += Self.chunk("sRGB", [0])
        var checksum = Adler32()
        for band in bands {
            guard let band else { throw .notCompressed }
            bytes += band.chunk
            checksum.append(band.checksum)
        }
        bytes += Self.chunk("IDAT", Self.bigEndian(Int(checksum.value)))
        bytes += Self.chunk("IEND", [])
        return Data(bytes)
    }

    // MARK: - Bands

    /// The chunk for some rows; nil if zlib fails.
    private func compressed(_ rows: Range<Int>) -> Band? {
        guard let stream = DeflateStream() else { return nil }
        let channels = isOpaque ? 3 : 4
        // The samples are preceded by zeros for the pixel before the first, the filtered bytes by the filter's number.
        var above = [UInt8](repeating: 0, count: channels * (width + 1))
        var row = above
        var filtered = [UInt8](repeating: 4, count: channels * width + 1)
        if rows.lowerBound > 0 { unpack(rows.lowerBound - 1, into: &above, from: channels) }
        // The chunk's length and name and, for the first band, the stream header (deflate, 32 KiB, fastest).
        let head: [UInt8] = [0, 0, 0, 0] + Array("IDAT".utf8) + (rows.lowerBound == 0 ? [0x78, 0x01] : [])
        let room = stream.bound(rows.count * filtered.count)
        var checksum = Adler32()
        var isDone = true
        var chunk = [UInt8](unsafeUninitializedCapacity: head.count + room + 4) { output, initializedCount in
            _ = output.update(fromContentsOf: head)
            var rest = UnsafeMutableBufferPointer(rebasing: output[head.count..<head.count + room])
            for number in rows {
                unpack(number, into: &row, from: channels)
                filtered.withUnsafeMutableBufferPointer { bytes in
                    row.withUnsafeBufferPointer { row in
                        above.withUnsafeBufferPointer { above in
                            rowPasses.filter(
                                row.baseAddress! + channels, above: above.baseAddress! + channels,
                                count: channels * width, pixelBytes: channels, into: bytes.baseAddress! + 1)
                        }
                    }
                    checksum.append(UnsafeBufferPointer(bytes))
                    let flush: DeflateStream.Flush =
                        number == height - 1 ? .finish : number == rows.last ? .sync : .none
                    isDone = stream.append(UnsafeBufferPointer(bytes), flush, to: &rest) && isDone
                }
                swap(&row, &above)
            }
            initializedCount = head.count + room - rest.count
        }
        if !isDone { return nil }
        Self.close(&chunk)
        return Band(chunk: chunk, checksum: checksum)
    }

    /// Writes the samples of row `number` into `samples`, after its first `start` bytes.
    private func unpack(_ number: Int, into samples: inout [UInt8], from start: Int) {
        let row = UnsafeBufferPointer(rebasing: pixels[number * stride..<number * stride + width])
        if isOpaque {
            samples.withUnsafeMutableBufferPointer {
                rowPasses.unpack(row, into: $0.baseAddress! + start)
            }
            return
        }
        var next = start
        for pixel in row {
            let alpha = pixel >> 24
            for shift: UInt32 in [16, 8, 0] {
                // Colours as PNG stores them: not premultiplied by alpha.
                let value = alpha == 0 ? 0 : ((pixel >> shift & 255) * 255 + alpha / 2) / alpha
                samples[next] = UInt8(min(value, 255))
                next += 1
            }
            samples[next] = UInt8(alpha)
            next += 1
        }
    }

    // MARK: - Chunks

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        var chunk = [0, 0, 0, 0] + Array(name.utf8) + content
        close(&chunk)
        return chunk
    }

    /// Fills in the length of a chunk, for which four bytes are reserved at its head, and appends its checksum.
    private static func close(_ chunk: inout [UInt8]) {
        chunk.replaceSubrange(0..<4, with: bigEndian(chunk.count - 8))
        let checksum = chunk.withUnsafeBufferPointer { CRC32.of(UnsafeBufferPointer(rebasing: $0[4...])) }
        chunk += bigEndian(Int(checksum))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
