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
        #expect(!others.isEmpty && others.allSatisfy { $0.description.hasSuffix($0.isText ? " texts" : " no numbers") })
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

    /// A file of `Tools/reference/array_fixtures.py`.
    private func reference(_ name: String, as file: String) throws -> URL {
        let text = try #require(ArrayReferenceFiles.files[name])
        let packed = Array(try #require(Data(base64Encoded: text)))
        return try folder.file(file, holding: #require(Inflate.inflated(packed, limit: 1 << 20).bytes))
    }

    /// Texts of any and of fixed length, and whole numbers, as h5py writes them; numbers with fractions are none.
    @Test func textsOfHDF5() throws {
        let file = try ArrayFile(reference("hdf5", as: "x.h5"))
        func texts(_ name: String) throws -> [String]? {
            try file.texts(at: #require(file.arrays.firstIndex { $0.name == name }))
        }
        #expect(try texts("ids") == ["a.png", "bé.png", ""])
        #expect(try texts("train/names") == ["s0", "s1", "s22"])
        #expect(try texts("train/index") == ["4", "-2", "9"])
        #expect(try texts("halves") == nil && texts("x") == nil)
        // An array may be read again.
        #expect(try texts("ids") == ["a.png", "bé.png", ""])
        #expect(file.arrays.filter(\.isText).map(\.description) == ["ids (3,) texts", "train/names (3,) texts"])
    }

    @Test func listsBesideTensors() throws {
        let file = try ArrayFile(reference("torch", as: "x.pt"))
        #expect(
            file.arrays.map(\.description) == [
                "x (3, 2) float32", "index (3,) int64", "ids (3,) texts", "places (3,) texts", "mixed () no numbers",
                "names () no numbers",
            ])
        #expect(
            try file.arrays.indices.map { try file.texts(at: $0) } == [
                nil, ["4", "-2", "9"], ["a.png", "bé.png", ""], ["4", "-2", "9"], nil, nil,
            ])
        // A checkpoint has tensors only.
        #expect(try TensorFile(folder.file("x.pt")).tensors.map(\.name) == ["x", "index"])
    }

    /// PyTorch saves the imaginary part of a conjugate as its negative, with a bit that says so.
    @Test func storedNegativesAreAnError() throws {
        let url = try reference("torch, negative", as: "x.pt")
        let error = PyTorchError.pendingBit(path: url.path, name: "x", bit: "neg")
        #expect(throws: error) { try ArrayFile(url) }
        #expect(throws: error) { try TensorFile(url) }
        #expect(error.description.hasSuffix("expected the elements themselves: save x.resolve_neg()"))
    }

    @Test func dimensionsOfOneAreDropped() {
        #expect(NumericArray.withoutOnes([5, 1, 3]) == [5, 3])
        #expect(NumericArray.withoutOnes([5, 3, 1, 1]) == [5, 3])
        #expect(NumericArray.withoutOnes([1, 5, 3]) == [1, 5, 3])
        #expect(NumericArray.withoutOnes([5, 1, 1]) == [5, 1])
        #expect(NumericArray.withoutOnes([5]) == [5] && NumericArray.withoutOnes([]) == [])
    }

    @Test func aFileOfNoKnownFormatIsAnError() throws {
        let url = try folder.file("x.pt", holding: Array("no arrays here".utf8))
        #expect(throws: TensorFileError.self) { try ArrayFile(url) }
    }
}
