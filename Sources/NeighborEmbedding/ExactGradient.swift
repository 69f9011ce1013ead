import CKernels
import Determinism

/// Repulsion between all pairs.
final class ExactGradient: LayoutGradient {
    private let attraction: AttractiveForces
    private let threads: ThreadCount
    private let kernels: KernelPath
    private let partial: AlignedBuffer<Double>

    private static let rowsPerChunk = 64

    init(attraction: AttractiveForces, threads: ThreadCount, kernels: KernelPath) {
        self.attraction = attraction
        self.threads = threads
        self.kernels = kernels
        partial = AlignedBuffer(count: (attraction.affinities.count + Self.rowsPerChunk - 1) / Self.rowsPerChunk)
    }

    /// - Complexity: O(N²).
    func evaluate(at points: PlanarBuffer, into forces: Forces) {
        nonisolated(unsafe) let (attraction, sums, points, result) = (attraction, partial.base, points, forces)
        let kernels = kernels
        threads.forEachChunkDynamically(of: points.count, size: Self.rowsPerChunk) { _, chunk, range in
            sums[chunk] = Self.repulsion(on: range, at: points, into: result.repulsion, kernels: kernels)
            attraction.evaluate(range, at: points, into: result.attraction)
        }
        var sum = 0.0
        for chunk in 0..<partial.count { sum += partial[chunk] }
        forces.normalization = sum
    }

    /// Writes the repulsion on a range of points and returns their sum of q.
    private static func repulsion(
        on range: Range<Int>, at points: PlanarBuffer, into repulsion: PlanarBuffer, kernels: KernelPath
    ) -> Double {
        if let code = kernels.code {
            return penumbra_tsne_repulsion(
                code, points.x, points.y, Int64(points.count), Int64(range.lowerBound), Int64(range.upperBound),
                repulsion.x, repulsion.y)
        }
        var normalization = 0.0
        for i in range {
            var force = SIMD2<Float>.zero
            for j in 0..<points.count where j != i {
                let difference = SIMD2(points.x[i] - points.x[j], points.y[i] - points.y[j])
                let q = 1 / (1 + (difference * difference).sum())
                normalization += Double(q)
                force += q * q * difference
            }
            (repulsion.x[i], repulsion.y[i]) = (force.x, force.y)
        }
        return normalization
    }
}
