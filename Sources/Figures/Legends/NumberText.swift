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

    /// The smallest, the middle and the largest number of a scale, or the only one, with just enough digits to give them to
    /// within 0.5 % of its length and to tell them apart, all in the same notation.
    static func ticks(_ range: ClosedRange<Double>) -> [String] {
        let values = ends(range), tolerance = tolerance(range)
        if values.allSatisfy({ abs($0) < 1e6 }) {
            if values.allSatisfy({ $0 == $0.rounded() }) { return values.map { grouped(Int($0)) } }
            for decimals in 1...3 {
                let texts = values.map { fixed($0, decimals: decimals) }
                if zip(texts, values).allSatisfy({ abs(Double($0)! - $1) <= tolerance }) { return texts }
            }
        }
        return threeDigits(values, within: tolerance) ?? digits(values, within: tolerance)
    }

    /// Multiples of 1, 2 or 5 times a power of ten within a range: two to five of them if the range has a length. Very small and
    /// very large numbers, and a single one, are `ticks`, unless these would need more than three digits.
    static func roundMarks(_ range: ClosedRange<Double>) -> [(value: Double, text: String)] {
        let length = range.upperBound - range.lowerBound
        // Half of the smallest number is 0, which has no logarithm.
        let half = max(min(length, 1e300) / 2, .leastNonzeroMagnitude)
        let exponent = length > 0 ? Int(log10(half).rounded(.down)) : 0
        let largest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
        let isOrdinary = length > 0 && exponent >= -4 && largest < 1e6
        // Beyond 1e14 steps, multiples of one are no longer exact.
        let canBeRound = length > 0 && exponent > -300 && largest / pow(10, Double(exponent)) < 1e14
        if !isOrdinary {
            let values = ends(range)
            let isShort = threeDigits(values, within: tolerance(range)) != nil
            if isShort || !canBeRound { return zip(values, ticks(range)).map { ($0, $1) } }
        }
        let scale = pow(10, Double(exponent)), share = length / 2 / scale
        let factor = [5.0, 2, 1].first { $0 <= share } ?? 1
        let step = factor * scale
        let values = (Int((range.lowerBound / step).rounded(.up))...Int((range.upperBound / step).rounded(.down))).map {
            Double($0) * step
        }
        let decimals = max(0, -exponent)
        let texts =
            isOrdinary
            ? values.map { fixed($0, decimals: decimals) } : digits(values, within: step / 100)
        return zip(values, texts).map { ($0, $1) }
    }

    /// The ends of a range and its middle, or its only number.
    private static func ends(_ range: ClosedRange<Double>) -> [Double] {
        let (low, high) = (range.lowerBound, range.upperBound)
        return low < high ? [low, low / 2 + high / 2, high] : [low]
    }

    /// How far the numbers written along a range may be from the true ones.
    private static func tolerance(_ range: ClosedRange<Double>) -> Double {
        let (low, high) = (range.lowerBound, range.upperBound)
        return low < high ? 0.005 * (high - low) : abs(low) * 5e-4
    }

    /// The values with three significant digits; nil if that is too coarse, or if only some of them would have an exponent.
    private static func threeDigits(_ values: [Double], within tolerance: Double) -> [String]? {
        let texts = values.map { String(format: "%.3g", $0).lowercased() }
        let isUniform = Set(zip(texts, values).filter { $1 != 0 }.map { $0.0.contains("e") }).count < 2
        return isUniform && areTrue(texts, of: values, within: tolerance) ? texts : nil
    }

    /// The values with as few digits as suffice: as plain numbers of up to 12 characters, or otherwise with exponents if these
    /// are shorter.
    private static func digits(_ values: [Double], within tolerance: Double) -> [String] {
        let isModest = values.allSatisfy { abs($0) < 1e15 }
        let plain = (isModest ? 0..<10 : 0..<0).lazy
            .map { decimals in values.map { fixed($0, decimals: decimals) } }
            .first { areTrue($0, of: values, within: tolerance) }
        func withExponents(_ decimals: Int) -> [String] {
            values.map { $0 == 0 ? "0" : String(format: "%.\(decimals)e", $0) }
        }
        // Seventeen digits tell all numbers apart.
        let exponents =
            (1..<16).lazy.map(withExponents).first { areTrue($0, of: values, within: tolerance) } ?? withExponents(16)
        func longest(_ texts: [String]) -> Int { texts.map(\.count).max() ?? 0 }
        guard let plain, longest(plain) <= max(12, longest(exponents)) else { return exponents }
        return plain
    }

    /// Whether the texts differ and give the values to within `tolerance`.
    private static func areTrue(_ texts: [String], of values: [Double], within tolerance: Double) -> Bool {
        Set(texts).count == texts.count
            && zip(texts, values).allSatisfy { text, value in
                // The largest numbers, rounded up, are read as infinite.
                let limit = Double.greatestFiniteMagnitude
                return abs(min(max(Double(text)!, -limit), limit) - value) <= tolerance
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
