import Foundation
import Testing
import TestSupport

@testable import TensorFiles

/// Malformed checkpoints. Reading must end in a single error.
@Suite struct PyTorchHostileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    // MARK: - Handmade files

    /// Builds pickles in protocol 2.
    enum Pickle {
        static let magic: [UInt8] = [
            0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]
        static let version: [UInt8] = [0x80, 2] + Array("M".utf8) + [0xE9, 3, 0x2E]
        static let machine: [UInt8] = [0x80, 2] + Array("}.".utf8)

        static func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }

        static func text(_ text: String) -> [UInt8] { Array("X".utf8) + little(text.utf8.count, 4) + Array(text.utf8) }
        static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + little(value, 8) }
        static func tuple(_ values: [Int]) -> [UInt8] { Array("(".utf8) + values.flatMap(integer) + Array("t".utf8) }
        static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

        static func storage(_ key: String, _ count: Int, type: String = "FloatStorage") -> [UInt8] {
            Array("(".utf8) + text("storage") + global("torch", type) + text(key) + text("cpu") + integer(count)
                + Array("tQ".utf8)
        }

        static func tensor(
            key: String = "0", stored: Int, offset: Int = 0, shape: [Int], strides: [Int], type: String = "FloatStorage"
        ) -> [UInt8] {
            global("torch._utils", "_rebuild_tensor") + Array("(".utf8) + storage(key, stored, type: type)
                + integer(offset) + tuple(shape) + tuple(strides) + Array("tR".utf8)
        }

        static func dict(_ items: [(String, [UInt8])]) -> [UInt8] {
            inner(items) + Array(".".utf8)
        }

        /// A dict within another.
        static func inner(_ items: [(String, [UInt8])]) -> [UInt8] {
            Array("}(".utf8) + items.flatMap { text($0.0) + $0.1 } + Array("u".utf8)
        }

        /// A stream with this pickle and a storage "0" of `count` elements.
        static func stream(_ pickle: [UInt8], count: Int = 4, elementSize: Int = 4) -> [UInt8] {
            magic + version + machine + pickle + Array("](".utf8) + text("0") + Array("e.".utf8) + little(count, 8)
                + [UInt8](repeating: 0, count: elementSize * count)
        }
    }

    private func tensor(_ pickle: [UInt8]) -> [UInt8] { Pickle.stream(Pickle.dict([("x", pickle)])) }

    private func fault(_ bytes: [UInt8]) throws -> PyTorchError? {
        do {
            let file = try PyTorchFile(folder.file("a.pth", holding: bytes))
            _ = try file.values(of: file.tensors)
            return nil
        } catch let error as PyTorchError { return error }
    }

    // MARK: - Kinds of errors

    @Test func whatThisWriterMakesIsRead() throws {
        #expect(try fault(tensor(Pickle.tensor(stored: 4, shape: [2, 2], strides: [2, 1]))) == nil)
    }

    @Test func tensorsThatCannotBe() throws {
        let path = folder.file("a.pth").path
        func expect(
            _ error: PyTorchError, offset: Int = 0, shape: [Int], strides: [Int],
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let bytes = tensor(Pickle.tensor(stored: 4, offset: offset, shape: shape, strides: strides))
            #expect(try fault(bytes) == error, sourceLocation: sourceLocation)
        }
        func impossible(_ shape: [Int], _ strides: [Int]) -> PyTorchError {
            .impossibleShape(path: path, name: "x", shape: shape, strides: strides)
        }
        try expect(.beyondStorage(path: path, name: "x", needed: 4, available: 4), offset: 1, shape: [4], strides: [1])
        try expect(.beyondStorage(path: path, name: "x", needed: 6, available: 4), shape: [2, 2], strides: [5, 1])
        try expect(impossible([-1], [1]), shape: [-1], strides: [1])
        try expect(impossible([2, 2], [1]), shape: [2, 2], strides: [1])
        try expect(impossible([2], [-1]), shape: [2], strides: [-1])
        try expect(impossible([4], [1]), offset: -1, shape: [4], strides: [1])
        try expect(impossible([1 << 40, 1 << 40], [1, 1]), shape: [1 << 40, 1 << 40], strides: [1, 1])
        try expect(impossible([3], [.max]), shape: [3], strides: [.max])
        // A stride of 0 repeats the stored elements.
        try expect(.expanded(path: path, name: "x", shape: [1 << 40], stored: 4), shape: [1 << 40], strides: [0])
        try expect(.expanded(path: path, name: "x", shape: [65_537], stored: 4), shape: [65_537], strides: [0])
        #expect(try fault(tensor(Pickle.tensor(stored: 4, shape: [65_536], strides: [0]))) == nil)
    }

    @Test func storagesThatAreNotAsThePickleSays() throws {
        let path = folder.file("a.pth").path
        #expect(
            try fault(tensor(Pickle.tensor(stored: 5, shape: [5], strides: [1])))
                == .wrongStorageSize(path: path, key: "0", found: 16, expected: 20))
        #expect(
            try fault(tensor(Pickle.tensor(stored: .max, shape: [5], strides: [1])))
                == .missingStorage(path: path, key: "0"))
        let others = Pickle.stream(
            Pickle.dict([
                ("x", Pickle.tensor(stored: 4, shape: [4], strides: [1])),
                ("y", Pickle.tensor(key: "1", stored: 4, shape: [4], strides: [1])),
            ]))
        #expect(try fault(others) == .missingStorage(path: path, key: "1"))
        let whole = tensor(Pickle.tensor(stored: 4, shape: [4], strides: [1]))
        #expect(try fault(whole + [0]) == .trailingBytes(path: path, count: 1))
        let untyped = Pickle.tensor(stored: 4, shape: [4], strides: [1], type: "UntypedStorage")
        #expect(
            try fault(Pickle.stream(Pickle.dict([("x", untyped)]), elementSize: 1))
                == .untyped(path: path, name: "x"))
        let tooLong: [UInt8] =
            Array(whole.prefix(whole.count - 24)) + Pickle.little(1 << 61, 8) + [UInt8](repeating: 0, count: 16)
        #expect(try fault(tooLong) == .cutShort(path: path, position: tooLong.count, needed: .max))
    }

    @Test func namesThatStandTwice() throws {
        let one = Pickle.tensor(stored: 4, shape: [4], strides: [1])
        let path = folder.file("a.pth").path
        for names in [["x", "x"], ["x", "module.x"], ["_orig_mod.x", "module._orig_mod.x"]] {
            #expect(
                try fault(Pickle.stream(Pickle.dict(names.map { ($0, one) }))) == .duplicateName(path: path, name: "x"))
        }
    }

    /// Pickles that no writer produces; each gives its own error.
    @Test(arguments: [
        ("nothing on the stack", "."), ("a mark hides the stack", "}(."), ("no mark", "}t."), ("no list", "}}a."),
        ("no dict", "]]]s."), ("half a pair", "}(]u."), ("not remembered", "h\u{7}."), ("call of a list", "]]R."),
        ("call without arguments", "ccollections\nOrderedDict\n}R."), ("text for a name", "]]\u{93}."),
        ("call of a type", "ctorch\nFloatStorage\n)R."), ("size of nothing", "ctorch\nSize\n)R."),
        ("no pairs", "ccollections\nOrderedDict\n(](]etR."), ("no tensor", "ctorch._utils\n_rebuild_parameter\n)R."),
        ("a tensor of nothing", "ctorch._utils\n_rebuild_tensor_v2\n)R."), ("no storage", "]Q."),
        ("no number", "Ix\n."),
    ])
    func malformedPickles(name: String, text: String) throws {
        let pickle = text.unicodeScalars.map { UInt8($0.value) }
        guard case .malformedPickle = try fault(Pickle.stream(pickle)) else {
            Issue.record("\(name): \(String(describing: try fault(Pickle.stream(pickle))))")
            return
        }
    }

    @Test func opcodesThatTorchDoesNotWrite() throws {
        // Protocol 0 text, old-style classes, the extension registry, out-of-band buffers.
        for code in Array("FSVgpio".utf8) + [0x82, 0x83, 0x84, 0x92, 0x97, 0x98, 0, 0xFF] {
            guard case .unknownOpcode(_, _, code) = try fault(Pickle.stream([code])) else {
                Issue.record("opcode \(code)")
                continue
            }
        }
    }

    // MARK: - Memory, time and the stack

    @Test func anyDepthAndAnyCycle() throws {
        let one = Pickle.tensor(stored: 4, shape: [4], strides: [1])
        let depth = 300_000
        let nested =
            [UInt8](repeating: UInt8(ascii: "]"), count: depth)
            + [UInt8](repeating: UInt8(ascii: "a"), count: depth - 1)
        #expect(try fault(Pickle.stream(Pickle.dict([("deep", nested), ("x", one)]))) == nil)
        // A dict that contains itself under every wrapper key that is searched.
        let keys = PyTorchStateDict.wrapperKeys
        let cycle = Array("}q\u{0}(".utf8) + keys.flatMap { Pickle.text($0) + Array("h\u{0}".utf8) } + Array("u.".utf8)
        guard case .noTensors = try fault(Pickle.stream(cycle)) else {
            Issue.record("a cycle gave tensors")
            return
        }
    }

    @Test func moreOperationsThanAnyStateDictHas() throws {
        let path = folder.file("a.pth").path
        let many = [UInt8](repeating: UInt8(ascii: "N"), count: Unpickler.operationLimit + 1)
        #expect(try fault(Pickle.stream(many)) == .tooManyOperations(path: path, limit: Unpickler.operationLimit))
        // One list of a thousand pairs, turned into dicts over and over.
        let list =
            Array("]q\u{0}(".utf8)
            + [UInt8]((0..<1000).flatMap { _ in Array("NN\u{86}".unicodeScalars.map { UInt8($0.value) }) })
            + Array("e".utf8)
        let call = Pickle.global("collections", "OrderedDict") + Array("h\u{0}".utf8) + [0x85] + Array("R".utf8)
        let copies = list + (0..<2000).flatMap { _ in call } + Array(".".utf8)
        #expect(try fault(Pickle.stream(copies)) == .tooManyOperations(path: path, limit: Unpickler.operationLimit))
    }

    @Test func aPickleAsLongAsItClaims() throws {
        let url = folder.file("a.pth")
        // A sparse file of 64 MiB, which takes no disk space.
        let start: [UInt8] = Pickle.magic + Pickle.version + Pickle.machine
        let length: [UInt8] = Pickle.little(50 << 20, 4)
        let head: [UInt8] = start + [0x80, 2, UInt8(ascii: "B")] + length
        _ = try folder.file("a.pth", holding: head)
        #expect(truncate(url.path, 64 << 20) == 0)
        #expect(throws: PyTorchError.pickleTooLong(path: url.path, limit: PickleInput.limit)) { try PyTorchFile(url) }
        let longest: [UInt8] = Pickle.little(.max, 8)
        let claim: [UInt8] = start + [0x80, 4, 0x8D] + longest
        #expect(try fault(claim) == .cutShort(path: url.path, position: claim.count, needed: .max))
    }

    // MARK: - Valid files, truncated and changed

    @Test(arguments: ["averaged", "legacy", "views"]) func everyCutIsAnError(name: String) throws {
        let whole = try PyTorchFileTests.bytes(name)
        for length in whole.indices {
            let url = try folder.file("a.pth", holding: Array(whole.prefix(length)))
            do {
                let file = try TensorFile(url)
                _ = try file.values(at: Array(file.tensors.indices))
                Issue.record("cut at \(length): no error")
            } catch {
                #expect(
                    error is PyTorchError || error is ZIPError || error is TensorFileError, "cut at \(length): \(error)"
                )
            }
        }
    }

    /// The archive's checksums catch every wrong byte that matters.
    @Test func noWrongByteOfAnArchiveChangesANumber() throws {
        let whole = try PyTorchFileTests.bytes("averaged")
        let expected = [NumericArray(shape: [1], values: [1])]
        for position in whole.indices {
            var bytes = whole
            bytes[position] ^= 1 << UInt8(position % 8)
            do {
                let file = try PyTorchFile(folder.file("a.pth", holding: bytes))
                #expect(try file.values(of: file.tensors) == expected, "byte \(position)")
            } catch { #expect(error is PyTorchError || error is ZIPError, "byte \(position): \(error)") }
        }
    }

    /// Without checksums a wrong byte may change numbers, but reading gives at most one error.
    @Test(arguments: ["legacy", "training, legacy", "types, legacy", "strided, legacy", "legacy, protocol 4", "views"])
    func wrongBytesOfAStreamEndInOneError(name: String) throws {
        let whole = try PyTorchFileTests.bytes(name)
        var random = SplitMix64(seed: UInt64(name.utf8.count))
        var refused = 0
        for _ in 0..<400 {
            var bytes = whole
            for _ in 0..<Int(1 + random.next() % 4) {
                let position = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes[position] ^= 1 << UInt8(random.next() % 8)
                case 2: bytes.remove(at: position)
                default: bytes.insert(bytes[Int(random.next() % UInt64(bytes.count))], at: position)
                }
            }
            do {
                let file = try PyTorchFile(folder.file("a.pth", holding: bytes))
                _ = try file.values(of: file.tensors)
            } catch {
                #expect(error is PyTorchError, "\(error)")
                refused += 1
            }
        }
        #expect(refused > 100)
    }
}
