/// A fast path for numbers as tables mostly hold them, `-12.345`, with the same result as the general parser.
///
/// A whole number below 2⁵³ and a power of ten up to 10²² are exact in a `Double`, so their quotient is rounded only once
/// (Clinger, "How to read floating point numbers accurately", 1990).
enum ShortDecimal {
    private static let powers: [Double] = (0...22).map { exponent in
        (0..<exponent).reduce(1) { power, _ in 10 * power }
    }

    /// The `Double` nearest to `text`: an optional sign, digits, and optionally a point with digits on both sides. Nil for all
    /// other texts and for more than 15 digits.
    static func double(_ text: ArraySlice<UInt8>) -> Double? {
        var rest = text
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        if rest.isEmpty || rest.count > 16 { return nil }
        var digits: UInt64 = 0
        var point: Int?
        for (place, byte) in zip(rest.indices, rest) {
            if byte == UInt8(ascii: ".") {
                if point != nil || place == rest.startIndex || place == rest.endIndex - 1 { return nil }
                point = place
            } else {
                let digit = byte &- UInt8(ascii: "0")
                if digit > 9 { return nil }
                digits = 10 * digits + UInt64(digit)
            }
        }
        if rest.count - (point == nil ? 0 : 1) > 15 { return nil }
        let decimals = point.map { rest.endIndex - 1 - $0 } ?? 0
        let value = Double(digits) / powers[decimals]
        return isNegative ? -value : value
    }

    /// The `Float` nearest to a decimal fraction whose nearest `Double` is `value`. Nil if that cannot be decided: halfway
    /// between two neighbours, and where `Float` begins to lose digits or overflows.
    static func nearestFloat(_ value: Double) -> Float? {
        if value == 0 { return Float(value) }
        // Of the 52 fraction bits a `Float` keeps 23.
        let isHalfway = value.bitPattern & 0x1FFF_FFFF == 0x1000_0000
        return isHalfway || !(1e-30...1e30).contains(value.magnitude) ? nil : Float(value)
    }
}
