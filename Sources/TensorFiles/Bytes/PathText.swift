/// Parts of a path read from a file, which may contain any characters. Foundation's path functions end the process on some of
/// them, such as a leading NUL.
public enum PathText {
    /// What follows the last slash; trailing slashes do not count.
    /// - Complexity: O(length), as for the others.
    public static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// What follows the last dot of the name, or nothing if that dot is its first or last character.
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
