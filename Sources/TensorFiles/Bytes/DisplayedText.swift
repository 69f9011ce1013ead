extension String {
    /// A name from a file in a form fit for one line: at most 40 characters, none of them a control character.
    package var displayed: String { displayed(atMost: 40) }

    /// The same with at most `count` characters, for paths and the like.
    package func displayed(atMost count: Int) -> String {
        let visible = String.UnicodeScalarView(
            unicodeScalars.prefix(count + 1).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 })
        return visible.count <= count ? String(visible) : String(String.UnicodeScalarView(visible.prefix(count))) + "…"
    }
}
