/// Colours for numbers: a path from dark blue through teal to yellow on which equal steps look equally large (in OKLab).
/// Lighter always means more, so it can be read without telling red from green, and in grey.
public struct ColourMap: Sendable {
    private let colours: [Colour]

    /// The map that stands out against the paper of `theme` at both ends.
    /// - Complexity: O(1): about 1,000 colour conversions.
    public init(_ theme: FigureTheme = .light) {
        let lift = theme == .light ? 0 : 0.1
        let start = OKLab(lightness: 0.27 + lift, chroma: 0.13, hueAngle: 4.75)
        let middle = OKLab(lightness: 0.58 + lift / 2, chroma: 0.16, hueAngle: 3.1)
        // If it were lighter, sRGB would cut off the end.
        let end = OKLab(lightness: 0.89 + 0.3 * lift, chroma: 0.17, hueAngle: 1.75)
        // A quadratic Bézier curve in colours of the sRGB gamut, then evenly spaced points on it.
        let fine = (0...Self.steps * 4).map { step in
            let t = Double(step) / Double(Self.steps * 4)
            let (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
            return OKLab(
                OKLab(
                    lightness: a * start.lightness + b * middle.lightness + c * end.lightness,
                    a: a * start.a + b * middle.a + c * end.a, b: a * start.b + b * middle.b + c * end.b
                ).colour)
        }
        var lengths = [0.0]
        for (one, next) in zip(fine, fine.dropFirst()) { lengths.append(lengths.last! + one.distance(to: next)) }
        var index = 0
        colours = (0...Self.steps).map { step in
            let wanted = lengths.last! * Double(step) / Double(Self.steps)
            while index + 2 < fine.count && lengths[index + 1] < wanted { index += 1 }
            let share = (wanted - lengths[index]) / (lengths[index + 1] - lengths[index])
            return fine[index].mixed(with: fine[index + 1], share).colour
        }
    }

    private static let steps = 255

    /// The colour of `share`, which is clipped to 0 (dark) … 1. Traps on NaN.
    public func colour(_ share: Double) -> Colour {
        precondition(!share.isNaN, "a colour map takes numbers")
        return colours[Int((min(max(share, 0), 1) * Double(Self.steps)).rounded())]
    }
}
