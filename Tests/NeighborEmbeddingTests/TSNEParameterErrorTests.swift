import Numerics
import Testing

@testable import NeighborEmbedding

/// Out-of-range parameters of affinities, forces and phases, each with its complete message.
@Suite struct TSNEParameterErrorTests {
    typealias Change = @Sendable (inout TSNEParameters) -> Void

    private static func grid(_ nodes: Int = 3, _ intervals: Double = 1, _ least: Int = 50) -> Change {
        let grid = InterpolationGrid(nodesPerInterval: nodes, intervalsPerUnit: intervals, leastIntervals: least)
        return { $0.gradientMethod = .interpolation(grid) }
    }

    private static let cases: [(Change, TSNEError, String)] = [
        ({ $0.perplexities = [] }, .noPerplexity, "no perplexity is given; at least one is needed"),
        (
            { $0.perplexities = [5, -1] }, .perplexityNotPositive(found: "-1.0"),
            "the perplexity is -1.0; it must be a number above 0"
        ),
        (
            { $0.perplexities = [5, 49] }, .perplexityTooLarge(found: 49, points: 50),
            "the perplexity is 49.0; with 50 points it must be below 49"
        ),
        (
            { $0.dimensions = 3 }, .dimensionsOutOfRange(found: 3), "the number of axes is 3; it must be 1 or 2"
        ),
        (
            { $0.degreesOfFreedom = 0 }, .degreesOfFreedomOutOfRange(found: "0.0", most: 100),
            "the degrees of freedom are 0.0; they must be a number above 0 and at most 100.0"
        ),
        (
            { $0.degreesOfFreedom = .nan }, .degreesOfFreedomOutOfRange(found: "nan", most: 100),
            "the degrees of freedom are nan; they must be a number above 0 and at most 100.0"
        ),
        (
            { $0.reduction = .principalComponents(0) }, .noComponents(found: 0),
            "the number of principal components is 0; it must be at least 1"
        ),
        (
            { $0.lateExaggeration = 0.5 }, .lateExaggerationBelowOne(found: "0.5"),
            "the late exaggeration is 0.5; it must be a number of at least 1"
        ),
        (
            { $0.lateExaggerationStart = -1 }, .negativeLateExaggerationStart(found: -1),
            "the late exaggeration begins at iteration -1; that must be at least 0"
        ),
        (
            { $0.maxStepNorm = 0 }, .maxStepNormNotPositive(found: "0.0"),
            "the longest step is 0.0; it must be a number above 0"
        ),
        (
            { $0.repulsionTolerance = 1.5 }, .repulsionToleranceOutOfRange(found: "1.5"),
            "the tolerance of the repulsion is 1.5; it must be a number from 0 to 1"
        ),
        (
            grid(7), .nodesPerIntervalOutOfRange(found: 7),
            "the number of nodes per interval is 7; it must be from 2 to 6"
        ),
        (
            grid(3, 0), .intervalsPerUnitOutOfRange(found: "0.0"),
            "the number of intervals per unit of the layout is 0.0; it must be from 0.000001 to 100"
        ),
        (
            grid(3, 1, 1), .leastIntervalsOutOfRange(found: 1),
            "the least number of intervals is 1; it must be from 2 to 1000"
        ),
    ]

    @Test(arguments: 0..<cases.count) func outOfRange(number: Int) {
        let (change, error, description) = Self.cases[number]
        var parameters = TestData.parameters()
        change(&parameters)
        #expect(throws: error) {
            try TSNE(parameters, threads: ThreadCount(1)).fit(TestData.features(count: 50, dimension: 3))
        }
        #expect("\(error)" == description)
    }
}
