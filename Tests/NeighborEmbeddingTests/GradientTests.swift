import Determinism
import Testing

@testable import NeighborEmbedding

@Suite struct GradientTests {
    /// Below and above a vector, a block of 64, 16 blocks, and a segment of 1,024 after the first block.
    static let counts = [4, 15, 16, 17, 64, 130, 1_100]

    private func evaluate(_ gradient: any LayoutGradient, _ layout: [SIMD2<Double>]) -> Forces {
        let forces = Forces(count: layout.count)
        gradient.evaluate(at: planar(layout), into: forces, threads: ThreadCount(2))
        return forces
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
        // Each point's own q of 1 is in its sum until it is taken off in double precision.
        let limit = share * (reference.normalization + Double(count))
        #expect(abs(forces.normalization - reference.normalization) <= limit, comment)
    }

    @Test(arguments: counts, [0.001, 1, 30]) func everyKernelGivesTheForces(count: Int, scale: Double) {
        let affinities = TestData.affinities(TestData.features(count: count, dimension: 5), perplexity: 2.5)
        let layout = randomLayout(count, scale: scale, seed: 9)
        let reference = ReferenceForces(layout: layout, affinities: affinities.dense)
        for kernels in KernelPath.available {
            let attraction = AttractiveForces(affinities: affinities, kernels: kernels)
            let exact = ExactGradient(attraction: attraction, kernels: kernels)
            expectEqual(evaluate(exact, layout), reference, "exact, \(kernels)")
            let tree = BarnesHutGradient(attraction: attraction, theta: 0, threads: ThreadCount(2), kernels: kernels)
            expectEqual(evaluate(tree, layout), reference, "Barnes-Hut with an angle of 0, \(kernels)")
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
            let attraction = AttractiveForces(affinities: affinities, kernels: .preferred())
            let forces = evaluate(
                ExactGradient(attraction: attraction, kernels: .preferred()), layout)
            let reference = ReferenceForces(layout: layout, affinities: affinities.dense)
            // The affinities themselves are met to 2e-5 (AffinityTests).
            let share = 2e-5 + ReferenceForces.roundingError(count: fixture.count)
            for i in 0..<fixture.count {
                let x = 4 * (Double(forces.attraction.x[i]) - Double(forces.repulsion.x[i]) / forces.normalization)
                let limit =
                    4 * share
                    * (reference.attractionMagnitude[i] + reference.repulsionMagnitude[i] / reference.normalization)
                #expect(abs(x - oracle.gradient[2 * i]) <= limit)
            }
            #expect(abs(forces.normalization - oracle.normalization) <= 1e-5 * oracle.normalization)
            let divergence = KullbackLeibler(attraction: attraction, threads: ThreadCount(1))
                .divergence(at: planar(layout), normalization: forces.normalization)
            #expect(abs(divergence - oracle.divergence) <= 2e-5 * oracle.divergence)
        }
    }

    @Test func exactGradientEqualsFiniteDifferencesOfTheDivergence() {
        let affinities = TestData.affinities(TestData.features(count: 40, dimension: 5), perplexity: 8)
        let dense = affinities.dense
        let layout = randomLayout(40, scale: 2, seed: 4)
        let attraction = AttractiveForces(affinities: affinities, kernels: .preferred())
        let forces = evaluate(
            ExactGradient(attraction: attraction, kernels: .preferred()), layout)
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
            // Rounding of the forces; beside it the differences err by about step² and by 1e-15 / step.
            #expect(abs(found - slope) <= ReferenceForces.roundingError(count: 40) * magnitude + 1e-9)
        }
    }

    @Test(arguments: KernelPath.available) func divergenceEqualsItsDefinition(kernels: KernelPath) {
        let affinities = TestData.affinities(TestData.features(count: 130, dimension: 5), perplexity: 20)
        let attraction = AttractiveForces(affinities: affinities, kernels: kernels)
        for scale in [1e-4, 1, 100] {
            let layout = randomLayout(130, scale: scale, seed: 5)
            let reference = ReferenceForces(layout: layout, affinities: affinities.dense)
            let found = KullbackLeibler(attraction: attraction, threads: ThreadCount(2))
                .divergence(at: planar(layout), normalization: reference.normalization)
            // Squared distances are single precision (three roundings); all else is double.
            #expect(abs(found - reference.divergence) <= 3 * 0x1p-24 * (1 + abs(reference.divergence)))
        }
    }

    @Test func barnesHutIsCloseAtItsDefaultAngle() {
        let affinities = TestData.affinities(TestData.features(count: 2_000, dimension: 5), perplexity: 10)
        let attraction = AttractiveForces(affinities: affinities, kernels: .preferred())
        let layout = randomLayout(2_000, scale: 30, seed: 6)
        let exact = evaluate(
            ExactGradient(attraction: attraction, kernels: .preferred()), layout)
        var errors: [Double] = []
        for theta in [0.8, 0.5, 0.2] {
            let tree = evaluate(
                BarnesHutGradient(attraction: attraction, theta: theta, threads: ThreadCount(2), kernels: .preferred()),
                layout)
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
        // The error falls with the angle, and is below a hundredth at the default.
        #expect(errors[0] > errors[1] && errors[1] > errors[2])
        #expect(errors[1] < 0.01)
    }

    @Test func barnesHutTakesPointsOnOneSpotAndOnALine() {
        let affinities = TestData.affinities(TestData.features(count: 100, dimension: 5), perplexity: 10)
        let attraction = AttractiveForces(affinities: affinities, kernels: .preferred())
        let spot = [SIMD2<Double>](repeating: SIMD2(1, 2), count: 100)
        let line = (0..<100).map { SIMD2(Double($0 / 2), 0) }
        for layout in [spot, line] {
            let tree = BarnesHutGradient(
                attraction: attraction, theta: 0, threads: ThreadCount(2), kernels: .preferred())
            expectEqual(
                evaluate(tree, layout), ReferenceForces(layout: layout, affinities: affinities.dense), "\(layout[1])")
        }
    }
}
