import Foundation
import RasterImages
import TensorFiles

/// The images in a folder and its subfolders, found by the names that tables use for them.
struct ImageIndex {
    /// Paths relative to the folder: those in supported formats, then the others, each sorted.
    let paths: [String]
    private let folder: URL
    /// The formats of the unsupported images, by index.
    private let unreadFormats: [Int: ImageFormat]
    /// Indices by path, by path without extension, by name, and by name without extension; for the supported images, then for
    /// the others.
    private let keys: [[String: [Int]]]

    /// The images in `folder`, without the folders with the paths `except`.
    /// - Complexity: O(number of files · log).
    init(_ folder: URL, except: Set<String> = []) {
        self.folder = folder
        let found = FolderContents.images(in: folder, except: except)
        let paths = found.paths
        self.paths = paths
        let readCount = found.images.count
        unreadFormats = Dictionary(
            uniqueKeysWithValues: found.unread.enumerated().map { (readCount + $0.offset, $0.element.format) })
        let spellings: [(String) -> String] = [
            { $0 }, { FolderContents.withoutImageExtension($0) }, { PathText.name(of: $0) },
            { FolderContents.withoutImageExtension(PathText.name(of: $0)) },
        ]
        keys = [0..<readCount, readCount..<paths.count].flatMap { range in
            spellings.map { spelling in Dictionary(grouping: range) { spelling(paths[$0]) } }
        }
    }

    /// The images that `id` could mean: the one with that path (`ImagePath`), else those with that path without extension, else
    /// those with that name in any folder, with or without extension. The folder's own path may precede it. Also returns `id`
    /// in its plain spelling.
    func images(called id: String) -> (images: [Int], id: String) {
        for (candidate, plain) in candidates(id) {
            for images in keys { if let found = images[candidate] { return (found, plain) } }
        }
        return ([], id)
    }

    private func candidates(_ id: String) -> [(candidate: String, plain: String)] {
        var candidates = [(candidate: id, plain: id)]
        guard let plain = ImagePath.relative(id, to: folder) else { return candidates }
        if plain != id { candidates.append((plain, plain)) }
        if let rest = ImagePath.withoutFolder(plain, folder) { candidates.append((rest, plain)) }
        return candidates
    }

    func url(of image: Int) -> URL { folder.appendingPathComponent(paths[image]) }

    /// Nil if the image's format is supported.
    func unread(_ image: Int) -> UnreadImage? {
        unreadFormats[image].map { UnreadImage(path: paths[image], format: $0) }
    }
}
