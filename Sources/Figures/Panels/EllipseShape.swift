/// A shape between a circle and an ellipse twice as long as high, with the same area for all shapes, so that no class looks
/// heavier than another.
public struct EllipseShape: Sendable, Equatable {
    /// Half of the longer axis.
    public let semiMajor: Double
    /// Half of the shorter axis.
    public let semiMinor: Double

    /// The shape with the area of a circle of `radius` and the axis ratio 1 + `ellipseShare`: a circle at 0, an ellipse twice
    /// as long as high at 1. Traps unless `ellipseShare` is in 0…1.
    public init(radius: Double, ellipseShare: Double) {
        precondition((0...1).contains(ellipseShare), "an ellipse share lies in 0…1")
        let root = (1 + ellipseShare).squareRoot()
        semiMajor = radius * root
        semiMinor = radius / root
    }
}
