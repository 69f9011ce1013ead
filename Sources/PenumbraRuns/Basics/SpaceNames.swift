import Foundation

/// Names of the input files of a command that takes several: for display, and for the output files made from them.
enum SpaceNames {
    /// The name of one of the files in `all`: its stem or, if files in several folders have the same stem, as much of the
    /// folders' paths as distinguishes them.
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

    /// A part of a file name: the ASCII letters and digits of `name`, joined by hyphens.
    static func fileName(_ name: String) -> String {
        let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "space" : words.joined(separator: "-").lowercased()
    }

    /// The names, with a number appended to those that recur or are `taken`.
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
