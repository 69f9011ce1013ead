/// Ellipse shares as tones: the object's own hue, light for a circle and dark for an ellipse, in even steps of OKLab lightness
/// whatever the hue.
///
/// In print a glyph is about two points wide. At that size an axis ratio of 1.5 is hard to see, but a difference in darkness is
/// not.
public enum EllipseShareTone {
    /// OKLab's lightness of a circle.
    static let circleLightness = 0.9
    /// OKLab's lightness of an ellipse.
    static let ellipseLightness = 0.32

    /// The tone of an object whose pure colour has `hue` degrees on the HSV circle. Traps unless the share is in 0…1.
    public static func colour(hue: Double, ellipseShare: Double) -> Colour {
        tone(of: OKLab(Colour(hue: hue)), ellipseShare)
    }

    private static func tone(of pure: OKLab, _ share: Double) -> Colour {
        precondition((0...1).contains(share), "an ellipse share lies in 0...1")
        let lightness = circleLightness + (ellipseLightness - circleLightness) * share
        return OKLab(lightness: lightness, chroma: min(pure.chroma, 0.2), hueAngle: pure.hueAngle).colour
    }
}
