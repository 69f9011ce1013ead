import Numerics
import LabelDistributions
import RasterImages

/// One image of the shapes set before it is drawn: an ellipse on black. All lengths are shares of the image's side, so a scene
/// does not depend on the number of pixels.
///
/// Assumptions of this project where the paper gives no details: the colour's label is linear in hue between the two
/// neighbouring pure hues, the shape's label is linear in the axis ratio, and the label is the product of the two.
public struct ShapeScene: Sendable, Equatable {
    /// Colour and shape.
    public let appearance: Appearance
    /// From the left edge, 0.2 to 0.8.
    public let centerX: Double
    /// From the top edge, 0.2 to 0.8.
    public let centerY: Double
    /// Half of the shorter axis, 0.17 to 0.42: the object may extend beyond the image's edge.
    public let minorRadius: Double
    /// The angle between the longer axis and the x axis, clockwise in the image, in degrees from 0 to 180, exclusive.
    public let rotation: Double

    /// Half of the longer axis: 1 to 2 times `minorRadius`.
    public var majorRadius: Double { minorRadius * (1 + appearance.ellipseShare) }

    /// Blue, green and red, each as circle and as ellipse, in the order of `label`.
    public static let classes = ["bc", "be", "gc", "ge", "rc", "re"]

    /// The full names of `classes`.
    public static let fullNames = [
        "bc": "blue circle", "be": "blue ellipse", "gc": "green circle", "ge": "green ellipse", "rc": "red circle",
        "re": "red ellipse",
    ]

    /// The distribution over `classes`: the one over colours times the one over shapes, exact.
    public var label: LabelDistribution {
        // The colours along the hue circle as positions in class order: red, green, blue, red.
        let circle = [2, 1, 0, 2]
        let segment = min(Int(appearance.hue / 120), 2)
        let share = appearance.hue / 120 - Double(segment)
        var colors = [0.0, 0.0, 0.0]
        colors[circle[segment]] = 1 - share
        colors[circle[segment + 1]] += share
        let shapes = [1 - appearance.ellipseShare, appearance.ellipseShare]
        let probabilities = colors.flatMap { color in shapes.map { color * $0 } }
        guard let label = try? LabelDistribution(probabilities) else {
            preconditionFailure("a product of distributions sums to 1")
        }
        return label
    }

    /// A random scene. With `pureClass` (an index into `classes`), colour and shape are exactly those of that class. Without
    /// it, hue and axis ratio are uniform and independent, so nearly every image lies between four classes.
    ///
    /// The numbers are drawn in a fixed order whether they are used or not.
    init(pureClass: Int?, random: inout CounterRandom) {
        let hue = random.uniform() * 360
        let ellipseShare = random.uniform()
        appearance =
            if let pureClass {
                Appearance(hue: [240, 120, 0][pureClass / 2], ellipseShare: Double(pureClass % 2))
            } else {
                Appearance(hue: hue, ellipseShare: ellipseShare)
            }
        centerX = random.uniform(in: 0.2...0.8)
        centerY = random.uniform(in: 0.2...0.8)
        minorRadius = random.uniform(in: 0.17...0.42)
        rotation = random.uniform() * 180
    }

    /// Draws the scene, anti-aliased, on black. Throws `CairoError` if there is not enough memory.
    public func image(size: Int) throws(CairoError) -> RGBImage {
        let surface = try CairoImageSurface(width: size, height: size)
        let side = Double(size)
        try surface.fillEllipse(
            centerX: centerX * side, centerY: centerY * side, halfAxes: (majorRadius * side, minorRadius * side),
            rotation: rotation * .pi / 180, color: appearance.color)
        return try surface.image()
    }
}
