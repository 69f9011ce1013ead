import Foundation

/// What lies in folders, in an order that does not depend on the file system.
enum FolderContents {
    static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    static func isFile(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// What a folder holds but for hidden names, sorted; nothing where it is no folder.
    static func names(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted { $0.precedesByScalars($1) }
    }

    /// The images in `folder` and the folders in it, as paths relative to it, sorted; hidden names are left out and links
    /// to folders not followed.
    static func images(in folder: URL) -> [String] {
        // A folder that is itself a link would be taken for a file.
        let items = FileManager.default.enumerator(atPath: folder.resolvingSymlinksInPath().path)
        var paths: [String] = []
        while let path = items?.nextObject() as? String {
            let name = (path as NSString).lastPathComponent
            if name.hasPrefix(".") {
                if items?.fileAttributes?[.type] as? FileAttributeType == .typeDirectory { items?.skipDescendants() }
                continue
            }
            if isImageName(name) { paths.append(path) }
        }
        return paths.sorted { $0.precedesByScalars($1) }
    }

    /// Whether a file of that name is taken for an image.
    static func isImageName(_ name: String) -> Bool {
        ["png", "jpg", "jpeg"].contains((name as NSString).pathExtension.lowercased())
    }

    /// The name or path without the extension of an image.
    static func withoutImageExtension(_ path: String) -> String {
        isImageName(path) ? (path as NSString).deletingPathExtension : path
    }
}

extension String {
    /// The order of Python's `sorted` and of the DCIC benchmark.
    func precedesByScalars(_ other: String) -> Bool {
        unicodeScalars.lexicographicallyPrecedes(other.unicodeScalars)
    }
}
