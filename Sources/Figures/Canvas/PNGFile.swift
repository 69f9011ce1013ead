import CKernels
import CZlib
import Numerics
import Foundation

/// A PNG file (W3C recommendation of 2003) of 8 bits a channel in sRGB, compressed by several threads.
///
/// libpng compresses a picture from its first row to its last. Here a band of rows becomes a run of deflate blocks that
/// ends with a byte, as zlib leaves it when it is flushed; the bands one after the other are one stream, and they do not
/// depend on the number of threads. Paeth's filter with run-length coding takes less time than libpng's fast mode, and
/// files of glyphs are a few per cent smaller.
struct PNGFile {
    /// 0xAARRGGBB, colours multiplied by alpha.
    let pixels: UnsafeMutableBufferPointer<UInt32>
    /// From a row's start to the next's, in pixels.
    let stride: Int
    let width: Int
    let height: Int
    /// Without an alpha channel.
    let isOpaque: Bool
    /// Said in the file (`pHYs`), if given.
    let dotsPerInch: Double?

    private static let rowsInBand = 64

    /// A band of rows, compressed.
    private struct Band {
        /// Of the compressed bytes, from one chunk's length to its checksum.
        var chunk: [UInt8]
        /// Adler-32 of the filtered bytes, and their number.
        var checksum: UInt
        var size: Int
    }

    /// The file's bytes.
    /// - Throws: `drawing` where zlib gets no memory.
    /// - Complexity: O(pixels).
    func data(threads: ThreadCount) throws(FigureError) -> Data {
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
        // Bits a channel, kind of colour, compression, filters, no interlacing.
        bytes += Self.chunk("IHDR", Self.bigEndian(width) + Self.bigEndian(height) + [8, isOpaque ? 2 : 6, 0, 0, 0])
        if let dotsPerInch {
            let pixelsPerMetre = Self.bigEndian(Int((dotsPerInch / 0.0254).rounded()))
            bytes += Self.chunk("pHYs", pixelsPerMetre + pixelsPerMetre + [1])
        }
        bytes += Self.chunk("sRGB", [0])
        var checksum = adler32(0, nil, 0)
        for band in bands {
            guard let band else { throw .drawing(operation: "writing a PNG", message: "zlib could not compress it") }
            bytes += band.chunk
            checksum = adler32_combine(checksum, band.checksum, band.size)
        }
        bytes += Self.chunk("IDAT", Self.bigEndian(Int(checksum)))
        bytes += Self.chunk("IEND", [])
        return Data(bytes)
    }

    // MARK: - Bands

    /// The chunk of some rows; nil where zlib fails.
    private func compressed(_ rows: Range<Int>) -> Band? {
        var stream = z_stream()
        let version = zlibVersion()
        let isReady = deflateInit2_(
            &stream, 1, Z_DEFLATED, -15, 9, Z_RLE, version, Int32(MemoryLayout<z_stream>.size))
        if isReady != Z_OK { return nil }
        defer { deflateEnd(&stream) }
        let channels = isOpaque ? 3 : 4
        // Zeros stand before a row's first pixel; the filter's number, before its filtered bytes.
        var above = [UInt8](repeating: 0, count: channels * (width + 1))
        var row = above
        var filtered = [UInt8](repeating: 4, count: channels * width + 1)
        if rows.lowerBound > 0 { unpack(rows.lowerBound - 1, into: &above, from: channels) }
        // The chunk's length and name, and before the first band the head of the stream (deflate, 32 KiB, fastest).
        let head: [UInt8] = [0, 0, 0, 0] + Array("IDAT".utf8) + (rows.lowerBound == 0 ? [0x78, 0x01] : [])
        // What zlib writes when it is flushed has no place in its bound.
        let room = Int(deflateBound(&stream, UInt(rows.count * filtered.count))) + 64
        var checksum = adler32(0, nil, 0)
        var isDone = true
        var chunk = [UInt8](unsafeUninitializedCapacity: head.count + room + 4) { output, initializedCount in
            _ = output.update(fromContentsOf: head)
            stream.next_out = output.baseAddress! + head.count
            stream.avail_out = UInt32(room)
            for number in rows {
                unpack(number, into: &row, from: channels)
                filtered.withUnsafeMutableBufferPointer { bytes in
                    row.withUnsafeBufferPointer { row in
                        above.withUnsafeBufferPointer { above in
                            penumbra_png_paeth(
                                row.baseAddress! + channels, above.baseAddress! + channels, Int64(channels * width),
                                Int64(channels), bytes.baseAddress! + 1)
                        }
                    }
                    checksum = adler32(checksum, bytes.baseAddress, UInt32(bytes.count))
                    stream.next_in = bytes.baseAddress
                    stream.avail_in = UInt32(bytes.count)
                    let flush = number == height - 1 ? Z_FINISH : number == rows.last ? Z_SYNC_FLUSH : Z_NO_FLUSH
                    let status = deflate(&stream, flush)
                    isDone = isDone && status == (flush == Z_FINISH ? Z_STREAM_END : Z_OK) && stream.avail_in == 0
                }
                swap(&row, &above)
            }
            initializedCount = head.count + room - Int(stream.avail_out)
        }
        if !isDone || stream.avail_out == 0 { return nil }
        Self.close(&chunk)
        return Band(chunk: chunk, checksum: checksum, size: rows.count * filtered.count)
    }

    /// Writes the samples of row `number` behind the `start` bytes at the head of `samples`.
    private func unpack(_ number: Int, into samples: inout [UInt8], from start: Int) {
        let row = UnsafeBufferPointer(rebasing: pixels[number * stride..<number * stride + width])
        if isOpaque {
            samples.withUnsafeMutableBufferPointer {
                penumbra_png_rgb(row.baseAddress, Int64(width), $0.baseAddress! + start)
            }
            return
        }
        var next = start
        for pixel in row {
            let alpha = pixel >> 24
            for shift: UInt32 in [16, 8, 0] {
                // Colours as PNG keeps them: not multiplied by alpha.
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

    /// Fills in the length of a chunk, which four bytes at its head are left for, and adds its checksum.
    private static func close(_ chunk: inout [UInt8]) {
        chunk.replaceSubrange(0..<4, with: bigEndian(chunk.count - 8))
        let checksum = chunk.withUnsafeBufferPointer { crc32(0, $0.baseAddress! + 4, UInt32($0.count - 4)) }
        chunk += bigEndian(Int(checksum))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
