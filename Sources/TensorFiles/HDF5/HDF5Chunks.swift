/// An array in chunks of one shape; the last ones may overhang its end.
///
/// Format: HDF5 File Format Specification 3.0, III.A.1 and IV.A.2.i.
struct HDF5Chunks {
    let tree: Int
    /// The extents of a chunk.
    let extents: [Int]
    /// The extents of the array.
    let shape: [Int]
    let elementSize: Int
    let filters: HDF5Filters?
    let name: String

    /// In bytes.
    private var chunkSize: Int { extents.reduce(elementSize, *) }
    /// The number of chunks.
    private var count: Int { zip(shape, extents).reduce(1) { $0 * (($1.0 - 1) / $1.1 + 1) } }
    /// The size of all chunks when inflated, including what overhangs; the largest `Int` if that is less.
    var byteCount: Int { NumericArray.count(of: [count, chunkSize]) ?? .max }
    private static let chunkLimit = 256 << 20
    /// The most chunks of one array: at 16 KiB each, four gigabytes.
    private static let countLimit = 1 << 18

    /// Throws `HDF5Error` if there are more chunks than the file can hold or than are supported, or if chunks are too large.
    func check(_ file: HDF5Bytes) throws(HDF5Error) {
        // The file takes about forty bytes to name a chunk.
        guard let size = NumericArray.count(of: extents + [elementSize]), size <= Self.chunkLimit,
            NumericArray.count(of: shape) != nil, count <= min(file.size / 40 + 1, Self.countLimit)
        else {
            throw .badChunk(
                path: file.path, name: name,
                problem: "chunks of \(extents) for \(shape) elements, which the file cannot hold")
        }
    }

    /// The elements, row-major. Throws `HDF5Error` or what the source throws.
    func read(_ file: HDF5Bytes) throws -> [UInt8] {
        let chunks = try places(file)
        // Not before all chunks are known to exist: a file can claim far more than it holds.
        var target = [UInt8](repeating: 0, count: shape.reduce(elementSize, *))
        for chunk in chunks {
            let stored = try file.bytes(at: chunk.position, count: chunk.size).bytes
            let bytes = try filters?.undo(stored, skipped: chunk.skipped, size: chunkSize) ?? stored
            bytes.withUnsafeBytes { source in
                target.withUnsafeMutableBytes { copy(source, to: chunk.start, of: $0) }
            }
        }
        return target
    }

    /// A chunk as the tree names it.
    private struct Place {
        let position: Int
        /// The position of the stored bytes.
        let size: Int
        /// The filters that the chunk skipped, as bits.
        let skipped: UInt64
        /// The index of its first element within the array.
        let start: [Int]
    }

    /// All chunks, each once. Throws `HDF5Error` or what the source throws.
    private func places(_ file: HDF5Bytes) throws -> [Place] {
        let dimensions = shape.count
        let limit = filters == nil ? chunkSize : chunkSize + chunkSize / 16 + 1024
        var starts: Set<[Int]> = []
        let keySize = 8 + 8 * (dimensions + 1)
        let places = try HDF5Tree.leaves(tree, kind: 1, keySize: keySize, limit: count, file).map { leaf in
            var key = leaf.key
            let size = try key.word()
            let skipped = try key.number(4)
            let start = try (0..<dimensions).map { _ in try key.length() }
            let isPlaced = (0..<dimensions).allSatisfy { start[$0] < shape[$0] && start[$0] % extents[$0] == 0 }
            guard isPlaced, starts.insert(start).inserted else {
                throw bad(file, "a chunk at \(start), which is outside the array or appears twice")
            }
            guard size <= limit, filters != nil || size == chunkSize else {
                throw bad(file, "a chunk of \(size) bytes; expected \(chunkSize)")
            }
            try file.claim(leaf.child)
            return Place(position: leaf.child, size: size, skipped: skipped, start: start)
        }
        guard places.count == count else { throw bad(file, "found \(places.count) chunks; expected \(count)") }
        return places
    }

    private func bad(_ file: HDF5Bytes, _ problem: String) -> HDF5Error {
        .badChunk(path: file.path, name: name, problem: problem)
    }

    /// Copies the rows of a chunk that lie within the array.
    private func copy(_ chunk: UnsafeRawBufferPointer, to start: [Int], of target: UnsafeMutableRawBufferPointer) {
        let part = (0..<shape.count).map { min(extents[$0], shape[$0] - start[$0]) }
        let row = part.last! * elementSize
        let (sourceStrides, strides) = (ElementOffsets.strides(of: extents), ElementOffsets.strides(of: shape))
        let first = zip(start, strides).reduce(0) { $0 + $1.0 * $1.1 }
        let rows = Array(part.dropLast()) + [1], count = rows.reduce(1, *)
        let sources = ElementOffsets(shape: rows, strides: sourceStrides, count: count)
        let places = ElementOffsets(shape: rows, strides: strides, from: first, count: count)
        for (source, place) in zip(sources, places) {
            let (source, place) = (source * elementSize, place * elementSize)
            UnsafeMutableRawBufferPointer(rebasing: target[place..<place + row]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: chunk[source..<source + row]))
        }
    }
}
