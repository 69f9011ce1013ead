import Foundation

/// What tables write in a field whose value is unknown.
public enum MissingField {
    /// Whether the field is empty or one of NA, N/A, NaN, null, None, nil, a point and dashes, in any case and with surrounding
    /// blanks; or NaT, `\N` or an error of a spreadsheet.
    public static func isOne(_ field: String) -> Bool {
        // For most fields the first byte, or both ends and the length, are enough to rule this out.
        let bytes = field.utf8, visible: ClosedRange<UInt8> = 0x21...0x7E
        guard let first = bytes.first, let last = bytes.last else { return true }
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { return false }
        if first == UInt8(ascii: "-") && bytes.count > 2 && visible.contains(last) { return false }
        if bytes.count > longest && visible.contains(first) && visible.contains(last) { return false }
        let text = field.trimmingCharacters(in: .whitespaces)
        if text.utf8.count > longest { return false }
        return text == "NaT" || words.contains(text.lowercased())
    }

    private static let words: Set = [
        "", "na", "n/a", "n.a.", "nan", "#n/a", "<na>", "null", "none", "nil", "-", "--", "–", "—", ".", #"\n"#,
        "<undefined>",
        "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!",
    ]
    private static let longest = 11
}

/// Names of columns.
public enum ColumnName {
    /// A name in the form used for comparison: lower case, with blanks and hyphens as underscores.
    public static func plain(_ name: String) -> String {
        name.trimmingCharacters(in: .whitespaces).lowercased().replacing(" ", with: "_").replacing("-", with: "_")
    }
}

/// The `# ` before the names of columns, as numpy's `savetxt` writes a header.
enum CommentMark {
    /// The names without the mark. Where blanks separate the fields, it is a field of its own, which is removed if the next
    /// record has one field less, `fieldsBelow`; nil for other separators.
    static func removed(from names: [String], fieldsBelow: Int?) -> [String] {
        guard let first = names.first else { return names }
        if first == "#", names.count - 1 == fieldsBelow { return Array(names.dropFirst()) }
        guard first.hasPrefix("# ") else { return names }
        let name = first.dropFirst().drop { $0 == " " }
        return name.isEmpty ? names : [String(name)] + names.dropFirst()
    }
}

/// Numbers written with a decimal comma.
package enum DecimalComma {
    /// The number with a point, if `text` is digits, one comma and digits, with an optional sign, exponent and percent sign.
    package static func point(in text: String) -> String? {
        if text.hasSuffix("%") {
            let number = text.dropLast().trimmingCharacters(in: .whitespaces)
            // Of one sign only: a field of a million must not be as many calls.
            return number.hasSuffix("%") ? nil : point(in: number).map { $0 + "%" }
        }
        var commas = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: ","): commas += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                break
            default: return nil
            }
        }
        if commas != 1 { return nil }
        let point = text.replacing(",", with: ".")
        return Double(point) == nil ? nil : point
    }

    /// Whether exactly three digits follow one to three, as in 1,234.
    static func mayBeThousands(_ text: String) -> Bool {
        let number = text.hasSuffix("%") ? text.dropLast().trimmingCharacters(in: .whitespaces) : text
        let parts = number.drop { $0 == "-" || $0 == "+" }.split(separator: ",", omittingEmptySubsequences: false)
        return parts.count == 2 && (1...3).contains(parts[0].count) && parts[1].count == 3 && parts[0] != "0"
    }
}
