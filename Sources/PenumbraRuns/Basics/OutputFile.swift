import Foundation
import TensorFiles

/// Checks of an output before hours of work are spent on it.
package enum OutputFile {
    /// Throws the `FileWriteError` that writing `url` would end with, as far as it can be foreseen: a folder without write
    /// permission, or a folder, a device or a link to nothing at the path itself. If the folder is missing (`makeFolders` makes
    /// it when the work is done), the nearest existing parent is checked.
    package static func check(_ url: URL) throws {
        var folder = url.standardizedFileURL.deletingLastPathComponent()
        var status = stat()
        while stat(folder.path, &status) != 0 && errno == ENOENT && folder.path != "/" {
            if let error = FileWriteError.danglingLink(at: folder.path) { throw error }
            folder.deleteLastPathComponent()
        }
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

    /// Creates the missing folders of these files. Throws `FileWriteError`.
    package static func makeFolders(of outputs: [URL]) throws {
        for output in outputs { try OutputFolder.create(output.deletingLastPathComponent()) }
    }

    /// Throws `InputError.inputIsOutput` if a command would write a file that it reads, under whatever name: symbolic links are
    /// followed, and hard links are recognised by device and inode. Throws `InputError.usedTwice` if two outputs are the same
    /// file.
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

    /// What identifies a file, whatever its name.
    private enum Place: Hashable {
        case path(String)
        case inode(device: UInt, number: UInt)

        /// The path with links resolved and, if the file exists, its inode.
        static func all(of url: URL) -> Set<Place> {
            var places: Set = [Place.path(url.standardizedFileURL.resolvingSymlinksInPath().path)]
            var status = stat()
            if stat(url.path, &status) == 0 {
                places.insert(.inode(device: UInt(status.st_dev), number: UInt(status.st_ino)))
            }
            return places
        }
    }
}
