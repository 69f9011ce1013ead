import Numerics
import Foundation
import Testing

@testable import NeighborEmbedding

/// New points in an existing map, against openTSNE and for properties that hold for any points.
@Suite struct TransformTests {
    private let one = ThreadCount(1)

    private func affinities(
        _ fixture: TransformFixture, kernels: KernelPath = .preferred()
    ) throws -> (neighbors: NeighborGraph, affinities: ConditionalAffinities) {
        let (map, new) = try fixture.data()
        let neighbors = TestData.neighbors(of: new, in: map.features, fixture.neighborsPerPoint, kernels: kernels)
        return (
            neighbors,
            ConditionalAffinities(
                neighbors: neighbors, perplexities: [fixture.perplexity], threads: one, kernels: kernels)
        )
    }

    @Test func affinitiesEqualTheOracle() throws {
        let fixture = try TransformFixture.load()
        let found = try affinities(fixture).affinities
        #expect(found.indices.array == fixture.columns)
        for (found, expected) in zip(found.probabilities.array, fixture.affinities) {
            // As for the affinities of a fit; the digits' distances are whole numbers and thus exact.
            #expect(abs(Double(found) - expected) <= 20 * 16 * 0x1p-24 * expected)
        }
    }

    @Test func mediansEqualTheOracle() throws {
        let fixture = try TransformFixture.load()
        let (neighbors, affinities) = try affinities(fixture)
        let found = PlacementInitialization.coordinates(
            .median, neighbors: neighbors, affinities: affinities, layout: fixture.layout,
            features: try fixture.data().new, seed: 0, threads: one)
        #expect(found == fixture.medians)
    }

    @Test(arguments: [0, 1], KernelPath.available) func theDescentEqualsTheOracle(
        number: Int, kernels: KernelPath
    ) throws {
        let fixture = try TransformFixture.load()
        let affinities = try affinities(fixture, kernels: kernels).affinities
        let kernel = StudentKernel(degreesOfFreedom: fixture.cases[number].degreesOfFreedom)
        for step in fixture.cases[number].steps {
            var parameters = TransformParameters()
            parameters.iterations = step.iterations
            let field = try ReferenceField(
                of: PlanarBuffer(interleaved: fixture.layout), repulsion: .exact, kernel: kernel, threads: one,
                kernels: kernels)
            let result = try PartialDescent(
                affinities: affinities, layout: fixture.layout, initial: fixture.start, field: field,
                parameters: parameters, dimensions: 2, kernel: kernel, threads: one, kernels: kernels
            ).run { _ in .continue }
            // Each step rounds a coordinate once, by less than the largest coordinate's ulp. Its effect on the end is the
            // sensitivity, or one where nothing is damped.
            let ulp = Double(fixture.layout.map(abs).max()!.ulp)
            for (place, found) in result.coordinates.enumerated() {
                let tolerance = Double(step.iterations) * ulp * max(1, step.sensitivity[place / 2])
                #expect(abs(Double(found) - step.positions[place]) <= tolerance)
            }
        }
    }

    @Test func labelsAreMetAsOftenAsByTheOracle() throws {
        let fixture = try TransformFixture.load()
        let (map, new) = try fixture.data()
        for repulsion in [TransformParameters.Repulsion.exact, .interpolation(InterpolationGrid())] {
            var parameters = TransformParameters()
            parameters.repulsion = repulsion
            let found = try TSNE(threads: one).transform(new, into: map, parameters: parameters)
            #expect(fixture.score(of: found.coordinates) >= fixture.score)
        }
    }

    private static let repulsions = [TransformParameters.Repulsion.exact, .interpolation(InterpolationGrid())]

    @Test(arguments: repulsions, [2, 3]) func theBytesDoNotDependOnTheThreads(
        repulsion: TransformParameters.Repulsion, threads: Int
    ) throws {
        let (map, new) = TestData.map(500, new: 700)
        var parameters = TransformParameters()
        (parameters.repulsion, parameters.iterations) = (repulsion, 60)
        let first = try TSNE(threads: one).transform(new, into: map, parameters: parameters)
        let second = try TSNE(threads: ThreadCount(threads)).transform(new, into: map, parameters: parameters)
        #expect(first.coordinates == second.coordinates)
        #expect(first.klDivergences == second.klDivergences)
        #expect(first.klTrace == second.klTrace)
    }

    /// One point has extreme features that would spoil a shared scale.
    @Test(arguments: repulsions, TransformParameters.Initialization.allCases) func aPointDoesNotSeeTheOthers(
        repulsion: TransformParameters.Repulsion, initialization: TransformParameters.Initialization
    ) throws {
        let (map, others) = TestData.map(300, new: 205)
        var values = others.values
        values.replaceSubrange(0..<6, with: [1e30, -1e20, 3e38, 0, 1, -3e38])
        let new = try FeatureMatrix(count: 205, dimension: 6, values: values)
        var parameters = TransformParameters()
        (parameters.repulsion, parameters.initialization, parameters.iterations) = (repulsion, initialization, 40)
        var settings = TSNEParameters()
        for (metric, reduction) in [
            (DistanceMetric.euclidean, TSNEParameters.Reduction.none), (.cosine, .none),
            (.euclidean, .principalComponents(3)),
        ] {
            (settings.metric, settings.reduction) = (metric, reduction)
            let tsne = TSNE(settings, threads: one)
            let all = try tsne.transform(new, into: map, parameters: parameters)
            for point in [0, 1, 100, 204] {
                let alone = try FeatureMatrix(
                    count: 1, dimension: 6, values: Array(values[6 * point..<6 * point + 6]))
                let found = try tsne.transform(alone, into: map, parameters: parameters)
                #expect(found.coordinates == Array(all.coordinates[2 * point..<2 * point + 2]))
                #expect(found.klDivergences[0] == all.klDivergences[point])
            }
        }
    }

    @Test func theMapMayLieAnywhere() throws {
        let (map, new) = TestData.map(200, new: 30)
        // Multiples of 2⁻¹⁰ remain exact in single precision after shifting.
        let grid = map.coordinates.map { ($0 * 1024).rounded() / 1024 }
        func places(_ shift: Float) throws -> [Float] {
            let moved = try ReferenceMap(features: map.features, coordinates: grid.map { $0 + shift })
            return try TSNE(threads: one).transform(new, into: moved).coordinates.map { $0 - shift }
        }
        for (a, b) in zip(try places(0), try places(512)) { #expect(abs(a - b) < 250 * 0x1p-14) }
    }

    @Test func divergencesEqualTheirDefinition() throws {
        let (map, new) = TestData.map(80, new: 9)
        var settings = TSNEParameters()
        settings.degreesOfFreedom = 0.6
        let found = try TSNE(settings, threads: one).transform(new, into: map)
        let affinities = ConditionalAffinities(
            neighbors: TestData.neighbors(of: new, in: map.features, 15), perplexities: [5], threads: one,
            kernels: .preferred())
        var mean = 0.0
        for point in 0..<9 {
            let w = (0..<80).map { j -> Double in
                let x = Double(found.coordinates[2 * point] - map.coordinates[2 * j])
                let y = Double(found.coordinates[2 * point + 1] - map.coordinates[2 * j + 1])
                return pow(1 + (x * x + y * y) / 0.6, -0.6)
            }
            let z = w.reduce(0, +)
            var divergence = 0.0
            for entry in 15 * point..<15 * point + 15 {
                let p = Double(affinities.probabilities[entry])
                if p > 0 { divergence += p * log(p * z / w[Int(affinities.indices[entry])]) }
            }
            // Differences and Z are in single precision.
            #expect(abs(found.klDivergences[point] - divergence) < 1e-5)
            mean += divergence / 9
        }
        #expect(abs(found.klDivergence - mean) < 1e-5)
        #expect(found.klTrace.map(\.iteration) == [50, 100, 150, 200, 250])
        #expect(found.isComplete && found.iterations == 250 && found.repulsion == .exact)
        #expect(abs(found.perplexities[0].min - 5) < 1e-6 && abs(found.perplexities[0].max - 5) < 1e-6)
    }

    @Test func theDescentLowersTheDivergence() throws {
        let fixture = try TransformFixture.load()
        let (map, new) = try fixture.data()
        var parameters = TransformParameters()
        parameters.exaggeration = 1
        parameters.iterations = 0
        let before = try TSNE(threads: one).transform(new, into: map, parameters: parameters)
        parameters.iterations = 250
        let after = try TSNE(threads: one).transform(new, into: map, parameters: parameters)
        #expect(before.coordinates == fixture.medians)
        #expect(after.klDivergence < before.klDivergence)
        parameters.earlyExaggerationIterations = 100
        let early = try TSNE(threads: one).transform(new, into: map, parameters: parameters)
        #expect(early.coordinates != after.coordinates)
    }

    @Test func aMapOfOneAxisStaysOne() throws {
        let (map, new) = TestData.map(200, new: 40)
        let line = try ReferenceMap(
            features: map.features,
            coordinates: map.coordinates.indices.map { $0 % 2 == 0 ? map.coordinates[$0] : 0 })
        var settings = TSNEParameters()
        settings.dimensions = 1
        for repulsion in Self.repulsions {
            var parameters = TransformParameters()
            (parameters.repulsion, parameters.initialization) = (repulsion, .random)
            let found = try TSNE(settings, threads: one).transform(new, into: line, parameters: parameters)
            #expect((0..<40).allSatisfy { found.coordinates[2 * $0 + 1] == 0 })
            #expect(Set(found.coordinates).count > 30)
        }
    }

    @Test func stepsAreLimited() throws {
        let (map, new) = TestData.map(200, new: 40)
        var parameters = TransformParameters()
        (parameters.iterations, parameters.maxStepNorm, parameters.learningRate) = (1, 0.01, 50)
        let after = try TSNE(threads: one).transform(new, into: map, parameters: parameters).coordinates
        parameters.iterations = 0
        let before = try TSNE(threads: one).transform(new, into: map, parameters: parameters).coordinates
        for point in 0..<40 {
            let x = after[2 * point] - before[2 * point]
            let y = after[2 * point + 1] - before[2 * point + 1]
            #expect(abs((x * x + y * y).squareRoot() - 0.01) < 1e-5)
        }
    }

    @Test func progressStopsTheRun() throws {
        let (map, new) = TestData.map(200, new: 300)
        let tsne = TSNE(threads: one)
        #expect(throws: TSNEError.stoppedBeforeLayout) { try tsne.transform(new, into: map) { _ in .stop } }
        var iterations: [Int] = []
        let found = try tsne.transform(new, into: map) { report in
            if report.phase == .main { iterations.append(report.iteration) }
            return report.iteration == 7 ? .stop : .continue
        }
        #expect(iterations == Array(0...7))
        #expect(found.iterations == 7 && !found.isComplete && found.klTrace.map(\.iteration) == [7])
        var parameters = TransformParameters()
        parameters.iterations = 7
        #expect(try tsne.transform(new, into: map, parameters: parameters).coordinates == found.coordinates)
    }

    @Test func copiesOfKnownPointsAndEqualPointsAreFinite() throws {
        let map = try ReferenceMap(
            features: FeatureMatrix(count: 30, dimension: 2, values: [Float](repeating: 3, count: 60)),
            coordinates: [Float](repeating: 1, count: 60))
        let new = try FeatureMatrix(count: 3, dimension: 2, values: [3, 3, 4, 4, -1e38, 1e38])
        for repulsion in Self.repulsions {
            var parameters = TransformParameters()
            parameters.repulsion = repulsion
            let found = try TSNE(threads: one).transform(new, into: map, parameters: parameters)
            #expect(found.coordinates.allSatisfy { $0.isFinite })
        }
    }
}
