import CKernels
import Numerics
import Testing

@testable import NeighborEmbedding

@Suite struct MovingLayoutTests {
    /// No neighbours, hence no attraction.
    private func noAttraction(_ count: Int, _ kernels: KernelPath) -> AttractiveForces {
        AttractiveForces(
            affinities: CompressedRows(
                count: count, rowStarts: AlignedBuffer(count: count + 1), columns: AlignedBuffer(count: 0),
                values: AlignedBuffer(count: 0)),
            kernel: StudentKernel(), kernels: kernels)
    }

    private func step(
        momentum: Double = 0.8, rate: Double = 0.1, most: Double = .infinity
    ) -> MovingLayout.Step {
        MovingLayout.Step(exaggeration: 12, momentum: momentum, learningRate: rate, mostStep: most)
    }

    @Test(arguments: KernelPath.available) func stepsFollowTheRule(kernels: KernelPath) {
        let layout = MovingLayout(coordinates: TestData.normal(74, seed: 1), threads: ThreadCount(1))
        layout.normalization = 4
        var position = layout.points.xBuffer.array.map(Double.init)
        var (velocity, gain) = ([Double](repeating: 0, count: 37), [Double](repeating: 1, count: 37))
        var mean = 0.0
        for turn in 0..<12 {
            let repulsion = TestData.normal(37, seed: UInt64(200 + turn))
            for i in 0..<37 {
                layout.repulsion.x[i] = repulsion[i]
                let gradient = -Double(repulsion[i]) / 4
                gain[i] = max(0.01, (gradient > 0) != (velocity[i] > 0) ? gain[i] + 0.2 : gain[i] * 0.8)
                velocity[i] = 0.8 * velocity[i] - 0.1 * gain[i] * gradient
                position[i] += velocity[i] - mean
            }
            mean = position.reduce(0, +) / 37
            let isFinite = layout.step(step(), along: noAttraction(37, kernels), threads: ThreadCount(1))
            #expect(isFinite)
        }
        // Twelve steps of about ten roundings each, on numbers below 64.
        for i in 0..<37 {
            #expect(abs(Double(layout.points.x[i]) - position[i]) <= 12 * 10 * 64 * 0x1p-24)
            #expect(layout.pairs[2 * i] == layout.points.x[i] && layout.pairs[2 * i + 1] == layout.points.y[i])
        }
    }

    @Test(arguments: KernelPath.available) func aGainStaysAboveItsFloor(kernels: KernelPath) {
        let layout = MovingLayout(coordinates: TestData.normal(32, seed: 1), threads: ThreadCount(1))
        layout.normalization = 1
        for i in 0..<16 { (layout.repulsion.x[i], layout.velocity.x[i], layout.gain.x[i]) = (-1, 1, 0.011) }
        _ = layout.step(step(), along: noAttraction(16, kernels), threads: ThreadCount(1))
        #expect(layout.gain.xBuffer.array == [Float](repeating: 0.01, count: 16))
    }

    @Test(arguments: KernelPath.available) func aStepIsNoLongerThanTheLongest(kernels: KernelPath) {
        let layout = MovingLayout(coordinates: [Float](repeating: 0, count: 40), threads: ThreadCount(1))
        layout.normalization = 1
        for i in 0..<20 { (layout.velocity.x[i], layout.velocity.y[i]) = (3 * Float(i), -4 * Float(i)) }
        _ = layout.step(step(momentum: 1, most: 6), along: noAttraction(20, kernels), threads: ThreadCount(1))
        for i in 0..<20 {
            let length = min(6, 5 * Float(i))
            #expect(abs(layout.points.x[i] - 0.6 * length) < 1e-5)
            #expect(abs(layout.points.y[i] + 0.8 * length) < 1e-5)
        }
    }

    @Test func overflowIsSeen() {
        let layout = MovingLayout(coordinates: TestData.normal(8, seed: 1), threads: ThreadCount(1))
        layout.normalization = 1
        for i in 0..<4 { layout.repulsion.x[i] = .greatestFiniteMagnitude }
        #expect(!layout.step(step(rate: 100), along: noAttraction(4, .preferred()), threads: ThreadCount(1)))
    }

    @Test func reorderingKeepsEveryPoint() {
        let coordinates = TestData.normal(2_000, scale: 10, seed: 2)
        let layout = MovingLayout(coordinates: coordinates, threads: ThreadCount(2))
        for i in 0..<1_000 { layout.velocity.x[i] = layout.points.x[i] }
        let moves = layout.reorder(threads: ThreadCount(2))
        #expect(Set(moves.array).count == 1_000)
        #expect(layout.coordinates == coordinates)
        #expect(layout.velocity.xBuffer.array == layout.points.xBuffer.array)
        // Memory neighbours must be much closer than two random points, which are 18 apart.
        var path: Float = 0
        for i in 1..<1_000 {
            let (dx, dy) = (layout.points.x[i] - layout.points.x[i - 1], layout.points.y[i] - layout.points.y[i - 1])
            path += (dx * dx + dy * dy).squareRoot()
        }
        #expect(path / 999 < 3)
    }

    @Test func aReorderedMatrixIsTheSameMatrix() {
        let affinities = TestData.affinities(TestData.features(count: 90, dimension: 4), perplexity: 5)
        let order = AlignedBuffer<Int32>(count: 90)
        for row in 0..<90 { order[row] = Int32((row * 37) % 90) }
        let reordered = affinities.rows.reordered(by: order, threads: ThreadCount(2))
        let dense = affinities.dense
        for row in 0..<90 {
            var found = [Float](repeating: 0, count: 90)
            for entry in reordered.entries(ofRow: row) {
                found[Int(order[Int(reordered.columns[entry])])] += reordered.values[entry]
            }
            #expect(found.map(Double.init) == Array(dense[Int(order[row]) * 90..<(Int(order[row]) + 1) * 90]))
        }
    }
}
