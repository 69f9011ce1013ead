import Foundation
import Numerics

/// A simulated person who looks at images of fibres and is not always right: with individual thresholds for what counts as
/// fibres and as directed, imprecise perception, and a rate of slips.
///
/// Assumption of this project; the numbers give the shares of the majorities in MiceBone (15, 70 and 15 %).
struct SimulatedAnnotator: Sendable {
    /// Fibres are recognised from this visibility on, 0…1.
    let visibilityThreshold: Double
    /// They count as directed from this coherence on, 0…1.
    let coherenceThreshold: Double
    /// The share of labels that are replaced by some other class.
    let errorRate: Double

    init(random: inout CounterRandom) {
        visibilityThreshold = 0.36 + 0.06 * random.normal()
        coherenceThreshold = 0.5 + 0.08 * random.normal()
        errorRate = random.uniform(in: 0.01...0.07)
    }

    /// The index of the label in `FibreScene.classes`.
    func label(_ scene: FibreScene, random: inout CounterRandom) -> Int {
        let visibility = scene.visibility + Self.visibilityNoise * random.normal()
        let coherence = scene.coherence + Self.coherenceNoise * random.normal()
        let slips = random.uniform() < errorRate
        let seen = visibility < visibilityThreshold ? 1 : coherence > coherenceThreshold ? 0 : 2
        return slips ? (seen + 1 + random.index(below: 2)) % 3 : seen
    }

    /// The probability of each label, in closed form: the noise of both judgements is normally distributed.
    func probabilities(_ scene: FibreScene) -> SIMD3<Double> {
        func normalShare(below z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
        let none = normalShare(below: (visibilityThreshold - scene.visibility) / Self.visibilityNoise)
        let directed = normalShare(below: (scene.coherence - coherenceThreshold) / Self.coherenceNoise)
        let seen = SIMD3((1 - none) * directed, none, (1 - none) * (1 - directed))
        return (1 - errorRate) * seen + errorRate / 2 * (1 - seen)
    }

    /// Standard deviations of how the same image is perceived.
    private static let visibilityNoise = 0.05, coherenceNoise = 0.07
}
