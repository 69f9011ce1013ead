import Figures

extension Figure {
    /// Which characters of its texts no installed font has, in words; nil if none is missing. Throws `FigureError`.
    package func remarkOnFonts() throws(FigureError) -> String? {
        let missing = try charactersWithoutFont()
        if missing.isEmpty { return nil }
        let shown = missing.prefix(8).map { "'\($0)'" }.joined(separator: ", ") + (missing.count > 8 ? " …" : "")
        return "no installed font has \(shown), so boxes are drawn instead; install \(Self.fonts(for: missing))"
    }

    /// A package of fonts for the characters; those for Chinese, Japanese and Korean are a package of their own.
    static func fonts(for characters: [Character]) -> String {
        let areEastAsian = Set(
            characters.map { character in
                character.unicodeScalars.contains { scalar in eastAsian.contains { $0.contains(scalar.value) } }
            })
        if areEastAsian.count > 1 { return "fonts for them, such as fonts-noto-cjk and fonts-noto-core" }
        return "one, such as \(areEastAsian.contains(true) ? "fonts-noto-cjk" : "fonts-noto-core")"
    }

    /// Han, Hiragana, Katakana, Hangul and Bopomofo, their punctuation and their wide forms.
    private static let eastAsian: [ClosedRange<UInt32>] = [
        0x1100...0x11FF, 0x2E80...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFE30...0xFE4F,
        0xFF00...0xFFEF, 0x1B000...0x1B16F, 0x1F200...0x1F2FF, 0x20000...0x3FFFF,
    ]
}
