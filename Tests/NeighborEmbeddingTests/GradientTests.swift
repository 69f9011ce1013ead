import Numerics
import Testing

@testable import NeighborEmbedding

@Suite struct GradientTests {
    /// Below and above a vector, a block of 64, 16 blocks, and a segment of 1,024 after the first block.
    static let counts = [4, 15, 16, 17, 64, 130, 1_100]

    /// Attraction by `affinities` and repulsion on each point of a layout.
    private struct Forces {
        let attraction: PlanarBuffer
        let repulsion: PlanarBuffer
        let normalization: Double
    }

    private func evaluate(
        _ method: any RepulsionMethod, _ attraction: AttractiveForces, _ layout: [SIMD2<Double>]
    ) throws -> Forces {
        let (pull, push) = (PlanarBuffer(count: layout.count), PlanarBuffer(count: layout.count))
        let normalization = try method.evaluate(at: planar(layout), into: push, threads: ThreadCount(2))
        let pairs = sideBySide(layout)
        withExtendedLifetime(pairs) {
            attraction.evaluate(0..<layout.count, ownPairs: pairs.base, pairs: pairs.base, x: pull.x, y: pull.y)
        }
        return Forces(attraction: pull, repulsion: push, normalization: normalization)
    }

    private func forces(
        _ affinities: SparseAffinities, kernel: StudentKernel = StudentKernel(), kernels: KernelPath = .preferred()
    ) -> AttractiveForces {
        AttractiveForces(affinities: affinities.rows, kernel: kernel, kernels: kernels)
    }

    private func exact(
        _ count: Int, kernel: StudentKernel = StudentKernel(), kernels: KernelPath = .preferred()
    ) -> ExactRepulsion {
        ExactRepulsion(count: count, kernel: kernel, kernels: kernels)
    }

    private func tree(
        _ count: Int, theta: Double, kernel: StudentKernel = StudentKernel(), kernels: KernelPath = .preferred()
    ) -> BarnesHutRepulsion {
        BarnesHutRepulsion(count: count, theta: theta, kernel: kernel, threads: ThreadCount(2), kernels: kernels)
    }

    private func divergence(
        _ attraction: AttractiveForces, _ affinities: SparseAffinities, _ layout: [SIMD2<Double>],
        normalization: Double
    ) -> Double {
        let pairs = sideBySide(layout)
        return withExtendedLifetime(pairs) {
            KullbackLeibler(
                attraction: attraction, negativeEntropy: affinities.negativeEntropy, total: affinities.total,
                threads: ThreadCount(2)
            ).divergence(at: pairs.base, normalization: normalization)
        }
    }

    private func expectEqual(_ forces: Forces, _ reference: ReferenceForces, _ comment: Comment) {
        let count = reference.attraction.count
        let share = ReferenceForces.roundingError(count: count)
        for i in 0..<count {
            let repulsion = SIMD2(Double(forces.repulsion.x[i]), Double(forces.repulsion.y[i]))
            let attraction = SIMD2(Double(forces.attraction.x[i]), Double(forces.attraction.y[i]))
            let repulsionLimit = share * reference.repulsionMagnitude[i]
            let attractionLimit = share * reference.attractionMagnitude[i]
            #expect(abs(repulsion.x - reference.repulsion[i].x) <= repulsionLimit, comment)
            #expect(abs(repulsion.y - reference.repulsion[i].y) <= repulsionLimit, comment)
            #expect(abs(attraction.x - reference.attraction[i].x) <= attractionLimit, comment)
            #expect(abs(attraction.y - reference.attraction[i].y) <= attractionLimit, comment)
        }
        // Each sum contains the point's own q of 1 until double precision subtracts it.
        let limit = share * (reference.normalization + Double(count))
        #expect(abs(forces.normalization - reference.normalization) <= limit, comment)
    }

    @Test(arguments: counts, [0.001, 1, 30]) func everyKernelGivesTheForces(count: Int, scale: Double) throws {
        let affinities = TestData.affinities(TestData.features(count: count, dimension: 5), perplexity: 2.5)
        let layout = randomLayout(count, scale: scale, seed: 9)
        for freedom in [1, 0.5, 2.5] {
            let reference = ReferenceForces(layout: layout, affinities: affinities.dense, degreesOfFreedom: freedom)
            let kernel = StudentKernel(degreesOfFreedom: freedom)
            for kernels in KernelPath.available {
                let attraction = forces(affinities, kernel: kernel, kernels: kernels)
                let all = exact(count, kernel: kernel, kernels: kernels)
                try expectEqual(evaluate(all, attraction, layout), reference, "exact, \(kernels), \(freedom)")
                let tree = tree(count, theta: 0, kernel: kernel, kernels: kernels)
                expectEqual(
                    try evaluate(tree, attraction, layout), reference, "angle of 0, \(kernels), \(freedom)")
            }
        }
    }

    @Test func forcesEqualTheOracle() throws {
        let fixture = try AffinityFixture.load()
        let features = try FeatureMatrix(count: fixture.count, dimension: fixture.dimension, values: fixture.features)
        let layout = (0..<fixture.count).map {
            SIMD2(Double(fixture.layout[2 * $0]), Double(fixture.layout[2 * $0 + 1]))
        }
        for oracle in fixture.cases {
            let affinities = TestData.affinities(features, perplexity: oracle.perplexity)
            let attraction = forces(affinities)
            let forces = try evaluate(exact(fixture.count), attraction, layout)
            let reference = ReferenceForces(layout: layout, affinities: affinities.dense)
            // The affinities themselves agree only to 2e-5 (AffinityTests).
            let share = 2e-5 + ReferenceForces.roundingError(count: fixture.count)
            for i in 0..<fixture.count {
                let x = 4 * (Double(forces.attraction.x[i]) - Double(forces.repulsion.x[i]) / forces.normalization)
                let limit =
                    4 * share
                    * (reference.attractionMagnitude[i] + reference.repulsionMagnitude[i] / reference.normalization)
                #expect(abs(x - oracle.gradient[2 * i]) <= limit)
            }
            #expect(abs(forces.normalization - oracle.normalization) <= 1e-5 * oracle.normalization)
            let divergence = divergence(attraction, affinities, layout, normalization: forces.normalization)
            #expect(abs(divergence - oracle.divergence) <= 2e-5 * oracle.divergence)
        }
    }

    @Test func exactGradientEqualsFiniteDifferencesOfTheDivergence() throws {
        let affinities = TestData.affinities(TestData.features(count: 40, dimension: 5), perplexity: 8)
        let dense = affinities.dense
        let layout = randomLayout(40, scale: 2, seed: 4)
        let forces = try evaluate(exact(40), forces(affinities), layout)
        let reference = ReferenceForces(layout: layout, affinities: dense)
        let step = 1e-5
        for i in 0..<40 {
            var (ahead, behind) = (layout, layout)
            ahead[i].x += step
            behind[i].x -= step
            let slope =
                (ReferenceForces(layout: ahead, affinities: dense).divergence
                    - ReferenceForces(layout: behind, affinities: dense).divergence) / (2 * step)
            let found = 4 * (Double(forces.attraction.x[i]) - Double(forces.repulsion.x[i]) / forces.normalization)
            let magnitude =
                4 * (reference.attractionMagnitude[i] + reference.repulsionMagnitude[i] / reference.normalization)
            // Rounding of the forces, plus the finite difference's own error of about step² and 1e-15 / step.
            #expect(abs(found - slope) <= ReferenceForces.roundingError(count: 40) * magnitude + 1e-9)
        }
    }

    @Test(arguments: KernelPath.available) func divergenceEqualsItsDefinition(kernels: KernelPath) {
        let affinities = TestData.affinities(TestData.features(count: 130, dimension: 5), perplexity: 20)
        let attraction = forces(affinities, kernels: kernels)
        for scale in [1e-4, 1, 100] {
            let layout = randomLayout(130, scale: scale, seed: 5)
            let reference = ReferenceForces(layout: layout, affinities: affinities.dense)
            let found = divergence(attraction, affinities, layout, normalization: reference.normalization)
            // Squared distances are in single precision (three roundings); all else is in double.
            #expect(abs(found - reference.divergence) <= 3 * 0x1p-24 * (1 + abs(reference.divergence)))
        }
    }

    @Test func barnesHutIsCloseAtItsDefaultAngle() throws {
        let affinities = TestData.affinities(TestData.features(count: 2_000, dimension: 5), perplexity: 10)
        let attraction = forces(affinities)
        let layout = randomLayout(2_000, scale: 30, seed: 6)
        let exact = try evaluate(exact(2_000), attraction, layout)
        var errors: [Double] = []
        for theta in [0.8, 0.5, 0.2] {
            let tree = try evaluate(tree(2_000, theta: theta), attraction, layout)
            var (error, norm) = (0.0, 0.0)
            for i in 0..<2_000 {
                let difference = SIMD2(
                    Double(tree.repulsion.x[i] - exact.repulsion.x[i]),
                    Double(tree.repulsion.y[i] - exact.repulsion.y[i]))
                let force = SIMD2(Double(exact.repulsion.x[i]), Double(exact.repulsion.y[i]))
                error += (difference * difference).sum()
                norm += (force * force).sum()
            }
            errors.append((error / norm).squareRoot())
        }
        // The error falls with the angle and is below 1 % at the default.
        #expect(errors[0] > errors[1] && errors[1] > errors[2])
        #expect(errors[1] < 0.01)
    }

    @Test func barnesHutTakesPointsOnOneSpotAndOnALine() throws {
        let affinities = TestData.affinities(TestData.features(count: 100, dimension: 5), perplexity: 10)
        let spot = [SIMD2<Double>](repeating: SIMD2(1, 2), count: 100)
        let line = (0..<100).map { SIMD2(Double($0 / 2), 0) }
        for layout in [spot, line] {
            expectEqual(
                try evaluate(tree(100, theta: 0), forces(affinities), layout),
                ReferenceForces(layout: layout, affinities: affinities.dense), "\(layout[1])")
        }
    }

    @Test func manyPointsOnOneSpotCountAsOneBody() throws {
        let affinities = TestData.affinities(TestData.features(count: 3_000, dimension: 5), perplexity: 10)
        let layout = randomLayout(1_000, scale: 5, seed: 3) + Array(repeating: SIMD2<Double>(1, 2), count: 2_000)
        let found = try evaluate(tree(3_000, theta: 0), forces(affinities), layout)
        let exact = try evaluate(exact(3_000), forces(affinities), layout)
        #expect(abs(found.normalization - exact.normalization) < 1e-4 * exact.normalization)
        for i in 0..<1_000 {
            let scale = abs(exact.repulsion.x[i]) + abs(exact.repulsion.y[i])
            #expect(abs(found.repulsion.x[i] - exact.repulsion.x[i]) < 1e-3 * scale)
        }
    }

    @Test func theTreeDoesNotDependOnTheThreads() {
        let layout = planar(randomLayout(5_000, scale: 20, seed: 8))
        let forces = [1, 2, 3].map { threads in
            let buffer = PlanarBuffer(count: 5_000)
            let method = BarnesHutRepulsion(
                count: 5_000, theta: 0.5, kernel: StudentKernel(), threads: ThreadCount(threads),
                kernels: .preferred())
            let sum = method.evaluate(at: layout, into: buffer, threads: ThreadCount(threads))
            return buffer.interleaved.map(\.bitPattern) + [Float(sum).bitPattern]
        }
        #expect(forces[0] == forces[1] && forces[0] == forces[2])
    }
}
