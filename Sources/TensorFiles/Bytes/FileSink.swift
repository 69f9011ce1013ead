import Foundation

/// Where the body of `AtomicFile.write` puts its bytes: a buffer in front of a file descriptor.
///
/// The first failure is remembered, so a body that swallows an error cannot leave a file with a hole.
public final class FileSink {
    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var failure: FileWriteError?
    private static let capacity = 1 << 18

    /// Writes to `descriptor`, which the caller closes; errors name `path`.
    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        buffer.reserveCapacity(Self.capacity)
    }

    /// Appends raw bytes. Throws `FileWriteError`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        if buffer.count + bytes.count > Self.capacity { try flush() }
        if bytes.count >= Self.capacity {
            try put(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    /// Appends bytes. Throws `FileWriteError`.
    public func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Appends bytes. Throws `FileWriteError`.
    public func write(_ data: Data) throws {
        try data.withUnsafeBytes { try write($0) }
    }

    /// Appends `text` in UTF-8. Throws `FileWriteError`.
    public func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// Appends numbers as they lie in memory (little-endian on every machine this package is built for). Throws
    /// `FileWriteError`.
    public func write(_ values: [Float]) throws {
        try values.withUnsafeBytes { try write($0) }
    }

    /// Hands everything to the system. Throws `FileWriteError`, including one that an earlier call threw.
    func flush() throws {
        if let failure { throw failure }
        let pending = buffer
        buffer.removeAll(keepingCapacity: true)
        try pending.withUnsafeBytes { try put($0) }
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws {
        if let failure { throw failure }
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let written = Foundation.write(descriptor, part.baseAddress, part.count)
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                let error = FileWriteError(path: path, doing: "writing", errno: errno)
                failure = error
                throw error
            }
        }
    }
}
