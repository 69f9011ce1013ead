import Foundation

/// Folders that receive output.
package enum OutputFolder {
    /// Creates a folder and its missing parents. Throws `FileWriteError`.
    package static func create(_ url: URL) throws {
        let parent = url.deletingLastPathComponent()
        if parent.path != url.path && !FileManager.default.fileExists(atPath: parent.path) { try create(parent) }
        if mkdir(url.path, 0o777) != 0 && errno != EEXIST {
            throw FileWriteError(path: url.path, doing: "creating the folder", errno: errno)
        }
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) || !isFolder.boolValue {
            throw FileWriteError.notAFolder(path: url.path)
        }
    }
}
