import Foundation
import LabelDistributions
import Testing

@testable import FeatureSpaces

@Suite struct VerdictTests {
    private static func measured(_ space: FeatureSpace, bootstraps: Int = 60) -> MeasuredSpace {
        MeasuredSpace(space, parameters: TestSpaces.parameters(bootstraps: bootstraps))
    }

    private static func verdict(_ first: [FeatureSpace], _ second: [FeatureSpace]) throws -> Verdict {
        try Verdict(
            first: first.map { Trial(split: "1", space: measured($0)) },
            second: second.map { Trial(split: "1", space: measured($0)) })
    }

    /// Smooth labels against shuffled ones, and a space against itself, with one seed: 50 of 50.
    @Test(arguments: UInt64(0)..<50) func plantedSpacesAreToldApart(seed: UInt64) throws {
        let smooth = TestSpaces.smooth(TestSpaces.labels(count: 120, seed: seed), seed: seed)
        let (ordered, mixed) = (Self.measured(smooth), Self.measured(TestSpaces.shuffled(smooth, seed: seed)))
        func verdict(_ first: MeasuredSpace, _ second: MeasuredSpace) throws -> Verdict.Outcome {
            try Verdict(first: [Trial(split: "a", space: first)], second: [Trial(split: "a", space: second)]).outcome
        }
        #expect(try verdict(ordered, mixed) == .firstBetterOrdered)
        #expect(try verdict(mixed, ordered) == .secondBetterOrdered)
        #expect(try verdict(ordered, ordered) == .notDistinguishable)
        #expect(try verdict(mixed, mixed) == .notDistinguishable)
    }

    /// The same over two splits with two seeds each, where seeds are what gaps are held against.
    @Test(arguments: UInt64(0)..<50) func plantedSpacesAreToldApartBySeeds(seed: UInt64) throws {
        var kinds: [[Trial]] = [[], []]
        for split in ["a", "b"] {
            let labels = TestSpaces.labels(count: 100, seed: seed * 2 + (split == "a" ? 0 : 1))
            for run in UInt64(0)..<2 {
                let smooth = TestSpaces.smooth(labels, seed: seed * 10 + run)
                kinds[0].append(Trial(split: split, space: Self.measured(smooth, bootstraps: 0)))
                let mixed = TestSpaces.shuffled(smooth, seed: seed * 10 + run)
                kinds[1].append(Trial(split: split, space: Self.measured(mixed, bootstraps: 0)))
            }
        }
        let found = try Verdict(first: kinds[0], second: kinds[1])
        #expect(found.outcome == .firstBetterOrdered)
        #expect(found.yardstick == .seeds)
        #expect(try Verdict(first: kinds[1], second: kinds[0]).outcome == .secondBetterOrdered)
        #expect(try Verdict(first: kinds[0], second: kinds[0]).outcome == .notDistinguishable)
    }

    /// A gap no larger than that between two seeds decides nothing.
    @Test func gapsWithinThoseOfSeedsDoNotCount() throws {
        let labels = TestSpaces.labels(count: 150, seed: 1)
        let clear = TestSpaces.smooth(labels, noise: 0.05, seed: 1)
        let vague = TestSpaces.smooth(labels, noise: 0.3, seed: 2)
        let mixed = TestSpaces.shuffled(clear, seed: 1)
        for other in [clear, mixed] {
            let alone = try Self.verdict([vague], [other])
            #expect(alone.outcome == (other == clear ? .secondBetterOrdered : .firstBetterOrdered))
            #expect(alone.yardstick == .samples)
            #expect(alone.evidence.allSatisfy { $0.seedGap == nil && $0.interval?.excludesZero == true })
        }
        let unsteady = try Self.verdict([vague], [clear, mixed])
        #expect(unsteady.yardstick == .seeds)
        #expect(unsteady.outcome == .notDistinguishable)
        for evidence in unsteady.evidence {
            let (gap, seedGap) = (try #require(evidence.gap), try #require(evidence.seedGap))
            #expect(abs(gap) <= seedGap / 2)
        }
    }

    /// All four measures on all splits must agree.
    @Test func splitsThatContradictEachOtherDecideNothing() throws {
        let smooth = TestSpaces.smooth(TestSpaces.labels(count: 120, seed: 3), seed: 3)
        let (ordered, mixed) = (Self.measured(smooth), Self.measured(TestSpaces.shuffled(smooth, seed: 3)))
        let found = try Verdict(
            first: [Trial(split: "1", space: ordered), Trial(split: "2", space: mixed)],
            second: [Trial(split: "2", space: ordered), Trial(split: "1", space: mixed)])
        #expect(found.outcome == .notDistinguishable)
        #expect(found.evidence.count == 8)
        #expect(found.evidence.filter { $0.split == "1" }.allSatisfy { $0.outcome == .firstBetterOrdered })
        #expect(found.evidence.filter { $0.split == "2" }.allSatisfy { $0.outcome == .secondBetterOrdered })
    }

    /// Without mixtures betweenness says nothing, and so nothing is better ordered.
    @Test func aMissingMeasureDecidesNothing() throws {
        let labels = TestSpaces.labels(count: 120, seed: 4).enumerated().map { $1.pureOrBlurred($0 % 2 == 0) }
        let smooth = TestSpaces.smooth(labels, seed: 4)
        let found = try Self.verdict([smooth], [TestSpaces.shuffled(smooth, seed: 4)])
        #expect(found.outcome == .notDistinguishable)
        let silent = found.evidence.filter { $0.gap == nil }.map(\.measure)
        #expect(silent == [.betweenness])
        #expect(found.evidence.count { $0.outcome == .firstBetterOrdered } == 3)
    }

    @Test func kindsNeedTheSameSplits() throws {
        let space = Self.measured(TestSpaces.smooth(TestSpaces.labels(count: 20, seed: 5), seed: 5))
        #expect(throws: FeatureSpaceError.differentSplits(first: [], second: [])) { try Verdict(first: [], second: []) }
        #expect(throws: FeatureSpaceError.differentSplits(first: ["1"], second: ["1", "2"])) {
            try Verdict(
                first: [Trial(split: "1", space: space)],
                second: [Trial(split: "1", space: space), Trial(split: "2", space: space)])
        }
    }

    @Test func verdictsAndMeasuresSurviveJSON() throws {
        let smooth = TestSpaces.smooth(TestSpaces.labels(count: 40, seed: 6), seed: 6)
        let found = try Self.verdict([smooth], [TestSpaces.shuffled(smooth, seed: 6)])
        let text = try JSONEncoder().encode(found)
        #expect(try JSONDecoder().decode(Verdict.self, from: text) == found)
        let measures = Self.measured(smooth).measures
        let encoded = try JSONEncoder().encode(measures)
        #expect(try JSONDecoder().decode(SpaceMeasures.self, from: encoded) == measures)
        // Measures are named in a dictionary.
        #expect(String(decoding: encoded, as: UTF8.self).contains("\"pairCorrelation\":{"))
    }
}

extension LabelDistribution {
    /// Pure, or with a share for each of three classes: never a mixture of two.
    fileprivate func pureOrBlurred(_ isPure: Bool) -> LabelDistribution {
        if isPure { return oneHot }
        return try! LabelDistribution(probabilities.map { 0.2 + 0.4 * $0 })
    }
}
