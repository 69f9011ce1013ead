import Numerics
import Foundation
import LabelDistributions
import Testing

@testable import FeatureSpaces

@Suite struct DegenerateSpaceTests {
    private static func space(_ features: [Float], dimension: Int, _ labels: [[Double]]) throws -> FeatureSpace {
        try FeatureSpace(features: features, dimension: dimension, labels: labels.map { try LabelDistribution($0) })
    }

    @Test func badSpacesThrow() throws {
        let labels = [[0.5, 0.5], [1, 0]]
        #expect(throws: FeatureSpaceError.noSamples) { try Self.space([], dimension: 2, []) }
        #expect(throws: FeatureSpaceError.noFeatures) { try Self.space([], dimension: 0, labels) }
        #expect(throws: FeatureSpaceError.wrongFeatureCount(samples: 2, dimension: 2, found: 3)) {
            try Self.space([1, 2, 3], dimension: 2, labels)
        }
        #expect(throws: FeatureSpaceError.wrongFeatureCount(samples: 2, dimension: Int.max, found: 3)) {
            try Self.space([1, 2, 3], dimension: Int.max, labels)
        }
        #expect(throws: FeatureSpaceError.differentClassCounts(row: 1, found: 3, expected: 2)) {
            try Self.space([1, 2], dimension: 1, [[0.5, 0.5], [1, 0, 0]])
        }
        #expect(throws: FeatureSpaceError.nonFiniteFeature(row: 1, column: 0, value: "nan")) {
            try Self.space([1, 2, .nan, 4], dimension: 2, labels)
        }
        #expect(throws: FeatureSpaceError.nonFiniteFeature(row: 0, column: 1, value: "-inf")) {
            try Self.space([1, -.infinity, 3, 4], dimension: 2, labels)
        }
        let texts = [
            (FeatureSpaceError.noSamples, "there are no samples; expected at least one"),
            (.noFeatures, "the samples have no features; expected at least one column"),
            (
                .wrongFeatureCount(samples: 2, dimension: 4, found: 3),
                "there are 3 numbers; expected 4 for each of 2 labels"
            ),
            (
                .nonFiniteFeature(row: 0, column: 1, value: "nan"),
                "row 1, column 2 is nan; expected a finite number"
            ),
            (
                .differentClassCounts(row: 1, found: 3, expected: 2),
                "the label of row 2 has 3 classes; expected 2, as in the first row"
            ),
            (
                .differentSplits(first: ["1", "2"], second: []),
                "one kind has the splits [1, 2] and the other []; expected the same splits, at least one"
            ),
        ]
        for (error, text) in texts { #expect(error.description == text) }
    }

    @Test func spacesOfOtherSamplesAreNotCompared() throws {
        let one = try Self.space([1, 2, 3], dimension: 1, [[1, 0], [0, 1], [1, 0]])
        let fewer = try Self.space([1, 2], dimension: 1, [[1, 0], [0, 1]])
        let other = try Self.space([1, 2, 3], dimension: 1, [[1, 0], [0, 1], [0, 1]])
        let parameters = TestSpaces.parameters()
        func compare(_ first: FeatureSpace, _ second: FeatureSpace) throws {
            _ = try SpaceComparison(
                MeasuredSpace(first, parameters: parameters), MeasuredSpace(second, parameters: parameters))
        }
        #expect(throws: FeatureSpaceError.differentSampleCounts(first: 3, second: 2)) { try compare(one, fewer) }
        #expect(throws: FeatureSpaceError.differentLabels(row: 2)) { try compare(one, other) }
        #expect(throws: FeatureSpaceError.differentLabels(row: 2)) { try MappedSpace(features: one, map: other) }
        #expect(throws: FeatureSpaceError.differentLabels(row: 2)) { try MapFidelity(of: one, against: other) }
        #expect(throws: FeatureSpaceError.differentLabels(row: 2)) { try MapAlignment(moving: one, onto: other) }
        #expect(throws: FeatureSpaceError.differentParameters) {
            try SpaceComparison(MeasuredSpace(one, parameters: parameters), MeasuredSpace(one))
        }
    }

    /// Works from one sample up, even with fewer neighbours than asked for. Undefined measures are missing, and the result can
    /// be encoded.
    @Test(arguments: 1...5) func fewSamples(count: Int) throws {
        let labels = TestSpaces.labels(count: count, seed: 1)
        let parameters = TestSpaces.parameters(permutations: 3)
        let found = try MappedSpace(
            features: TestSpaces.smooth(labels, seed: 1), map: TestSpaces.noise(labels, dimension: 2, seed: 1),
            parameters: parameters)
        #expect(found.features.measures.neighbors == min(8, count - 1))
        #expect(found.fidelity.neighbors == (count - 1) / 2)
        #expect((found.fidelity.trustworthiness == nil) == (count < 3))
        #expect((found.features.measures[.neighborDivergence] == nil) == (count < 2))
        #expect((found.features.measures[.debiasedLabelAlignment] == nil) || count >= 4)
        let comparison = try SpaceComparison(found.features, found.map)
        #expect(comparison.samples.count == (count > 1 ? count : 0))
        for value: any Codable in [found.features.measures, found.fidelity, comparison.summary] {
            _ = try JSONEncoder().encode(value)
        }
        let verdict = try Verdict(
            first: [Trial(split: "1", space: found.features)], second: [Trial(split: "1", space: found.features)])
        #expect(verdict.outcome == .notDistinguishable)
    }

    @Test func oneClassHasNoStructure() throws {
        let labels = [LabelDistribution](repeating: LabelDistribution(oneHot: 0, of: 1), count: 30)
        let found = MeasuredSpace(
            TestSpaces.noise(labels, dimension: 3, seed: 2), parameters: TestSpaces.parameters(permutations: 4))
        #expect(Set(found.measures.values.keys) == [.neighborDivergence, .neighborhoodHit])
        #expect(found.measures[.neighborDivergence]?.value == 0)
        #expect(found.measures[.neighborhoodHit]?.value == 1)
    }

    @Test func hardLabelsHaveNoEntropyAndNoMixtures() throws {
        let labels = TestSpaces.labels(count: 40, seed: 3).map(\.oneHot)
        let found = MeasuredSpace(TestSpaces.smooth(labels, seed: 3), parameters: TestSpaces.parameters())
        let missing: Set<SpaceMeasure> = [
            .classPairCorrelation, .entropyCorrelation, .ambiguousEntropyCorrelation, .betweenness,
        ]
        #expect(Set(SpaceMeasure.allCases).subtracting(found.measures.values.keys) == missing)
        #expect(found.measures.mixtures == 0)
        #expect(found.measures.ambiguousSamples == 0)
    }

    /// All samples coincide: neighbours are drawn anew for each sample, and measures that need a direction or a spread are
    /// missing.
    @Test(arguments: [Float(0), 0.1, 3e38]) func constantFeatures(value: Float) throws {
        let labels = TestSpaces.labels(count: 30, seed: 4)
        let space = try FeatureSpace(
            features: [Float](repeating: value, count: 90), dimension: 3, labels: labels)
        let found = MeasuredSpace(space, parameters: TestSpaces.parameters(permutations: 3))
        #expect(Set((0..<30).map { Set(found.neighbors[$0]) }).count == 30)
        #expect((0..<30).allSatisfy { Set(found.neighbors[$0]).count == 8 && !found.neighbors[$0].contains(Int32($0)) })
        #expect(found.measures.copiedSamples == 30 && found.measures.mostCopies == 29)
        let missing: [SpaceMeasure] = [
            .pairCorrelation, .classPairCorrelation, .labelProbe, .betweenness, .labelAlignment,
            .debiasedLabelAlignment,
        ]
        for measure in missing {
            #expect(found.measures[measure] == nil)
        }
        #expect(found.measures[.silhouette]?.value == 0)
        let other = MeasuredSpace(
            TestSpaces.smooth(labels, seed: 4), parameters: TestSpaces.parameters(permutations: 3))
        let comparison = try SpaceComparison(found, other)
        #expect(comparison.summary.alignment == nil)
        #expect(comparison.summary.procrustesDisparity == nil)
        #expect(comparison.summary.differences[.pairCorrelation] == nil)
        let verdict = try Verdict(
            first: [Trial(split: "1", space: found)], second: [Trial(split: "1", space: other)])
        #expect(verdict.outcome == .notDistinguishable)
        _ = try MapAlignment(moving: space, onto: other.space.dimension == 3 ? other.space : space)
    }

    /// Copies of a sample are its nearest neighbours, however the dot products round.
    @Test func duplicates() throws {
        let labels = TestSpaces.labels(count: 50, seed: 5)
        let distinct = TestSpaces.noise(labels, dimension: 37, seed: 5)
        let copies = try FeatureSpace(
            features: distinct.features + distinct.features + distinct.features, dimension: 37,
            labels: labels + labels + labels)
        var parameters = TestSpaces.parameters()
        parameters.neighbors = 5
        let found = MeasuredSpace(copies, parameters: parameters)
        for sample in 0..<50 {
            #expect(Set(found.neighbors[sample].prefix(2)) == [Int32(sample + 50), Int32(sample + 100)])
            #expect(Set(found.neighbors[sample + 50].prefix(2)) == [Int32(sample), Int32(sample + 100)])
            let nearest = found.neighbors[sample].suffix(3).min()!
            #expect(Set(found.neighbors[sample].suffix(3)) == [nearest, nearest + 50, nearest + 100])
        }
        #expect(found.measures.copiedSamples == 150 && found.measures.mostCopies == 2)
        let fidelity = try MapFidelity(of: copies, against: copies, parameters: parameters)
        #expect(fidelity.trustworthiness?.value == 1)
        #expect(fidelity.continuity?.value == 1)
        #expect(fidelity.neighborRecall?.value == 1)
    }

    @Test func constantAndHugeColumnsDoNotMatter() throws {
        let labels = TestSpaces.labels(count: 60, seed: 6)
        let space = TestSpaces.smooth(labels, seed: 6)
        let more = (0..<60).flatMap { row -> [Float] in
            Array(space.features[row * 6..<row * 6 + 6]) + [1e30, -7.7]
        }
        let wider = try FeatureSpace(features: more, dimension: 8, labels: labels)
        let parameters = TestSpaces.parameters()
        let (found, expected) = (
            MeasuredSpace(wider, parameters: parameters), MeasuredSpace(space, parameters: parameters)
        )
        for measure in SpaceMeasure.allCases {
            #expect(abs(found.measures[measure]!.value - expected.measures[measure]!.value) < 1e-12)
        }
    }
}
