import Foundation
import Testing

@testable import NeuralNetwork

/// The class-wise positive-unlabelled risk against its definition and against finite differences.
@Suite struct ClasswiseRiskTests {
    private let classes = [0, 2, 1, 0, 2, 2, 0]
    private let logits: [Double] = [
        0.3, -1.2, 0.7, 1.5, 0.2, -0.4, -0.8, 2.1, 0.1, 0.9, -0.3, -2.2, 0, 0.6, 1.1, -1.7, 0.4, 0.5, 2.4, -0.9, 0.2,
    ]

    private func evaluate(_ risk: ClasswiseRisk, _ logits: [Double]) -> (value: Double, gradient: [Double]) {
        let count = risk.labelledShares.count
        var gradient = [Float](repeating: .nan, count: logits.count)
        let targets = classes.flatMap { label in (0..<count).map { Float($0 == label ? 1 : 0) } }
        let value = ClassificationLoss.classwisePositiveUnlabelled(risk).evaluate(
            logits: logits.map(Float.init), targets: targets, classes: count, gradient: &gradient)
        return (value, gradient.map(Double.init))
    }

    /// Both parts of each class, straight from the formula.
    private func parts(_ risk: ClasswiseRisk, _ logits: [Double]) -> [(first: Double, bracket: Double)] {
        let count = risk.labelledShares.count
        func loss(_ z: Double) -> Double { log(1 + exp(-z)) }
        func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
        return (0..<count).map { k in
            let scores = classes.indices.map { logits[$0 * count + k] }
            let positive = classes.indices.filter { classes[$0] == k }.map { scores[$0] }
            let others = classes.indices.filter { classes[$0] != k }.map { scores[$0] }
            let share = risk.labelledShares[k], hidden = risk.hiddenShares[k]
            return (
                (share + (1 - share) * hidden) * mean(positive.map { loss($0) }),
                (1 - share) * (mean(others.map { loss(-$0) }) - hidden * mean(positive.map { loss(-$0) }))
            )
        }
    }

    /// The derivatives of `function` at the logits.
    private func slopes(_ function: ([Double]) -> Double) -> [Double] {
        logits.indices.map { index in
            var above = logits, below = logits
            above[index] += 1e-5
            below[index] -= 1e-5
            return (function(above) - function(below)) / 2e-5
        }
    }

    private func expectClose(_ found: [Double], _ expected: [Double]) {
        for (index, (a, b)) in zip(found, expected).enumerated() { #expect(abs(a - b) < 1e-6, "element \(index)") }
    }

    @Test func valueAndGradientWhereNoBracketIsNegative() {
        let risk = ClasswiseRisk(labelledShares: [0.4, 0.15, 0.45], hiddenShares: [0.1, 0.05, 0.2])
        let parts = parts(risk, logits)
        #expect(parts.allSatisfy { $0.bracket > 0 })
        let found = evaluate(risk, logits)
        // The logits reach the loss as floats.
        #expect(abs(found.value - parts.reduce(0) { $0 + $1.first + $1.bracket }) < 1e-6)
        let expected = slopes { logits in self.parts(risk, logits).reduce(0) { $0 + $1.first + $1.bracket } }
        expectClose(found.gradient, expected)
    }

    @Test func aNegativeBracketCountsNothingAndIsClimbed() {
        // Positives of class 0 score high, so that .9 of their loss is more than that of all others.
        let risk = ClasswiseRisk(
            labelledShares: [0.4, 0.15, 0.45], hiddenShares: [0.9, 0.05, 0.2], reversal: 0.5)
        let parts = parts(risk, logits)
        #expect(parts[0].bracket < 0 && parts[1].bracket > 0 && parts[2].bracket > 0)
        let found = evaluate(risk, logits)
        #expect(abs(found.value - parts.reduce(0) { $0 + $1.first + max(0, $1.bracket) }) < 1e-6)
        let expected = slopes { logits in
            let parts = self.parts(risk, logits)
            return -0.5 * parts[0].bracket + parts.dropFirst().reduce(0) { $0 + $1.first + $1.bracket }
        }
        expectClose(found.gradient, expected)
        // Within β the gradient is that of the formula.
        let patient = ClasswiseRisk(
            labelledShares: risk.labelledShares, hiddenShares: risk.hiddenShares, tolerance: 1, reversal: 0.5)
        expectClose(
            evaluate(patient, logits).gradient,
            slopes { logits in self.parts(risk, logits).reduce(0) { $0 + $1.first + $1.bracket } })
    }

    @Test func withoutHiddenPositivesItIsOneVersusRest() {
        let shares = (0..<3).map { k in Double(classes.count { $0 == k }) / Double(classes.count) }
        let found = evaluate(ClasswiseRisk(labelledShares: shares, hiddenShares: [0, 0, 0]), logits)
        var expected = 0.0
        for (sample, label) in classes.enumerated() {
            for k in 0..<3 { expected += log(1 + exp((label == k ? -1 : 1) * logits[sample * 3 + k])) / 7 }
        }
        #expect(abs(found.value - expected) < 1e-6)
    }

    /// What the derivation claims: over images of which a known share of the others is of the class, the risk is that of
    /// the true classes.
    @Test func hiddenPositivesAreAccountedFor() {
        // A thousand images of class k score 1, a thousand others −.5; 400 of the first are labelled.
        let (labelled, hidden, negatives) = (400, 600, 1000)
        let n = Double(labelled + hidden + negatives)
        let share = Double(labelled) / n, rho = Double(hidden) / Double(hidden + negatives)
        func loss(_ z: Double) -> Double { log(1 + exp(-z)) }
        let scores = [Float](repeating: 1, count: labelled + hidden) + [Float](repeating: -0.5, count: negatives)
        let targets = (0..<scores.count).map { Float($0 < labelled ? 1 : 0) }
        var gradient = [Float](repeating: 0, count: scores.count)
        let found = ClasswiseRisk(labelledShares: [share], hiddenShares: [rho]).evaluate(
            logits: scores, targets: targets, classes: 1, gradient: &gradient)
        #expect(abs(found - (0.5 * loss(1) + 0.5 * loss(0.5))) < 1e-12)
    }

    @Test func batchesWithoutAClassAndExtremeLogits() {
        let risk = ClasswiseRisk(labelledShares: [0.5, 0, 0.5], hiddenShares: [0.1, 0.2, 0])
        var gradient = [Float](repeating: .nan, count: 6)
        let targets: [Float] = [1, 0, 0, 1, 0, 0]
        var value = risk.evaluate(logits: [1e4, -1e4, 5, 3, 4, -3], targets: targets, classes: 3, gradient: &gradient)
        #expect(value.isFinite && gradient.allSatisfy(\.isFinite))
        // Every image is of class 0: nothing is known of its negatives.
        #expect(gradient[0] <= 0.06 && gradient[4] > 0)
        value = risk.evaluate(logits: [.nan, 0, 0, 0, 0, 0], targets: targets, classes: 3, gradient: &gradient)
        #expect(value.isNaN)
    }
}
