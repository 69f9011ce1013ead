import Foundation
import Testing
import TestSupport

@testable import TensorFiles

/// Arrays from files that are not checkpoints, and their values in double precision.
@Suite struct ArrayFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func torch(_ name: String) throws -> URL {
        try folder.file("x.pt", holding: PyTorchFileTests.bytes(name))
    }

    private func hdf5(_ name: String) throws -> URL {
        let bytes = try #require(KerasReferenceFiles.bytes(name))
        return try folder.file("x.h5", holding: bytes)
    }

    @Test func aTensorAloneIsAnArray() throws {
        let url = try torch("a tensor")
        let file = try ArrayFile(url)
        #expect(file.arrays.map(\.name) == ["tensor"] && file.path == url.path)
        #expect(try file.numbers(at: 0).shape == file.arrays[0].shape)
        // A checkpoint must still be a dict.
        #expect(throws: PyTorchError.noTensors(path: url.path, found: "a single tensor")) { try TensorFile(url) }
    }

    /// A dict's own arrays count, not the weights that were stored beside them.
    @Test func aDictsOwnArraysTakePrecedence() throws {
        typealias Pickle = PyTorchHostileTests.Pickle
        let matrix = Pickle.tensor(stored: 4, shape: [2, 2], strides: [2, 1])
        let model = ("model", Pickle.inner([("fc.weight", matrix)]))
        func file(_ items: [(String, [UInt8])]) throws -> URL {
            try folder.file("x.pt", holding: Pickle.stream(Pickle.dict(items)))
        }
        #expect(try ArrayFile(file([model, ("features", matrix)])).arrays.map(\.name) == ["features"])
        #expect(try TensorFile(folder.file("x.pt")).tensors.map(\.name) == ["fc.weight"])
        // A single number, such as a loss, is no array.
        let loss = Pickle.tensor(stored: 4, shape: [], strides: [])
        #expect(try ArrayFile(file([("loss", loss), model])).arrays.map(\.name) == ["fc.weight"])
    }

    @Test(arguments: ["legacy weights", "weights", "filters", "newer superblock", "types"])
    func dataSetsHaveTheNamesOfTheirGroups(name: String) throws {
        let url = try hdf5(name)
        let weights = try TensorFile(url), file = try ArrayFile(url)
        func numbers(_ arrays: [NumericArray]) -> [[Float]] {
            arrays.map(\.values).sorted { $0.lexicographicallyPrecedes($1) }
        }
        let found = try file.arrays.indices.filter { file.arrays[$0].type != nil }.map { try file.numbers(at: $0) }
        let expected = numbers(try weights.values(at: Array(weights.tensors.indices)))
        // The Keras reader skips what training stores beside the weights.
        #expect(expected.allSatisfy(numbers(found).contains))
        #expect(file.arrays.allSatisfy { $0.name.contains("/") || name == "filters" })
        #expect(Set(file.arrays.map(\.name)).count == file.arrays.count)
    }

    @Test func whatIsNoNumbersIsListed() throws {
        let file = try ArrayFile(hdf5("types"))
        let others = file.arrays.filter { $0.type == nil }
        #expect(!others.isEmpty && others.allSatisfy { $0.description.hasSuffix(" no numbers") })
    }

    @Test func doublesKeepTheirDigits() throws {
        let third = 1 / 3.0
        let sets = try HDF5DataSets(hdf5("types"))
        for name in ["float64"] {
            let place = try #require(sets.arrays.firstIndex { $0.name.hasSuffix("/" + name) })
            let (stream, bigEndian) = try sets.bytes(at: place)
            let type = try #require(sets.arrays[place].type.flatMap(ElementType.init(rawValue:)))
            #expect(
                try type.readColumns([0], rows: 3, columns: 1, from: stream, bigEndian: bigEndian) == [
                    [1, -0.5, third]
                ])
        }
        let tensors = try PyTorchFile(torch("types"), takesArrays: true)
        let place = try #require(tensors.arrays.firstIndex { $0.name == "float64" })
        let (stream, bigEndian) = try tensors.bytes(at: place)
        #expect(
            try ElementType.float64.readColumns([0], rows: 3, columns: 1, from: stream, bigEndian: bigEndian)
                == [[1, -0.5, Double(Float(1) / 3)]])
    }

    @Test func columnsOfSafetensors() throws {
        let numbers = [1.7e9, 2, 1.7e9 + 0.5, 3, 1.7e9 + 1, 4]
        let header =
            #"{"x":{"dtype":"F64","shape":[3,2,1],"data_offsets":[0,48]},"y":{"dtype":"F32","shape":[1,1],"data_offsets":[48,52]}}"#
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8)
        for number in numbers { bytes += (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } }
        bytes += [0, 0, 128, 63]
        let file = try ArrayFile(folder.file("x.safetensors", holding: bytes))
        #expect(file.arrays.map(\.description) == ["x (3, 2, 1) float64", "y (1, 1) float32"])
        #expect(try file.numbers(at: 1).values == [1])
        #expect(try file.columns([1, 0], at: 0) == [[2, 3, 4], [1.7e9, 1.7e9 + 0.5, 1.7e9 + 1]])
        #expect(try file.columns([0], at: 1) == nil)
    }

    @Test func aFileOfNoKnownFormatIsAnError() throws {
        let url = try folder.file("x.pt", holding: Array("no arrays here".utf8))
        #expect(throws: TensorFileError.self) { try ArrayFile(url) }
    }
}
