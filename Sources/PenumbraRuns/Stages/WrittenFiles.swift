import Foundation

/// The files that a run has written, with their sizes. A folder counts as one entry, with the sum of its files.
package struct WrittenFiles {
    package struct File: Encodable, Equatable {
        var path: String
        var bytes: Int
        /// The number of files in it, if it is a folder.
        var files: Int?
    }

    package let files: [File]
    private let root: String

    /// Throws what reading the files' attributes throws.
    package init(_ urls: [URL], in run: RunFolder) throws {
        root = run.url.path
        files = try urls.map { url in
            let values = try url.resourceValues(forKeys: [.isDirectoryKey, .fileSizeKey])
            guard values.isDirectory == true else {
                return File(path: run.name(of: url), bytes: values.fileSize ?? 0, files: nil)
            }
            var (count, bytes) = (0, 0)
            let content = FileManager.default.enumerator(at: url, includingPropertiesForKeys: [.fileSizeKey])
            while let item = content?.nextObject() as? URL {
                let values = try item.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
                if values.isRegularFile == true {
                    count += 1
                    bytes += values.fileSize ?? 0
                }
            }
            return File(path: run.name(of: url), bytes: bytes, files: count)
        }
    }

    /// The list for people.
    package var lines: [String] {
        let rows = files.map { file in
            [file.path + (file.files.map { " (\($0) files)" } ?? ""), Decimals.bytes(file.bytes)]
        }
        return ["In \(root):"] + Decimals.table(rows)
    }
}
