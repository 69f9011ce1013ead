import Foundation
import Testing
import TestSupport

@testable import TensorFiles

/// Limits on the memory and work that a small HDF5 file can cause.
@Suite struct HDF5LimitTests {
    /// The error from reading a file of these bytes; nil if it can be read.
    private func fault(_ bytes: [UInt8]) -> (any Error)? {
        do {
            let file = try KerasFile(MemoryBytes(bytes, path: "x"))
            _ = try file.values(of: file.tensors)
            return nil
        } catch { return error }
    }

    private func isMalformed(_ error: (any Error)?, _ problem: String) -> Bool {
        if case HDF5Error.malformed(_, _, let found)? = error { return found.contains(problem) }
        return false
    }

    // MARK: - Names

    /// Every array in a group with a long name gets a long name: 100,000 of them would take gigabytes.
    @Test func namesHaveALimit() throws {
        func fault(of names: [String]) -> (any Error)? {
            var file = HDF5Image()
            var place = file.group(["0": file.array()])
            for name in ["vars"] + names { place = file.group([name: place]) }
            return self.fault(file.bytes(root: place))
        }
        #expect(fault(of: [String(repeating: "a", count: 800), "b"]) == nil)
        let names = Array(repeating: String(repeating: "a", count: 300), count: 4)
        #expect(isMalformed(fault(of: names), "more than 1024"))
    }

    @Test func namesOfLayersHaveALimit() throws {
        func fault(_ name: String) -> (any Error)? {
            var file = HDF5Image()
            let array = file.array()
            let variables = file.group(["0": array], name: name)
            let layer = file.group(["vars": variables])
            let root = file.group(["layer": layer])
            return self.fault(file.bytes(root: root))
        }
        #expect(fault("conv") == nil)
        #expect(isMalformed(fault(String(repeating: "a", count: 1024)), "more than 1024"))
    }

    @Test func whatIsNoWeightIsNotAllTold() throws {
        var file = HDF5Image()
        var members = ["0": file.array()]
        for number in 0..<150 { members["type\(number)"] = file.header([]) }
        for name in ["vars", "layer"] { members = [name: file.group(members)] }
        let root = file.group(members)
        let bytes = file.bytes(root: root)
        #expect(try KerasFile(MemoryBytes(bytes, path: "x")).others.count == 100)
    }

    // MARK: - Counts

    @Test func linksAreCounted() throws {
        var file = HDF5Image()
        let array = file.array()
        let links = (0...HDF5Bytes.objectLimit).map { HDF5Image.link("\($0)", to: array) }
        let root = file.header(links)
        #expect(fault(file.bytes(root: root)) as? HDF5Error == .tooManyObjects(path: "x", limit: 100_000))
    }

    /// A hard link gives a data set a second name; a group with two names is walked once.
    @Test func aDataSetMayHaveTwoNames() throws {
        var file = HDF5Image()
        let array = file.array()
        let inner = file.group(["b": array])
        let root = file.group(["a": array, "more": inner, "again": inner])
        let folder = try TemporaryFolder()
        let read = try ArrayFile(folder.file("x.h5", holding: file.bytes(root: root)))
        #expect(read.arrays.count == 1)
        #expect(read.place(of: "a") == 0 && read.place(of: "c") == nil)
        #expect(read.place(of: "more/b") == 0 || read.place(of: "again/b") == 0)
        #expect(try read.numbers(at: 0).values == [1])
    }

    @Test func messagesAreCounted() throws {
        var file = HDF5Image()
        // Attributes without content take four bytes each.
        let empty: [UInt8] = [0xC, 0, 0, 0]
        let root = file.header([[UInt8]](repeating: empty, count: HDF5Bytes.messageLimit + 1))
        #expect(isMalformed(fault(file.bytes(root: root)), "more than 1000000 messages"))
    }

    @Test func leavesOfTreesAreCounted() throws {
        let bytes = try #require(KerasReferenceFiles.bytes("legacy weights"))
        let tree = try #require(bytes.indices.first { bytes[$0...].starts(with: "TREE".utf8) })
        func leaves(_ limit: Int) throws -> Int {
            try HDF5Tree.leaves(tree, kind: 0, keySize: 8, limit: limit, HDF5Bytes(MemoryBytes(bytes, path: "x"))).count
        }
        #expect(try leaves(1) == 1)
        #expect(throws: HDF5Error.malformed(path: "x", position: tree, problem: "a tree of more than 0 leaves")) {
            try leaves(0)
        }
    }

    @Test func heapsOfTextsHaveALimit() throws {
        var bytes = [UInt8](repeating: 0, count: HDF5TextHeaps.heapLimit + 1)
        bytes.replaceSubrange(0..<8, with: "GCOL".utf8 + [1, 0, 0, 0])
        bytes.replaceSubrange(8..<16, with: HDF5Image.little(bytes.count, 8))
        let file = HDF5Bytes(MemoryBytes(bytes, path: "x"))
        #expect(throws: HDF5Error.malformed(path: "x", position: 0, problem: "a heap of \(bytes.count) bytes")) {
            try HDF5TextHeaps(file).bytes(1, in: 0, count: 1, at: 0)
        }
    }

    // MARK: - Filters

    /// Repeated filters of one kind would multiply the time that a chunk takes.
    @Test func noFilterStandsTwice() throws {
        var bytes = try #require(KerasReferenceFiles.bytes("filters"))
        // Filter number, name length, flags and number of values, then the name.
        let deflate = [UInt8]([1, 0, 8, 0, 1, 0, 1, 0]) + Array("deflate\0".utf8)
        for place in bytes.indices where bytes[place...].starts(with: deflate) { bytes[place] = 2 }
        #expect(isMalformed(fault(bytes), "filter 2 twice"))
    }

    /// Fletcher checksum over more than a million values, which the reader reduces in parts.
    @Test func checksumsOfLargeChunks() throws {
        let content = (0..<(1 << 21) + 7).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
        var (low, high) = (0, 0)
        for index in stride(from: 0, to: content.count, by: 2) {
            let second = index + 1 < content.count ? Int(content[index + 1]) : 0
            low = (low + Int(content[index]) << 8 + second) % 65_535
            high = (high + low) % 65_535
        }
        #expect(low != 0 && high != 0)
        // Version 2: one filter, number 3, without flags or values.
        let filters = try HDF5Filters(
            HDF5Cursor([2, 1, 3, 0, 0, 0, 0, 0], path: "x", start: 0), elementSize: 4, path: "x", name: "w")
        let stored = content + HDF5Image.little(high << 16 | low, 4)
        #expect(try filters.undo(stored, skipped: 0, size: content.count) == content)
        var damaged = stored
        damaged[1 << 20] ^= 1
        #expect(throws: HDF5Error.damaged(path: "x", name: "w", problem: "a chunk whose checksum is wrong")) {
            try filters.undo(damaged, skipped: 0, size: content.count)
        }
    }

    // MARK: - Archives

    /// A size near 2⁶⁴ overflows libzip's own check.
    @Test func archivesThatClaimMoreThanAnything() throws {
        let folder = try TemporaryFolder()
        func fault(size: UInt64) throws -> (any Error)? {
            let url = try folder.file("\(size).keras", holding: largeArchive(size: size))
            do {
                _ = try TensorFile(url)
                return nil
            } catch { return error }
        }
        guard case HDF5Error.malformed? = try fault(size: 64) else {
            Issue.record("an archive with an entry of 64 bytes is not read")
            return
        }
        let path = folder.file("\(UInt64.max - 19).keras").path
        let claimed = ZIPError.impossibleSize(
            path: path, entry: "model.weights.h5", claimed: .max, compressed: .max)
        let found = try fault(size: .max - 19) as? ZIPError
        // libzip 1.12 detects this itself.
        if case .notAnArchive(path, _)? = found { return }
        #expect(found == claimed, "\(String(describing: found))")
    }

    /// A single 64-byte entry, with its size in the ZIP64 fields.
    private func largeArchive(size: UInt64) -> [UInt8] {
        let name = Array("model.weights.h5".utf8)
        func number(_ value: Int, _ count: Int) -> [UInt8] { HDF5Image.little(value, count) }
        let none = [UInt8](repeating: 0xFF, count: 8)
        let sizes = number(Int(truncatingIfNeeded: size), 8)
        let extra = number(1, 2) + number(16, 2) + sizes + sizes
        // Flags, method, time and date; the checksum of 64 zeros.
        let common = number(0, 2) + number(0, 2) + number(0x0021_0000, 4) + number(0x758D_6336, 4) + none
        let lengths = number(name.count, 2) + number(extra.count, 2)
        let local = Array("PK\u{3}\u{4}".utf8) + number(45, 2) + common + lengths + name + extra
        let entry =
            Array("PK\u{1}\u{2}".utf8) + number(45, 2) + number(45, 2) + common + lengths + number(0, 14) + name + extra
        let content = local + [UInt8](repeating: 0, count: 64)
        let end =
            Array("PK\u{5}\u{6}".utf8) + number(0, 4) + number(1, 2) + number(1, 2) + number(entry.count, 4)
            + number(content.count, 4) + number(0, 2)
        return content + entry + end
    }
}

/// A minimal writer of HDF5 files with the newer superblock and object headers.
private struct HDF5Image {
    private var content = [UInt8](repeating: 0, count: 48)

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func message(_ kind: UInt8, _ content: [UInt8]) -> [UInt8] {
        [kind] + little(content.count, 2) + [0] + content
    }

    /// A link message for an object.
    static func link(_ name: String, to place: Int) -> [UInt8] {
        message(0x6, [1, 1] + little(name.utf8.count, 2) + Array(name.utf8) + little(place, 8))
    }

    /// Appends an object header with these messages and returns its position.
    mutating func header(_ messages: [[UInt8]]) -> Int {
        let place = content.count
        let all = messages.flatMap(\.self)
        content += Array("OHDR".utf8) + [2, 2] + Self.little(all.count, 4) + all + [0, 0, 0, 0]
        return place
    }

    /// Appends a group of these members, with an attribute `name` if given.
    mutating func group(_ members: [String: Int], name: String? = nil) -> Int {
        var messages = members.sorted { $0.key < $1.key }.map { Self.link($0.key, to: $0.value) }
        if let name {
            let type = [0x13, 0, 0, 0] + Self.little(name.utf8.count, 4)
            let head = [3, 0] + Self.little(5, 2) + Self.little(type.count, 2) + Self.little(4, 2) + [0]
            messages.append(Self.message(0xC, head + Array("name\0".utf8) + type + [2, 0, 0, 0] + Array(name.utf8)))
        }
        return header(messages)
    }

    /// Appends an array of one `float32`.
    mutating func array() -> Int {
        let float: [UInt8] = [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]
        return header([
            Self.message(0x1, [2, 1, 0, 1] + Self.little(1, 8)), Self.message(0x3, float),
            Self.message(0x8, [3, 0, 4, 0] + [0, 0, 0x80, 0x3F]),
        ])
    }

    /// The file, with a version 2 superblock.
    func bytes(root: Int) -> [UInt8] {
        let head = HDF5File.signature + [2, 8, 8, 0] + Self.little(0, 8) + [UInt8](repeating: 0xFF, count: 8)
        return head + Self.little(content.count, 8) + Self.little(root, 8) + [0, 0, 0, 0] + content.dropFirst(48)
    }
}
