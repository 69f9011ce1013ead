import Foundation

/// A colour of the sRGB space (IEC 61966-2-1): red, green and blue in 0…1, gamma-encoded as on screens and in files.
public struct Colour: Sendable, Hashable {
    /// Gamma-encoded, 0…1.
    public let red: Double
    /// Gamma-encoded, 0…1.
    public let green: Double
    /// Gamma-encoded, 0…1.
    public let blue: Double

    /// A colour from gamma-encoded components, which are clipped to 0…1. Traps on NaN.
    public init(red: Double, green: Double, blue: Double) {
        precondition(!(red + green + blue).isNaN, "a colour's components are numbers")
        self.red = min(max(red, 0), 1)
        self.green = min(max(green, 0), 1)
        self.blue = min(max(blue, 0), 1)
    }

    /// A colour from 24 bits: `0xE69F00` is red 230, green 159, blue 0.
    public init(hex: UInt32) {
        self.init(
            red: Double(hex >> 16 & 255) / 255, green: Double(hex >> 8 & 255) / 255, blue: Double(hex & 255) / 255)
    }

    /// A colour in web notation, `#E69F00` or `#e69f00`; nil for other texts.
    public init?(_ text: String) {
        let digits = text.dropFirst()
        guard text.hasPrefix("#"), digits.count == 6, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            let bits = UInt32(digits, radix: 16)
        else { return nil }
        self.init(hex: bits)
    }

    /// A grey of the given gamma-encoded level, 0…1.
    public init(grey: Double) {
        self.init(red: grey, green: grey, blue: grey)
    }

    /// The pure colour at `hue` degrees of the HSV circle, with saturation and value 1: 0 is red, 120 green, 240 blue. Any
    /// finite number is accepted, modulo 360.
    public init(hue: Double) {
        let position = (hue / 60).truncatingRemainder(dividingBy: 6)
        let h = position < 0 ? position + 6 : position
        self.init(red: abs(h - 3) - 1, green: 2 - abs(h - 2), blue: 2 - abs(h - 4))
    }

    /// The colour as 24 bits, rounded to nearest.
    public var hex: UInt32 {
        func byte(_ value: Double) -> UInt32 { UInt32((value * 255).rounded()) }
        return byte(red) << 16 | byte(green) << 8 | byte(blue)
    }

    static let white = Colour(grey: 1)
    static let black = Colour(grey: 0)
}

// MARK: - Linear light

extension Colour {
    /// Red, green and blue as amounts of light, 0…1, by the transfer function of IEC 61966-2-1.
    public var linear: SIMD3<Double> {
        SIMD3(Self.decode(red), Self.decode(green), Self.decode(blue))
    }

    /// The colour with these amounts of light, which are clipped to 0…1.
    public init(linear: SIMD3<Double>) {
        self.init(red: Self.encode(linear.x), green: Self.encode(linear.y), blue: Self.encode(linear.z))
    }

    private static func decode(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    private static func encode(_ light: Double) -> Double {
        light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
    }
}
