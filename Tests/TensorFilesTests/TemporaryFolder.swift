import Foundation

/// A folder that is removed when the test drops it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("penumbra-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// Writes a file, anew where there is one of that name: some file systems (ext4) take a file that is cut and written
    /// again to the disk as soon as it is closed, which takes fifty times as long.
    func file(_ name: String, holding bytes: [UInt8]) throws -> URL {
        unlink(file(name).path)
        try Data(bytes).write(to: file(name))
        return file(name)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }
}
