import Numerics
import Foundation
import RasterImages

/// One grey texture of simulated fibres before it is drawn: bright strands on a dark, speckled background, as in
/// second-harmonic images of collagen. All lengths are shares of the image's side.
///
/// Assumption of this project: two numbers determine how an image is perceived, namely how far its fibres stand out from the
/// background and to what extent they run in one direction. Both are continuous, so images may lie between the classes.
public struct FibreScene: Sendable, Equatable {
    /// From 0 (only speckle) to 1 (bright fibres).
    public let visibility: Double
    /// From 0 (all directions) to 1 (one direction).
    public let coherence: Double
    /// The main direction, in degrees from 0 to 180, exclusive.
    public let orientation: Double

    /// Directed fibres, not relevant (none), undirected fibres: with the names and the order of MiceBone's classes.
    public static let classes = ["g", "nr", "ug"]

    /// About 70 % of images show almost no fibres; in half of the others, the fibres are more directed than not.
    init(random: inout CounterRandom) {
        let isVisible = random.uniform() < 0.3
        let share = random.uniform()
        visibility = isVisible ? 0.3 + 0.7 * share : 0.4 * share * share
        // More at the ends than in between: half way from a uniform to an arcsine distribution.
        let position = random.uniform()
        coherence = 0.5 * position + 0.5 * (0.5 - 0.5 * cos(.pi * position))
        orientation = 180 * random.uniform()
    }

    /// The image in `size` × `size` pixels, grey in three equal channels. Throws `CairoError`.
    ///
    /// Strands are curves with about a hundred control points whose directions spread around the main one, by up to half a
    /// turn. They are overlaid with multiplicative speckle (partly exponential, as with coherent light) and a little detector
    /// noise.
    func image(size: Int, random: inout CounterRandom) throws(CairoError) -> RGBImage {
        let surface = try CairoImageSurface(width: size, height: size)
        let side = Double(size)
        let spread = (1 - coherence) * .pi / 2
        let main = orientation * .pi / 180
        for _ in 0..<110 {
            let angle = main + spread * random.uniform(in: -1...1) + 0.06 * random.normal()
            let (x, y) = (random.uniform(in: -0.1...1.1), random.uniform(in: -0.1...1.1))
            let length = random.uniform(in: 0.25...0.9)
            let bend = (0.03 + 0.12 * (1 - coherence)) * random.normal()
            let (along, across) = ((cos(angle), sin(angle)), (-sin(angle), cos(angle)))
            func point(_ share: Double, _ offset: Double) -> (Double, Double) {
                (
                    side * (x + share * length * along.0 + offset * across.0),
                    side * (y + share * length * along.1 + offset * across.1)
                )
            }
            let level = random.uniform(in: 0.35...1)
            try surface.strokeCurve(
                point(-0.5, 0), point(-0.2, bend), point(0.2, bend), point(0.5, 0),
                width: side * random.uniform(in: 0.004...0.014), level: level, opacity: 0.75)
        }
        let strands = try surface.image()
        let ground = Ground(random: &random)
        var pixels = strands.pixels
        for row in 0..<size {
            for column in 0..<size {
                let index = 3 * (row * size + column)
                let strand = Double(strands.pixels[index]) / 255
                let light = ground.level(Double(column) / side, Double(row) / side) + 0.75 * visibility * strand
                // The mean of the speckle is 1.
                let speckle = 0.55 - 0.45 * log(1 - random.uniform())
                let value = light * speckle + 0.04 * (random.uniform() + random.uniform() - 1)
                let grey = UInt8(min(max((255 * value).rounded(), 0), 255))
                for channel in 0..<3 { pixels[index + channel] = grey }
            }
        }
        return RGBImage(width: size, height: size, pixels: pixels)
    }

    /// A smooth background of three broad waves.
    private struct Ground {
        private let waves: [(x: Double, y: Double, phase: Double)]

        init(random: inout CounterRandom) {
            waves = (0..<3).map { _ in
                (random.uniform(in: -9...9), random.uniform(in: -9...9), random.uniform(in: 0...(2 * .pi)))
            }
        }

        func level(_ x: Double, _ y: Double) -> Double {
            waves.reduce(0.17) { $0 + 0.03 * sin($1.x * x + $1.y * y + $1.phase) }
        }
    }
}
