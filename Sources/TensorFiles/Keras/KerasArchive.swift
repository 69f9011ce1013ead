import Foundation

/// What `model.save("x.keras")` writes: a ZIP archive of `metadata.json`, `config.json` and `model.weights.h5`, none of
/// them compressed.
///
/// The configuration is not needed: the weight file names the layers, or numbers them as the model does.
struct KerasArchive {
    private let archive: ZIPArchive
    private let entries: [String: ZIPArchive.Entry]

    /// The entries that a Keras archive may begin with.
    static let names = ["metadata.json", "config.json", "model.weights.h5"]

    /// Throws `ZIPError` or `FileReadError`.
    init(_ url: URL) throws {
        archive = try ZIPArchive(url)
        entries = Dictionary(uniqueKeysWithValues: archive.entries.map { ($0.name, $0) })
    }

    /// The HDF5 file within, read whole and checked against its checksum. Throws `KerasError` or `ZIPError`.
    func weights() throws -> MemoryBytes {
        let (bytes, path) = try content(of: "model.weights.h5", limit: .max)
        return MemoryBytes(bytes, path: path)
    }

    /// Texts of `metadata.json` by key. Throws `KerasError` or `ZIPError`.
    func metadata() throws -> [String: String] {
        let name = "metadata.json"
        if entries[name] == nil { return [:] }
        let bytes = try content(of: name, limit: 1 << 20).bytes
        guard ForeignJSON.invalidByte(in: bytes) == nil,
            let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        else {
            throw KerasError.badEntry(path: archive.path, entry: name)
        }
        return object.compactMapValues { $0 as? String }
    }

    /// Compressed entries are refused, so no more is read than the file holds.
    private func content(of name: String, limit: Int) throws -> (bytes: [UInt8], path: String) {
        guard let entry = entries[name] else { throw KerasError.missingEntry(path: archive.path, entry: name) }
        if !entry.isStored { throw KerasError.compressedEntry(path: archive.path, entry: name) }
        if entry.size > limit { throw KerasError.badEntry(path: archive.path, entry: name) }
        let stream = try archive.stream(of: entry)
        let bytes = try stream.bytes(entry.size)
        try stream.finish()
        return (bytes, stream.path)
    }
}
