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

    /// Smooth labels against shuffled ones, and each space against itself, with one seed.
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

    /// The same over two splits with two seeds each.
    @Test(arguments: UInt64(0)..<50) func plantedSpacesAreToldApartBySeeds(seed: UInt64) throws {
        var kinds: [[Trial]] = [[], []]
        for split in ["a", "b"] {
            let labels = TestSpaces.labels(count: 100, seed: seed * 2 + (split == "a" ? 0 : 1))
            for run in UInt64(0)..<2 {
                let smooth = TestSpaces.smooth(labels, seed: seed * 10 + run)
                kinds[0].append(Trial(split: split, space: Self.measured(smooth)))
                let mixed = TestSpaces.shuffled(smooth, seed: seed * 10 + run)
                kinds[1].append(Trial(split: split, space: Self.measured(mixed)))
            }
        }
        let found = try Verdict(first: kinds[0], second: kinds[1])
        #expect(found.outcome == .firstBetterOrdered)
        #expect(found.yardstick == .seeds && found.seeds == 2)
        #expect(try Verdict(first: kinds[1], second: kinds[0]).outcome == .secondBetterOrdered)
        #expect(try Verdict(first: kinds[0], second: kinds[0]).outcome == .notDistinguishable)
    }

    /// A gap that is significant over images decides nothing if it is within the variation between trainings.
    @Test func theChanceOfTrainingCounts() throws {
        let labels = TestSpaces.labels(count: 150, seed: 1)
        let clear = TestSpaces.smooth(labels, noise: 0.05, seed: 1)
        let vague = TestSpaces.smooth(labels, noise: 0.3, seed: 2)
        let mixed = TestSpaces.shuffled(clear, seed: 1)
        for other in [clear, mixed] {
            let alone = try Self.verdict([vague], [other])
            #expect(alone.outcome == (other == clear ? .secondBetterOrdered : .firstBetterOrdered))
            #expect(alone.yardstick == .samples && alone.seeds == 1)
            for evidence in alone.evidence
            where [.pairCorrelation, .neighborDivergence, .entropyCorrelation].contains(evidence.measure) {
                #expect(evidence.interval?.excludesZero == true, "\(evidence.measure)")
            }
        }
        let unsteady = try Self.verdict([vague], [clear, mixed])
        #expect(unsteady.yardstick == .seeds && unsteady.seeds == 2)
        #expect(unsteady.outcome == .notDistinguishable)
        for evidence in unsteady.evidence {
            #expect(evidence.speaksFor == .neither)
            let interval = try #require(evidence.interval)
            #expect(interval.low < evidence.gap! && evidence.gap! < interval.high && !interval.excludesZero)
        }
    }

    /// Splits must agree.
    @Test func splitsThatContradictEachOtherDecideNothing() throws {
        let smooth = TestSpaces.smooth(TestSpaces.labels(count: 120, seed: 3), seed: 3)
        let (ordered, mixed) = (Self.measured(smooth), Self.measured(TestSpaces.shuffled(smooth, seed: 3)))
        let found = try Verdict(
            first: [Trial(split: "1", space: ordered), Trial(split: "2", space: mixed)],
            second: [Trial(split: "2", space: ordered), Trial(split: "1", space: mixed)])
        #expect(found.outcome == .notDistinguishable)
        #expect(found.evidence.count == 5)
        for evidence in found.evidence {
            #expect(evidence.speaksFor == .neither)
            #expect(evidence.splits.map(\.split) == ["1", "2"])
            #expect(evidence.splits.map(\.speaksFor) == [.first, .second])
            #expect(abs(evidence.gap!) < 1e-12)
        }
    }

    /// One-hot labels leave measures 2 and 4 undefined; the other three decide.
    @Test func undefinedMeasuresAreLeftOut() throws {
        let labels = TestSpaces.labels(count: 120, seed: 4).map(\.oneHot)
        let smooth = TestSpaces.smooth(labels, seed: 4)
        let found = try Self.verdict([smooth], [TestSpaces.shuffled(smooth, seed: 4)])
        #expect(found.outcome == .firstBetterOrdered)
        let silent = found.evidence.filter { $0.gap == nil }
        #expect(silent.map(\.measure) == [.classPairCorrelation, .entropyCorrelation])
        #expect(silent.allSatisfy { $0.speaksFor == .neither && $0.splits.isEmpty && $0.interval == nil })
    }

    /// How many measures must agree, and the outcome when they do not.
    @Test func theRule() {
        func outcome(_ sides: [Verdict.Side?]) -> Verdict.Outcome {
            Verdict.outcome(
                zip(SpaceMeasure.deciding, sides).map { measure, side in
                    Verdict.Evidence(
                        measure: measure, first: nil, second: nil, gap: side.map { _ in 1 }, interval: nil,
                        speaksFor: side ?? .neither, splits: [])
                })
        }
        #expect(outcome([.first, .first, .first, .first, .first]) == .firstBetterOrdered)
        #expect(outcome([.second, .second, .neither, .second, .second]) == .secondBetterOrdered)
        #expect(outcome([.first, .first, .neither, .neither, .first]) == .notDistinguishable)
        #expect(outcome([.first, .first, .first, .first, .second]) == .mixed)
        #expect(outcome([.first, .neither, .neither, .neither, .second]) == .mixed)
        #expect(outcome([.first, .first, .first, .first, nil]) == .firstBetterOrdered)
        #expect(outcome([.first, .first, .first, .neither, nil]) == .notDistinguishable)
        #expect(outcome([.first, nil, .first, nil, .first]) == .firstBetterOrdered)
        #expect(outcome([.first, nil, .neither, nil, .first]) == .notDistinguishable)
        #expect(outcome([.first, nil, nil, nil, .first]) == .notDistinguishable)
        #expect(outcome([nil, nil, nil, nil, nil]) == .notDistinguishable)
    }

    /// statsmodels' multipletests([.01, .04, .03, .005], method="holm") gives .03, .06, .06, .02.
    @Test func holmsCorrection() {
        let found = Verdict.holm([0.01, 0.04, nil, 0.03, 0.005])
        for (value, expected) in zip(found, [0.03, 0.06, nil, 0.06, 0.02]) {
            #expect((value == nil) == (expected == nil))
            if let value, let expected { #expect(abs(value - expected) < 1e-15) }
        }
        #expect(Verdict.holm([0.9, 0.8]) == [1, 1])
    }

    /// 2 · scipy.stats.t.sf(|t|, ν) and scipy.stats.t.isf((1 − c) / 2, ν).
    @Test(arguments: [
        (2.0, 1.0, 0.295167235300867), (0.5, 3, 0.651447964848151), (4.3, 2, 0.05005715411709159),
        (1.96, 299, 0.05092435137727549), (12, 7.5, 3.660806455619481e-06), (0, 4, 1), (1.5, 1e6, 0.1336147182367928),
    ]) func studentsDistribution(t: Double, degrees: Double, expected: Double) {
        #expect(abs(StudentT.twoSided(t, degrees: degrees) - expected) < 1e-6 * expected)
        #expect(StudentT.twoSided(-t, degrees: degrees) == StudentT.twoSided(t, degrees: degrees))
    }

    @Test func studentsQuantiles() {
        for (confidence, degrees, expected) in [
            (0.95, 2.0, 4.302652729749), (0.95, 30, 2.042272456301), (0.99, 5, 4.032142983555),
        ] { #expect(abs(StudentT.quantile(confidence: confidence, degrees: degrees) - expected) < 1e-9) }
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
        // Measures are the keys of a dictionary.
        #expect(String(decoding: encoded, as: UTF8.self).contains("\"pair_correlation\":{"))
    }
}
