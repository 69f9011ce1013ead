import TensorFiles

/// Names as text in a Markdown file, where they might otherwise be read as markup: classes, ids and files may have any name.
enum MarkdownText {
    private static let special = Set("|\\`*_{}[]<>#~$&!")

    /// `text` on one line, with its punctuation escaped.
    static func escaped(_ text: String) -> String { escaped(text, atMost: 200) }

    /// The same for whole sentences that contain names.
    static func escapedSentence(_ text: String) -> String { escaped(text, atMost: 4_000) }

    private static func escaped(_ text: String, atMost count: Int) -> String {
        text.displayed(atMost: count).map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
