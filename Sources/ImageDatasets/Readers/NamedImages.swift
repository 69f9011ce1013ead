import Foundation
import LabelDistributions

/// The images of a folder without labels, found by the names that tables use for them.
public struct NamedImages {
    private let folder: URL
    /// Paths by the names used to request them; nil if two images have the same name.
    private var paths: [String: String?] = [:]

    /// Searches for images in `folder` and its subfolders. Throws `folderMissing`.
    /// - Complexity: O(number of files · log); the first bytes of every file are read.
    public init(in folder: URL) throws(DatasetError) {
        if !FolderContents.isFolder(folder) { throw .folderMissing(path: folder.path) }
        self.folder = folder
        for path in FolderContents.images(in: folder).images {
            let stem = (path as NSString).deletingPathExtension
            let names = [path, stem, (path as NSString).lastPathComponent, (stem as NSString).lastPathComponent]
            for name in Set(names) { paths[name] = paths[name] == nil ? .some(path) : .some(nil) }
        }
    }

    /// The only class: nothing is known about labels here.
    private static let label = LabelDistribution(oneHot: 0, of: 1)

    /// The image whose relative path, or name, is `id`, with or without its extension; nil if there is none, or more than one.
    public func sample(_ id: String) -> Sample? {
        guard let found = paths[id], let path = found else { return nil }
        return Sample(id: id, imageURL: folder.appendingPathComponent(path), fold: 1, label: Self.label)
    }
}
