/// The bytes of an HDF5 file: checked reads at any offset, and counts that bound what a file can make its reader do.
///
/// Every structure is claimed by its position when it is read, and only once. So neither cycles nor shared subtrees can be
/// walked, and the total read is no more than the file holds. Time is then linear in the file's size.
final class HDF5Bytes {
    let source: any ByteSource
    var path: String { source.path }
    var size: Int { source.size }
    private var claimed: Set<Int> = []
    private var total = 0
    private var objects = 0
    private var links = 0
    private var messages = 0

    /// The most groups and arrays that a file may have, and the most names of them.
    static let objectLimit = 100_000
    /// The most messages in all headers together. A message takes four bytes of the file and more of memory.
    static let messageLimit = 1_000_000
    /// What the format writes for an undefined address.
    static let undefined = UInt64.max

    init(_ source: any ByteSource) { self.source = source }

    /// Claims a position as that of a structure. Throws `HDF5Error.repeated` if it was claimed before.
    func claim(_ position: Int) throws(HDF5Error) {
        if !claimed.insert(position).inserted { throw .repeated(path: path, position: position) }
    }

    /// Counts a group or array. Throws `HDF5Error.tooManyObjects`.
    func countObject() throws(HDF5Error) {
        objects += 1
        if objects > Self.objectLimit { throw .tooManyObjects(path: path, limit: Self.objectLimit) }
    }

    /// Counts a name in a group. Throws `HDF5Error.tooManyObjects`.
    func countLink() throws(HDF5Error) {
        links += 1
        if links > Self.objectLimit { throw .tooManyObjects(path: path, limit: Self.objectLimit) }
    }

    /// Counts a message of the header at `position`. Throws `HDF5Error.malformed`.
    func countMessage(at position: Int) throws(HDF5Error) {
        messages += 1
        if messages > Self.messageLimit {
            throw malformed(position, "more than \(Self.messageLimit) messages in headers")
        }
    }

    /// The position for an address in the file. Throws `HDF5Error.malformed` if it is not one.
    func place(_ address: UInt64, of what: String, at position: Int) throws(HDF5Error) -> Int {
        guard address < UInt64(size) else {
            throw malformed(
                position, address == Self.undefined ? "no \(what)" : "\(what) at byte \(address) of \(size)")
        }
        return Int(address)
    }

    /// `count` bytes of structure from `offset` on. Throws `HDF5Error` or what the source throws.
    func bytes(at offset: Int, count: Int) throws -> HDF5Cursor {
        guard offset >= 0, count >= 0, count <= size - offset else {
            let (end, overflow) = offset.addingReportingOverflow(count)
            throw HDF5Error.cutShort(path: path, found: size, expected: overflow ? .max : end)
        }
        total += count
        // The header of a structure is read once alone and once with the rest, and names are read in small parts.
        if total > 4 * size + 65_536 { throw HDF5Error.overlapping(path: path, size: size) }
        var bytes = [UInt8](repeating: 0, count: count)
        try bytes.withUnsafeMutableBytes { try source.read(at: offset, into: $0) }
        return HDF5Cursor(bytes, path: path, start: offset)
    }

    /// A structure of `count` bytes that begins with a signature of four characters; leaves the cursor after it.
    func structure(_ signature: String, at offset: Int, count: Int) throws -> HDF5Cursor {
        var cursor = try bytes(at: offset, count: count)
        guard try cursor.bytes(4).elementsEqual(signature.utf8) else {
            throw malformed(offset, "'\(signature)' expected")
        }
        return cursor
    }

    /// A text that ends with a NUL, of at most `limit` bytes.
    func text(at offset: Int, limit: Int) throws -> String {
        var text: [UInt8] = []
        var position = offset
        while text.count < limit {
            let part = try bytes(at: position, count: min(32, limit - text.count, max(1, size - position))).bytes
            if let end = part.firstIndex(of: 0) { return String(decoding: text + part[..<end], as: UTF8.self) }
            text += part
            position += part.count
        }
        throw malformed(offset, "a name of more than \(limit) bytes")
    }

    func malformed(_ position: Int, _ problem: String) -> HDF5Error {
        .malformed(path: path, position: position, problem: problem)
    }
}

/// The bytes of one structure, taken from first to last; numbers are little-endian.
struct HDF5Cursor {
    let bytes: [UInt8]
    private let path: String
    /// The offset of the first byte within the file.
    private let start: Int
    private var index = 0

    init(_ bytes: [UInt8], path: String, start: Int) {
        self.bytes = bytes
        self.path = path
        self.start = start
    }

    /// The offset of the next byte within the file.
    var position: Int { start + index }
    /// The number of bytes not yet taken.
    var rest: Int { bytes.count - index }

    mutating func bytes(_ count: Int) throws(HDF5Error) -> ArraySlice<UInt8> {
        guard count <= rest else {
            throw malformed("\(rest) bytes left of a structure that needs \(count) more")
        }
        defer { index += count }
        return bytes[index..<index + count]
    }

    mutating func skip(_ count: Int) throws(HDF5Error) { _ = try bytes(count) }

    /// A number of at most eight bytes.
    mutating func number(_ count: Int) throws(HDF5Error) -> UInt64 {
        try bytes(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func byte() throws(HDF5Error) -> Int { Int(try number(1)) }
    mutating func short() throws(HDF5Error) -> Int { Int(try number(2)) }
    mutating func word() throws(HDF5Error) -> Int { Int(try number(4)) }
    /// An address or a length; those beyond `Int` are clamped to its maximum.
    mutating func length() throws(HDF5Error) -> Int { Int(clamping: try number(8)) }
    mutating func address() throws(HDF5Error) -> UInt64 { try number(8) }

    /// The next `count` bytes as a structure of their own.
    mutating func part(_ count: Int) throws(HDF5Error) -> HDF5Cursor {
        let position = position
        return HDF5Cursor(Array(try bytes(count)), path: path, start: position)
    }

    func malformed(_ problem: String) -> HDF5Error { .malformed(path: path, position: position, problem: problem) }
}
