import CZlib

/// A raw deflate stream that is compressed in parts, at the fastest level and with run-length coding, which suits the filtered
/// rows of drawn images.
package final class DeflateStream {
    /// What happens to the compressed bytes at the end of a part.
    package enum Flush {
        /// Some are held back.
        case none
        /// All are written, up to a byte boundary.
        case sync
        /// All are written, and the stream ends.
        case finish
    }

    /// zlib's state points back at it, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Nil if zlib cannot allocate memory.
    package init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        if deflateInit2_(stream, 1, Z_DEFLATED, -15, 9, Z_RLE, zlibVersion(), size) != Z_OK {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The maximum number of bytes that `count` bytes compress to, with at most one `sync`.
    package func bound(_ count: Int) -> Int {
        // zlib's bound does not include what a flush writes.
        Int(deflateBound(stream, UInt(count))) + 64
    }

    /// Compresses `bytes` to the beginning of `output` and advances `output` past them. Returns false if `output` is full.
    package func append(
        _ bytes: UnsafeBufferPointer<UInt8>, _ flush: Flush, to output: inout UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
        stream.pointee.avail_in = UInt32(bytes.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let mode = flush == .finish ? Z_FINISH : flush == .sync ? Z_SYNC_FLUSH : Z_NO_FLUSH
        let status = deflate(stream, mode)
        output = UnsafeMutableBufferPointer(rebasing: output.suffix(Int(stream.pointee.avail_out)))
        return status == (flush == .finish ? Z_STREAM_END : Z_OK) && stream.pointee.avail_in == 0 && !output.isEmpty
    }
}

/// Whole zlib streams, which browsers call "deflate".
package enum Deflate {
    /// `bytes` as a zlib stream at zlib's default level; nil if zlib cannot allocate memory.
    package static func deflated(_ bytes: [UInt8]) -> [UInt8]? {
        let limit = Int(compressBound(UInt(bytes.count)))
        var status = Z_OK
        let result = [UInt8](unsafeUninitializedCapacity: limit) { target, initialized in
            var count = UInt(limit)
            status = compress2(target.baseAddress, &count, bytes, UInt(bytes.count), Z_DEFAULT_COMPRESSION)
            initialized = status == Z_OK ? Int(count) : 0
        }
        return status == Z_OK ? result : nil
    }
}

/// The inverse of zlib's `compress`.
enum Inflate {
    /// Inflates `bytes`, a whole zlib stream, to at most `limit` bytes. Nil, with zlib's error, if they are not such a stream
    /// or inflate to more.
    static func inflated(_ bytes: [UInt8], limit: Int) -> (bytes: [UInt8]?, status: Int32) {
        var count = UInt(limit)
        var status = Z_OK
        let result = [UInt8](unsafeUninitializedCapacity: limit) { target, initialized in
            status = uncompress(target.baseAddress, &count, bytes, UInt(bytes.count))
            initialized = status == Z_OK ? Int(count) : 0
        }
        return (status == Z_OK ? result : nil, status)
    }
}
