/// Bytes that are read once, from first to last: those of a file, or those that an archive's entry inflates to.
protocol ByteStream {
    /// Where the bytes come from, for errors.
    var path: String { get }
    /// The number of bytes in all; known before any is read.
    var size: Int { get }
    /// Fills `buffer` with the next bytes. The caller makes sure that they do not exceed `size` in all. Throws if they cannot
    /// be read.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws
    /// Called when all bytes have been read; throws if they turn out to be wrong as a whole.
    func finish() throws
}

extension ByteStream {
    func finish() throws {}

    /// Skips `count` bytes. Throws what `read` throws.
    func skip(_ count: Int) throws {
        var part = [UInt8](repeating: 0, count: min(count, 1 << 20))
        var rest = count
        while rest > 0 {
            let length = min(rest, part.count)
            try part.withUnsafeMutableBytes { try read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<length])) }
            rest -= length
        }
    }

    /// The next `count` bytes. Throws what `read` throws.
    func bytes(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try bytes.withUnsafeMutableBytes { try read(into: $0) }
        return bytes
    }
}

/// Bytes that can be read at any offset: those of a file, or those of an archive's entry in memory.
protocol ByteSource: AnyObject {
    /// Where the bytes come from, for errors.
    var path: String { get }
    /// Known before any byte is read.
    var size: Int { get }
    /// Fills `buffer` from `offset` on. The caller makes sure that the bytes lie within `size`. Throws if they cannot be read.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws
}

extension InputFile: ByteSource {}

/// Bytes in memory.
final class MemoryBytes: ByteSource {
    let path: String
    private let bytes: [UInt8]
    var size: Int { bytes.count }

    init(_ bytes: [UInt8], path: String) {
        self.path = path
        self.bytes = bytes
    }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) {
        buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
    }
}

/// A file from some offset on.
final class FileStream: ByteStream {
    private let file: any ByteSource
    private var position: Int
    let size: Int
    var path: String { file.path }

    /// Reads `file` from `start` on, which must lie within it.
    init(_ file: any ByteSource, from start: Int = 0) {
        self.file = file
        position = start
        size = file.size - start
    }

    /// Throws what the source throws, `FileReadError` for a file.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws {
        try file.read(at: position, into: buffer)
        position += buffer.count
    }
}
