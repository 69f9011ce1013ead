import Numerics
import Testing

@testable import NeighborEmbedding

/// The kernel split into a mesh part and near pairs.
@Suite struct InterpolationCutoffTests {
    /// A disc of points, about as dense as a layout after some thousand iterations, with a few far away.
    private static let layout: [SIMD2<Double>] =
        randomLayout(3_000, scale: 20, seed: 5) + [SIMD2(150, 0), SIMD2(-140, 80), SIMD2(0, -160)]

    /// Always chooses this cutoff, because pairs cost nothing.
    private static func always(_ cutoff: Double) -> InterpolationCutoff {
        InterpolationCutoff(choices: [cutoff], costOfPair: 0, costOfPoint: 0)
    }

    private func evaluate(
        _ layout: [SIMD2<Double>], _ cutoffs: InterpolationCutoff?, kernels: KernelPath = .preferred(), threads: Int = 2
    ) throws -> (forces: PlanarBuffer, sum: Double) {
        let method = InterpolationRepulsion(count: layout.count, cutoffs: cutoffs, kernels: kernels)
        let points = PlanarBuffer(interleaved: layout.flatMap { [Float($0.x), Float($0.y)] })
        let forces = PlanarBuffer(count: layout.count)
        return try (forces, method.evaluate(at: points, into: forces, threads: ThreadCount(threads)))
    }

    @Test func bothPartsMakeTheKernel() {
        for cutoff in [0.5, 1.5, 12] {
            let kernel = InterpolationKernel(cutoff: cutoff)
            for squared in [0, 0.1, 1, 3, cutoff * cutoff * 0.99, cutoff * cutoff * 1.01, 400] {
                let smooth = 1 + kernel.lessOne(squaredDistance: squared)
                let whole = smooth + kernel.nearPart(squaredDistance: squared)
                #expect(abs(whole - 1 / (1 + squared)) <= 1e-12)
                if squared > cutoff * cutoff { #expect(kernel.nearPart(squaredDistance: squared) == 0) }
                // The force is minus the derivative with respect to d².
                let step = 1e-5
                let slope =
                    (kernel.nearPart(squaredDistance: squared + step) - kernel.nearPart(squaredDistance: squared - step))
                    / (2 * step)
                #expect(abs(kernel.nearForce(squaredDistance: squared) + slope) <= 1e-7)
            }
        }
    }

    @Test(arguments: [1.5, 2, 3, 4, 6, 8, 12]) func everyCutoffGivesTheForces(cutoff: Double) throws {
        let reference = RepulsionReference(Self.layout)
        let (forces, sum) = try evaluate(Self.layout, Self.always(cutoff))
        #expect(reference.error(of: forces) <= 6e-3)
        #expect(abs(sum / reference.sum - 1) <= 1e-4)
        #expect(try forces.interleaved != evaluate(Self.layout, nil).forces.interleaved)
    }

    @Test(arguments: KernelPath.available) func kernelsEqualTheirTwin(kernels: KernelPath) throws {
        let twin = try evaluate(Self.layout, Self.always(3), kernels: .swift)
        let found = try evaluate(Self.layout, Self.always(3), kernels: kernels)
        let largest = twin.forces.interleaved.map(abs).max()!
        for (a, b) in zip(twin.forces.interleaved, found.forces.interleaved) { #expect(abs(a - b) <= 2e-5 * largest) }
        #expect(abs(twin.sum - found.sum) <= 1e-6 * twin.sum)
    }

    @Test func threadsDoNotChangeABit() throws {
        for cutoff in [2.0, 8] {
            let one = try evaluate(Self.layout, Self.always(cutoff), threads: 1)
            for threads in [2, 3] {
                let many = try evaluate(Self.layout, Self.always(cutoff), threads: threads)
                #expect(many.sum == one.sum)
                #expect(many.forces.interleaved == one.forces.interleaved)
            }
        }
    }

    @Test func pointsInOnePlaceRepelEachOtherInTheSum() throws {
        let heap = [SIMD2<Double>](repeating: SIMD2(3, 4), count: 50) + [SIMD2(-60, 0), SIMD2(60, 10)]
        let (forces, sum) = try evaluate(heap, Self.always(3))
        let reference = RepulsionReference(heap)
        #expect(abs(sum / reference.sum - 1) <= 1e-4)
        // Fifty coinciding charges: each one's residual slope of .0002 counts fifty times.
        #expect(abs(forces.x[0]) < 0.02 && abs(forces.y[0]) < 0.02)
    }

    @Test func theCutoffGoesByTheDensity() {
        func best(_ layout: [SIMD2<Double>]) -> Double {
            let points = PlanarBuffer(interleaved: layout.flatMap { [Float($0.x), Float($0.y)] })
            let corner = SIMD2(layout.map(\.x).min()!, layout.map(\.y).min()!)
            let extent = SIMD2(layout.map(\.x).max()!, layout.map(\.y).max()!) - corner
            return InterpolationCutoff().best(
                for: points, corner: SIMD2<Float>(corner), extent: extent, parameters: InterpolationParameters())
        }
        let compact = randomLayout(3_000, scale: 1, seed: 3)
        #expect(best(compact) == 0)
        let wide = compact.map { $0 * 40 }
        #expect(best(wide) > 0)
        #expect(best(wide.map { $0 * 3 }) > best(wide))
    }
    /// Mesh nodes over such layouts lie so far apart that tiles of a cutoff's width would number trillions.
    @Test(arguments: [1e5, 1e6, 1e9]) func aLayoutTooWideForTheMeshHasNoCutoff(extent: Double) throws {
        let wide = randomLayout(200, scale: extent / 20, seed: 8)
        let points = PlanarBuffer(interleaved: wide.flatMap { [Float($0.x), Float($0.y)] })
        let free = InterpolationCutoff(costOfPair: 0, costOfPoint: 0)
        #expect(
            free.best(
                for: points, corner: SIMD2(repeating: Float(-extent / 2)), extent: SIMD2(repeating: extent),
                parameters: InterpolationParameters()) == 0)
        let (forces, sum) = try evaluate(wide, free)
        #expect(sum.isFinite && forces.interleaved.allSatisfy(\.isFinite))
    }
}
