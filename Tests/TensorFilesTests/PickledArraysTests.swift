import Foundation
import Testing
import TestSupport

@testable import TensorFiles

/// NumPy arrays in Python pickles, as Python writes them and as an attacker might.
@Suite struct PickledArraysTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: PickledReferenceFiles.files[name] ?? "")))
    }

    private func read(_ bytes: [UInt8]) throws -> PickledArrays {
        try PickledArrays.read(folder.file("batch", holding: bytes))
    }

    @Test(arguments: ["protocol 3", "protocol 4", "protocol 5"]) func readsWhatPythonWrites(name: String) throws {
        let bytes = try file(name)
        let batch = try read(bytes)
        #expect(Set(batch.arrays.keys) == ["data", "columns", "wide"])
        let data = try #require(batch.arrays["data"]), columns = try #require(batch.arrays["columns"])
        #expect(data.type == "u1" && data.shape == [2, 3] && data.isRowMajor)
        #expect(Array(bytes[data.offset..<data.offset + 6]) == [0, 1, 2, 3, 4, 5])
        #expect(columns.shape == [2, 3] && !columns.isRowMajor)
        #expect(Array(bytes[columns.offset..<columns.offset + 6]) == [0, 3, 1, 4, 2, 5])
        let wide = try #require(batch.arrays["wide"])
        #expect(wide.type == "i8" && wide.shape == [2] && bytes[wide.offset + 8] == 0xFE)
        #expect(batch.integers("labels") == [7, 300, 1 << 40])
        #expect(["data", "columns", "wide", "none", "number", "nothing"].allSatisfy { batch.integers($0) == nil })
    }

    @Test func namesThatNoArrayNeedsAreRefused() throws {
        let path = folder.file("batch").path
        for (bytes, name) in [
            (try file("bytes as text"), "_codecs.encode"), (Array("cos\nsystem\n.".utf8), "os.system"),
            (Array("ctorch\nFloatStorage\n.".utf8), "torch.FloatStorage"),
            (Array("cnumpy\nload\n.".utf8), "numpy.load"),
            (Array("cnumpy.core\nmultiarray\n.".utf8), "numpy.core.multiarray"),
        ] {
            let problem = errorProblem {
                try read(bytes)
            } where: { error in
                guard case PyTorchError.forbiddenName(path, _, name)? = error as? PyTorchError else { return false }
                return true
            }
            #expect(problem == nil)
        }
    }

    /// The checkpoint reader does not accept NumPy's names.
    @Test func checkpointsStayWithoutArrays() throws {
        let torch = try folder.file("checkpoint.pt", holding: file("protocol 3"))
        #expect(throws: PyTorchError.self) { try PyTorchFile(torch) }
    }

    @Test(arguments: ["protocol 3", "protocol 4", "protocol 5"]) func cutAnywhereItIsAnError(name: String) throws {
        let bytes = try file(name)
        for end in stride(from: 0, to: bytes.count - 1, by: 3) {
            #expect(throws: PyTorchError.self) { try read(Array(bytes[..<end])) }
        }
    }

    /// Changing any byte gives an array or an error, and an array never reaches beyond the file.
    @Test(arguments: ["protocol 3", "protocol 5"]) func changedBytesDoNoHarm(name: String) throws {
        let bytes = try file(name)
        for place in bytes.indices {
            for value in [0, 0x2E, 0x52, 0x62, 0xFF] as [UInt8] {
                var changed = bytes
                changed[place] = value
                guard let batch = try? read(changed) else { continue }
                for array in batch.arrays.values {
                    let size = Int(array.type.dropFirst()) ?? 0
                    #expect(array.offset + array.shape.reduce(size, *) <= bytes.count)
                }
            }
        }
    }

    private func text(_ text: String) -> [UInt8] { Array("U".utf8) + [UInt8(text.utf8.count)] + Array(text.utf8) }

    /// A dict's entry: an array of six bytes.
    private func entry(_ name: String, shape: String, type: String = "u1") -> [UInt8] {
        // An array's state: version, shape, type, order, bytes. 0x85 makes a 1-tuple.
        let shell = Array("cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\ntR".utf8)
        let dtype = Array("cnumpy\ndtype\n".utf8) + text(type) + [0x85] + Array("R".utf8)
        let state = Array("(I1\n\(shape)".utf8) + dtype + Array("I00\n".utf8) + text("abcdef") + Array("tb".utf8)
        return text(name) + shell + state + Array("s".utf8)
    }

    /// Of several arrays that do not fit, the first of those that are wanted is the error.
    @Test func theFirstMisfitIsNamed() throws {
        let names = (7..<15).map { "\($0)" }
        let entries = names.flatMap { entry($0, shape: "(I\($0)\nt") }
        let url = try folder.file("batch", holding: Array("}".utf8) + entries + Array(".".utf8))
        for wanted in [names, names.reversed()] {
            let problem = errorProblem {
                try PickledArrays.labels(in: url, named: wanted)
            } where: { error in
                guard case PyTorchError.malformedPickle(_, _, let problem) = error else { return false }
                return problem == "6 bytes of an array of shape [\(wanted[0])] and type 'u1'"
            }
            #expect(problem == nil)
        }
    }

    @Test func shapesThatDoNotFitTheirBytes() throws {
        func array(shape: String, type: String = "u1") -> [UInt8] {
            Array("}".utf8) + entry("a", shape: shape, type: type) + Array(".".utf8)
        }
        #expect(try read(array(shape: "(I2\nI3\nt")).arrays["a"]?.shape == [2, 3])
        for bytes in [
            array(shape: "(I2\nI4\nt"), array(shape: "(I-2\nI-3\nt"), array(shape: "(I4611686018427387904\nI4\nt"),
            array(shape: "(t"), array(shape: "(I6\nt", type: "O"), array(shape: "(I6\nt", type: "u0"),
            array(shape: "(I6\nt", type: "u-1"), array(shape: "(I6\nt", type: "u2"), array(shape: "N"),
            array(shape: "(\(String(repeating: "I1\n", count: 40))t"), try file("objects"),
        ] { #expect(throws: PyTorchError.self) { try read(bytes) } }
        #expect(throws: PyTorchError.self) { try read(Array("].".utf8)) }
    }
}
