import Figures

extension Figure {
    /// Which characters of its texts no installed font has, in words; nil if none is missing. Throws `FigureError`.
    package func remarkOnFonts() throws(FigureError) -> String? {
        let missing = try charactersWithoutFont()
        if missing.isEmpty { return nil }
        let shown = missing.prefix(8).map { "'\($0)'" }.joined(separator: ", ") + (missing.count > 8 ? " …" : "")
        return "no installed font has \(shown), so boxes are drawn instead; install one, such as fonts-noto-core"
    }
}
