/// Where each field of a table ends, in two and a quarter bytes a field: a file may hold a field for each of its bytes.
///
/// Fields stand in blocks of 64, and an end is counted from its block's beginning. The few blocks that are longer than two
/// bytes can count have their ends in full.
struct FieldEnds: Sendable {
    private static let blockSize = 64
    /// Where each block begins.
    private var starts: [Int] = []
    /// From the block's beginning; of no meaning in a block of `full`.
    private var ends: [UInt16] = []
    private var full: [Int: [Int]] = [:]
    /// The end of the last field.
    private var last = 0

    /// The number of fields.
    var count: Int { ends.count }

    /// Makes room for `count` fields, so that memory need not be moved on the way. Memory that is not used costs nothing.
    mutating func reserve(_ count: Int) {
        starts.reserveCapacity(count / Self.blockSize + 1)
        ends.reserveCapacity(count)
    }

    /// Adds a field that ends at `end`, which is not before the last one's.
    mutating func append(_ end: Int) {
        let (block, place) = ends.count.quotientAndRemainder(dividingBy: Self.blockSize)
        if place == 0 { starts.append(last) }
        last = end
        if full[block] != nil {
            full[block]!.append(end)
            ends.append(0)
        } else if let near = UInt16(exactly: end - starts[block]) {
            ends.append(near)
        } else {
            full[block] = ends.suffix(place).map { starts[block] + Int($0) } + [end]
            ends.append(0)
        }
    }

    /// The end of a field, which is its beginning where it is the one before.
    subscript(field: Int) -> Int {
        let block = field / Self.blockSize
        if !full.isEmpty, let ends = full[block] { return ends[field % Self.blockSize] }
        return starts[block] + Int(ends[field])
    }

    /// Forgets all fields but keeps the room.
    mutating func removeAll() {
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        full = [:]
        last = 0
    }
}
