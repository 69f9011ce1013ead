/// How the colours of classes are mixed according to a label distribution.
public enum ColourMixing: String, Sendable, CaseIterable {
    /// In OKLab: an even mixture looks even.
    case oklab
    /// In gamma-encoded sRGB, as in older figures: mixtures become dark and dull.
    case srgb

    /// The mean of `colours`, weighted by `distribution`, which has the same number of entries.
    ///
    /// A mixture of more than three colours can look like another mixture; the colour alone does not identify it then.
    /// - Complexity: O(K).
    public func mix(_ colours: [Colour], by distribution: some Collection<Double>) -> Colour {
        precondition(colours.count == distribution.count, "a mixture takes one weight per colour")
        switch self {
        case .oklab:
            var sum = OKLab(lightness: 0, a: 0, b: 0)
            for (colour, weight) in zip(colours, distribution) {
                let part = OKLab(colour)
                sum.lightness += weight * part.lightness
                sum.a += weight * part.a
                sum.b += weight * part.b
            }
            return sum.colour
        case .srgb:
            var sum = SIMD3<Double>()
            for (colour, weight) in zip(colours, distribution) {
                sum += weight * SIMD3(colour.red, colour.green, colour.blue)
            }
            return Colour(red: sum.x, green: sum.y, blue: sum.z)
        }
    }
}
