extension NPYHeader {
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// In bytes, the most that version 1 can state. Headers of numbers and texts take a few hundred bytes, and NumPy itself
    /// reads none beyond 10,000 unless told to.
    static let lengthLimit = 1 << 16

    /// Reads everything before the data and leaves `stream` there; returns the header and the number of bytes of data that
    /// follow. Throws `NPYError` or what the stream throws.
    static func read(from stream: some ByteStream) throws -> (header: NPYHeader, dataSize: Int) {
        let path = stream.path
        func require(_ expected: Int) throws(NPYError) {
            if stream.size < expected { throw .cutShort(path: path, size: stream.size, expected: expected) }
        }
        let start = try stream.bytes(min(stream.size, 8))
        if !start.starts(with: magic.prefix(start.count)) { throw NPYError.wrongMagic(path: path) }
        try require(10)
        let major = Int(start[6])
        guard (1...3).contains(major) else { throw NPYError.unknownVersion(path: path, major: major) }
        let lengthSize = major == 1 ? 2 : 4
        let headerStart = 8 + lengthSize
        try require(headerStart)
        let length = try stream.bytes(lengthSize).reversed().reduce(0) { $0 << 8 | Int($1) }
        try require(headerStart + length)
        if length > lengthLimit { throw NPYError.headerTooLong(path: path, stated: length, limit: lengthLimit) }
        let header = try NPYHeader(stream.bytes(length), path: path, offset: headerStart)
        return (header, stream.size - headerStart - length)
    }

    /// The number of elements of `elementSize` bytes that the shape describes. Throws `NPYError` unless they take `dataSize`
    /// bytes.
    func count(elementSize: Int, dataSize: Int, path: String) throws(NPYError) -> Int {
        guard let expected = NumericArray.count(of: shape + [elementSize]) else {
            throw .shapeTooLarge(path: path, shape: shape)
        }
        guard dataSize == expected else {
            throw .wrongDataSize(path: path, shape: shape, descr: descr, found: dataSize, expected: expected)
        }
        return expected / elementSize
    }
}
