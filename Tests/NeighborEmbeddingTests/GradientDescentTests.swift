import CKernels
import Determinism
import Testing

@testable import NeighborEmbedding

@Suite struct GradientDescentTests {
    @Test(arguments: KernelPath.available) func stepsFollowTheRule(kernels: KernelPath) {
        let forces = Forces(count: 37)
        forces.normalization = 4
        let descent = GradientDescent(
            coordinates: TestData.normal(74, seed: 1), threads: ThreadCount(1), kernels: kernels)
        var position = descent.points.xBuffer.array.map(Double.init)
        var (velocity, gain) = ([Double](repeating: 0, count: 37), [Double](repeating: 1, count: 37))
        for step in 0..<12 {
            let attraction = TestData.normal(37, seed: UInt64(100 + step))
            let repulsion = TestData.normal(37, seed: UInt64(200 + step))
            for i in 0..<37 {
                forces.attraction.x[i] = attraction[i]
                forces.repulsion.x[i] = repulsion[i]
                let gradient = 12 * Double(attraction[i]) - Double(repulsion[i]) / 4
                gain[i] = max(0.01, (gradient > 0) != (velocity[i] > 0) ? gain[i] + 0.2 : gain[i] * 0.8)
                velocity[i] = 0.8 * velocity[i] - 0.1 * gain[i] * gradient
                position[i] += velocity[i]
            }
            let mean = position.reduce(0, +) / 37
            for i in 0..<37 { position[i] -= mean }
            let isFinite = descent.step(forces: forces, exaggeration: 12, momentum: 0.8, learningRate: 0.1)
            #expect(isFinite)
        }
        // Twelve steps of about ten roundings each on numbers below 64.
        for i in 0..<37 { #expect(abs(Double(descent.points.x[i]) - position[i]) <= 12 * 10 * 64 * 0x1p-24) }
    }

    @Test(arguments: KernelPath.available) func aGainStaysAboveItsFloor(kernels: KernelPath) {
        let count = 16
        let buffers = (0..<5).map { _ in AlignedBuffer<Float>(count: count) }
        for i in 0..<count { (buffers[0][i], buffers[3][i], buffers[4][i]) = (1, 1, 0.011) }
        let step = penumbra_tsne_step(attractionFactor: 1, repulsionFactor: 0, momentum: 0, learningRate: 1)
        _ = GradientDescent.update(
            0..<count, step, buffers[0].base, buffers[1].base, buffers[2].base, buffers[3].base, buffers[4].base,
            kernels)
        #expect(buffers[4].array == [Float](repeating: 0.01, count: count))
    }

    @Test func overflowIsSeen() {
        let forces = Forces(count: 4)
        forces.normalization = 1
        for i in 0..<4 { forces.attraction.x[i] = .greatestFiniteMagnitude }
        let descent = GradientDescent(
            coordinates: TestData.normal(8, seed: 1), threads: ThreadCount(1), kernels: .preferred())
        #expect(!descent.step(forces: forces, exaggeration: 12, momentum: 0.8, learningRate: 100))
    }
}
