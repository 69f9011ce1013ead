import LabelDistributions
import Numerics
import Testing

@testable import FeatureSpaces

/// Measures do not depend on a space's axes or unit.
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

    /// Scaling by a power of two is exact, so the results must be identical to the last bit.
    @Test(arguments: [0x1p-40, 0.25, 8, 0x1p60]) func aPowerOfTwoChangesNothing(scale: Double) throws {
        let space = TestSpaces.smooth(labels, seed: 41)
        let scaled = try changed(space) { $0.map { $0 * scale } }
        #expect(measures(scaled) == measures(space))
    }

    @Test(arguments: [0.3, 7, 1e6]) func otherScalesChangeRounding(scale: Double) throws {
        let space = TestSpaces.smooth(labels, seed: 41)
        expectClose(measures(try changed(space) { $0.map { $0 * scale } }), measures(space))
    }

    /// Rotates successive pairs of axes, then reflects one.
    @Test(arguments: [0.4, 2, 5]) func rotationsChangeRounding(angle: Double) throws {
        let space = TestSpaces.smooth(labels, seed: 41)
        let rotated = try changed(space) { row in
            var row = row
            for axis in 1..<row.count {
                let (x, y) = (row[axis - 1], row[axis])
                // `angle` is the tangent of half the rotation angle, which gives its sine and cosine as fractions.
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

    /// Features round to a relative 2⁻²⁴, which can swap pairs or neighbours at almost equal distances.
    private func expectClose(_ found: SpaceMeasures, _ expected: SpaceMeasures) {
        #expect(Set(found.values.keys) == Set(expected.values.keys))
        for (measure, value) in expected.values {
            #expect(abs(found.values[measure]!.value - value.value) < 1e-5, "\(measure)")
        }
    }
}
