import Numerics
import LabelDistributions
import Testing

@Suite struct DrawnVotesTests {
    @Test func classesAreDrawnAsOftenAsTheirProbability() throws {
        let label = try LabelDistribution([0.1, 0, 0.6, 0.3])
        var counts = [0, 0, 0, 0]
        for number in 0..<20_000 { counts[label.drawnClass(CounterRandom(seed: 5, UInt64(number)))] += 1 }
        #expect(counts[1] == 0)
        // Four standard deviations of a share over 20,000 draws are at most .014.
        for (count, expected) in zip(counts, label.probabilities) {
            #expect(abs(Double(count) / 20_000 - expected) < 0.014)
        }
        #expect(LabelKind.quantized.target(for: label, random: CounterRandom(seed: 5, 3)).probabilities.contains(1))
        #expect(LabelDistribution(oneHot: 1, of: 2).drawnClass(CounterRandom(seed: 1)) == 1)
    }

    @Test func noAnnotatorIsHeardTwice() throws {
        let votes = [3, 0, 1, 2], label = try LabelDistribution(counts: [3, 0, 1, 2])
        for seed in 0..<50 {
            let random = CounterRandom(seed: UInt64(seed))
            var before = [0, 0, 0, 0]
            for count in 1...8 {
                let heard = label.heard(count, votes: votes, random: random)
                let counts = heard.probabilities.map { Int(($0 * Double(min(count, 6))).rounded()) }
                #expect(zip(counts, votes).allSatisfy { $0 <= $1 })
                // One vote is added; the others stay.
                #expect(zip(counts, before).allSatisfy { $0 >= $1 })
                before = counts
            }
            #expect(label.heard(6, votes: votes, random: random) == label)
        }
    }

    @Test func withoutVotesTheyAreDrawnFromTheDistribution() throws {
        let label = try LabelDistribution([0.25, 0.75])
        let means = LabelDistribution.mean(
            of: (0..<4000).map { label.heard(3, votes: nil, random: CounterRandom(seed: 9, UInt64($0))) })
        #expect(abs(means.probabilities[0] - 0.25) < 0.016)
        let heard = label.heard(3, votes: nil, random: CounterRandom(seed: 9, 1)).probabilities
        #expect(heard.allSatisfy { abs($0 * 3 - ($0 * 3).rounded()) < 1e-12 })
    }
}
