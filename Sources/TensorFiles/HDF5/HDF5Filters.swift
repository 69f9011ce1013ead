/// The filters that the chunks of an array passed through before they were written, and their inverses: deflate, shuffle, and
/// Fletcher's checksum.
///
/// Format: HDF5 File Format Specification 3.0, IV.A.2.l.
struct HDF5Filters {
    private enum Filter: Equatable {
        case deflate
        case shuffle(elementSize: Int)
        case fletcher32
    }

    private let filters: [Filter]
    private let path: String
    private let name: String

    /// `elementSize` is the array's, in bytes. Throws `HDF5Error.unsupported` for other filters, and `malformed`.
    init(_ message: HDF5Cursor, elementSize: Int, path: String, name: String) throws(HDF5Error) {
        self.path = path
        self.name = name
        var cursor = message
        let version = try cursor.byte()
        let count = try cursor.byte()
        guard version == 1 || version == 2, count <= 8 else { throw cursor.malformed("\(count) filters") }
        if version == 1 { try cursor.skip(6) }
        var filters: [Filter] = []
        var numbers: Set<Int> = []
        for _ in 0..<count {
            let number = try cursor.short()
            guard numbers.insert(number).inserted else { throw cursor.malformed("filter \(number) twice") }
            let nameLength = version == 1 || number >= 256 ? try cursor.short() : 0
            try cursor.skip(2)
            let valueCount = try cursor.short()
            try cursor.skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength)
            var values: [Int] = []
            for _ in 0..<valueCount { values.append(try cursor.word()) }
            if version == 1 && !valueCount.isMultiple(of: 2) { try cursor.skip(4) }
            switch number {
            case 1: filters.append(.deflate)
            case 2:
                // Unshuffling elements of arbitrary size byte by byte could take ten seconds.
                guard values.first ?? elementSize == elementSize else {
                    throw cursor.malformed("a shuffle of elements of \(values[0]) bytes; expected \(elementSize)")
                }
                filters.append(.shuffle(elementSize: elementSize))
            case 3: filters.append(.fletcher32)
            default:
                throw .unsupported(
                    path: path, name: name, feature: "filter \(number) (gzip, shuffle, fletcher32 are read)")
            }
        }
        self.filters = filters
    }

    /// Undoes the filters, last first, except those whose bit is set in `skipped`; returns `size` bytes. Throws
    /// `HDF5Error.damaged`.
    func undo(_ stored: [UInt8], skipped: UInt64, size: Int) throws(HDF5Error) -> [UInt8] {
        let active = filters.enumerated().filter { skipped >> UInt64($0.offset) & 1 == 0 }.map(\.element)
        // A checksum applied after deflate adds to the compressed bytes; one applied before adds to the inflated bytes.
        var bytes = stored
        for (index, filter) in active.enumerated().reversed() {
            switch filter {
            case .fletcher32: bytes = try checked(bytes)
            case .shuffle(let elementSize): bytes = unshuffled(bytes, elementSize: elementSize)
            case .deflate:
                bytes = try inflated(bytes, limit: size + 4 * active[..<index].filter { $0 == .fletcher32 }.count)
            }
        }
        guard bytes.count == size else { throw damaged("a chunk of \(bytes.count) bytes; expected \(size)") }
        return bytes
    }

    private func damaged(_ problem: String) -> HDF5Error { .damaged(path: path, name: name, problem: problem) }

    private func inflated(_ bytes: [UInt8], limit: Int) throws(HDF5Error) -> [UInt8] {
        let (result, status) = Inflate.inflated(bytes, limit: limit)
        guard let result else { throw damaged("a chunk that does not inflate (zlib error \(status))") }
        return result
    }

    /// The input stores the first byte of every element, then the second byte of every element, and so on.
    private func unshuffled(_ bytes: [UInt8], elementSize: Int) -> [UInt8] {
        guard elementSize > 1 else { return bytes }
        let count = bytes.count / elementSize
        // The bytes of an incomplete last element stay where they are.
        var result = bytes
        for byte in 0..<elementSize {
            for element in 0..<count { result[element * elementSize + byte] = bytes[byte * count + element] }
        }
        return result
    }

    /// The bytes before the checksum, which is Fletcher's over 16-bit numbers, high byte first.
    private func checked(_ bytes: [UInt8]) throws(HDF5Error) -> [UInt8] {
        guard bytes.count >= 4 else { throw damaged("a chunk without its checksum") }
        let content = Array(bytes.dropLast(4))
        var (low, high) = (UInt64(0), UInt64(0))
        // A million 16-bit numbers add up to less than 2^36, the intermediate sums to less than 2^56.
        for part in stride(from: 0, to: content.count, by: 1 << 21) {
            for index in stride(from: part, to: min(content.count, part + 1 << 21), by: 2) {
                let second = index + 1 < content.count ? content[index + 1] : 0
                low += UInt64(content[index]) << 8 + UInt64(second)
                high += low
            }
            low %= 65_535
            high %= 65_535
        }
        // Both sums are folded to 16 bits, where 65,535 stands for zero unless all bytes are zero.
        let isZero = content.allSatisfy { $0 == 0 }
        func folded(_ sum: UInt64) -> UInt64 { sum == 0 && !isZero ? 65_535 : sum }
        let expected = folded(high) << 16 | folded(low)
        let found = bytes.suffix(4).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if found != expected { throw damaged("a chunk whose checksum is wrong") }
        return content
    }
}
