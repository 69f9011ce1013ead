import Foundation

/// Names of the files that a command takes several of: for people, and for the files that are made of them.
enum SpaceNames {
    /// The name of one of `all` files: its stem or, where files of several folders have one stem, as much of the folders'
    /// paths as tells them apart.
    static func name(of url: URL, among all: [URL]) -> String {
        func stem(_ url: URL) -> String { url.deletingPathExtension().lastPathComponent }
        func folders(_ url: URL) -> [String] {
            url.standardizedFileURL.deletingLastPathComponent().pathComponents.filter { $0 != "/" }
        }
        let alike = Set(all.filter { stem($0) == stem(url) }.map(folders))
        if alike.count < 2 { return stem(url) }
        let own = folders(url)
        for count in 1...max(1, own.count)
        where alike.count(where: { $0.suffix(count) == own.suffix(count) }) == 1 {
            return own.suffix(count).joined(separator: "/")
        }
        return url.relativePath
    }

    /// A part of file names: the ASCII letters and digits of `name`, with hyphens between them.
    static func fileName(_ name: String) -> String {
        let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "space" : words.joined(separator: "-").lowercased()
    }

    /// The names, with a number behind those that come again or are `taken`.
    static func distinct(_ names: [String], taken: Set<String> = []) -> [String] {
        var seen = taken
        return names.map { name in
            var candidate = name, number = 2
            while !seen.insert(candidate).inserted {
                candidate = "\(name)-\(number)"
                number += 1
            }
            return candidate
        }
    }
}
