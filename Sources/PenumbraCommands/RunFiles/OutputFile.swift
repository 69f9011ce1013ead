import Foundation
import TensorFiles

/// What can be said of an output before hours of work go into it.
enum OutputFile {
    /// Throws the `FileWriteError` that writing `url` would end with, as far as it shows beforehand: a folder that is
    /// missing or may not be written, or a folder or a device at the path itself.
    static func check(_ url: URL) throws {
        let folder = url.deletingLastPathComponent()
        if access(folder.path, W_OK | X_OK) != 0 {
            throw FileWriteError(path: url.path, doing: "looking at the folder", errno: errno)
        }
        var status = stat()
        if stat(url.path, &status) != 0 { return }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw FileWriteError.isAFolder(path: url.path)
        default: throw FileWriteError.notARegularFile(path: url.path)
        }
    }
}
