import CLZMA
import Foundation

/// The bytes of a ZIP entry compressed with LZMA, which libzip reads only from version 1.8 on.
///
/// An entry begins with the version of its encoder (2 bytes), the length of its properties (2 bytes, low byte first) and
/// the properties; the raw stream follows (APPNOTE.TXT 6.3.9, section 5.8.8).
final class LZMADecoder {
    /// liblzma's state points back at it, so it must not move.
    private let stream: UnsafeMutablePointer<lzma_stream>
    private var input: [UInt8] = []
    private let source: (UnsafeMutableRawBufferPointer) throws -> Int
    private var hasEnded = false

    /// Its number in the ZIP format.
    static let method: UInt16 = 14
    /// The number of bytes read at once.
    private static let bufferSize = 1 << 16
    private static let headerSize = 4
    /// The size of LZMA's properties: one byte and the dictionary's size.
    private static let propertySize = 5

    /// A decoder of an entry that inflates to `size` bytes. `source` reads the compressed bytes in order: as many as are left,
    /// up to the number requested. The dictionary is no larger than the entry, whatever its properties say.
    ///
    /// Nil if the compressed bytes do not begin with an LZMA stream, or memory runs out.
    init?(size: Int, source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) throws {
        self.source = source
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        var header = [UInt8](repeating: 0, count: Self.headerSize + Self.propertySize)
        guard try header.withUnsafeMutableBytes({ try Self.fill($0, from: source) }) == header.count,
            Int(header[2]) | Int(header[3]) << 8 == Self.propertySize
        else { return nil }
        var filters = [lzma_filter(id: penumbra_lzma1, options: nil), lzma_filter(id: .max, options: nil)]
        let properties = Array(header[Self.headerSize...])
        guard lzma_properties_decode(&filters[0], nil, properties, properties.count) == LZMA_OK,
            let options = filters[0].options
        else { return nil }
        defer { free(options) }
        let settings = options.assumingMemoryBound(to: lzma_options_lzma.self)
        settings.pointee.dict_size = min(settings.pointee.dict_size, UInt32(clamping: max(size, 4096)))
        if lzma_raw_decoder(stream, filters) != LZMA_OK { return nil }
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    /// Decodes to the beginning of `buffer` and returns the number of bytes: fewer than fit only at the end. Nil if the stream
    /// is damaged. Throws what the source throws.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = buffer.count
        while stream.pointee.avail_out > 0 && !hasEnded {
            if stream.pointee.avail_in == 0 {
                input = [UInt8](repeating: 0, count: Self.bufferSize)
                let count = try input.withUnsafeMutableBytes { try Self.fill($0, from: source) }
                input.removeLast(input.count - count)
            }
            let before = stream.pointee.avail_out
            let offset = input.count - (stream.pointee.avail_in == 0 ? input.count : stream.pointee.avail_in)
            let status = input.withUnsafeBufferPointer { bytes in
                stream.pointee.next_in = bytes.baseAddress.map { $0 + offset }
                stream.pointee.avail_in = bytes.count - offset
                let status = lzma_code(stream, LZMA_RUN)
                stream.pointee.next_in = nil
                return status
            }
            switch status {
            case LZMA_OK, LZMA_BUF_ERROR:
                // A stream without an end marker ends with its bytes.
                if input.isEmpty && stream.pointee.avail_out == before { return buffer.count - before }
            case LZMA_STREAM_END: hasEnded = true
            default: return nil
            }
        }
        return buffer.count - stream.pointee.avail_out
    }

    /// The number of bytes that could be read, up to those that fit.
    private static func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from source: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws -> Int {
        var done = 0
        while done < buffer.count {
            let count = try source(UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
            if count == 0 { break }
            done += count
        }
        return done
    }
}
