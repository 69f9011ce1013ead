import LabelDistributions
import Numerics
import Testing

@testable import FeatureSpaces

/// Which of equally distant samples are neighbours must not depend on the order of the rows.
@Suite struct TiedNeighborTests {
    private static let count = 300
    private static let labels = TestSpaces.labels(count: count, seed: 51)
    private static let ids = (0..<count).map { "s\($0)" }
    private static var parameters: MeasureParameters {
        var parameters = TestSpaces.parameters()
        parameters.neighbors = 15
        return parameters
    }

    /// The samples in an order in which those with the purest labels come first, as in a file sorted by class.
    private static let purestFirst = (0..<count).sorted {
        (-labels[$0].probabilities.max()!, $0) < (-labels[$1].probabilities.max()!, $1)
    }

    /// One point for each majority class: every sample has about a hundred copies.
    private static func collapsed(_ order: [Int], named: Bool = true) throws -> FeatureSpace {
        try FeatureSpace(
            features: order.flatMap { sample in (0..<3).map { $0 == labels[sample].hardClass ? 5 : 0 } }, dimension: 3,
            labels: order.map { labels[$0] }, ids: named ? order.map { ids[$0] } : nil)
    }

    private static func measured(_ space: FeatureSpace) -> MeasuredSpace {
        MeasuredSpace(space, parameters: parameters, threads: ThreadCount(2))
    }

    @Test func neighborsOfCopiesAreTheSameInAnyOrder() throws {
        let order = Self.purestFirst
        let found = Self.measured(try Self.collapsed(Array(0..<Self.count)))
        let sorted = Self.measured(try Self.collapsed(order))
        for (row, sample) in order.enumerated() {
            #expect(sorted.neighbors[row].map { order[Int($0)] } == found.neighbors[sample].map { Int($0) })
            #expect(abs(sorted.labelMisfit[row] - found.labelMisfit[sample]) < 1e-12)
        }
        for measure in [SpaceMeasure.neighborDivergence, .entropyCorrelation, .ambiguousEntropyCorrelation] {
            let (one, other) = (found.measures[measure], sorted.measures[measure])
            #expect(abs(try #require(one).value - (try #require(other)).value) < 1e-12, "\(measure)")
        }
        #expect(found.measures.copiedSamples == Self.count)
    }

    /// Without ids rows have no identity, but those in front are no more likely to be neighbours than others.
    @Test func firstRowsAreNotPreferred() throws {
        let found = Self.measured(try Self.collapsed(Array(0..<Self.count)))
        let sorted = Self.measured(try Self.collapsed(Self.purestFirst, named: false))
        let (one, other) = (found.measures[.neighborDivergence], sorted.measures[.neighborDivergence])
        let (first, second) = (try #require(one), try #require(other))
        #expect(abs(first.value - second.value) < 0.1 * first.value)
        #expect(sorted.measures[.entropyCorrelation] != nil)
        var times = [Int](repeating: 0, count: Self.count)
        for neighbor in sorted.neighbors.indices { times[Int(neighbor)] += 1 }
        // A sample is a neighbour of 15 others on average, by a distribution that is nearly Poisson's.
        #expect(times.max()! < 15 + 6 * 4 && times.min()! > 0)
    }

    /// Another seed draws other neighbours, unless there are no ties.
    @Test func theSeedDrawsTies() throws {
        var parameters = Self.parameters
        parameters.seed = 1
        let space = try Self.collapsed(Array(0..<Self.count))
        #expect(MeasuredSpace(space, parameters: parameters).neighbors != Self.measured(space).neighbors)
        let noise = TestSpaces.noise(Self.labels, dimension: 5, seed: 52)
        #expect(MeasuredSpace(noise, parameters: parameters).neighbors == Self.measured(noise).neighbors)
        #expect(noise.copies.samples == 0 && noise.copies.most == 0)
    }
}
