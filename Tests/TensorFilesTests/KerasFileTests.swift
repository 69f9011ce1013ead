import Foundation
import Testing
import TestSupport

@testable import TensorFiles

/// Models written by Keras (`Tools/reference/keras_fixtures.py`).
@Suite struct KerasFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ name: String) throws -> TensorFile {
        let bytes = try #require(KerasReferenceFiles.bytes(name), "no file named '\(name)'")
        return try TensorFile(folder.file("model", holding: bytes))
    }

    private func arrays(_ file: TensorFile) throws -> [String: NumericArray] {
        Dictionary(
            uniqueKeysWithValues: zip(file.tensors.map(\.name), try file.values(at: Array(file.tensors.indices))))
    }

    /// Values as in the script's `numbered`: weight k has the elements k + i / 8.
    private func numbered(_ weights: [(String, [Int])], from start: Int = 0) -> [String: NumericArray] {
        Dictionary(
            uniqueKeysWithValues: weights.enumerated().map { index, weight in
                let values = (0..<weight.1.reduce(1, *)).map { Float(index + start) + Float($0) / 8 }
                return (weight.0, NumericArray(shape: weight.1, values: values))
            })
    }

    private func tiny(prefix: String = "", suffix: String = "") -> [(String, [Int])] {
        [
            ("conv1_conv/kernel", [2, 2, 1, 2]), ("conv1_conv/bias", [2]), ("bn/gamma", [2]), ("bn/beta", [2]),
            ("bn/moving_mean", [2]), ("bn/moving_variance", [2]), ("predictions/kernel", [2, 3]),
            ("predictions/bias", [3]),
        ].map { (prefix + $0.0 + suffix, $0.1) }
    }

    // MARK: - Arrangements

    @Test(arguments: [
        "legacy weights", "whole model", "attributes in parts", "weights", "archive", "ordered", "newer superblock",
    ])
    func everyArrangementGivesLayersAndWeights(name: String) throws {
        let file = try open(name)
        #expect(file.format == (name == "archive" ? .kerasArchive : .kerasHDF5))
        #expect(Set(file.tensors.map(\.name)) == Set(tiny().map(\.0)))
        #expect(file.tensors.allSatisfy { $0.type == "float32" })
        #expect(try arrays(file) == numbered(tiny()))
        // A second read must start with fresh bookkeeping.
        #expect(try arrays(file) == numbered(tiny()))
    }

    @Test func whatIsNoWeightStandsBeside() throws {
        let model = try open("whole model")
        #expect(model.keys == ["model_weights"] && model.others == ["optimizer_weights"])
        #expect(model.metadata["backend"] == "torch" && model.metadata["keras_version"] != nil)
        let archive = try open("archive")
        #expect(archive.keys == [] && archive.others == ["optimizer"])
        #expect(archive.metadata["keras_version"] != nil && archive.metadata["date_saved"] != nil)
        let vocabulary = try open("vocabulary")
        #expect(vocabulary.others == ["layers/lookup/0"])
        #expect(vocabulary.tensors.map(\.name) == ["d/kernel", "d/bias"])
        // In layer order.
        #expect(model.tensors.map(\.name) == tiny().map(\.0))
    }

    /// The name of a model nested as a layer is a prefix of its layers' names.
    @Test(arguments: ["legacy nested", "nested weights", "nested archive"])
    func modelsWithinModels(name: String) throws {
        let inner = numbered(tiny(prefix: "base/"))
        let outer = numbered([("top/kernel", [3, 2]), ("top/bias", [2])], from: 8)
        #expect(try arrays(open(name)) == inner.merging(outer) { $1 })
    }

    @Test func keras2WritesSlashesAndNumbers() throws {
        let file = try open("Keras 2")
        #expect(file.metadata == ["keras_version": "2.0.9", "backend": "tensorflow"])
        #expect(
            try arrays(file)
                == numbered([
                    ("conv1/conv/kernel:0", [2, 2, 1, 2]), ("conv1/bn/gamma:0", [2]), ("conv1/bn/beta:0", [2]),
                    ("conv1/bn/moving_mean:0", [2]), ("conv1/bn/moving_variance:0", [2]), ("fc1000/kernel:0", [2, 3]),
                    ("fc1000/bias:0", [3]),
                ]))
    }

    /// Before about 3.7, Keras 3 numbered the layers of a class and did not store their names.
    @Test func layersWithoutNamesAreCalledAsTheirGroups() throws {
        let names = try open("unnamed weights").tensors.map(\.name)
        #expect(
            Set(names)
                == Set(
                    tiny().map {
                        "layers/"
                            + $0.0.replacing("conv1_conv", with: "conv2d").replacing(
                                "bn/", with: "batch_normalization/"
                            )
                            .replacing("predictions", with: "dense")
                    }))
    }

    // MARK: - Elements

    @Test func everyTypeBecomesFloat() throws {
        let file = try open("types")
        let arrays = try arrays(file)
        for bits in [8, 16, 32, 64] {
            #expect(arrays["x/int\(bits)"]?.values == [1, 0, -3])
            #expect(arrays["x/uint\(bits)"]?.values == [1, 0, 3])
        }
        let third = Float(1) / 3
        #expect(arrays["x/float16"]?.values == [1, -0.5, Float(Float16(third))])
        #expect(arrays["x/float32"]?.values == [1, -0.5, third])
        #expect(arrays["x/float64"]?.values == [1, -0.5, third])
        #expect(arrays["x/big"]?.values == [1, -0.5, third])
        #expect(arrays["x/bigint"]?.values == [1, 0, -3])
        #expect(arrays["x/bool"]?.values == [1, 0, 1])
        #expect(arrays["x/scalar"] == NumericArray(shape: [], values: [7]))
        #expect(arrays["x/empty"] == NumericArray(shape: [0, 3], values: []))
        #expect(file.others == ["x/complex", "x/text"])
        let small = try open("bfloat16")
        #expect(small.tensors.map(\.type) == ["bfloat16", "bfloat16"])
        #expect(try small.values(at: [0, 1]).map(\.values) == [[1, -0.5, 0.25, 3], [2, 4]])
    }

    @Test func chunksAndFilters() throws {
        let expected = NumericArray(shape: [5, 7], values: (0..<35).map { Float($0) / 4 })
        let arrays = try arrays(open("filters"))
        #expect(Set(arrays.keys) == ["x/plain", "x/gzip", "x/shuffle", "x/fletcher", "x/all"])
        for (name, array) in arrays { #expect(array == expected, "\(name)") }
    }
}
