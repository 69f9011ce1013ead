/// The header of a group or an array: a list of messages, each with a type.
///
/// Format: HDF5 File Format Specification 3.0, IV.A; versions 1 and 2.
struct HDF5ObjectHeader {
    /// The messages that are understood here.
    enum Kind: Int {
        case dataspace = 0x1
        case linkInfo = 0x2
        case datatype = 0x3
        case link = 0x6
        case externalFiles = 0x7
        case layout = 0x8
        case filters = 0xB
        case attribute = 0xC
        case continuation = 0x10
        case symbolTable = 0x11
        case attributeInfo = 0x15
    }

    /// The offset of its first byte within the file.
    let place: Int
    private var messages: [(kind: Kind, content: HDF5Cursor)] = []

    /// Reads the header at `position`. Throws `HDF5Error` or what the source throws.
    init(_ file: HDF5Bytes, at position: Int) throws {
        place = position
        try file.claim(position)
        try file.countObject()
        let head = try file.bytes(at: position, count: min(16, file.size - position)).bytes
        var blocks: [(position: Int, length: Int)] = []
        let version: Int
        var hasOrder = false
        if head.starts(with: "OHDR".utf8) {
            var cursor = try file.bytes(at: position, count: min(34, file.size - position))
            try cursor.skip(4)
            version = try cursor.byte()
            let flags = try cursor.byte()
            hasOrder = flags & 0x4 != 0
            if flags & 0x20 != 0 { try cursor.skip(16) }
            if flags & 0x10 != 0 { try cursor.skip(4) }
            let length = Int(clamping: try cursor.number(1 << (flags & 0x3)))
            blocks.append((cursor.position, length))
        } else {
            var cursor = try file.bytes(at: position, count: 16)
            version = try cursor.byte()
            try cursor.skip(7)
            blocks.append((position + 16, try cursor.word()))
        }
        let isFirst = !head.starts(with: "OHDR".utf8)
        guard version == (isFirst ? 1 : 2) else {
            throw file.malformed(position, "an object header of version \(version)")
        }
        var index = 0
        while index < blocks.count {
            let block = blocks[index]
            if index > 0 { try file.claim(block.position) }
            var cursor = try file.bytes(at: block.position, count: block.length)
            var end = 0
            if !isFirst && index > 0 {
                // Blocks after the first begin with a signature and end with a checksum.
                guard try cursor.bytes(4).elementsEqual("OCHK".utf8) else {
                    throw file.malformed(block.position, "'OCHK' expected")
                }
                end = 4
            }
            try read(&cursor, until: end, isFirst: isFirst, hasOrder: hasOrder, file, &blocks)
            index += 1
        }
    }

    /// Takes the messages of one block; a continuation message adds a block.
    private mutating func read(
        _ cursor: inout HDF5Cursor, until end: Int, isFirst: Bool, hasOrder: Bool, _ file: HDF5Bytes,
        _ blocks: inout [(position: Int, length: Int)]
    ) throws(HDF5Error) {
        let headSize = isFirst ? 8 : hasOrder ? 6 : 4
        while cursor.rest >= end + headSize {
            let type = isFirst ? try cursor.short() : try cursor.byte()
            let size = try cursor.short()
            let flags = try cursor.byte()
            try cursor.skip(isFirst ? 3 : hasOrder ? 2 : 0)
            let content = try cursor.part(size)
            try file.countMessage(at: content.position)
            guard let kind = Kind(rawValue: type) else { continue }
            if kind == .continuation {
                var content = content
                let position = try file.place(content.address(), of: "continued header", at: content.position)
                blocks.append((position, try content.length()))
            } else if flags & 0x2 != 0 && kind != .attribute {
                throw .unsupported(
                    path: file.path, name: "byte \(content.position)", feature: "a message kept in another object")
            } else {
                messages.append((kind, content))
            }
        }
    }

    /// The first message of that kind.
    func first(_ kind: Kind) -> HDF5Cursor? { messages.first { $0.kind == kind }?.content }

    /// All messages of that kind.
    func all(_ kind: Kind) -> [HDF5Cursor] { messages.filter { $0.kind == kind }.map(\.content) }
}
