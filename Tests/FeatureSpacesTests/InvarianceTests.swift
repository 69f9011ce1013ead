import LabelDistributions
import Numerics
import Testing

@testable import FeatureSpaces

/// What a space measures does not depend on its axes or its unit.
@Suite struct InvarianceTests {
    private let labels = TestSpaces.labels(count: 90, seed: 41)

    private func measures(_ space: FeatureSpace) -> SpaceMeasures {
        MeasuredSpace(space, parameters: TestSpaces.parameters(permutations: 20), threads: ThreadCount(2)).measures
    }

    private func changed(_ space: FeatureSpace, _ change: ([Double]) -> [Double]) throws -> FeatureSpace {
        let dimension = space.dimension
        let features = (0..<space.count).flatMap { row in
            change(space.features[row * dimension..<(row + 1) * dimension].map(Double.init)).map { Float($0) }
        }
        return try FeatureSpace(features: features, dimension: dimension, labels: space.labels)
    }

    /// Powers of two change no digit, so that not even the last bits differ.
    @Test(arguments: [0x1p-40, 0.25, 8, 0x1p60]) func aPowerOfTwoChangesNothing(scale: Double) throws {
        let space = TestSpaces.smooth(labels, seed: 41)
        let scaled = try changed(space) { $0.map { $0 * scale } }
        #expect(measures(scaled) == measures(space))
    }

    @Test(arguments: [0.3, 7, 1e6]) func otherScalesChangeRounding(scale: Double) throws {
        let space = TestSpaces.smooth(labels, seed: 41)
        expectClose(measures(try changed(space) { $0.map { $0 * scale } }), measures(space))
    }

    /// Rotations of pairs of axes one after another, and a reflection.
    @Test(arguments: [0.4, 2, 5]) func rotationsChangeRounding(angle: Double) throws {
        let space = TestSpaces.smooth(labels, seed: 41)
        let rotated = try changed(space) { row in
            var row = row
            for axis in 1..<row.count {
                let (x, y) = (row[axis - 1], row[axis])
                // The point of the circle at twice the angle whose tangent is `angle`: no sine or cosine is needed.
                let (cosine, sine) = (
                    (1 - angle * angle) / (1 + angle * angle), 2 * angle / (1 + angle * angle)
                )
                (row[axis - 1], row[axis]) = (cosine * x - sine * y, sine * x + cosine * y)
            }
            row[0].negate()
            return row
        }
        expectClose(measures(rotated), measures(space))
    }

    /// Features are rounded to 2⁻²⁴ of themselves, which may change places of two pairs or neighbours that are so close.
    private func expectClose(_ found: SpaceMeasures, _ expected: SpaceMeasures) {
        #expect(Set(found.values.keys) == Set(expected.values.keys))
        for (measure, value) in expected.values {
            #expect(abs(found.values[measure]!.value - value.value) < 1e-5, "\(measure)")
        }
    }
}
