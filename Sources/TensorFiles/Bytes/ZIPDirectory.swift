/// The directory at the end of a ZIP archive, compared with the headers in front of the entries' bytes.
///
/// libzip compares them too (`ZIP_CHECKCONS`), but version 1.12 rejects every file of `torch.save`, whose local headers leave
/// sizes and checksums to the directory. This comparison decides where libzip finds a contradiction. Source: PKWARE,
/// "APPNOTE.TXT: .ZIP File Format Specification", 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
struct ZIPDirectory {
    private let file: InputFile
    /// Where the directory begins in the file, and the number of entries that it claims.
    private let start: Int
    private let count: Int
    private let bytes: [UInt8]

    /// In bytes: a million entries take less.
    private static let largestSize = 1 << 28

    /// What one header says of an entry.
    private struct Header {
        let flags: Int
        let method: Int
        let checksum: Int
        let compressedSize: Int
        let size: Int

        /// Whether sizes and checksum follow the entry's bytes, so that a local header need not hold them.
        var isStreamed: Bool { flags & 8 != 0 }

        func holdsTheSame(as other: Self) -> Bool {
            checksum == other.checksum && compressedSize == other.compressedSize && size == other.size
        }
    }

    /// Finds and reads the directory. Nil if there is none, or if it does not end where the file's last record begins.
    /// - Complexity: O(size of the directory), which is part of the file.
    private init?(_ file: InputFile) throws(FileReadError) {
        self.file = file
        let recordSize = 22
        let tailSize = min(file.size, recordSize + 0xFFFF)
        let tail = try file.bytes(at: file.size - tailSize, count: tailSize)
        // The record with a comment that ends with the file; its signature may also occur in an entry.
        let record = (0...max(0, tailSize - recordSize)).last { place in
            Self.number(tail, place, 4) == 0x0605_4B50
                && Self.number(tail, place + 20, 2) == tailSize - place - recordSize
        }
        guard let record, let claimed = Self.number(tail, record + 10, 2), let size = Self.number(tail, record + 12, 4),
            let offset = Self.number(tail, record + 16, 4)
        else { return nil }
        var (count, directory) = (claimed, (size: size, offset: offset))
        var end = file.size - tailSize + record
        // PyTorch writes this record even where the numbers fit in the smaller one.
        if let large = try Self.largeRecord(file, before: end) {
            (count, directory, end) = (large.count, (large.size, large.offset), large.place)
        }
        guard directory.offset <= end, directory.size == end - directory.offset, directory.size <= Self.largestSize
        else { return nil }
        (start, self.count) = (directory.offset, count)
        bytes = try file.bytes(at: directory.offset, count: directory.size)
    }

    /// The record of ZIP64 whose locator lies before `end`; nil if there is none.
    private static func largeRecord(
        _ file: InputFile, before end: Int
    ) throws(FileReadError) -> (count: Int, size: Int, offset: Int, place: Int)? {
        let (locatorSize, recordSize) = (20, 56)
        guard end >= locatorSize else { return nil }
        let locator = try file.bytes(at: end - locatorSize, count: locatorSize)
        guard number(locator, 0, 4) == 0x0706_4B50, let place = number(locator, 8, 8), end >= locatorSize + recordSize,
            place <= end - locatorSize - recordSize
        else { return nil }
        let record = try file.bytes(at: place, count: recordSize)
        guard number(record, 0, 4) == 0x0606_4B50, let count = number(record, 32, 8), let size = number(record, 40, 8),
            let offset = number(record, 48, 8)
        else { return nil }
        return (count, size, offset, place)
    }

    /// Whether the archive's directory lists as many entries as it claims, and each entry's own header agrees with it. A name
    /// and a method must be the same; so must sizes and checksum, unless the header leaves them to the directory.
    static func agrees(with file: InputFile) throws(FileReadError) -> Bool {
        guard let directory = try ZIPDirectory(file) else { return false }
        var (count, place) = (0, 0)
        while place < directory.bytes.count {
            guard let next = try directory.endOfEntry(at: place) else { return false }
            (count, place) = (count + 1, next)
        }
        return count == directory.count
    }

    /// Where the entry at `place` of the directory ends; nil if it contradicts its own header.
    private func endOfEntry(at place: Int) throws(FileReadError) -> Int? {
        guard Self.number(bytes, place, 4) == 0x0201_4B50, let nameSize = Self.number(bytes, place + 28, 2),
            let extraSize = Self.number(bytes, place + 30, 2), let commentSize = Self.number(bytes, place + 32, 2),
            var offset = Self.number(bytes, place + 42, 4)
        else { return nil }
        let end = place + 46 + nameSize + extraSize + commentSize
        guard end <= bytes.count else { return nil }
        let name = bytes[place + 46..<place + 46 + nameSize]
        var large = Self.largeNumbers(bytes[place + 46 + nameSize..<place + 46 + nameSize + extraSize])
        guard let header = header(bytes, flagsAt: place + 8, &large) else { return nil }
        if offset == 0xFFFF_FFFF, let value = large.first { offset = value }
        let localSize = 30
        guard offset <= start - localSize else { return nil }
        let fixed = try file.bytes(at: offset, count: localSize)
        guard Self.number(fixed, 0, 4) == 0x0403_4B50, Self.number(fixed, 26, 2) == nameSize,
            let localExtra = Self.number(fixed, 28, 2), offset + localSize + nameSize + localExtra <= start
        else { return nil }
        let variable = try file.bytes(at: offset + localSize, count: nameSize + localExtra)
        var localLarge = Self.largeNumbers(variable[nameSize...])
        guard variable.prefix(nameSize).elementsEqual(name),
            let local = self.header(fixed, flagsAt: 6, &localLarge), local.method == header.method,
            local.isStreamed == header.isStreamed, local.isStreamed || local.holdsTheSame(as: header),
            header.compressedSize <= start - offset - localSize - nameSize - localExtra
        else { return nil }
        return end
    }

    /// The header whose flags are at `place`; in both kinds the same fields follow them.
    private func header(_ bytes: [UInt8], flagsAt place: Int, _ large: inout [Int]) -> Header? {
        guard let flags = Self.number(bytes, place, 2), let method = Self.number(bytes, place + 2, 2),
            let checksum = Self.number(bytes, place + 8, 4), var compressed = Self.number(bytes, place + 12, 4),
            var size = Self.number(bytes, place + 16, 4)
        else { return nil }
        // Those of the numbers that do not fit in 32 bits follow in the extra field, in this order.
        if size == 0xFFFF_FFFF, !large.isEmpty { size = large.removeFirst() }
        if compressed == 0xFFFF_FFFF, !large.isEmpty { compressed = large.removeFirst() }
        return Header(flags: flags, method: method, checksum: checksum, compressedSize: compressed, size: size)
    }

    /// The numbers in the extra field of ZIP64.
    private static func largeNumbers(_ extra: ArraySlice<UInt8>) -> [Int] {
        let extra = Array(extra)
        var place = 0
        while let tag = number(extra, place, 2), let length = number(extra, place + 2, 2) {
            if tag == 1 {
                return (0..<length / 8).compactMap { number(extra, place + 4 + 8 * $0, 8) }
            }
            place += 4 + length
        }
        return []
    }

    /// `count` bytes from `place` on as a little-endian number; nil beyond the end, and for numbers above `Int.max`.
    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int? {
        guard place >= 0, place <= bytes.count - count else { return nil }
        let value = bytes[place..<place + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }
}
