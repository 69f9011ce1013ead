import Foundation
import RasterImages
import TensorFiles

/// The contents of folders, in an order that does not depend on the file system.
enum FolderContents {
    static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    static func isFile(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    static func isLink(_ url: URL) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) != nil
    }

    /// The names in a folder except hidden ones, sorted; empty if it is not a folder.
    static func names(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted { $0.precedesByScalars($1) }
    }

    /// Folders that programs create beside the user's files: their images are copies and thumbnails.
    static let leftovers: Set = [
        "__MACOSX", "@eaDir", "__pycache__", "$RECYCLE.BIN", "System Volume Information", "lost+found",
    ]

    /// The images in `folder` and its subfolders, as paths relative to it; hidden names, `leftovers` and the folders with the
    /// paths `except` are left out. Links to folders are not followed.
    /// - Complexity: O(number of files · log); the first bytes of every file are read.
    static func images(in folder: URL, except: Set<String> = []) -> FoundImages {
        // A folder that is itself a link would be taken for a file.
        let folder = folder.resolvingSymlinksInPath()
        let items = FileManager.default.enumerator(atPath: folder.path)
        var found = FoundImages()
        while let path = items?.nextObject() as? String {
            let name = PathText.name(of: path)
            if name.hasPrefix(".") || leftovers.contains(name) || except.contains(path) {
                if items?.fileAttributes?[.type] as? FileAttributeType == .typeDirectory {
                    items?.skipDescendants()
                    if leftovers.contains(name) { found.leftovers.append(path) }
                    continue
                }
                if name.hasPrefix(".") { continue }
            }
            switch kind(of: folder.appendingPathComponent(path)) {
            case .image: found.images.append(path)
            case .unread(let format): found.unread.append(UnreadImage(path: path, format: format))
            case .other: break
            }
        }
        found.sort()
        return found
    }

    /// What a file is, according to its first bytes.
    enum Kind: Equatable {
        /// An image in a supported format, or a file that is named like one but is not; reading it says why.
        case image
        /// An image in an unsupported format.
        case unread(ImageFormat)
        case other
    }

    static func kind(of url: URL) -> Kind {
        do throws(FileReadError) {
            let file = try InputFile(url)
            let start = try file.bytes(at: 0, count: min(file.size, ImageFormat.startSize))
            if let format = ImageFormat(start: start) { return format.isRead ? .image : .unread(format) }
        } catch {
            if case .isAFolder = error { return .other }
        }
        return readExtensions.contains(url.pathExtension.lowercased()) ? .image : .other
    }

    private static let readExtensions: Set = ["png", "jpg", "jpeg", "jpe", "jfif", "webp"]
    private static let otherExtensions: Set = [
        "gif", "bmp", "dib", "tif", "tiff", "heic", "heif", "avif", "jp2", "dcm",
    ]

    /// The name or path without an image's extension.
    static func withoutImageExtension(_ path: String) -> String {
        let suffix = PathText.fileExtension(of: path).lowercased()
        return readExtensions.contains(suffix) || otherExtensions.contains(suffix)
            ? PathText.withoutExtension(path) : path
    }
}

extension String {
    /// The order used by Python's `sorted` and by the DCIC benchmark.
    func precedesByScalars(_ other: String) -> Bool {
        unicodeScalars.lexicographicallyPrecedes(other.unicodeScalars)
    }
}
