import Foundation
import Synchronization

/// Folders that receive output.
package enum OutputFolder {
    /// The folders made so far, parents first.
    private final class Made: Sendable {
        let paths = Mutex<[String]>([])
    }

    @TaskLocal private static var made: Made?

    /// Runs `body`. If it throws, the folders that it has created and left empty are removed.
    package static func removingEmptyOnes<Value>(ifFails body: () throws -> Value) throws -> Value {
        let made = Made()
        do {
            return try $made.withValue(made, operation: body)
        } catch {
            for path in made.paths.withLock({ $0 }).reversed() { rmdir(path) }
            throw error
        }
    }

    /// Creates a folder and its missing parents. Throws `FileWriteError`.
    package static func create(_ url: URL) throws {
        let parent = url.deletingLastPathComponent()
        if parent.path != url.path && !FileManager.default.fileExists(atPath: parent.path) { try create(parent) }
        if mkdir(url.path, 0o777) == 0 {
            made?.paths.withLock { $0.append(url.path) }
        } else if errno != EEXIST {
            throw FileWriteError(path: url.path, doing: "creating the folder", errno: errno)
        }
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) || !isFolder.boolValue {
            throw FileWriteError.notAFolder(path: url.path)
        }
    }
}
