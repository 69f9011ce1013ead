/// The groups and arrays of an HDF5 file, as far as Keras and h5py use them for weights: superblocks 0 to 3, groups with symbol
/// tables or with links in their headers, arrays in one piece or in chunks.
///
/// This reader is our own although libhdf5 exists: a checkpoint is untrusted, and libhdf5 is not made for hostile files
/// (Debian's 1.10.8 has known overflows, and a crash inside a library would reach the user). Checking a file before libhdf5
/// sees it would take the same reader. It is tested on fixtures that libhdf5 wrote through h5py and Keras.
///
/// Format: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
final class HDF5File {
    /// A group or an array of the file.
    enum Object {
        case group(HDF5Group, HDF5Attributes)
        case array(HDF5Array, HDF5Attributes)
        /// A named type.
        case other
    }

    let file: HDF5Bytes
    let root: HDF5Group
    let attributes: HDF5Attributes
    private let heaps: HDF5TextHeaps
    /// Groups by position: a path passes through the same groups again and again.
    private var groups: [Int: (HDF5Group, HDF5Attributes)] = [:]

    static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Reads the superblock and the root. Throws `HDF5Error` or what the source throws.
    init(_ source: any ByteSource) throws {
        let file = HDF5Bytes(source)
        self.file = file
        heaps = HDF5TextHeaps(file)
        let place = try Self.root(file)
        let header = try HDF5ObjectHeader(file, at: place)
        guard let root = try HDF5Group(header, file, name: "/") else {
            throw file.malformed(place, "a root that is not a group")
        }
        self.root = root
        attributes = try HDF5Attributes(header, heaps: heaps, name: "/")
    }

    /// The position of the root's header. The file must reach the end that it states.
    private static func root(_ file: HDF5Bytes) throws -> Int {
        guard file.size >= 48 else { throw HDF5Error.cutShort(path: file.path, found: file.size, expected: 48) }
        var block = try file.bytes(at: 0, count: min(96, file.size))
        guard try block.bytes(8).elementsEqual(signature) else { throw file.malformed(0, "not the signature of HDF5") }
        let version = try block.byte()
        guard version <= 3 else { throw file.malformed(8, "a superblock of version \(version)") }
        let isFirst = version < 2
        if isFirst { try block.skip(4) }
        let sizes = (try block.byte(), try block.byte())
        guard sizes == (8, 8) else { throw file.malformed(block.position, "offsets of \(sizes.0) bytes; expected 8") }
        try block.skip(isFirst ? (version == 1 ? 13 : 9) : 1)
        let base = try block.length()
        guard base == 0 else { throw file.malformed(block.position, "a file that begins at byte \(base)") }
        // The address of the free space, or of further properties.
        _ = try block.address()
        let end = try block.length()
        guard end <= file.size else { throw HDF5Error.cutShort(path: file.path, found: file.size, expected: end) }
        if isFirst {
            guard try block.address() == HDF5Bytes.undefined else {
                throw HDF5Error.unsupported(path: file.path, name: "/", feature: "a file in several parts")
            }
            _ = try block.length()
        }
        return try file.place(block.address(), of: "root", at: block.position)
    }

    /// The object with this name in a group, read unless it was read before. Throws `HDF5Error` or what the source throws;
    /// `foreignLink` for a link that leads elsewhere.
    func object(_ name: String, in group: HDF5Group, path: String) throws -> Object? {
        guard let target = group[name] else { return nil }
        guard case .object(let place) = target else {
            guard case .foreign(let kind) = target else { return nil }
            throw HDF5Error.foreignLink(path: file.path, name: path.displayed, kind: kind)
        }
        if let (group, attributes) = groups[place] { return .group(group, attributes) }
        let header = try HDF5ObjectHeader(file, at: place)
        let attributes = try HDF5Attributes(header, heaps: heaps, name: path.displayed)
        if let group = try HDF5Group(header, file, name: path.displayed) {
            groups[place] = (group, attributes)
            return .group(group, attributes)
        }
        return try HDF5Array(header, file, name: path).map { .array($0, attributes) } ?? .other
    }

    /// Makes sure that no two arrays share bytes and that together they inflate to no more than is allowed. Throws `HDF5Error`.
    func check(_ arrays: [HDF5Array]) throws(HDF5Error) {
        var end = 0
        for range in arrays.compactMap(\.stored).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound < end { throw .repeated(path: file.path, position: range.lowerBound) }
            end = range.upperBound
        }
        let chunked = arrays.compactMap { array in
            if case .chunked(let chunks) = array.layout { (array.name, chunks.byteCount) } else { nil }
        }
        let most = FileLimits.current.mostExpanded
        var total = 0
        for (_, count) in chunked { total = total.addingReportingOverflow(count).overflow ? .max : total + count }
        if total - file.size > most, let largest = chunked.max(by: { $0.1 < $1.1 }) {
            throw .expanded(path: file.path, name: largest.0.displayed, allowed: most, needed: total - file.size)
        }
    }

    /// The numbers of an array whose elements are of type `type`. Throws `HDF5Error` or what the source throws.
    /// - Complexity: O(size of the array); takes 4 bytes per element and, if the array is chunked, its size once more.
    func numbers(_ array: HDF5Array, as type: ElementType, bigEndian: Bool) throws -> NumericArray {
        let values: [Float]
        switch array.layout {
        case .contiguous(let position):
            values = try type.read(array.count, from: FileStream(file.source, from: position), bigEndian: bigEndian)
        case .compact(let cursor): values = cursor.bytes.withUnsafeBytes { type.numbers(in: $0, bigEndian: bigEndian) }
        case .chunked(let chunks):
            // With counts of its own: an array may be read again.
            values = try chunks.read(HDF5Bytes(file.source)).withUnsafeBytes {
                type.numbers(in: $0, bigEndian: bigEndian)
            }
        case .empty: values = []
        }
        return NumericArray(shape: array.shape, values: values)
    }

    /// The texts of an array, row-major. Throws as `numbers` does; traps if the array holds none.
    func texts(of array: HDF5Array) throws -> [String] {
        precondition(array.type.isText, "an array of texts")
        let (count, size) = (array.count, array.type.size)
        var cursor = HDF5Cursor(
            Array(try elements(of: array).bytes(count * size)), path: file.path, start: array.stored?.lowerBound ?? 0)
        // With counts of its own: an array may be read again.
        let heaps = HDF5TextHeaps(HDF5Bytes(file.source), textLimit: HDF5TextHeaps.heapLimit)
        return try (0..<count).map { _ in try heaps.text(of: array.type, from: &cursor) }
    }

    /// The elements of an array, row-major. Throws as `numbers` does.
    func elements(of array: HDF5Array) throws -> any ByteStream {
        switch array.layout {
        case .contiguous(let position): FileStream(file.source, from: position)
        case .compact(let cursor): FileStream(MemoryBytes(Array(cursor.bytes), path: file.path))
        case .chunked(let chunks): FileStream(MemoryBytes(try chunks.read(HDF5Bytes(file.source)), path: file.path))
        case .empty: FileStream(MemoryBytes([], path: file.path))
        }
    }
}
