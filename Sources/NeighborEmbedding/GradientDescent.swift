import CKernels
import Determinism

/// Gradient descent with momentum and gains (Jacobs, "Increased rates of convergence through learning rate adaptation",
/// 1988), as t-SNE has always used it. The points keep their mean at zero.
final class GradientDescent {
    let points: PlanarBuffer
    private let velocity: PlanarBuffer
    private let gain: PlanarBuffer
    private let threads: ThreadCount
    private let kernels: KernelPath
    private var partial: [penumbra_tsne_sums]

    /// A multiple of 16, so that chunks begin on whole vectors.
    private static let pointsPerChunk = 8_192

    init(coordinates: [Float], threads: ThreadCount, kernels: KernelPath) {
        points = PlanarBuffer(interleaved: coordinates)
        velocity = PlanarBuffer(count: points.count)
        gain = PlanarBuffer(count: points.count)
        for point in 0..<points.count { (gain.x[point], gain.y[point]) = (1, 1) }
        self.threads = threads
        self.kernels = kernels
        let chunks = (points.count + Self.pointsPerChunk - 1) / Self.pointsPerChunk
        partial = [penumbra_tsne_sums](repeating: penumbra_tsne_sums(), count: 2 * chunks)
    }

    /// One step.
    ///
    /// - Returns: false when a coordinate has left the range in which squared distances are finite.
    /// - Complexity: O(N).
    func step(forces: Forces, exaggeration: Double, momentum: Double, learningRate: Double) -> Bool {
        let step = penumbra_tsne_step(
            attractionFactor: Float(exaggeration), repulsionFactor: Float(1 / forces.normalization),
            momentum: Float(momentum), learningRate: Float(learningRate))
        nonisolated(unsafe) let (points, velocity, gain, forces) = (points, velocity, gain, forces)
        let kernels = kernels
        partial.withUnsafeMutableBufferPointer { partial in
            nonisolated(unsafe) let sums = partial.baseAddress!
            threads.forEachChunk(of: points.count, size: Self.pointsPerChunk) { chunk, range in
                sums[2 * chunk] = Self.update(
                    range, step, forces.attraction.x, forces.repulsion.x, points.x, velocity.x, gain.x, kernels)
                sums[2 * chunk + 1] = Self.update(
                    range, step, forces.attraction.y, forces.repulsion.y, points.y, velocity.y, gain.y, kernels)
            }
        }
        var (sum, magnitude) = ((x: 0.0, y: 0.0), 0.0)
        for chunk in 0..<partial.count / 2 {
            sum.x += partial[2 * chunk].coordinates
            sum.y += partial[2 * chunk + 1].coordinates
            magnitude += partial[2 * chunk].magnitudes + partial[2 * chunk + 1].magnitudes
        }
        guard magnitude < Double(TSNEParameters.largestCoordinate) else { return false }
        let mean = (x: Float(sum.x / Double(points.count)), y: Float(sum.y / Double(points.count)))
        threads.forEachChunk(of: points.count, size: Self.pointsPerChunk) { _, range in
            for point in range {
                points.x[point] -= mean.x
                points.y[point] -= mean.y
            }
        }
        return true
    }

    /// One step along one axis; returns the sums over the new coordinates.
    static func update(
        _ range: Range<Int>, _ step: penumbra_tsne_step, _ attraction: UnsafePointer<Float>,
        _ repulsion: UnsafePointer<Float>, _ coordinate: UnsafeMutablePointer<Float>,
        _ velocity: UnsafeMutablePointer<Float>, _ gain: UnsafeMutablePointer<Float>, _ kernels: KernelPath
    ) -> penumbra_tsne_sums {
        if let code = kernels.code {
            return penumbra_tsne_update(
                code, step, attraction, repulsion, Int64(range.lowerBound), Int64(range.upperBound), coordinate,
                velocity, gain)
        }
        var sums = penumbra_tsne_sums()
        for point in range {
            let gradient = step.attractionFactor * attraction[point] - step.repulsionFactor * repulsion[point]
            let grows = (gradient > 0) != (velocity[point] > 0)
            gain[point] = max(grows ? gain[point] + 0.2 : gain[point] * 0.8, 0.01)
            velocity[point] = step.momentum * velocity[point] - step.learningRate * gain[point] * gradient
            coordinate[point] += velocity[point]
            sums.coordinates += Double(coordinate[point])
            sums.magnitudes += Double(abs(coordinate[point]))
        }
        return sums
    }
}
