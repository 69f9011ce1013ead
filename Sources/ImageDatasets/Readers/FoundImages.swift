import Foundation
import RasterImages
import TensorFiles

/// An image in an unsupported format.
struct UnreadImage: Equatable {
    var path: String
    let format: ImageFormat
}

/// The images in a folder and its subfolders, by their relative paths, sorted.
struct FoundImages {
    var images: [String] = []
    var unread: [UnreadImage] = []
    /// Folders of other programs, which were not searched.
    var leftovers: [String] = []

    var isEmpty: Bool { images.isEmpty && unread.isEmpty }

    /// All paths, in supported and unsupported formats.
    var paths: [String] { images + unread.map(\.path) }

    mutating func sort() {
        images.sort { $0.precedesByScalars($1) }
        unread.sort { $0.path.precedesByScalars($1.path) }
        leftovers.sort { $0.precedesByScalars($1) }
    }

    /// The images of each subfolder, at any depth, relative to it; under nil, those directly in the folder.
    /// - Complexity: O(number of images).
    func byFolder() -> [String?: FoundImages] {
        func split(_ path: String) -> (folder: String?, rest: String) {
            guard let end = path.firstIndex(of: "/") else { return (nil, path) }
            return (String(path[..<end]), String(path[path.index(after: end)...]))
        }
        var parts: [String?: FoundImages] = [:]
        for path in images {
            let (folder, rest) = split(path)
            parts[folder, default: FoundImages()].images.append(rest)
        }
        for image in unread {
            let (folder, rest) = split(image.path)
            parts[folder, default: FoundImages()].unread.append(UnreadImage(path: rest, format: image.format))
        }
        return parts
    }
}

extension [String?: FoundImages] {
    /// The names of the subfolders that contain images, at any depth, sorted.
    var folders: [String] { keys.compactMap(\.self).sorted { $0.precedesByScalars($1) } }

    /// The images directly in the folder.
    var direct: FoundImages { self[nil] ?? FoundImages() }
}

extension [UnreadImage] {
    /// "5 BMP, 1 GIF".
    var counts: String {
        let counts = Dictionary(grouping: self, by: \.format).mapValues(\.count)
        return counts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
            .map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
    }

    /// A note for the user about them; nil if there are none.
    func note(path: String) -> String? {
        if isEmpty { return nil }
        let names = prefix(3).map(\.path).joined(separator: ", ") + (count > 3 ? " …" : "")
        return "\(path): \(count) \(count == 1 ? "image" : "images") in unsupported formats "
            + "\(count == 1 ? "is" : "are") skipped (\(counts): \(names)); expected \(ImageFormat.wordsForRead)"
    }
}
