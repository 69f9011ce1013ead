import TensorFiles

/// Names as text of a Markdown file, where they would otherwise be markup: classes, ids and files may be called anything.
enum MarkdownText {
    private static let special = Set("|\\`*_{}[]<>#~$&!")

    /// `text` in one line, its punctuation escaped.
    static func escaped(_ text: String) -> String {
        text.displayed(atMost: 200).map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
