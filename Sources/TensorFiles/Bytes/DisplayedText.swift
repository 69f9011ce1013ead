extension String {
    /// A name from a file as a line may show it: at most 40 characters, none of them a control character.
    var displayed: String {
        let visible = String.UnicodeScalarView(
            unicodeScalars.prefix(41).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 })
        return unicodeScalars.count <= 40 ? String(visible) : String(String(visible).dropLast()) + "…"
    }
}
