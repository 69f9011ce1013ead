import Foundation
import Testing
import TestSupport

@testable import TensorFiles

/// Checkpoints written by PyTorch (`Tools/reference/pytorch_fixtures.py`).
@Suite struct PyTorchFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static func bytes(_ name: String) throws -> [UInt8] {
        let text = try #require(PyTorchReferenceFiles.files[name], "no file named '\(name)'")
        return Array(try #require(Data(base64Encoded: text)))
    }

    private func open(_ name: String) throws -> PyTorchFile {
        try PyTorchFile(folder.file("a.pth", holding: Self.bytes(name)))
    }

    private func arrays(_ file: PyTorchFile) throws -> [String: NumericArray] {
        Dictionary(uniqueKeysWithValues: zip(file.tensors.map(\.name), try file.values(of: file.tensors)))
    }

    /// Values as in the script's `tiny`: tensor k has the elements k + i / 8, truncated in the integer counter.
    static let tiny: [(name: String, array: NumericArray)] = [
        ("conv.weight", [2, 1, 2, 2]), ("conv.bias", [2]), ("norm.weight", [2]), ("norm.bias", [2]),
        ("norm.running_mean", [2]), ("norm.running_var", [2]), ("norm.num_batches_tracked", []),
    ].enumerated().map { (index: Int, tensor: (String, [Int])) in
        let count = tensor.1.reduce(1, *)
        return (
            tensor.0,
            NumericArray(shape: tensor.1, values: (0..<count).map { Float(index) + Float($0) / 8 })
        )
    }

    @Test(arguments: [
        ("zip", []), ("legacy", []), ("zip, protocol 1", []), ("zip, protocol 3", []), ("zip, protocol 4", []),
        ("zip, protocol 5", []), ("legacy, protocol 4", []), ("big endian", []), ("data parallel", []),
        ("nested", ["model", "state_dict"]), ("training", ["model"]), ("training, legacy", ["model"]),
    ])
    func everyFormatGivesTheStateDict(name: String, keys: [String]) throws {
        let file = try open(name)
        #expect(file.keys == keys)
        #expect(file.isArchive == !name.contains("legacy"))
        #expect(file.tensors.map(\.name) == Self.tiny.map(\.name))
        #expect(file.tensors.map(\.type) == Array(repeating: "float32", count: 6) + ["int64"])
        #expect(try file.values(of: file.tensors) == Self.tiny.map(\.array))
        // Any subset in any order.
        #expect(try file.values(of: [file.tensors[3], file.tensors[0]]) == [Self.tiny[3].array, Self.tiny[0].array])
    }

    @Test func whatIsNoWeightStandsBeside() throws {
        #expect(
            try open("training").others == [
                "epoch", "best", "history", "optimizer", "scheduler", "device", "size", "note", "set",
            ])
        let averaged = try open("averaged")
        #expect(averaged.keys == ["state_dict_ema"] && averaged.others == ["epoch", "last_loss"])
        let parameters = try open("parameters")
        #expect(try parameters.values(of: parameters.tensors) == [Self.tiny[0].array, Self.tiny[1].array])
    }

    /// With several state dicts, such as weights and their averages, the keys of each become part of its names.
    @Test func severalStateDicts() throws {
        typealias Pickle = PyTorchHostileTests.Pickle
        let one = Pickle.tensor(stored: 4, shape: [4], strides: [1])
        let weights = Pickle.inner([("module.x", one), ("lr", Pickle.integer(1))])
        func read(_ items: [(String, [UInt8])]) throws -> PyTorchFile {
            try PyTorchFile(folder.file("a.pth", holding: Pickle.stream(Pickle.dict(items))))
        }
        var file = try read([
            ("epoch", Pickle.integer(3)), ("state_dict_ema", weights), ("state_dict", weights),
            ("optimizer", Pickle.inner([("y", one)])),
        ])
        #expect(file.tensors.map(\.name) == ["state_dict.x", "state_dict_ema.x"])
        #expect(file.keys == [] && file.prefixes == ["state_dict.", "state_dict_ema."])
        #expect(file.others == ["epoch", "optimizer", "state_dict.lr", "state_dict_ema.lr"])
        file = try read([("model", Pickle.inner([("net", weights), ("ema", weights)])), ("x", one)])
        #expect(file.tensors.map(\.name) == ["net.x", "ema.x"])
        #expect(file.keys == ["model"] && file.prefixes == ["net.", "ema."])
        // The same dict under two keys.
        file = try read([("model", weights + Array("q\u{0}".utf8)), ("ema", Array("h\u{0}".utf8))])
        #expect(file.tensors.map(\.name) == ["x"])
        #expect(file.keys == ["model"] && file.prefixes == [] && file.others == ["ema", "lr"])
        let twice = Pickle.inner([("x", one), ("module.x", one)])
        #expect(throws: PyTorchError.duplicateName(path: file.path, name: "ema.x")) {
            try read([("model", weights), ("ema", twice)])
        }
    }

    /// Of several damaged storages, the first of those that are read is named.
    @Test func theFirstDamageIsNamed() throws {
        var bytes = try Self.bytes("zip")
        let tensors = try open("zip").tensors
        for place in 3..<6 {
            // The elements of tensor k are k and k + 1 / 8.
            let content = [Float(place), Float(place) + 0.125].flatMap { value in
                withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
            }
            let range = try #require(bytes.firstRange(of: content))
            bytes[range.lowerBound] ^= 1
        }
        let file = try PyTorchFile(folder.file("a.pth", holding: bytes))
        #expect(file.tensors == tensors)
        for wanted in [[3, 4, 5, 0], [5, 3, 4], [0, 4, 3, 5]] {
            let first = try #require(wanted.first { $0 != 0 })
            let problem = errorProblem {
                try file.values(of: wanted.map { tensors[$0] })
            } where: { error in
                guard case ZIPError.damaged(_, let entry, _, _, _) = error else { return false }
                return entry.hasSuffix("/data/\(first)")
            }
            #expect(problem == nil)
        }
    }

    /// Options, paths and NumPy scalars are skipped without being constructed.
    @Test(arguments: ["namespace", "namespace, legacy", "namespace, protocol 4"])
    func plainDataBesideTheStateDict(name: String) throws {
        let file = try open(name)
        #expect(file.keys == ["state_dict"])
        #expect(file.others == ["args", "best", "classes", "day", "counts", "path", "type"])
        #expect(try file.values(of: file.tensors) == Self.tiny.map(\.array))
    }

    @Test(arguments: ["types", "types, legacy"]) func everyTypeBecomesFloat(name: String) throws {
        let file = try open(name)
        let arrays = try arrays(file)
        #expect(file.tensors.allSatisfy { $0.name == $0.type })
        #expect(Set(arrays.keys) == Set(ElementType.allCases.map(\.rawValue)))
        #expect(arrays["bool"]?.values == [1, 0, 1])
        for bits in [8, 16, 32, 64] {
            #expect(arrays["int\(bits)"]?.values == [1, 0, -3])
            #expect(arrays["uint\(bits)"]?.values == [1, 0, 3])
        }
        let third = Float(1) / 3
        #expect(arrays["float16"]?.values == [1, -0.5, Float(Float16(third))])
        #expect(arrays["bfloat16"]?.values == [1, -0.5, 0.333984375])
        #expect(arrays["float32"]?.values == [1, -0.5, third])
        #expect(arrays["float64"]?.values == [1, -0.5, third])
    }

    /// All 256 values of each 8-bit type, against PyTorch's own conversion.
    @Test func theTypesOfEightBits() throws {
        struct Number: Decodable {
            let value: Float
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                value = try (try? container.decode(Float.self)) ?? Float(container.decode(String.self)) ?? .nan
            }
        }
        let expected = try JSONDecoder().decode(
            [String: [Number]].self, from: Data(PyTorchReferenceFiles.smallFloats.utf8))
        let found = try arrays(open("types"))
        #expect(expected.count == 5)
        for (name, numbers) in expected {
            let values = try #require(found[name]).values
            #expect(values.count == 256)
            for (index, number) in numbers.enumerated() where !(values[index].isNaN && number.value.isNaN) {
                #expect(values[index].bitPattern == number.value.bitPattern, "\(name) \(index)")
            }
        }
    }

    @Test(arguments: ["strided", "strided, legacy"]) func stridesOffsetsAndSharedStorages(name: String) throws {
        let arrays = try arrays(open(name))
        func check(_ name: String, _ shape: [Int], _ values: [Int]) {
            #expect(arrays[name] == NumericArray(shape: shape, values: values.map { Float($0) }), "\(name)")
        }
        check("whole", [24], Array(0..<24))
        check("transposed", [6, 4], (0..<6).flatMap { column in (0..<4).map { $0 * 6 + column } })
        check("columns", [4, 3], (0..<4).flatMap { row in (1..<4).map { row * 6 + $0 } })
        check("every second", [12], (0..<12).map { 2 * $0 })
        check("last", [4], [20, 21, 22, 23])
        check("expanded", [2, 3], [2, 2, 2, 3, 3, 3])
        check("scalar", [], [7])
        check("empty", [0, 3], [])
        check("channels last", [1, 2, 2, 4], Array(0..<16))
    }

    /// Before 1.0, PyTorch stored views into storages.
    @Test func viewsOfStorages() throws {
        let file = try open("views")
        #expect(file.others == ["beyond"])
        let arrays = try arrays(file)
        #expect(arrays["view"] == NumericArray(shape: [2, 2], values: [5, 6, 7, 8]))
        #expect(arrays["all"] == NumericArray(shape: [12], values: (0..<12).map { Float($0) }))
    }

    @Test(arguments: [
        ("malicious", "posix.system"), ("malicious, legacy", "posix.system"), ("malicious, protocol 4", "posix.system"),
        ("complex", "torch.ComplexFloatStorage"),
        ("sparse", "torch._utils._rebuild_sparse_tensor"),
    ])
    func anyOtherNameIsRefusedAndNamed(name: String, refused: String) throws {
        let problem = errorProblem {
            try open(name)
        } where: { error in
            guard case PyTorchError.forbiddenName(_, _, refused) = error else { return false }
            return "\(error)".contains("the pickle names '\(refused)'")
        }
        #expect(problem == nil)
        #expect(!FileManager.default.fileExists(atPath: "penumbra-was-here"))
    }

    /// Objects of Lightning and OmegaConf are skipped, and their classes are reported.
    @Test(arguments: ["foreign classes", "foreign classes, legacy"])
    func classesOfOtherProgramsAreLeftAlone(name: String) throws {
        let file = try open(name)
        #expect(file.tensors.count == Self.tiny.count && file.keys == ["state_dict"])
        #expect(
            Set(file.foreignClasses) == [
                "lightning.fabric.utilities.data.AttributeDict", "omegaconf.dictconfig.DictConfig",
                "project.config.Mode",
            ])
        #expect(Set(file.others).isSuperset(of: ["hyper_parameters", "mode", "callbacks"]))
        #expect(try open("zip").foreignClasses == [])
    }

    @Test func aWholeModuleOfOldIsNamed() throws {
        #expect(
            throws: PyTorchError.wholeObject(
                path: folder.file("a.pth").path, name: "project.models.Network")
        ) { try open("whole module, legacy") }
    }

    @Test(arguments: [
        (
            "whole module",
            ": a pickled object of class torch.nn.modules.linear.Linear, which only its own program can load; there, save the "
                + "tensors alone: torch.save(model.state_dict(), 'weights.pth')"
        ),
        (
            "quantised",
            ", entry 'archive/data.pkl': quantised weights; save the state_dict() of the network before torch.ao.quantization.convert"
        ),
        ("compressed", ", entry 'archive/byteorder': compressed; torch.save stores entries uncompressed"),
        ("no pickle", ": an archive without the entry 'data.pkl'; expected an archive written by torch.save"),
        ("storage missing", ": storage '1' is not in the file"),
        ("storage cut", ": storage '0' has 28 bytes; expected 32"),
        ("byte order", ": found byte order 'middle'; expected 'little' or 'big'"),
        ("script", ": a TorchScript program; save its state_dict() with torch.save"),
        ("a plain pickle", ": a pickle, but not one that torch.save wrote: its magic number is missing"),
    ])
    func whatIsWrongIsNamed(name: String, line: String) throws {
        let url = try folder.file("a.pth", holding: Self.bytes(name))
        let problem = errorProblem {
            try PyTorchFile(url)
        } where: { error in
            error is PyTorchError && "\(error)" == url.path + line
        }
        #expect(problem == nil)
    }

    @Test(arguments: [("numbers alone", "a dict of epoch, loss"), ("a tensor", "a single tensor")])
    func withoutADictOfTensorsThereIsNothing(name: String, found: String) throws {
        #expect(throws: PyTorchError.noTensors(path: folder.file("a.pth").path, found: found)) { try open(name) }
    }
}

/// The first bytes decide the format.
@Suite struct TensorFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func theNameOfTheFileDoesNotCount() throws {
        let zip = try TensorFile(folder.file("a.safetensors", holding: PyTorchFileTests.bytes("zip")))
        #expect(zip.format == .pytorch && zip.tensors.count == 7)
        #expect(zip.tensors[0] == TensorFile.Tensor(name: "conv.weight", shape: [2, 1, 2, 2], type: "float32"))
        #expect(try zip.values(at: [2, 1]) == [PyTorchFileTests.tiny[2].array, PyTorchFileTests.tiny[1].array])
        let stream = try TensorFile(folder.file("b.zip", holding: PyTorchFileTests.bytes("training, legacy")))
        #expect(stream.format == .pytorchStream && stream.keys == ["model"] && stream.others.contains("optimizer"))

        var tensors = SafetensorsFile(metadata: ["format": "pt"])
        tensors.append("x", NumericArray(shape: [2], values: [1, 2]))
        tensors.append("y", NumericArray(shape: [], values: [3]))
        try tensors.write(to: folder.file("c.pth"))
        let plain = try TensorFile(folder.file("c.pth"))
        #expect(plain.format == .safetensors && plain.metadata == ["format": "pt"])
        #expect(plain.tensors.map(\.shape) == [[2], []])
        #expect(try plain.values(at: [1]) == [NumericArray(shape: [], values: [3])])
    }

    @Test func otherFilesAreNamedByTheirFirstBytes() throws {
        let text = try folder.file("a.pth", holding: Array("id,x\n".utf8))
        #expect(try TensorFile.Format(of: text) == nil)
        #expect(throws: TensorFileError.unknownFormat(path: text.path, head: Array("id,x\n".utf8))) {
            try TensorFile(text)
        }
        #expect(
            "\(TensorFileError.unknownFormat(path: "a", head: [1, 255]))"
                == "a: begins with the bytes 01 ff; expected safetensors, PyTorch (zip archive), PyTorch (legacy stream), "
                + "Keras (HDF5), Keras (zip archive)")
        #expect(throws: TensorFileError.unknownFormat(path: folder.file("b").path, head: [])) {
            try TensorFile(folder.file("b", holding: []))
        }
        #expect(
            "\(TensorFileError.unknownFormat(path: "b", head: []))"
                == "b: the file is empty; fetch it again")
        for (name, text, error) in [
            ("lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", TensorFileError.gitLFSPointer),
            ("page", "\n<!DOCTYPE html><html>", TensorFileError.webPage),
            ("html", "<HTML lang=en>", TensorFileError.webPage),
        ] {
            let url = try folder.file(name, holding: Array(text.utf8))
            #expect(throws: error(url.path)) { try TensorFile(url) }
        }
        let zipped = try folder.file("a.gz", holding: [0x1F, 0x8B, 8, 0])
        #expect(throws: TensorFileError.compressed(path: zipped.path, program: "gunzip")) { try TensorFile(zipped) }
        let whole = try PyTorchFileTests.bytes("zip")
        for count in [64, whole.count / 2, whole.count - 30] {
            let cut = try folder.file("cut.pth", holding: Array(whole.prefix(count)))
            #expect(throws: TensorFileError.cutShort(path: cut.path, size: count)) { try TensorFile(cut) }
        }
        let tar = try folder.file("a.tar", holding: PyTorchFileTests.bytes("tar"))
        #expect(throws: PyTorchError.tarFormat(path: tar.path)) { try TensorFile(tar) }
        #expect(throws: FileReadError.missing(path: folder.file("none").path)) { try TensorFile(folder.file("none")) }
    }
}
