import Numerics
import Testing

@testable import NeighborEmbedding

@Suite struct TSNETests {
    /// Code paths diverge after some hundred iterations because they round differently. So do maps of one path from other
    /// starts, by about 1 %. They must reach an equally good divergence.
    @Test(arguments: KernelPath.available) func theDivergenceIsNoHigherThanThatOfOpenTSNE(
        kernels: KernelPath
    ) throws {
        let fixture = try DigitsFixture.load()
        let features = try FeatureMatrix(count: fixture.count, dimension: fixture.dimension, values: fixture.features)
        for method in Self.methods {
            var parameters = TSNEParameters()
            parameters.perplexities = [fixture.perplexity]
            parameters.iterations = fixture.iterations
            parameters.gradientMethod = method
            let layout = try TSNE(parameters, threads: ThreadCount(2), kernels: kernels).fit(features)
            #expect(layout.klDivergence <= 1.015 * fixture.openTSNEDivergence)
            #expect(layout.isComplete && layout.iterations == fixture.iterations)
            #expect(abs(layout.perplexities[0].mean - 30) < 1e-3)
        }
    }

    private static let methods: [TSNEParameters.GradientMethod] = [
        .exact, .barnesHut(theta: 0.5), .interpolation(InterpolationGrid()),
    ]

    @Test(arguments: methods, KernelPath.available)
    func bytesDoNotDependOnTheThreads(method: TSNEParameters.GradientMethod, kernels: KernelPath) throws {
        let features = TestData.features(count: 300, dimension: 40)
        let parameters = TestData.parameters(method: method)
        let one = try TSNE(parameters, threads: ThreadCount(1), kernels: kernels).fit(features)
        for threads in [2, 3] {
            let many = try TSNE(parameters, threads: ThreadCount(threads), kernels: kernels).fit(features)
            #expect(one.coordinates.map(\.bitPattern) == many.coordinates.map(\.bitPattern))
            #expect(one.klTrace == many.klTrace)
            #expect(one.klDivergence == many.klDivergence)
        }
    }

    /// Planar features have a single good map. Others have many, and each code path finds its own: with 600 noisy points their
    /// divergences differ by up to 3 %, with 3,000 by .3 %.
    @Test(arguments: methods) func versionsReachTheSameDivergence(method: TSNEParameters.GradientMethod) throws {
        let features = TestData.features(count: 400, dimension: 2)
        let divergences = try KernelPath.available.map { kernels in
            var parameters = TSNEParameters()
            parameters.iterations = 500
            parameters.gradientMethod = method
            return try TSNE(parameters, threads: ThreadCount(2), kernels: kernels).fit(features).klDivergence
        }
        #expect(divergences.max()! <= 1.005 * divergences.min()!, "\(divergences)")
    }

    @Test func repulsionIsKeptLongerForMorePoints() {
        var parameters = TSNEParameters()
        let counts = [300, 3_000, 6_000, 1_000_000]
        #expect(counts.map { parameters.resolvedRepulsionTolerance(count: $0) } == [0.001, 0.01, 0.02, 0.02])
        parameters.gradientMethod = .exact
        #expect(counts.allSatisfy { parameters.resolvedRepulsionTolerance(count: $0) == 0 })
        parameters.repulsionTolerance = 0.5
        #expect(counts.allSatisfy { parameters.resolvedRepulsionTolerance(count: $0) == 0.5 })
    }

    @Test(arguments: [TSNEParameters.GradientMethod.barnesHut(theta: 0.8), .interpolation(InterpolationGrid())])
    func theLastDivergenceIsThatOfAllPairs(method: TSNEParameters.GradientMethod) throws {
        let features = TestData.features(count: 300, dimension: 6)
        let layout = try TSNE(TestData.parameters(method: method), threads: ThreadCount(2)).fit(features)
        let points = (0..<300).map {
            SIMD2(Double(layout.coordinates[2 * $0]), Double(layout.coordinates[2 * $0 + 1]))
        }
        let reference = ReferenceForces(
            layout: points, affinities: TestData.affinities(features, perplexity: 10).dense)
        #expect(abs(layout.klDivergence - reference.divergence) <= 1e-5 * reference.divergence)
    }

    @Test func theEnvironmentForcesTheKernels() {
        #expect(KernelPath.preferred(environment: ["PENUMBRA_KERNELS": "baseline"]) == .baseline)
        #expect(KernelPath.preferred(environment: ["PENUMBRA_KERNELS": "swift"]) == .swift)
        for path in KernelPath.available {
            #expect(KernelPath.preferred(environment: ["PENUMBRA_KERNELS": "\(path)"]) == path)
        }
        #expect(KernelPath.preferred(environment: [:]) == KernelPath.available.last)
    }

    @Test func theReportFollowsTheRun() throws {
        var reports: [TSNEProgress] = []
        let layout = try TSNE(TestData.parameters(iterations: 120), threads: ThreadCount(1)).fit(
            TestData.features(count: 100, dimension: 5)
        ) {
            reports.append($0)
            return .continue
        }
        let phases = reports.map(\.phase)
        #expect(phases.first == .neighbors)
        #expect(phases.contains(.perplexity))
        #expect(phases.filter { $0 == .earlyExaggeration }.count == 60)
        #expect(phases.filter { $0 == .main }.count == 61)
        #expect(reports.filter { $0.klDivergence != nil }.map(\.iteration) == [0, 50, 100, 120])
        #expect(layout.klTrace.map(\.iteration) == [0, 50, 100, 120])
        #expect(layout.klTrace.last?.klDivergence == layout.klDivergence)
        #expect(layout.klTrace.last!.klDivergence < layout.klTrace.first!.klDivergence)
    }

    @Test func stoppingKeepsTheLayout() throws {
        let features = TestData.features(count: 100, dimension: 5)
        let stopped = try TSNE(TestData.parameters(iterations: 1_000), threads: ThreadCount(2)).fit(features) {
            $0.iteration == 73 ? .stop : .continue
        }
        #expect(!stopped.isComplete)
        #expect(stopped.iterations == 73)
        #expect(stopped.klTrace.last?.iteration == 73)
        var short = TestData.parameters(iterations: 1_000)
        short.iterations = 73
        #expect(try TSNE(short, threads: ThreadCount(2)).fit(features).coordinates == stopped.coordinates)
    }

    @Test(arguments: [TSNEProgress.Phase.neighbors, .perplexity]) func stoppingBeforeTheDescentThrows(
        phase: TSNEProgress.Phase
    ) {
        #expect(throws: TSNEError.stoppedBeforeLayout) {
            try TSNE(TestData.parameters(), threads: ThreadCount(1)).fit(TestData.features(count: 50, dimension: 5)) {
                $0.phase == phase ? .stop : .continue
            }
        }
    }

    @Test func theLayoutIsCentred() throws {
        let layout = try TSNE(TestData.parameters(), threads: ThreadCount(1)).fit(
            TestData.features(count: 100, dimension: 5))
        for axis in 0..<2 {
            let values = stride(from: axis, to: 200, by: 2).map { Double(layout.coordinates[$0]) }
            // Every coordinate is rounded once after the mean is subtracted.
            #expect(abs(values.reduce(0, +)) <= values.map(abs).reduce(0, +) * 0x1p-23)
        }
    }

    @Test func clustersStayApart() throws {
        var values: [Float] = []
        for row in 0..<90 {
            let noise = TestData.normal(6, scale: 0.1, seed: UInt64(row))
            for column in 0..<6 { values.append(noise[column] + (column == row / 30 ? 5 : 0)) }
        }
        let layout = try TSNE(TestData.parameters(iterations: 500), threads: ThreadCount(1)).fit(
            try FeatureMatrix(count: 90, dimension: 6, values: values))
        let nearest = TestData.neighbors(
            try FeatureMatrix(count: 90, dimension: 2, values: layout.coordinates), 10)
        for point in 0..<90 {
            for neighbor in nearest.indices.elements[point * 10..<(point + 1) * 10] {
                #expect(Int(neighbor) / 30 == point / 30)
            }
        }
    }

    @Test func learningRatesAreThoseOfTheConvention() throws {
        let features = TestData.features(count: 1_200, dimension: 3)
        let automatic = try TSNE(TestData.parameters(iterations: 0), threads: ThreadCount(1)).fit(features)
        #expect((automatic.earlyLearningRate, automatic.learningRate) == (100, 1_200))
        #expect(automatic.iterations == 0 && automatic.isComplete)
        var parameters = TestData.parameters(iterations: 0)
        parameters.learningRate = .value(77)
        let given = try TSNE(parameters, threads: ThreadCount(1)).fit(features)
        #expect((given.earlyLearningRate, given.learningRate) == (77, 77))
    }

    @Test func theMethodGoesByTheNumberOfPoints() {
        let parameters = TSNEParameters()
        #expect(parameters.resolvedGradientMethod(count: 4_000) == .exact)
        #expect(parameters.resolvedGradientMethod(count: 4_001) == .interpolation(InterpolationGrid()))
    }

    /// States from every kind of iteration: before and in the main phase, right after sorting, and between two evaluations of
    /// the repulsion.
    @Test(arguments: methods) func aResumedRunGivesTheSameBytes(method: TSNEParameters.GradientMethod) throws {
        let features = TestData.features(count: 300, dimension: 8)
        var parameters = TestData.parameters(iterations: 160, method: method)
        parameters.repulsionTolerance = 1
        let tsne = TSNE(parameters, threads: ThreadCount(2))
        let whole = try tsne.fit(features)
        #expect(whole.repulsionEvaluations < 150)
        for iteration in [0, 1, 37, 50, 73, 100, 151] {
            var state: DescentState?
            _ = try tsne.fit(features) {
                if $0.iteration == iteration { state = $0.state }
                return $0.iteration == iteration + 2 ? .stop : .continue
            }
            let resumed = try tsne.fit(features, resuming: try #require(state))
            #expect(resumed.coordinates == whole.coordinates, "\(iteration)")
            #expect(resumed.klTrace == whole.klTrace, "\(iteration)")
            #expect(resumed.repulsionEvaluations == whole.repulsionEvaluations, "\(iteration)")
        }
    }

    @Test func aStateOfOtherPointsIsRefused() throws {
        var state: DescentState?
        _ = try TSNE(TestData.parameters(), threads: ThreadCount(1)).fit(TestData.features(count: 50, dimension: 4)) {
            state = $0.state
            return $0.iteration == 10 ? .stop : .continue
        }
        let intact = state!
        var damaged = intact
        damaged.order[3] = damaged.order[4]
        for (count, state) in [(51, intact), (50, damaged)] {
            #expect(throws: TSNEError.unusableState(points: count)) {
                try TSNE(TestData.parameters(), threads: ThreadCount(1)).fit(
                    TestData.features(count: count, dimension: 4), resuming: state)
            }
        }
    }

    @Test(arguments: methods) func aLayoutOfOneAxisIsALine(
        method: TSNEParameters.GradientMethod
    ) throws {
        var values: [Float] = []
        for row in 0..<90 {
            let noise = TestData.normal(6, scale: 0.1, seed: UInt64(row))
            for column in 0..<6 { values.append(noise[column] + (column == 0 ? 5 * Float(row / 30) : 0)) }
        }
        var parameters = TestData.parameters(iterations: 500, method: method)
        parameters.dimensions = 1
        let layout = try TSNE(parameters, threads: ThreadCount(2)).fit(
            FeatureMatrix(count: 90, dimension: 6, values: values))
        #expect((0..<90).allSatisfy { layout.coordinates[2 * $0 + 1] == 0 })
        let order = (0..<90).sorted { layout.coordinates[2 * $0] < layout.coordinates[2 * $1] }
        // On a line a point cannot get around another cluster, so single points may stay behind one.
        let borders = (1..<90).filter { order[$0] / 30 != order[$0 - 1] / 30 }
        #expect(borders.count <= 4)
    }

    @Test func anAutomaticEndComesWithConvergence() throws {
        var parameters = TestData.parameters(iterations: 3_000)
        parameters.stopping = .automatic
        let fixture = try DigitsFixture.load()
        let features = try FeatureMatrix(count: fixture.count, dimension: fixture.dimension, values: fixture.features)
        let layout = try TSNE(parameters, threads: ThreadCount(2)).fit(features)
        #expect(layout.isComplete)
        #expect(layout.earlyIterations > 15 && layout.earlyIterations < layout.iterations)
        #expect(layout.iterations < 3_000)
        parameters.stopping = .iterations
        let long = try TSNE(parameters, threads: ThreadCount(2)).fit(features)
        #expect(layout.klDivergence < 1.1 * long.klDivergence)
    }

    @Test func lateExaggerationKeepsClustersDenser() throws {
        let features = TestData.features(count: 300, dimension: 5)
        var parameters = TestData.parameters(iterations: 400)
        let usual = try TSNE(parameters, threads: ThreadCount(2)).fit(features)
        parameters.lateExaggeration = 4
        parameters.lateExaggerationStart = 300
        let dense = try TSNE(parameters, threads: ThreadCount(2)).fit(features)
        func spread(_ layout: Layout) -> Float { layout.coordinates.reduce(0) { $0 + abs($1) } }
        #expect(spread(dense) < 0.7 * spread(usual))
        #expect(usual.klTrace.prefix { $0.iteration <= 300 } == dense.klTrace.prefix { $0.iteration <= 300 })
    }

    @Test func twoTasksAtOnceGetTheSameBytes() async throws {
        let features = TestData.features(count: 200, dimension: 20)
        let alone = try TSNE(TestData.parameters(), threads: ThreadCount(2)).fit(features)
        try await withThrowingTaskGroup(of: [Float].self) { group in
            for _ in 0..<2 {
                group.addTask {
                    try TSNE(TestData.parameters(), threads: ThreadCount(2)).fit(features).coordinates
                }
            }
            for try await coordinates in group { #expect(coordinates == alone.coordinates) }
        }
    }
}
