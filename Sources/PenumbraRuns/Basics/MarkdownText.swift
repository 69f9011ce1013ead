import TensorFiles

/// Names as text of a Markdown file, where they would otherwise be markup: classes, ids and files may be called anything.
enum MarkdownText {
    private static let special = Set("|\\`*_{}[]<>#~$&!")

    /// `text` in one line, its punctuation escaped.
    static func escaped(_ text: String) -> String { escaped(text, atMost: 200) }

    /// The same of whole sentences, which hold names.
    static func escapedSentence(_ text: String) -> String { escaped(text, atMost: 4_000) }

    private static func escaped(_ text: String, atMost count: Int) -> String {
        text.displayed(atMost: count).map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
