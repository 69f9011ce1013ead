import Foundation
import Numerics
import Testing

@testable import NeuralNetwork

/// The class-wise positive-unlabelled risk against its definition, PyTorch's autograd and finite differences.
@Suite struct ClasswiseRiskTests {
    /// Written by `Tools/reference/classwise_risk_fixtures.py`.
    private struct Fixtures: Decodable {
        struct Case: Decodable {
            let classes: Int
            let logits: [Double]
            let labels: [Int]
            let value: Double
            let gradient: [Double]
            let weight: Double
            let priors: [Double]?
            let tolerance: Double?
            let reversal: Double?

            var risk: ClasswiseRisk {
                ClasswiseRisk(
                    divergenceWeight: weight, positivePrior: priors?[0] ?? 0.1, hiddenPrior: priors?[1] ?? 0.6,
                    tolerance: tolerance ?? 0, reversal: reversal ?? 1)
            }

            func evaluate(_ logits: [Double]) -> (value: Double, gradient: [Double]) {
                risk.risk(
                    scores: logits, positives: labels.flatMap { label in (0..<classes).map { $0 == label } }, classes)
            }
        }

        struct Step: Decodable {
            let features: [Float]
            let weights: [Float]
            let bias: [Float]
            let labels: [Int]
            let divergenceWeight: Double
            let value: Double
            let featureGradient: [Double]
            let weightGradient: [Double]
            let biasGradient: [Double]
        }

        let cases: [String: Case]
        let step: Step

        static func read() throws -> Fixtures {
            let url = try #require(Bundle.module.url(forResource: "Fixtures/classwise-risk", withExtension: "json"))
            return try JSONDecoder().decode(Fixtures.self, from: Data(contentsOf: url))
        }
    }

    private static let names = [
        "mixed", "small lambda", "half", "a class without images", "one class alone", "logits of 80", "turned round",
        "within tolerance",
    ]

    @Test(arguments: names) func equalsAutogradInDoublePrecision(name: String) throws {
        let fixture = try #require(try Fixtures.read().cases[name])
        let found = fixture.evaluate(fixture.logits)
        #expect(abs(found.value - fixture.value) <= 1e-12 * max(1, abs(fixture.value)))
        for (index, (mine, theirs)) in zip(found.gradient, fixture.gradient).enumerated() {
            #expect(abs(mine - theirs) <= 1e-12, "logit \(index): \(mine) and \(theirs)")
        }
        #expect(name == "half" || found.gradient.contains { $0 != 0 })
    }

    /// Straight from the formulas, one class at a time.
    @Test(arguments: names) func equalsTheDefinition(name: String) throws {
        let fixture = try #require(try Fixtures.read().cases[name])
        let (risk, lambda) = (fixture.risk, fixture.weight)
        func loss(_ f: Double) -> Double {
            let p = min(max(1 / (1 + exp(-f)), 1e-7), 1 - 1e-7)
            let m = lambda + (1 - lambda) * p
            return -lambda * log(m) + (1 - lambda) * p * log(p / m)
        }
        func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
        var sum = 0.0
        for k in 0..<fixture.classes {
            let scores = fixture.labels.indices.map {
                (fixture.labels[$0] == k, fixture.logits[$0 * fixture.classes + k])
            }
            let positive = scores.filter(\.0).map(\.1), other = scores.filter { !$0.0 }.map(\.1)
            let rest = mean(other.map { loss(-$0) }) - risk.hiddenPrior * mean(positive.map { loss(-$0) })
            sum += risk.positivePrior * mean(positive.map(loss))
            sum += rest < -risk.tolerance ? -risk.reversal * rest : rest
        }
        let kept = 1 - lambda
        let expected = -1 / (kept * log(kept)) * sum / Double(fixture.classes)
        #expect(abs(fixture.evaluate(fixture.logits).value - expected) <= 1e-12)
    }

    @Test(arguments: names) func theGradientIsTheSlope(name: String) throws {
        let fixture = try #require(try Fixtures.read().cases[name])
        let gradient = fixture.evaluate(fixture.logits).gradient
        for index in fixture.logits.indices {
            var above = fixture.logits, below = fixture.logits
            above[index] += 1e-5
            below[index] -= 1e-5
            let slope = (fixture.evaluate(above).value - fixture.evaluate(below).value) / 2e-5
            // Error of the difference itself: h² times a third derivative of order one, plus rounding of 1e-16 / h.
            #expect(abs(slope - gradient[index]) < 1e-8, "logit \(index)")
        }
    }

    /// A dense layer and its head in single precision.
    @Test func aStepHasAutogradsGradients() throws {
        let step = try Fixtures.read().step
        let features = FeatureVectors(channels: 5, batch: 6, trains: true)
        for (index, value) in step.features.enumerated() { features.values.base[index] = value }
        let plan = LayerPlan(
            engine: try OneDNNEngine(), batch: 6, threads: 1, trains: true, precision: .float32)
        let layer = DenseLayer(name: "classifier", features, outputs: 4, rectifies: false, plan)
        let memory = AlignedBuffer<Float>(count: 48)
        (layer.weight.values, layer.weight.gradient) = (memory.base, memory.base + 24)
        (layer.bias.values, layer.bias.gradient) = (memory.base + 20, memory.base + 44)
        for (index, value) in step.weights.enumerated() { layer.weight.values[index] = value }
        for (index, value) in step.bias.enumerated() { layer.bias.values[index] = value }
        let loss = try ClassifierHead([layer]).train(
            count: 6, targets: step.labels.flatMap { label in (0..<4).map { $0 == label ? 1 : 0 } },
            loss: ClasswiseRisk(divergenceWeight: step.divergenceWeight), dropout: .none)
        #expect(abs(loss - step.value) < 1e-6)
        for (found, expected) in [
            (Array(features.gradient.elements.prefix(30)), step.featureGradient),
            ((0..<20).map { layer.weight.gradient[$0] }, step.weightGradient),
            ((0..<4).map { layer.bias.gradient[$0] }, step.biasGradient),
        ] {
            #expect(expected.contains { abs($0) > 1e-3 })
            // Sums of at most six products of values near one.
            for (mine, theirs) in zip(found, expected) { #expect(abs(Double(mine) - theirs) < 2e-6) }
        }
        withExtendedLifetime(memory) {}
    }

    @Test func theWeightIsDrawnFromAFoldedBeta() {
        let draws = (0..<20_000).map { ClasswiseRisk.drawnWeight(CounterRandom(seed: 1, UInt64($0))) }
        #expect(draws.allSatisfy { (0...0.5).contains($0) })
        // P(min(λ, 1 − λ) < x) = (4/π) arcsin √x. The tolerance is four standard errors.
        for x in [0.01, 0.1, 0.25, 0.4] {
            let expected = 4 / .pi * asin(x.squareRoot())
            let share = Double(draws.count { $0 < x }) / 20_000
            #expect(abs(share - expected) < 4 * (expected * (1 - expected) / 20_000).squareRoot(), "\(x)")
        }
    }

    @Test func extremesAndNaN() {
        let risk = ClasswiseRisk(divergenceWeight: 0)
        let targets: [Float] = [1, 0, 0, 1, 0, 0]
        // With λ = 0 the loss is zero everywhere.
        var found = risk.evaluate(logits: [1e4, -1e4, 5, 3, 4, -3], targets: targets, classes: 3)
        #expect(found.loss == 0 && found.gradient.allSatisfy { $0 == 0 })
        let half = ClasswiseRisk(divergenceWeight: 0.5)
        found = half.evaluate(logits: [.infinity, -.infinity, 5, 3, 4, -3], targets: targets, classes: 3)
        #expect(found.loss.isFinite && found.gradient.allSatisfy(\.isFinite))
        #expect(half.evaluate(logits: [.nan, 0, 0, 0, 0, 0], targets: targets, classes: 3).loss.isNaN)
    }
}
