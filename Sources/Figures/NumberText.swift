import Foundation

/// Numbers as figures print them, the same in every locale.
package enum NumberText {
    /// "3,000".
    package static func grouped(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = String(digits.dropLast(3))
        }
        return (value < 0 ? "-" : "") + ([Substring(digits)] + groups).joined(separator: ",")
    }

    /// "30", "12.5".
    static func short(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value)
    }

    /// A number at the tick of a scale: whole numbers in full, others with three significant digits.
    static func tick(_ value: Double) -> String {
        if value == value.rounded() && abs(value) < 1e6 { return grouped(Int(value)) }
        return String(format: "%.3g", locale: Locale(identifier: "en_US_POSIX"), value)
    }

    static func fixed(_ value: Double, decimals: Int) -> String {
        String(format: "%.\(decimals)f", locale: Locale(identifier: "en_US_POSIX"), value)
    }

    /// "ACC .9546   KL .9424", as far as they are known; nil where none is.
    package static func measures(accuracy: Double?, labelDivergence: Double?) -> String? {
        let texts = [accuracy.map { "ACC \(share($0))" }, labelDivergence.map { "KL \(share($0))" }].compactMap(\.self)
        return texts.isEmpty ? nil : texts.joined(separator: "   ")
    }

    /// Four decimals without the zero before the point, as tables of accuracies print: ".9546".
    static func share(_ value: Double) -> String {
        let text = fixed(value, decimals: 4)
        return text.hasPrefix("0.") ? String(text.dropFirst()) : text
    }
}
