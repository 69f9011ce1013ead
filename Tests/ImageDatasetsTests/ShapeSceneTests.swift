import Numerics
import Foundation
import LabelDistributions
import Testing

@testable import ImageDatasets

struct ShapeSceneTests {
    private static func scenes(_ count: Int, pureClass: Int? = nil) -> [ShapeScene] {
        (0..<count).map { number in
            var random = CounterRandom(seed: 5, UInt64(number))
            return ShapeScene(pureClass: pureClass, random: &random)
        }
    }

    @Test(arguments: 0..<6)
    func aPureSceneIsExactlyItsClass(pureClass: Int) {
        for scene in Self.scenes(20, pureClass: pureClass) {
            #expect(scene.label == LabelDistribution(oneHot: pureClass, of: 6))
        }
    }

    /// Independent formula: a colour's share falls linearly from 1 at its pure hue to 0 at the neighbouring hues, 120° away.
    @Test func theLabelIsColourTimesShape() {
        for scene in Self.scenes(500) {
            let (hue, ellipse) = (scene.appearance.hue, scene.appearance.ellipseShare)
            let colors = [240.0, 120, 0].map { pure -> Double in
                let difference = abs(hue - pure)
                return max(0, 1 - min(difference, 360 - difference) / 120)
            }
            let expected = colors.flatMap { [$0 * (1 - ellipse), $0 * ellipse] }
            for (found, wanted) in zip(scene.label.probabilities, expected) {
                #expect(abs(found - wanted) < 1e-14)
            }
        }
    }

    @Test func scenesStayWithinTheirRanges() {
        let scenes = Self.scenes(5000)
        func spans(_ value: (ShapeScene) -> Double, _ range: ClosedRange<Double>) -> Bool {
            let values = scenes.map(value)
            // Among 5000 uniform numbers the extremes lie within 0.5 % of the bounds, except with probability e⁻²⁵.
            let margin = 0.005 * (range.upperBound - range.lowerBound)
            return values.allSatisfy(range.contains) && values.min()! < range.lowerBound + margin
                && values.max()! > range.upperBound - margin
        }
        #expect(spans(\.centerX, 0.2...0.8))
        #expect(spans(\.centerY, 0.2...0.8))
        #expect(spans(\.minorRadius, 0.17...0.42))
        #expect(spans(\.rotation, 0...180))
        #expect(spans(\.appearance.hue, 0...360))
        #expect(spans({ $0.majorRadius / $0.minorRadius }, 1...2))
    }

    /// Two colours measured in the paper's public examples, and the pure ones.
    @Test(arguments: [
        (116.0, [17, 255, 0]), (284.0, [187, 0, 255]), (0.0, [255, 0, 0]), (120.0, [0, 255, 0]),
        (240.0, [0, 0, 255]), (60.0, [255, 255, 0]), (330.0, [255, 0, 128]),
    ])
    func coloursLieOnTheHueCircle(hue: Double, expected: [Int]) {
        let color = Appearance(hue: hue, ellipseShare: 0).color
        #expect([color.red, color.green, color.blue].map { Int(($0 * 255).rounded()) } == expected)
    }

    /// The drawn area, summed over anti-aliased pixels, equals the ellipse's area if it lies inside the image.
    @Test func drawsAnEllipseOfTheRightAreaAndPlace() throws {
        let size = 200
        let inside = Self.scenes(400).filter {
            min($0.centerX, $0.centerY, 1 - $0.centerX, 1 - $0.centerY) > $0.majorRadius
        }
        #expect(inside.count > 3)
        for scene in inside {
            let image = try scene.image(size: size)
            // Saturated colours have one channel at full brightness, so the largest channel is the coverage.
            var (mass, massX, massY) = (0.0, 0.0, 0.0)
            for y in 0..<size {
                for x in 0..<size {
                    let offset = (y * size + x) * 3
                    let coverage = Double(image.pixels[offset..<offset + 3].max()!) / 255
                    mass += coverage
                    massX += coverage * (Double(x) + 0.5)
                    massY += coverage * (Double(y) + 0.5)
                }
            }
            let area = .pi * scene.majorRadius * scene.minorRadius * Double(size * size)
            // Only edge pixels err: half of Cairo's 1/255 step, plus flattening of 0.02 px along the edge.
            let perimeter = 2 * .pi * scene.majorRadius * Double(size)
            #expect(abs(mass - area) < 0.02 * perimeter)
            #expect(abs(massX / mass - scene.centerX * Double(size)) < 0.1)
            #expect(abs(massY / mass - scene.centerY * Double(size)) < 0.1)
        }
    }
}
