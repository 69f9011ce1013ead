import Foundation
import LabelDistributions
import Numerics
import Testing

@testable import FeatureSpaces

/// Loops against ripser, and the circular coordinates of samples.
@Suite struct LoopTests {
    /// Ripser computes in single precision, hence 1e-6.
    @Test(arguments: LoopsFixture.names) func barsAreThoseOfRipser(name: String) throws {
        let fixture = try LoopsFixture.load(name)
        let found = RipsPersistence(distances: fixture.distances, count: fixture.count)
        #expect(found.bars.count >= fixture.bars.count)
        for (bar, expected) in zip(found.bars, fixture.bars) {
            #expect(abs(bar.birth - expected[0]) < 1e-6 && abs(bar.death - expected[1]) < 1e-6)
        }
    }

    /// The coboundary of a cocycle vanishes on every triangle that exists before the cocycle dies.
    @Test(arguments: LoopsFixture.names) func cocyclesAreClosed(name: String) throws {
        let fixture = try LoopsFixture.load(name)
        let (distances, count) = (fixture.distances, fixture.count)
        let found = RipsPersistence(distances: distances, count: count)
        let death = found.bars[0].death
        var values = [Int](repeating: 0, count: count * count)
        for edge in found.cocycle { values[edge.first * count + edge.second] = edge.coefficient }
        #expect(!found.cocycle.isEmpty)
        for a in 0..<count {
            for b in a + 1..<count where distances[a * count + b] < death {
                for c in b + 1..<max(count, b + 1)
                where distances[a * count + c] < death && distances[b * count + c] < death {
                    let sum = values[b * count + c] - values[a * count + c] + values[a * count + b]
                    #expect(sum % RipsPersistence.prime == 0)
                }
            }
        }
    }

    /// The coordinate on a noisy circle is the angle.
    @Test func coordinatesGoAround() throws {
        let fixture = try LoopsFixture.load("circle")
        let found = RipsPersistence(distances: fixture.distances, count: fixture.count)
        let places = try #require(
            CircularCoordinate.values(found, distances: fixture.distances, count: fixture.count))
        let angles = (0..<fixture.count).map {
            atan2(Double(fixture.points[2 * $0 + 1]), Double(fixture.points[2 * $0])) / (2 * .pi)
        }
        #expect(CircularCoordinate.agreement(places, angles) > 0.98)
        #expect(CircularCoordinate.agreement(places, angles.map { -$0 + 0.3 }) > 0.98)
        var random = CounterRandom(seed: 5)
        #expect(CircularCoordinate.agreement(places, angles.map { _ in random.uniform() }) < 0.4)
    }

    /// A ring of mixtures stands out; a blob and a space with too few ambiguous samples do not.
    @Test func ringsStandOut() throws {
        let labels = PlantedLabels(count: 250, classes: 6).labels(seed: 1)
        let ring = PlantedSpace.ring.rows(of: labels, dimension: 8, noise: 0.1, seed: 1)
        let turns = labels.map { label in
            let main = label.hardClass
            let step = label.probabilities[(main + 1) % 6] - label.probabilities[(main + 5) % 6]
            return (Double(main) + step) / 6
        }
        let found = try #require(AmbiguousLoop(ring.space, landmarks: 60, turns: turns))
        #expect(found.landmarks == 60)
        #expect(try #require(found.persistence) > 0.6)
        #expect(try #require(found.persistence) > 2 * (found.secondPersistence ?? 0))
        // Ambiguous samples form six clusters on the ring, and the smooth coordinate jumps between them.
        #expect(try #require(found.circularAgreement) > 0.7)
        let blob = try #require(
            AmbiguousLoop(TestSpaces.noise(labels, dimension: 8, seed: 1), landmarks: 60, turns: turns))
        #expect((blob.persistence ?? 0) < 0.3)
        #expect((blob.circularAgreement ?? 0) < 0.5)
        #expect(AmbiguousLoop(TestSpaces.noise(labels.map(\.oneHot), dimension: 8, seed: 1)) == nil)
        // All samples coincide.
        let point = try FeatureSpace(
            features: [Float](repeating: 1, count: 500), dimension: 2, labels: labels)
        #expect(AmbiguousLoop(point, landmarks: 20)?.persistence == nil)
    }
}
