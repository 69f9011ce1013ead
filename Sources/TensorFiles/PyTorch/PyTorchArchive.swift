import Foundation

/// The ZIP archive of `torch.save`: `<name>/data.pkl`, `<name>/data/<key>` and, since 2.0, `<name>/byteorder`.
struct PyTorchArchive {
    let isBigEndian: Bool
    private let archive: ZIPArchive
    private let root: String
    private let entries: [String: ZIPArchive.Entry]

    /// Throws `PyTorchError`, or `ZIPError` or `FileReadError` if the archive cannot be read.
    init(_ url: URL) throws {
        archive = try ZIPArchive(url)
        entries = Dictionary(uniqueKeysWithValues: archive.entries.map { ($0.name, $0) })
        let suffix = "data.pkl"
        guard let pickle = archive.entries.first(where: { $0.name == suffix || $0.name.hasSuffix("/" + suffix) }) else {
            throw PyTorchError.missingEntry(path: archive.path, entry: suffix)
        }
        root = String(pickle.name.dropLast(suffix.count))
        if entries[root + "constants.pkl"] != nil { throw PyTorchError.torchScript(path: archive.path) }
        guard let order = entries[root + "byteorder"] else {
            isBigEndian = false
            return
        }
        let stream = try Self.stream(of: order, in: archive)
        let text = String(decoding: try stream.bytes(min(stream.size, 64)), as: UTF8.self)
        guard text == "little" || text == "big" else {
            throw PyTorchError.unknownByteOrder(path: archive.path, found: text.displayed)
        }
        try stream.finish()
        isBigEndian = text == "big"
    }

    /// The bytes of the pickle that describes the tensors. Throws `PyTorchError` or `ZIPError`.
    func pickle() throws -> any ByteStream { try Self.stream(of: entries[root + "data.pkl"]!, in: archive) }

    func open(_ key: String, size: Int) throws -> any ByteStream {
        try Self.stream(of: entry(key, size: size), in: archive)
    }

    func entry(_ key: String, size: Int) throws(PyTorchError) -> ZIPArchive.Entry {
        guard let entry = entries[root + "data/" + key] else {
            throw .missingStorage(path: archive.path, key: key.displayed)
        }
        if entry.size != size {
            throw .wrongStorageSize(path: archive.path, key: key.displayed, found: entry.size, expected: size)
        }
        return entry
    }

    /// Compressed entries are refused, so no more is read than the file holds.
    private static func stream(of entry: ZIPArchive.Entry, in archive: ZIPArchive) throws -> any ByteStream {
        if !entry.isStored { throw PyTorchError.compressedEntry(path: archive.path, entry: entry.name.displayed) }
        return try archive.stream(of: entry)
    }
}
