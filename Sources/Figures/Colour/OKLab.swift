import Foundation

/// A colour in OKLab (Ottosson, "A perceptual color space for image processing", 2020): equal distances look about equally
/// different, and the straight line between two colours passes through the hues that one expects.
public struct OKLab: Sendable, Hashable {
    /// From 0 (black) to 1 (white).
    public var lightness: Double
    /// From green (negative) to red; about -0.4…0.4.
    public var a: Double
    /// From blue (negative) to yellow; about -0.4…0.4.
    public var b: Double

    /// A colour from its coordinates, which may be outside the sRGB gamut.
    public init(lightness: Double, a: Double, b: Double) {
        self.lightness = lightness
        self.a = a
        self.b = b
    }

    /// A colour from its lightness, its chroma (the distance from grey) and its hue angle in radians.
    public init(lightness: Double, chroma: Double, hueAngle: Double) {
        self.init(lightness: lightness, a: chroma * cos(hueAngle), b: chroma * sin(hueAngle))
    }

    /// The distance from the grey of the same lightness.
    public var chroma: Double { (a * a + b * b).squareRoot() }

    /// The angle in the a-b plane, in radians.
    public var hueAngle: Double { atan2(b, a) }

    /// The Euclidean distance, a measure of how different two colours look.
    public func distance(to other: OKLab) -> Double {
        let (l, da, db) = (lightness - other.lightness, a - other.a, b - other.b)
        return (l * l + da * da + db * db).squareRoot()
    }
}

extension OKLab {
    /// The colour at `share` (0…1) of the way to `other`.
    func mixed(with other: OKLab, _ share: Double) -> OKLab {
        OKLab(
            lightness: lightness + share * (other.lightness - lightness), a: a + share * (other.a - a),
            b: b + share * (other.b - b))
    }
}

// MARK: - Conversion

extension OKLab {
    /// The coordinates of a colour of sRGB.
    public init(_ colour: Colour) {
        let light = colour.linear
        let l = cbrt(0.4122214708 * light.x + 0.5363325363 * light.y + 0.0514459929 * light.z)
        let m = cbrt(0.2119034982 * light.x + 0.6806995451 * light.y + 0.1073969566 * light.z)
        let s = cbrt(0.0883024619 * light.x + 0.2817188376 * light.y + 0.6299787005 * light.z)
        self.init(
            lightness: 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            a: 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            b: 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)
    }

    /// Linear light in sRGB's primaries; outside 0…1 if the colour is outside the sRGB gamut.
    public var linear: SIMD3<Double> {
        let l = lightness + 0.3963377774 * a + 0.2158037573 * b
        let m = lightness - 0.1055613458 * a - 0.0638541728 * b
        let s = lightness - 0.0894841775 * a - 1.2914855480 * b
        let (l3, m3, s3) = (l * l * l, m * m * m, s * s * s)
        return SIMD3(
            4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
            -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
            -0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3)
    }

    /// Whether the colour is in the sRGB gamut, to within rounding.
    public var isInGamut: Bool {
        let light = linear
        return light.min() >= -1e-6 && light.max() <= 1 + 1e-6
    }

    /// The sRGB colour with this lightness and hue, with its chroma reduced to fit the gamut.
    public var colour: Colour {
        let lightness = min(max(self.lightness, 0), 1)
        if OKLab(lightness: lightness, a: a, b: b).isInGamut {
            return Colour(linear: OKLab(lightness: lightness, a: a, b: b).linear)
        }
        var (inside, outside) = (0.0, 1.0)
        for _ in 0..<20 {
            let middle = (inside + outside) / 2
            if OKLab(lightness: lightness, a: a * middle, b: b * middle).isInGamut {
                inside = middle
            } else {
                outside = middle
            }
        }
        return Colour(linear: OKLab(lightness: lightness, a: a * inside, b: b * inside).linear)
    }
}
