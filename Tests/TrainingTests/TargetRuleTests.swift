import LabelDistributions
import Testing

@testable import Training

@Suite struct TargetRuleTests {
    let labels = [[0.7, 0.3, 0], [0.2, 0.2, 0.6]].map { try! LabelDistribution($0) }

    @Test func plainTargetsAreTheLabels() {
        #expect(TargetRule().target(for: labels[0]) == [0.7, 0.3, 0])
        #expect(TargetRule().target(for: labels[1].oneHot) == [0, 0, 1])
    }

    @Test func smoothing() {
        let target = TargetRule(smoothing: 0.1).target(for: labels[0].oneHot)
        for (found, expected) in zip(target, [0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3]) {
            #expect(abs(Double(found) - expected) < 1e-7)
        }
    }

    @Test func weightsAreTheInverseShares() {
        var hard = TargetRule()
        hard.balance((labels + [labels[0], labels[0]]).map(\.oneHot))
        // Four samples, three classes: three samples of the first class, none of the second, one of the third.
        #expect(hard.classWeights == [4.0 / 9, 0, 4.0 / 3])
        #expect(hard.target(for: labels[1].oneHot) == [0, 0, Float(4.0 / 3)])

        var soft = TargetRule()
        soft.balance(labels)
        for (found, mass) in zip(soft.classWeights!, [0.9, 0.5, 0.6]) { #expect(abs(found - 2 / (3 * mass)) < 1e-12) }
        // The total loss keeps its weight, and each class gets a third of it.
        let targets = labels.map { soft.target(for: $0) }
        for k in 0..<3 { #expect(abs(targets[0][k] + targets[1][k] - 2.0 / 3) < 1e-6) }
    }
}
