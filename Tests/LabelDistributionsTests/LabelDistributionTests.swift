import Numerics
import Foundation
import LabelDistributions
import Testing

struct LabelDistributionTests {
    @Test(arguments: [
        ([], LabelDistributionError.empty, "the label has no classes; expected at least one number"),
        (
            [0.5, .nan], .notFinite(index: 1, value: "nan"),
            "the label's number 2 is nan; expected a finite number"
        ),
        (
            [.infinity, 0], .notFinite(index: 0, value: "inf"),
            "the label's number 1 is inf; expected a finite number"
        ),
        (
            [1.5, -0.5], .negative(index: 1, value: -0.5),
            "the label's number 2 is -0.5; expected a number of at least 0"
        ),
        (
            [0.5, 0.25], .sum(0.75),
            "the label sums to 0.75; expected 1 (within 1e-06)"
        ),
    ])
    func refusesWhatIsNoDistribution(row: [Double], error: LabelDistributionError, text: String) {
        #expect(throws: error) { try LabelDistribution(row) }
        #expect(error.description == text)
    }

    @Test func refusesCountsWithoutVotes() {
        #expect(throws: LabelDistributionError.noVotes) { try LabelDistribution(counts: [0, 0]) }
        #expect(throws: LabelDistributionError.empty) { try LabelDistribution(counts: []) }
        #expect(throws: LabelDistributionError.negative(index: 1, value: -1)) {
            try LabelDistribution(counts: [3, -1])
        }
        #expect(LabelDistributionError.noVotes.description == "all counts are 0; expected at least one vote")
    }

    @Test func takesSumsWithinTheTolerance() throws {
        #expect(try LabelDistribution([0.5, 0.5 + 0.9e-6]).probabilities == [0.5, 0.5 + 0.9e-6])
        #expect(throws: LabelDistributionError.self) { try LabelDistribution([0.5, 0.5 + 1.1e-6]) }
    }

    @Test func sharesOfCounts() throws {
        #expect(try LabelDistribution(counts: [1, 0, 3]).probabilities == [0.25, 0, 0.75])
        let largest = try LabelDistribution(counts: [.max, .max])
        #expect(largest.probabilities == [0.5, 0.5])
    }

    @Test func tiesGoToTheFirstClass() throws {
        let tie = try LabelDistribution(counts: [1, 4, 0, 4])
        #expect(tie.hardClass == 1)
        #expect(tie.oneHot.probabilities == [0, 1, 0, 0])
        #expect(LabelKind.hard.target(for: tie, random: CounterRandom(seed: 0)) == tie.oneHot)
        #expect(LabelKind.soft.target(for: tie, random: CounterRandom(seed: 0)) == tie)
    }

    @Test func entropyRunsFromNoneToUniform() throws {
        #expect(LabelDistribution(oneHot: 2, of: 5).entropy == 0)
        let uniform = try LabelDistribution([0.25, 0.25, 0.25, 0.25])
        #expect(abs(uniform.entropy - log(4)) < 1e-15)
    }

    @Test func meanOverLabels() throws {
        let labels = [LabelDistribution(oneHot: 0, of: 2), LabelDistribution(oneHot: 1, of: 2)]
        #expect(LabelDistribution.mean(of: labels).probabilities == [0.5, 0.5])
        #expect(LabelDistribution.mean(of: labels[1...]).probabilities == [0, 1])
    }
}
