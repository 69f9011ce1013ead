import Foundation

/// The paths of images as spelled in label files.
enum ImagePath {
    /// `spelling` as a plain path relative to `folder`: `./a.png`, `sub\a.png` and the folder's own absolute path are reduced
    /// to `a.png`, `sub/a.png`. Nil if it leads out of the folder, is absolute and leads elsewhere, or contains a NUL, at which
    /// the system would end it.
    static func relative(_ spelling: String, to folder: URL) -> String? {
        if spelling.utf8.contains(0) { return nil }
        var path = spelling.replacing("\\", with: "/")
        if path.hasPrefix("/") {
            let bases = [folder.standardizedFileURL.path, folder.resolvingSymlinksInPath().path]
            guard let base = bases.first(where: { path.hasPrefix($0 + "/") }) else { return nil }
            path.removeFirst(base.count + 1)
        }
        let parts = path.split(separator: "/").filter { $0 != "." }
        return parts.contains("..") ? nil : parts.joined(separator: "/")
    }

    /// The plain path `path` without the folder's own path before it, for a path written relative to a parent folder, such as
    /// `data/set/a.png` for `a.png` in `data/set`. Nil if it does not begin with that.
    static func withoutFolder(_ path: String, _ folder: URL) -> String? {
        let parts = path.split(separator: "/")
        let own = folder.standardizedFileURL.path.split(separator: "/")
        for count in stride(from: min(parts.count - 1, own.count), through: 1, by: -1)
        where parts.prefix(count).elementsEqual(own.suffix(count)) {
            return parts.dropFirst(count).joined(separator: "/")
        }
        return nil
    }
}
