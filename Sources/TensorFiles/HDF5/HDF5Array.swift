/// An array of an HDF5 file: its type, its shape and where its elements lie, checked against the file's size.
///
/// Format: HDF5 File Format Specification 3.0, IV.A.2.i (layout) and VII (filters).
struct HDF5Array {
    /// Where the elements are.
    enum Layout {
        /// In the header itself.
        case compact(HDF5Cursor)
        /// Contiguous.
        case contiguous(position: Int)
        /// In parts of one shape, each of which may have passed through filters.
        case chunked(HDF5Chunks)
        /// Nowhere: there are none.
        case empty
    }

    let name: String
    let type: HDF5Type
    let shape: [Int]
    let layout: Layout
    /// The elements' bytes in the file, if they are contiguous: no other array may share them.
    let stored: Range<Int>?

    /// The number of elements.
    var count: Int { shape.reduce(1, *) }

    /// Nil if the header is not that of an array. Throws `HDF5Error` or what the source throws.
    init?(_ header: HDF5ObjectHeader, _ file: HDF5Bytes, name: String) throws {
        guard let space = header.first(.dataspace), let typeMessage = header.first(.datatype),
            let layout = header.first(.layout)
        else { return nil }
        let shown = name.displayed
        if header.first(.externalFiles) != nil {
            throw HDF5Error.unsupported(path: file.path, name: shown, feature: "elements in another file")
        }
        self.name = name
        type = try HDF5Type(typeMessage)
        shape = try HDF5Shape.read(space) ?? [0]
        guard let byteCount = NumericArray.count(of: shape + [type.size]) else {
            throw HDF5Error.shapeTooLarge(path: file.path, name: shown, shape: shape)
        }
        let elementSize = type.size
        let filters = try header.first(.filters).map { message throws(HDF5Error) in
            try HDF5Filters(message, elementSize: elementSize, path: file.path, name: shown)
        }
        (self.layout, stored) = try Self.layout(
            layout, byteCount: byteCount, shape: shape, type: type, filters: filters, file, name: shown)
    }

    private static func layout(
        _ message: HDF5Cursor, byteCount: Int, shape: [Int], type: HDF5Type, filters: HDF5Filters?, _ file: HDF5Bytes,
        name: String
    ) throws -> (Layout, Range<Int>?) {
        var cursor = message
        let version = try cursor.byte()
        let kind = try cursor.byte()
        func unsupported(_ feature: String) -> HDF5Error {
            .unsupported(path: file.path, name: name, feature: feature)
        }
        guard version == 3 || version == 4 else { throw unsupported("a layout of version \(version)") }
        func check(_ found: Int) throws(HDF5Error) {
            if found != byteCount {
                throw .wrongDataSize(path: file.path, name: name, found: found, expected: byteCount)
            }
        }
        switch kind {
        case 0:
            let size = try cursor.short()
            try check(size)
            return (.compact(try cursor.part(size)), nil)
        case 1:
            let address = try cursor.address()
            let size = try cursor.length()
            if byteCount == 0 { return (.empty, nil) }
            if address == HDF5Bytes.undefined {
                throw HDF5Error.badChunk(path: file.path, name: name, problem: "its elements were never written")
            }
            try check(size)
            let position = try file.place(address, of: "elements", at: cursor.position)
            guard size <= file.size - position else {
                let (end, overflow) = position.addingReportingOverflow(size)
                throw HDF5Error.cutShort(path: file.path, found: file.size, expected: overflow ? .max : end)
            }
            return (.contiguous(position: position), position..<position + size)
        case 2:
            guard version == 3 else { throw unsupported("chunks as 'libver=latest' writes them") }
            let dimensions = try cursor.byte()
            let address = try cursor.address()
            guard dimensions == shape.count + 1, dimensions > 1 else {
                throw cursor.malformed("chunks of \(dimensions - 1) dimensions in an array of \(shape.count)")
            }
            var extents: [Int] = []
            for _ in 0..<dimensions { extents.append(try cursor.word()) }
            guard extents.removeLast() == type.size, !extents.contains(0) else {
                throw cursor.malformed("chunks of elements of another size")
            }
            if byteCount == 0 { return (.empty, nil) }
            let tree = try file.place(address, of: "chunks", at: cursor.position)
            let chunks = HDF5Chunks(
                tree: tree, extents: extents, shape: shape, elementSize: type.size, filters: filters, name: name)
            try chunks.check(file)
            return (.chunked(chunks), nil)
        case 3: throw unsupported("a virtual array, made of others")
        default: throw cursor.malformed("a layout of kind \(kind)")
        }
    }
}
