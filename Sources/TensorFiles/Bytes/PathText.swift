/// Parts of a path that stands in a file, where any characters can stand: Foundation's functions of paths end the process
/// at some of them, as at a first character of code 0.
public enum PathText {
    /// What stands behind the last slash; slashes at the end do not count.
    /// - Complexity: O(length), as of the others.
    public static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// What stands behind the last dot of the name, or nothing where that dot is its first or its last character.
    public static func fileExtension(of path: String) -> String {
        let name = name(of: path)
        return dot(in: name).map { String(name[name.index(after: $0)...]) } ?? ""
    }

    /// The path without the dot and the extension.
    public static func withoutExtension(_ path: String) -> String {
        let suffix = fileExtension(of: path)
        guard !suffix.isEmpty else { return path }
        let end = path.lastIndex { $0 != "/" } ?? path.startIndex
        return String(path[...end].dropLast(suffix.count + 1))
    }

    private static func dot(in name: String) -> String.Index? {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex, name[dot...].count > 1 else { return nil }
        return dot
    }
}
