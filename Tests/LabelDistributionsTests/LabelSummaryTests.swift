import Foundation
import LabelDistributions
import Testing

struct LabelSummaryTests {
    @Test func countsMajoritiesTiesAndEntropies() throws {
        let labels = try [[3, 0, 0], [2, 2, 0], [1, 1, 1], [0, 1, 4]].map { try LabelDistribution(counts: $0) }
        let summary = LabelSummary(labels, bins: 4)
        // A tie goes to the first class.
        #expect(summary.majorityCounts == [3, 0, 1])
        #expect(summary.ties == [1, 2])
        let shares = [1 + 0.5 + 1.0 / 3, 0.5 + 1.0 / 3 + 0.2, 1.0 / 3 + 0.8].map { $0 / 4 }
        #expect(zip(summary.meanShares, shares).allSatisfy { abs($0 - $1) < 1e-15 })
        // ln 2 = 0.63 ln 3. The uniform label, at ln 3, falls into the last interval; 1 to 4 gives 0.46 ln 3.
        #expect(summary.entropy.counts == [1, 1, 1, 1])
        #expect(summary.entropy.edges.first == 0 && abs(summary.entropy.edges[4] - log(3)) < 1e-15)
        #expect(abs(summary.entropy.median - (log(2) + labels[3].entropy) / 2) < 1e-15)
    }

    @Test func oneClassHasOneInterval() throws {
        let summary = LabelSummary([LabelDistribution(oneHot: 0, of: 1)])
        #expect(summary.entropy.counts == [1] && summary.ties.isEmpty)
    }
}
