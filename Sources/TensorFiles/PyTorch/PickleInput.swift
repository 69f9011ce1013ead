/// The bytes of one or more pickles, read from a stream as needed and kept.
final class PickleInput {
    let path: String
    /// What has been read so far.
    private(set) var bytes: [UInt8] = []
    /// The next byte to take.
    private(set) var position = 0
    private let stream: any ByteStream

    /// The most bytes of a pickle; a state dict of ten thousand tensors has about 3 MB.
    static let limit = 32 << 20
    private static let partSize = 1 << 16

    init(_ stream: any ByteStream) {
        self.stream = stream
        path = stream.path
    }

    /// Reads the stream to its end, so that its bytes are checked as a whole. Throws what the stream throws.
    func finish() throws {
        try stream.skip(stream.size - bytes.count)
        try stream.finish()
    }

    /// Moves past the next `count` bytes and returns where they begin. Throws `PyTorchError` or what the stream throws.
    func take(_ count: Int) throws -> Int {
        if count > stream.size - position {
            throw PyTorchError.cutShort(path: path, position: stream.size, needed: count - (stream.size - position))
        }
        let end = position + count
        if end > Self.limit { throw PyTorchError.pickleTooLong(path: path, limit: Self.limit) }
        while bytes.count < end {
            bytes += try stream.bytes(min(max(Self.partSize, end - bytes.count), stream.size - bytes.count))
        }
        defer { position = end }
        return position
    }

    func byte() throws -> UInt8 { bytes[try take(1)] }

    /// A little-endian number of `count` bytes, at most eight.
    func number(_ count: Int) throws -> UInt64 {
        let start = try take(count)
        return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A length of `count` bytes, followed by that many bytes.
    func counted(_ count: Int) throws -> (start: UInt32, count: UInt32) {
        let length = Int(clamping: try number(count))
        return (UInt32(try take(length)), UInt32(length))
    }

    /// The bytes before the next line feed, at most 1,000.
    func line() throws -> String {
        var line: [UInt8] = []
        while line.count <= 1000 {
            let next = try byte()
            if next == 0x0A { return String(decoding: line, as: UTF8.self) }
            line.append(next)
        }
        throw PyTorchError.malformedPickle(path: path, position: position, problem: "a line of more than 1000 bytes")
    }

    /// The text of a value, or nil if it could not be a name: at most 4,096 bytes of UTF-8.
    func text(_ value: PickleValue) -> String? {
        guard case .text(let start, let count) = value, count <= 4096 else { return nil }
        return String(validating: bytes[Int(start)..<Int(start) + Int(count)], as: UTF8.self)
    }
}
