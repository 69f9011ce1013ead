/// The end of each field of a table, in two and a quarter bytes per field: a file may hold one field for each of its bytes.
///
/// Fields are grouped in blocks of 64, and an end is counted from the beginning of its block. The few blocks too long for
/// two-byte counts store their ends in full.
struct FieldEnds: Sendable {
    private static let blockSize = 64
    /// Where each block begins.
    private var starts: [Int] = []
    /// From the beginning of the block; meaningless in a block of `full`.
    private var ends: [UInt16] = []
    private var full: [Int: [Int]] = [:]
    /// The end of the last field.
    private var last = 0

    /// The number of fields.
    var count: Int { ends.count }

    /// Reserves room for `count` fields, to avoid moving memory on the way. Unused memory costs nothing.
    mutating func reserve(_ count: Int) {
        starts.reserveCapacity(count / Self.blockSize + 1)
        ends.reserveCapacity(count)
    }

    /// Adds a field that ends at `end`, which must not be before the previous field's end.
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

    /// The end of a field, which is also the beginning of the next.
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
