import Numerics
import Foundation
import Testing

@testable import NeighborEmbedding

@Suite struct InterpolationTests {
    private func evaluate(
        _ layout: [SIMD2<Double>], kernel: InterpolationKernel = InterpolationKernel(),
        parameters: InterpolationParameters = InterpolationParameters(), kernels: KernelPath = .preferred(),
        threads: Int = 2
    ) throws -> (forces: PlanarBuffer, sum: Double) {
        let method = InterpolationRepulsion(
            count: layout.count, kernel: kernel, parameters: parameters, kernels: kernels)
        let forces = PlanarBuffer(count: layout.count)
        let sum = try method.evaluate(at: planar(layout), into: forces, threads: ThreadCount(threads))
        return (forces, sum)
    }

    @Test(arguments: TestLayout.all) func forcesAndSumAreClose(layout: TestLayout) throws {
        let reference = RepulsionReference(layout.points)
        let (forces, sum) = try evaluate(layout.points)
        #expect(reference.error(of: forces) <= layout.forceError)
        #expect(abs(sum / reference.sum - 1) <= layout.sumError)
    }

    @Test(arguments: KernelPath.available) func kernelsEqualTheirTwin(kernels: KernelPath) throws {
        let layout = TestLayout.clusters.points
        let (twin, found) = try (evaluate(layout, kernels: .swift), evaluate(layout, kernels: kernels))
        let largest = twin.forces.interleaved.map(abs).max()!
        // The transforms round by about log2(2¹⁸) · 2⁻²⁴ of their largest values; the sines err by .001 of a correction that is
        // itself .001.
        for (a, b) in zip(twin.forces.interleaved, found.forces.interleaved) { #expect(abs(a - b) <= 2e-5 * largest) }
        #expect(abs(twin.sum - found.sum) <= 1e-6 * twin.sum)
    }

    @Test(arguments: [0.3, 0.5, 2, 10]) func otherDegreesOfFreedom(degrees: Double) throws {
        for exponent in [(degrees + 1) / 2, degrees] {
            let kernel = InterpolationKernel(degreesOfFreedom: degrees, exponent: exponent)
            let layout = TestLayout.clusters.points
            let reference = RepulsionReference(layout, kernel: kernel)
            let (forces, sum) = try evaluate(layout, kernel: kernel)
            #expect(reference.error(of: forces) <= 1e-3)
            #expect(abs(sum / reference.sum - 1) <= 1e-5)
        }
        #expect(
            InterpolationKernel(degreesOfFreedom: degrees)
                == InterpolationKernel(degreesOfFreedom: degrees, exponent: (degrees + 1) / 2))
    }

    @Test func moreNodesConverge() throws {
        let layout = TestLayout.wide.points
        let reference = RepulsionReference(layout)
        let errors = try [1.5, 3, 6].map {
            try reference.error(of: evaluate(layout, parameters: InterpolationParameters(nodesPerUnit: $0)).forces)
        }
        #expect(errors[1] < errors[0] / 16 && errors[2] < errors[1] / 16)
    }

    @Test func threadsDoNotChangeABit() throws {
        for layout in [TestLayout.random, .clusters, .line] {
            // More than one chunk of the sort, and an odd size.
            let points = (0..<7).flatMap { turn in layout.points.map { $0 + Double(turn) * SIMD2(0.37, 0.11) } }
            let one = try evaluate(points, threads: 1)
            for threads in [2, 3] {
                let many = try evaluate(points, threads: threads)
                #expect(many.sum == one.sum)
                #expect(many.forces.interleaved == one.forces.interleaved)
            }
        }
    }

    @Test func layoutsBeforeDoNotChangeABit() throws {
        let layout = TestLayout.ring.points
        let method = InterpolationRepulsion(count: layout.count, kernels: .preferred())
        let forces = PlanarBuffer(count: layout.count)
        for scale in [1e-4, 3, 0.2, 1] {
            let scaled = layout.map { $0 * scale }
            let sum = try method.evaluate(at: planar(scaled), into: forces, threads: ThreadCount(2))
            let fresh = try evaluate(scaled)
            #expect(sum == fresh.sum)
            #expect(forces.interleaved == fresh.forces.interleaved)
        }
    }

    @Test func runsAtOnceDoNotDisturbEachOther() async throws {
        // Each task keeps planning transforms of its own sizes while the others do too.
        let sums = try await withThrowingTaskGroup(of: (Int, [Double]).self) { group in
            for task in 0..<4 { group.addTask { (task, try self.sumsOfGrowingLayouts(first: 2 + task)) } }
            return try await group.reduce(into: [Int: [Double]]()) { $0[$1.0] = $1.1 }
        }
        for task in 0..<4 { #expect(try sums[task] == sumsOfGrowingLayouts(first: 2 + task)) }
    }

    private func sumsOfGrowingLayouts(first: Int) throws -> [Double] {
        try (0..<6).map { step in
            try evaluate(randomLayout(50, scale: Double(first + 4 * step), seed: 1), threads: 1).sum
        }
    }

    @Test(arguments: KernelPath.available) func theFieldEqualsItsSumsOnTheMeshAndBeyond(kernels: KernelPath) throws {
        let layout = TestLayout.clusters.points
        // Among the points, in gaps, at the corner, around the edge, and far away.
        let places =
            randomLayout(1_100, scale: 15, seed: 8)
            + [layout[0], SIMD2(layout.map(\.x).min()!, layout.map(\.y).min()!), SIMD2(500, -300), SIMD2(0, 1e6)]
        let method = InterpolationRepulsion(count: layout.count, kernels: kernels)
        _ = try method.evaluate(
            at: planar(layout), into: PlanarBuffer(count: layout.count), threads: ThreadCount(2))
        let forces = PlanarBuffer(count: places.count)
        let potential = AlignedBuffer<Float>(count: places.count)
        method.field(at: planar(places), into: forces, potential: potential.base, threads: ThreadCount(2))
        let reference = RepulsionReference(layout, at: places)
        #expect(reference.error(of: forces) <= 1e-3)
        for i in places.indices {
            // Single precision rounds relative to the largest potential.
            #expect(abs(Double(potential[i]) - reference.potential[i]) <= 2e-3 + 1e-4 * reference.potential[i])
        }
        // Beyond the mesh the sums are exact.
        for i in places.count - 2..<places.count {
            #expect(abs(Double(potential[i]) / reference.potential[i] - 1) <= 1e-4)
            #expect(abs(Double(forces.x[i]) - reference.forces[i].x) <= 1e-4 * abs(reference.forces[i].x) + 1e-12)
        }
        let again = PlanarBuffer(count: places.count)
        method.field(at: planar(places), into: again, potential: potential.base, threads: ThreadCount(3))
        #expect(again.interleaved == forces.interleaved)
    }

    @Test(arguments: [Double.nan, .infinity, 3e38]) func coordinatesOutOfRangeGiveNoNumber(value: Double) throws {
        var layout = randomLayout(40, scale: 1, seed: 1)
        layout[17].y = value
        let (forces, sum) = try evaluate(layout)
        #expect(sum.isNaN)
        #expect(forces.interleaved.allSatisfy { $0.isNaN })
    }

    @Test func smallLayouts() throws {
        for count in 1...9 {
            let layout = randomLayout(count, scale: 1, seed: 2)
            let reference = RepulsionReference(layout)
            let (forces, sum) = try evaluate(layout)
            #expect(reference.error(of: forces) <= 1e-4)
            #expect(abs(sum - reference.sum) <= 1e-4 * Double(count))
        }
    }

    @Test func theMeshHoldsTheLayoutWithinItsBounds() {
        let parameters = InterpolationParameters()
        for exponent in stride(from: -60.0, through: 120, by: 0.3) {
            for ratio in [0, 1e-3, 0.4, 1, 7] {
                let extent = SIMD2(pow(2, exponent), ratio * pow(2, exponent))
                let mesh = InterpolationMesh(extent: extent, width: 1, parameters: parameters)
                // Two nodes before the first position and three after the last.
                #expect(extent.x / mesh.spacing.x + 6 <= Double(mesh.usedColumns))
                #expect(extent.y / mesh.spacing.y + 6 <= Double(mesh.usedRows))
                #expect(mesh.usedColumns <= mesh.columns / 2 && mesh.usedRows <= mesh.rows / 2)
                #expect(max(mesh.usedColumns, mesh.usedRows) >= parameters.leastNodes)
                #expect(mesh.usedColumns * mesh.usedRows <= parameters.mostNodes)
                if extent.max() < 1_000 { #expect(mesh.spacing.max() <= 1 / parameters.nodesPerUnit) }
            }
        }
        // A line needs few rows.
        #expect(InterpolationMesh(extent: SIMD2(100, 0), width: 1, parameters: parameters).rows == 32)
    }

    @Test func weightsShareACharge() {
        let table = InterpolationSpline.table()
        for t in stride(from: Float(-0.5), through: 0.5, by: 0.125) {
            let weights = InterpolationSpline.weights(table, at: t)
            let slopes = InterpolationSpline.weights(table, at: t, derivative: true)
            #expect(abs(weights.sum() - 1) <= 4 * 0x1p-24)
            #expect(abs(slopes.sum()) <= 8 * 0x1p-24)
            // The weighted mean position of the nodes is the charge's position.
            let nodes = SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7)
            #expect(abs((weights * nodes).sum() - (t + 2.5)) <= 16 * 0x1p-24)
            #expect(abs((slopes * nodes).sum() - 1) <= 32 * 0x1p-24)
        }
    }
}

/// Layouts of 1,500 points with the tolerated error of the repulsion, about twice the measured one.
struct TestLayout: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let points: [SIMD2<Double>]
    /// Root-mean-square error relative to the root-mean-square force.
    let forceError: Double
    let sumError: Double

    private init(
        _ name: String, forceError: Double = 1e-3, sumError: Double = 1e-5,
        _ place: (Int, SIMD2<Double>) -> SIMD2<Double>
    ) {
        testDescription = name
        points = randomLayout(1_500, scale: 1, seed: 3).enumerated().map { place($0.offset, $0.element) }
        (self.forceError, self.sumError) = (forceError, sumError)
    }

    private static let centres = randomLayout(20, scale: 20, seed: 4)

    static let random = Self("random", forceError: 2e-3) { 8 * $1 }
    static let wide = Self("wide", forceError: 2e-3) { 20 * $1 }
    static let clusters = Self("clusters") { centres[$0 % 20] + $1 }
    static let ring = Self("ring") { 30 * SIMD2(cos(0.7 * Double($0)), sin(0.7 * Double($0))) + 0.3 * $1 }
    static let line = Self("line", forceError: 2e-3) { SIMD2(30 * $1.x, 0) }
    /// Early layouts: the forces are differences of sums 10⁴ times their size.
    static let tiny = Self("tiny", forceError: 2e-4) { 1e-4 * $1 }
    static let spot = Self("spot", forceError: 1e-6) { _, _ in SIMD2(1, 2) }
    /// ±1,000 units, where the node limit leaves two nodes each and few pairs are near.
    static let huge = Self("huge", forceError: 0.08, sumError: 1e-3) { 300 * $1 }

    static let all = [random, wide, clusters, ring, line, tiny, spot, huge]
}

/// Repulsion by definition, over all pairs and in double precision.
struct RepulsionReference {
    var forces: [SIMD2<Double>] = []
    var potential: [Double] = []
    var sum: Double { potential.reduce(0, +) }

    /// - Parameter places: Where to evaluate the layout's field; if nil, at the layout's own points, excluding themselves.
    init(
        _ layout: [SIMD2<Double>], at places: [SIMD2<Double>]? = nil,
        kernel: InterpolationKernel = InterpolationKernel()
    ) {
        func rounded(_ point: SIMD2<Double>) -> SIMD2<Double> { SIMD2<Double>(SIMD2<Float>(point)) }
        let sources = layout.map(rounded)
        for (i, place) in (places ?? layout).map(rounded).enumerated() {
            var (force, total) = (SIMD2<Double>.zero, 0.0)
            for (j, source) in sources.enumerated() where places != nil || i != j {
                let difference = place - source
                let u = 1 / (1 + (difference * difference).sum() / kernel.degreesOfFreedom)
                let w = kernel.exponent == 1 ? u : pow(u, kernel.exponent)
                force += w * u * difference
                total += w
            }
            forces.append(force)
            potential.append(total)
        }
    }

    /// Root-mean-square error, relative to the root-mean-square force if that is not zero.
    func error(of found: PlanarBuffer) -> Double {
        var (error, norm) = (0.0, 0.0)
        for (i, force) in forces.enumerated() {
            let difference = SIMD2(Double(found.x[i]), Double(found.y[i])) - force
            error += (difference * difference).sum()
            norm += (force * force).sum()
        }
        return (norm > 0 ? error / norm : error).squareRoot()
    }
}
