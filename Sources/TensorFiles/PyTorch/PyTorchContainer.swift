import Foundation

/// Where the bytes of a checkpoint's storages are: in an archive, or one after another in a stream.
enum PyTorchContainer {
    /// `torch.save` since 1.6: a ZIP archive with one entry per storage.
    case archive(PyTorchArchive)
    /// `torch.save` before 1.6: a stream of pickles, then the storages.
    case stream(PyTorchStream)

    /// Whether numbers are big-endian.
    var isBigEndian: Bool {
        switch self {
        case .archive(let archive): archive.isBigEndian
        // Written little-endian on every machine.
        case .stream: false
        }
    }

    /// The bytes of a storage from its first on. Throws `PyTorchError.missingStorage`, or `wrongStorageSize` unless there are
    /// `size` bytes.
    func open(_ key: String, size: Int) throws -> any ByteStream {
        switch self {
        case .archive(let archive): try archive.open(key, size: size)
        case .stream(let stream): try stream.open(key, size: size)
        }
    }

    /// Throws as `open` does.
    func check(_ key: String, size: Int) throws(PyTorchError) {
        switch self {
        case .archive(let archive): _ = try archive.entry(key, size: size)
        case .stream(let stream): _ = try stream.place(key, size: size)
        }
    }
}
