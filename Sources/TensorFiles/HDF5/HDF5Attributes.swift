/// The text attributes of a group or an array.
///
/// Format: HDF5 File Format Specification 3.0, IV.A.2.m (attributes) and III.E (heaps of texts).
struct HDF5Attributes {
    private var messages: [String: HDF5Cursor] = [:]
    private let isDense: Bool
    private let heaps: HDF5TextHeaps
    private let name: String

    /// The most bytes of text in attributes, and the most texts in one attribute.
    static let textLimit = 4 << 20
    static let countLimit = 100_000

    /// `name` is the object's, for errors. Throws `HDF5Error.malformed`.
    init(_ header: HDF5ObjectHeader, heaps: HDF5TextHeaps, name: String) throws(HDF5Error) {
        self.heaps = heaps
        self.name = name
        for message in header.all(.attribute) {
            var cursor = message
            messages[try Self.head(&cursor).name] = message
        }
        var isDense = false
        if var info = header.first(.attributeInfo) {
            try info.skip(1)
            if try info.byte() & 1 != 0 { try info.skip(2) }
            isDense = try info.address() != HDF5Bytes.undefined
        }
        self.isDense = isDense
    }

    /// The texts under a name, however many; nil if there is no such attribute or it holds no texts. Throws `HDF5Error` or what
    /// the source throws.
    func texts(_ key: String) throws -> [String]? {
        guard let message = messages[key] else {
            if isDense {
                throw HDF5Error.unsupported(
                    path: heaps.file.path, name: name, feature: "attributes in a heap, as 'libver=latest' writes them")
            }
            return nil
        }
        var cursor = message
        let (_, type, shape) = try Self.head(&cursor)
        guard let shape else { return [] }
        guard type.kind == .text || type.kind == .variableText else { return nil }
        guard let count = NumericArray.count(of: shape), count <= Self.countLimit, count * type.size <= cursor.rest
        else {
            throw cursor.malformed("an attribute of \(shape) texts")
        }
        return try (0..<count).map { _ in try heaps.text(of: type, from: &cursor) }
    }

    /// The texts of an attribute, which is split into `name0`, `name1` and so on if it is too long for one.
    func list(_ key: String) throws -> [String]? {
        if let whole = try texts(key) { return whole }
        guard var all = try texts(key + "0") else { return nil }
        var number = 1
        while let part = try texts(key + "\(number)") {
            all += part
            number += 1
        }
        return all
    }

    fileprivate static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Name, type and shape; leaves the cursor at the content.
    private static func head(
        _ cursor: inout HDF5Cursor
    ) throws(HDF5Error) -> (name: String, type: HDF5Type, shape: [Int]?) {
        let version = try cursor.byte()
        let flags = try cursor.byte()
        guard (1...3).contains(version), version == 1 || flags & 0x3 == 0 else {
            throw cursor.malformed("an attribute of version \(version), or of a type kept in another object")
        }
        let sizes = (name: try cursor.short(), type: try cursor.short(), shape: try cursor.short())
        if version == 3 { try cursor.skip(1) }
        // Version 1 pads its parts to multiples of eight bytes.
        func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
        let name = text(try cursor.bytes(padded(sizes.name)))
        let type = try HDF5Type(cursor.part(padded(sizes.type)))
        return (name, type, try HDF5Shape.read(cursor.part(padded(sizes.shape))))
    }
}

/// The heaps that hold texts of any length, each read once.
final class HDF5TextHeaps {
    let file: HDF5Bytes
    private var heaps: [Int: [Int: ArraySlice<UInt8>]] = [:]
    private var total = 0
    private var stored = 0
    /// The most bytes of text.
    private let textLimit: Int

    /// The size limit of all heaps together, in bytes; they stay in memory.
    static let heapLimit = 64 << 20

    init(_ file: HDF5Bytes, textLimit: Int = HDF5Attributes.textLimit) {
        self.file = file
        self.textLimit = textLimit
    }

    /// The next text of an array or attribute, which is in it or only referred to. Throws `HDF5Error` or what the source throws.
    func text(of type: HDF5Type, from cursor: inout HDF5Cursor) throws -> String {
        if type.kind == .text { return HDF5Attributes.text(try cursor.bytes(type.size)) }
        let length = try cursor.word()
        let address = try cursor.address()
        let index = try cursor.word()
        if length == 0 { return "" }
        return HDF5Attributes.text(try bytes(index, in: address, count: length, at: cursor.position))
    }

    /// The `count` bytes of an object in a heap. `position` is that of the reference. Throws `HDF5Error` or what the source
    /// throws.
    func bytes(_ index: Int, in address: UInt64, count: Int, at position: Int) throws -> ArraySlice<UInt8> {
        let place = try file.place(address, of: "heap of texts", at: position)
        guard let bytes = try heap(place)[index], bytes.count >= count else {
            throw file.malformed(position, "a text of \(count) bytes that its heap does not hold")
        }
        total += count
        if total > textLimit { throw file.malformed(position, "texts of more than \(textLimit) bytes") }
        return bytes.prefix(count)
    }

    private func heap(_ place: Int) throws -> [Int: ArraySlice<UInt8>] {
        if let heap = heaps[place] { return heap }
        try file.claim(place)
        var head = try file.structure("GCOL", at: place, count: 16)
        try head.skip(4)
        let length = try head.length()
        guard length >= 16, min(length, file.size) <= Self.heapLimit - stored else {
            throw file.malformed(place, "a heap of \(length) bytes")
        }
        var cursor = try file.bytes(at: place + 16, count: length - 16)
        stored += length
        var heap: [Int: ArraySlice<UInt8>] = [:]
        while cursor.rest >= 16 {
            let index = try cursor.short()
            try cursor.skip(6)
            let size = try cursor.length()
            // Index 0 is the free space at the end.
            if index == 0 { break }
            heap[index] = try cursor.bytes(size)
            try cursor.skip(min(cursor.rest, (8 - size % 8) % 8))
        }
        heaps[place] = heap
        return heap
    }
}
