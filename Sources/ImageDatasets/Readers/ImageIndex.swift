import Foundation

/// The images in a folder and the folders in it, found by what tables call them.
struct ImageIndex {
    /// Relative to the folder, sorted.
    let paths: [String]
    private let folder: URL
    /// By path, by path without extension, by name, by name without extension.
    private let keys: [[String: [Int]]]

    /// - Complexity: O(number of files · log).
    init(_ folder: URL) {
        self.folder = folder
        paths = FolderContents.images(in: folder)
        let spellings: [(String) -> String] = [
            { $0 }, { FolderContents.withoutImageExtension($0) }, { ($0 as NSString).lastPathComponent },
            { FolderContents.withoutImageExtension(($0 as NSString).lastPathComponent) },
        ]
        let paths = paths
        keys = spellings.map { spelling in Dictionary(grouping: paths.indices) { spelling(paths[$0]) } }
    }

    /// The images that `id` could mean: the one of that path, else those of that path without its extension, else those of
    /// that name in any folder, with or without extension. The folder's own name may come first.
    func images(called id: String) -> [Int] {
        let own = folder.lastPathComponent + "/"
        for id in id.hasPrefix(own) ? [id, String(id.dropFirst(own.count))] : [id] {
            for images in keys { if let found = images[id] { return found } }
        }
        return []
    }

    func url(of image: Int) -> URL { folder.appendingPathComponent(paths[image]) }
}
