import Foundation

/// How files spell the name of the same sample.
enum SampleName {
    private static let imageEndings: Set = [
        "png", "jpg", "jpeg", "jfif", "webp", "bmp", "tif", "tiff", "gif", "ppm", "pgm",
    ]

    /// Whether the text ends as the name of an image does.
    static func isImage(_ text: String) -> Bool {
        guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return false }
        return imageEndings.contains(text[text.index(after: dot)...].lowercased())
    }

    /// The name without folders, without an image's extension and blanks around it, and where it is a number without zeros that
    /// say nothing (`001`, `1.0` and `1` are one).
    static func core(_ id: String) -> String {
        let id = id.trimmingCharacters(in: .whitespaces)
        var name = id.replacing("\\", with: "/").split(separator: "/").last.map(String.init) ?? id
        if isImage(name), let dot = name.lastIndex(of: ".") { name = String(name[..<dot]) }
        if let number = Double(name), number.magnitude < 1e15, number == number.rounded() { return "\(Int(number))" }
        return name.lowercased()
    }

    /// What makes two spellings of one name differ.
    static func difference(_ first: String, _ second: String) -> String {
        let plain = [first, second].map { $0.trimmingCharacters(in: .whitespaces) }
        let names = plain.map { $0.replacing("\\", with: "/") }
        var parts: [String] = []
        if names[0].contains("/") != names[1].contains("/") { parts.append("the folder") }
        if isImage(plain[0]) != isImage(plain[1]) { parts.append("the extension") }
        if parts.isEmpty, plain[0] != plain[1], plain.contains(where: { Double($0) != nil }) {
            parts.append("how the number is written")
        }
        if plain != [first, second] { parts.append("the blanks around them") }
        return parts.isEmpty ? "the spelling" : parts.joined(separator: " and ")
    }
}
