/// The links of a group by name, in the file's order.
///
/// Format: HDF5 File Format Specification 3.0, III.A to III.D (symbol tables) and IV.A.2.g (link messages).
struct HDF5Group {
    /// A group or array by name; the others are links that are not followed, or empty entries.
    enum Target: Equatable {
        case object(Int)
        /// The kind of link.
        case foreign(String)
    }

    /// The position of the group's header.
    let place: Int
    private(set) var links: [(name: String, target: Target)] = []
    private var places: [String: Int] = [:]

    /// The most bytes of a name.
    static let nameLimit = 1024

    /// Nil if the header is not that of a group. Throws `HDF5Error` or what the source throws.
    init?(_ header: HDF5ObjectHeader, _ file: HDF5Bytes, name: String) throws {
        place = header.place
        if var table = header.first(.symbolTable) {
            let tree = try file.place(table.address(), of: "symbol table", at: table.position)
            let heap = try file.place(table.address(), of: "heap of names", at: table.position)
            try readTable(tree, names: Self.names(heap, file), file)
        } else if var info = header.first(.linkInfo) {
            try info.skip(1)
            let flags = try info.byte()
            if flags & 1 != 0 { try info.skip(8) }
            if try info.address() != HDF5Bytes.undefined {
                throw HDF5Error.unsupported(
                    path: file.path, name: name, feature: "links in a heap, as 'libver=latest' writes them")
            }
            for message in header.all(.link) { try readLink(message, file) }
        } else if !header.all(.link).isEmpty {
            for message in header.all(.link) { try readLink(message, file) }
        } else {
            return nil
        }
    }

    /// Nil if there is no such name.
    subscript(name: String) -> Target? { places[name].map { links[$0].target } }

    private mutating func append(_ name: String, _ target: Target, _ file: HDF5Bytes) throws(HDF5Error) {
        try file.countLink()
        if places.updateValue(links.count, forKey: name) != nil {
            throw file.malformed(0, "two links are named '\(name.displayed)'")
        }
        links.append((name, target))
    }

    // MARK: - Symbol tables

    /// Where the names of a local heap begin, and how many bytes they take.
    private static func names(_ position: Int, _ file: HDF5Bytes) throws -> Range<Int> {
        try file.claim(position)
        var heap = try file.structure("HEAP", at: position, count: 32)
        try heap.skip(4)
        let length = try heap.length()
        _ = try heap.length()
        let start = try file.place(heap.address(), of: "names", at: heap.position)
        guard length <= file.size - start else {
            let (end, overflow) = start.addingReportingOverflow(length)
            throw HDF5Error.cutShort(path: file.path, found: file.size, expected: overflow ? .max : end)
        }
        return start..<start + length
    }

    private mutating func readTable(_ root: Int, names: Range<Int>, _ file: HDF5Bytes) throws {
        for leaf in try HDF5Tree.leaves(root, kind: 0, keySize: 8, limit: HDF5Bytes.objectLimit, file) {
            try file.claim(leaf.child)
            var node = try file.structure("SNOD", at: leaf.child, count: 8)
            try node.skip(2)
            let count = try node.short()
            node = try file.bytes(at: leaf.child + 8, count: count * 40)
            for _ in 0..<count {
                let offset = try node.length()
                let address = try node.address()
                let cache = try node.word()
                try node.skip(20)
                guard offset < names.count else { throw file.malformed(node.position, "a name beyond its heap") }
                let limit = min(Self.nameLimit, names.count - offset)
                let name = try file.text(at: names.lowerBound + offset, limit: limit)
                if cache == 2 {
                    try append(name, .foreign("soft"), file)
                } else {
                    try append(name, .object(file.place(address, of: "object", at: node.position)), file)
                }
            }
        }
    }

    // MARK: - Link messages

    private mutating func readLink(_ message: HDF5Cursor, _ file: HDF5Bytes) throws(HDF5Error) {
        var link = message
        guard try link.byte() == 1 else { throw link.malformed("a link of an unknown version") }
        let flags = try link.byte()
        let kind = flags & 0x8 != 0 ? try link.byte() : 0
        if flags & 0x4 != 0 { try link.skip(8) }
        if flags & 0x10 != 0 { try link.skip(1) }
        let length = Int(clamping: try link.number(1 << (flags & 0x3)))
        if length > Self.nameLimit { throw link.malformed("a name of \(length) bytes") }
        let name = String(decoding: try link.bytes(length), as: UTF8.self)
        switch kind {
        case 0: try append(name, .object(file.place(link.address(), of: "object", at: link.position)), file)
        case 1: try append(name, .foreign("soft"), file)
        case 64: try append(name, .foreign("external"), file)
        default: try append(name, .foreign("user-defined"), file)
        }
    }
}

/// The version 1 B-trees of a group's names and of an array's chunks.
///
/// Format: HDF5 File Format Specification 3.0, III.A.1.
enum HDF5Tree {
    /// An entry of a node at the lowest level: a key and an address.
    struct Leaf {
        let key: HDF5Cursor
        let child: Int
    }

    /// The leaves in order; at most `limit` are allowed. `kind` is 0 for names, 1 for chunks. Throws `HDF5Error` or what the
    /// source throws.
    ///
    /// Each node is read once, and its level must be below that of the node that names it.
    static func leaves(_ root: Int, kind: Int, keySize: Int, limit: Int, _ file: HDF5Bytes) throws -> [Leaf] {
        var leaves: [Leaf] = []
        var pending: [(position: Int, level: Int?)] = [(root, nil)]
        while let (position, expected) = pending.popLast() {
            try file.claim(position)
            var node = try file.structure("TREE", at: position, count: 24)
            let found = try node.byte()
            let level = try node.byte()
            guard found == kind, expected == nil || level == expected else {
                throw file.malformed(position, "a node of kind \(found) at level \(level) of a tree")
            }
            let count = try node.short()
            node = try file.bytes(at: position + 24, count: count * (keySize + 8))
            var children: [(position: Int, level: Int?)] = []
            for _ in 0..<count {
                let key = try node.part(keySize)
                let child = try file.place(node.address(), of: "node", at: node.position)
                if level == 0 {
                    if leaves.count == limit { throw file.malformed(position, "a tree of more than \(limit) leaves") }
                    leaves.append(Leaf(key: key, child: child))
                } else {
                    children.append((child, level - 1))
                }
            }
            pending += children.reversed()
        }
        return leaves
    }
}
