// The entry points that libFuzzer calls; compiled by Tools/fuzz/run.sh as one module with Sources/TensorFiles.

import Foundation

/// The readers of untrusted bytes.
enum Reader: String, CaseIterable {
    case pytorch, pickle, arrays, safetensors, npy, npz, csv, hdf5, keras, png, jpeg, webp, labels

    /// Reads a file to its end. Throws as the reader does.
    func read(_ url: URL) throws {
        switch self {
        case .pytorch, .pickle:
            let file = try PyTorchFile(url)
            _ = try file.values(of: file.tensors)
        case .hdf5, .keras:
            let file = try KerasFile(url, isArchive: self == .keras)
            _ = try file.values(of: file.tensors)
        case .png: _ = try PNGCodec.decode(Array(Data(contentsOf: url)))
        case .jpeg: _ = try JPEGCodec.decode(Array(Data(contentsOf: url)))
        case .webp: _ = try WebPCodec.decode(Array(Data(contentsOf: url)))
        case .arrays: _ = try PickledArrays.read(url)
        case .labels: _ = try PickledArrays.labels(in: url, named: ["clean_label", "random_label1"])
        case .safetensors: _ = try SafetensorsFile.read(url)
        case .npy: _ = try NPYFile.read(url)
        case .npz:
            let file = try NPZFile(url)
            for member in file.members {
                if member.isNumeric { _ = try file.numbers(of: member) }
                if member.isText { _ = try file.texts(of: member) }
            }
        case .csv: _ = try CSVTable.read(url)
        }
    }

    /// Valid files, and some that lie.
    var seeds: [[UInt8]] {
        func bytes(_ texts: some Sequence<String>) -> [[UInt8]] {
            texts.compactMap { Data(base64Encoded: $0).map { Array($0) } }
        }
        let keras = KerasReferenceFiles.files.keys.sorted().compactMap { KerasReferenceFiles.bytes($0) }
        let torch = bytes(PyTorchReferenceFiles.files.values)
        return switch self {
        case .pytorch: torch.filter { $0.starts(with: Array("PK".utf8)) }
        case .pickle: torch.filter { !$0.starts(with: Array("PK".utf8)) }
        case .arrays: bytes(PickledReferenceFiles.files.values)
        case .labels: labelFiles()
        case .safetensors: bytes([ReferenceFiles.safetensors, ReferenceFiles.smallSafetensors])
        case .npy: bytes(ReferenceFiles.npy.map(\.base64))
        case .npz: bytes(NPZReferenceFiles.archives.values)
        case .hdf5: keras.filter { $0.starts(with: HDF5File.signature) && $0.count < 32_768 }
        case .keras: keras.filter { $0.starts(with: Array("PK".utf8)) && $0.count < 32_768 }
        case .png: fixtures("png")
        case .jpeg: fixtures("jpeg")
        case .webp: fixtures("webp")
        case .csv:
            ["id,x\na,1\n", "a;b\r\n\"x;\"\"y\"\"\n\",2e-3\r\n", "\u{FEFF}id\tf0\nä\t-inf\n"].map { Array($0.utf8) }
        }
    }
}

/// The files of a decoder's tests.
private func fixtures(_ name: String) -> [[UInt8]] {
    struct Fixture: Decodable { let file: Data }
    let url = URL(fileURLWithPath: "Tests/RasterImagesTests/Fixtures/\(name).json")
    let fixtures = try! JSONDecoder().decode([String: Fixture].self, from: Data(contentsOf: url))
    return fixtures.values.map { Array($0.file) }
}

/// Files in the form of CIFAR-10N's.
private func labelFiles() -> [[UInt8]] {
    let url = URL(fileURLWithPath: "Tests/ImageDatasetsTests/Fixtures/cifar10n.json")
    return try! JSONDecoder().decode([String: Data].self, from: Data(contentsOf: url)).values.map { Array($0) }
}

private let reader = Reader(rawValue: ProcessInfo.processInfo.environment["PENUMBRA_FUZZ_READER"] ?? "")!
/// In memory, since every input is written.
private let target = URL(fileURLWithPath: "/dev/shm/penumbra-fuzz-\(getpid())")

/// Writes the seeds into the corpus, which is the last argument. Ends the process where the reader takes none of them: it
/// would never be seen beyond its first checks.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    if let folder = ProcessInfo.processInfo.environment["PENUMBRA_FUZZ_SEEDS"] {
        for (index, seed) in reader.seeds.enumerated() {
            try! Data(seed).write(to: URL(fileURLWithPath: folder).appendingPathComponent("seed-\(index)"))
        }
        let isAnyTaken = reader.seeds.contains { seed in
            try! Data(seed).write(to: target)
            return (try? reader.read(target)) != nil
        }
        if !isAnyTaken {
            FileHandle.standardError.write(Data("\(reader.rawValue): none of the seeds is accepted\n".utf8))
            exit(1)
        }
    }
    atexit { unlink(target.path) }
    return 0
}

/// Whatever the bytes are, a reader gives values or throws.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let descriptor = open(target.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0 && write(descriptor, bytes, count) == count, "cannot write \(target.path)")
    close(descriptor)
    try? reader.read(target)
    return 0
}
