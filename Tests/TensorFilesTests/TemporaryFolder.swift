import Foundation
import Testing

/// A folder that is removed when the test drops it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("penumbra-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// Writes a file, anew where there is one of that name. Foundation would wait until the bytes are on the disk, and some
    /// file systems (ext4) wait where a file is cut and written again: fifty times as long as what is tested.
    func file(_ name: String, holding bytes: [UInt8]) throws -> URL {
        let url = file(name)
        unlink(url.path)
        let stream = try #require(fopen(url.path, "w"))
        #expect(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
        #expect(fclose(stream) == 0)
        return url
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }
}
