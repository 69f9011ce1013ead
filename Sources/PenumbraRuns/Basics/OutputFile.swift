import Foundation
import TensorFiles

/// What can be said of an output before hours of work go into it.
package enum OutputFile {
    /// Makes the folder where it is missing, and throws the `FileWriteError` that writing `url` would end with, as far as it
    /// shows beforehand: a folder that may not be written, or a folder, a device or a link to nothing at the path itself.
    package static func check(_ url: URL) throws {
        let folder = url.deletingLastPathComponent()
        var status = stat()
        if stat(folder.path, &status) != 0 && errno == ENOENT { try createFolder(folder) }
        if stat(folder.path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR {
            throw FileWriteError.notAFolder(path: url.path)
        }
        if access(folder.path, W_OK | X_OK) != 0 {
            throw FileWriteError(path: url.path, doing: "looking at the folder", errno: errno)
        }
        if let error = FileWriteError.danglingLink(at: url.path) { throw error }
        if stat(url.path, &status) != 0 { return }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw FileWriteError.isAFolder(path: url.path)
        default: throw FileWriteError.notARegularFile(path: url.path)
        }
    }

    /// Throws `InputError.inputIsOutput` where a file that a command reads is one that it writes, under whatever name:
    /// symbolic links are followed, and hard links are told by device and inode. Throws `InputError.usedTwice` where two
    /// outputs are one file.
    package static func check(_ outputs: [URL], apartFrom inputs: [URL]) throws {
        let inputs = inputs.map { (url: $0, places: Place.all(of: $0)) }
        var written: Set<Place> = []
        for output in outputs {
            let places = Place.all(of: output)
            if let input = inputs.first(where: { !$0.places.isDisjoint(with: places) }) {
                throw InputError.inputIsOutput(input: input.url.path, output: output.path)
            }
            if !written.isDisjoint(with: places) { throw InputError.usedTwice(path: output.path) }
            written.formUnion(places)
        }
    }

    /// What makes two names one file.
    private enum Place: Hashable {
        case path(String)
        case inode(device: UInt, number: UInt)

        /// The path without links and, where the file exists, its inode.
        static func all(of url: URL) -> Set<Place> {
            var places: Set = [Place.path(url.standardizedFileURL.resolvingSymlinksInPath().path)]
            var status = stat()
            if stat(url.path, &status) == 0 {
                places.insert(.inode(device: UInt(status.st_dev), number: UInt(status.st_ino)))
            }
            return places
        }
    }

    /// Makes a folder and those above it where they are missing. Throws `FileWriteError`.
    package static func createFolder(_ url: URL) throws {
        let parent = url.deletingLastPathComponent()
        if parent.path != url.path && !FileManager.default.fileExists(atPath: parent.path) {
            try createFolder(parent)
        }
        if mkdir(url.path, 0o777) != 0 && errno != EEXIST {
            throw FileWriteError(path: url.path, doing: "creating the folder", errno: errno)
        }
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) || !isFolder.boolValue {
            throw FileWriteError.notAFolder(path: url.path)
        }
    }
}
