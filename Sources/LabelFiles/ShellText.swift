/// Options with names of columns, as a shell takes them.
package enum ShellText {
    /// A word in quotes where it needs them.
    package static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy { plain.contains($0) || $0 > 0x7F }
        return isPlain ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }

    /// The option that skips these columns and labels.
    package static func ignoring(_ names: [String]) -> String {
        let list = quoted(NameListText.text(names))
        return "--ignore-columns" + (list.hasPrefix("-") ? "=" : " ") + list
    }

    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.,:/@%+=".utf8)
}
