import Foundation

/// A folder that is removed together with this object.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("penumbra-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { remove() }

    package func remove() { try? FileManager.default.removeItem(at: url) }

    package func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    package func path(_ name: String) -> String { file(name).path }

    /// Writes a file, replacing one of that name. Foundation waits until the bytes are on disk, and some file systems (ext4)
    /// also wait when a file is truncated and rewritten; that takes fifty times as long as the code under test.
    package func file(_ name: String, holding bytes: [UInt8]) throws -> URL {
        let url = file(name)
        unlink(url.path)
        guard let stream = fopen(url.path, "w") else { throw CocoaError(.fileWriteUnknown) }
        let count = fwrite(bytes, 1, bytes.count, stream)
        if fclose(stream) != 0 || count != bytes.count { throw CocoaError(.fileWriteUnknown) }
        return url
    }

    /// Writes a text file and its parent folders, and returns its path.
    package func file(_ name: String, _ text: String) throws -> String {
        try write(text, to: name)
        return path(name)
    }

    /// Writes a file and its parent folders.
    package func write(_ data: Data, to name: String) throws {
        let file = file(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    package func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

    package func text(_ name: String) throws -> String { try String(contentsOf: file(name), encoding: .utf8) }

    /// The folder's direct entries, sorted.
    package var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }

    /// The contents of all files, by path relative to this folder.
    package func contents() throws -> [String: Data] { try Self.contents(of: url) }

    /// The contents of all files, by path relative to `folder`.
    package static func contents(of folder: URL) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let file = folder.appendingPathComponent(path)
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder)
            if !isFolder.boolValue { contents[path] = try Data(contentsOf: file) }
        }
        return contents
    }
}
