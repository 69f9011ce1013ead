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

    /// The smallest, the middle and the largest number of a scale, or the only one, with just enough decimals to give them to
    /// within 0.5 % of its length.
    static func ticks(_ range: ClosedRange<Double>) -> [String] {
        let (low, high) = (range.lowerBound, range.upperBound)
        let values = low < high ? [low, low / 2 + high / 2, high] : [low]
        let tolerance = low < high ? 0.005 * (high - low) : abs(low) * 5e-4
        if values.allSatisfy({ abs($0) < 1e6 }) {
            if values.allSatisfy({ $0 == $0.rounded() }) { return values.map { grouped(Int($0)) } }
            for decimals in 1...3 {
                let texts = values.map { fixed($0, decimals: decimals) }
                if zip(texts, values).allSatisfy({ abs(Double($0)! - $1) <= tolerance }) { return texts }
            }
        }
        return values.map { String(format: "%.3g", $0).lowercased() }
    }

    /// Multiples of 1, 2 or 5 times a power of ten within a range: two to five of them if the range has a length; `ticks` if
    /// such numbers would be too long to read.
    static func roundMarks(_ range: ClosedRange<Double>) -> [(value: Double, text: String)] {
        let length = range.upperBound - range.lowerBound
        let exponent = length > 0 ? Int(log10(min(length, 1e300) / 2).rounded(.down)) : 0
        let largest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
        guard length > 0, exponent >= -4, largest < 1e6 else {
            let (low, high) = (range.lowerBound, range.upperBound)
            return zip([low, low / 2 + high / 2, high], ticks(range)).map { ($0, $1) }
        }
        let scale = pow(10, Double(exponent)), share = length / 2 / scale
        let factor = [5.0, 2, 1].first { $0 <= share } ?? 1
        let step = factor * scale
        return (Int((range.lowerBound / step).rounded(.up))...Int((range.upperBound / step).rounded(.down))).map {
            (Double($0) * step, fixed(Double($0) * step, decimals: max(0, -exponent)))
        }
    }

    static func fixed(_ value: Double, decimals: Int) -> String {
        String(format: "%.\(decimals)f", value)
    }

    /// "ACC .9546   KL .9424", as far as they are known; nil if neither is.
    package static func measures(accuracy: Double?, labelDivergence: Double?) -> String? {
        let texts = [accuracy.map { "ACC \(share($0))" }, labelDivergence.map { "KL \(share($0))" }].compactMap(\.self)
        return texts.isEmpty ? nil : texts.joined(separator: "   ")
    }

    /// Decimals without the zero before the point, as in printed tables of accuracies: ".9546". The words of a figure give all
    /// their measures in this way; only the numbers along a scale have the zero.
    static func share(_ value: Double, decimals: Int = 4) -> String {
        let text = fixed(value, decimals: decimals)
        return text.hasPrefix("0.") ? String(text.dropFirst()) : text
    }
}
