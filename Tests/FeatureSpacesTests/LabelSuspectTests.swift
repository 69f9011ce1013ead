import LabelDistributions
import Numerics
import Testing

@testable import FeatureSpaces

/// Labels that may be wrong, and labels with few votes.
@Suite struct LabelSuspectTests {
    /// 5 % of 2,000 labels are changed to other classes. Nearly all of the hundred largest disagreements must be changed ones.
    @Test func turnedLabelsComeFirst() throws {
        let labels = PlantedLabels(count: 2_000, classes: 6).labels(seed: 3)
        var random = CounterRandom(seed: 4)
        let turned = Set(random.permutation(of: labels.count).prefix(100))
        let seen = try labels.enumerated().map { sample, label in
            if !turned.contains(sample) { return label }
            let step = 1 + random.index(below: 5)
            return try LabelDistribution((0..<6).map { label.probabilities[($0 + step) % 6] })
        }
        var parameters = MeasureParameters()
        (parameters.bootstraps, parameters.permutations, parameters.pairs) = (0, 0, 1_000)
        let spaces = try [UInt64(1), 2].map { seed in
            let rows = PlantedSpace.lines.rows(of: labels, dimension: 14, noise: 0.15, seed: seed)
            return MeasuredSpace(
                try FeatureSpace(features: rows.values.map { Float($0) }, dimension: 14, labels: seen),
                parameters: parameters)
        }
        let found = LabelSuspect.ranked(spaces)
        #expect(found.count == 2_000 && found.map(\.disagreement) == found.map(\.disagreement).sorted(by: >))
        #expect(found.prefix(100).count { turned.contains($0.sample) } >= 90)
        for suspect in found.prefix(20) {
            #expect(suspect.disagreement <= spaces[0].labelMisfit[suspect.sample])
            if suspect.suspicion == .mislabelled {
                #expect(suspect.neighborClass != seen[suspect.sample].hardClass && suspect.neighborShare >= 0.5)
            }
        }
    }

    @Test func fewVotesConverge() throws {
        #expect(AnnotationBudget.steps(below: 12) == [1, 2, 3, 5, 8])
        #expect(AnnotationBudget.steps(below: 1) == [])
        var random = CounterRandom(seed: 6)
        let votes = (0..<80).map { _ -> [Int] in
            let first = random.index(below: 11)
            return [first, 10 - first, 2]
        }
        let labels = try votes.map { try LabelDistribution(counts: $0) }
        let space = PlantedSpace.lines.rows(of: labels, dimension: 5, noise: 0.1, seed: 1).space
        let found = AnnotationBudget(votes: votes, space: space, draws: 6)
        #expect(found.rows.map(\.votes) == [1, 2, 3, 5, 8, nil])
        #expect(found.rows.map(\.images) == [80, 80, 80, 80, 80, 0])
        let divergences = found.rows.map { $0.values[.klDivergence]!.value }
        #expect(divergences == divergences.sorted(by: >) && abs(divergences[5]) < 1e-12)
        // Labels from single votes have no entropy.
        #expect(found.rows[0].values[.entropyCorrelation] == nil)
        #expect(abs(found.rows[5].values[.entropyCorrelation]!.value - 1) < 1e-12)
        #expect(found.rows[5].values[.neighborDivergence]!.value < found.rows[0].values[.neighborDivergence]!.value)
        #expect(AnnotationBudget(votes: votes, space: nil, draws: 2).rows[3].values[.neighborDivergence] == nil)
    }
}
