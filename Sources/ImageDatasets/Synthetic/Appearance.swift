/// The appearance of the object in a synthetic image, so that figures can draw it.
public struct Appearance: Sendable, Equatable {
    /// On the HSV hue circle at full saturation and value, in degrees from 0 (red) over 120 (green) and 240 (blue) to
    /// 360, exclusive.
    public let hue: Double
    /// From 0 (a circle) to 1 (an ellipse twice as long as wide).
    public let ellipseShare: Double

    /// Traps unless `hue` is in 0..<360 and `ellipseShare` in 0...1.
    public init(hue: Double, ellipseShare: Double) {
        precondition((0..<360).contains(hue), "a hue is in 0..<360 degrees")
        precondition((0...1).contains(ellipseShare), "an ellipse share is in 0...1")
        self.hue = hue
        self.ellipseShare = ellipseShare
    }

    /// The colour of `hue` at saturation 1 and value 1, each channel 0…1 (sRGB, not linearised).
    public var color: (red: Double, green: Double, blue: Double) {
        /// The brightness of a channel whose own pure hue is `distance` degrees away on the circle.
        func brightness(_ pureHue: Double) -> Double {
            let difference = abs(hue - pureHue)
            let distance = min(difference, 360 - difference)
            return min(max(2 - distance / 60, 0), 1)
        }
        return (brightness(0), brightness(120), brightness(240))
    }
}
