import CKernels
import Numerics
import Foundation

/// A way to compute the repulsion between the points of a layout.
///
/// With ν degrees of freedom, d the distance between two points and u = 1 / (1 + d²/ν), their similarity before normalisation
/// is w = u^ν, and the gradient of the divergence with respect to yᵢ is 4 Σⱼ (p − w / Z) u (yᵢ − yⱼ) with Z = Σ w over all
/// ordered pairs of different points. One degree of freedom gives the Student t-distribution of van der Maaten and Hinton;
/// fewer give heavier tails (Kobak et al., "Heavy-tailed kernels reveal a finer cluster structure in t-SNE visualisations",
/// 2019).
protocol RepulsionMethod: AnyObject {
    /// Writes Σⱼ w u (yᵢ − yⱼ) for every point into `forces` and returns Z. The result does not depend on `threads`.
    ///
    /// - Throws: `TSNEError.noTransformPlan`.
    func evaluate(at points: PlanarBuffer, into forces: PlanarBuffer, threads: ThreadCount) throws(TSNEError) -> Double
}

/// The similarity of points in the plane, in plain Swift; see `RepulsionMethod`.
struct StudentKernel: Sendable, Equatable {
    let degreesOfFreedom: Double

    init(degreesOfFreedom: Double = 1) { self.degreesOfFreedom = degreesOfFreedom }

    /// w and u of two points at a distance.
    func weights(squaredDistance: Float) -> (w: Float, u: Float) {
        let u = 1 / (1 + squaredDistance / Float(degreesOfFreedom))
        return (degreesOfFreedom == 1 ? u : Float(pow(Double(u), degreesOfFreedom)), u)
    }
}

/// Repulsion between all pairs, each pair computed once for both of its points.
///
/// The points are divided into blocks. A block acts on itself and on all blocks after it; the effect is accumulated in one of a
/// fixed number of strips, each with its own forces on all points, and the strips are then added in order. Blocks are assigned
/// to strips back and forth, so that each strip has its share of the long rows and of the short ones.
final class ExactRepulsion: RepulsionMethod {
    private let kernel: StudentKernel
    private let kernels: KernelPath
    private let blocks: Int
    private let strips: [PlanarBuffer]
    private let normalizations: AlignedBuffer<Double>

    private static let pointsPerBlock = 64
    private static let mostStrips = 16
    private static let pointsPerSum = 8_192

    init(count: Int, kernel: StudentKernel, kernels: KernelPath) {
        self.kernel = kernel
        self.kernels = kernels
        blocks = (count + Self.pointsPerBlock - 1) / Self.pointsPerBlock
        strips = (0..<min(blocks, Self.mostStrips)).map { _ in PlanarBuffer(count: count) }
        normalizations = AlignedBuffer(count: strips.count)
    }

    /// - Complexity: O(N²).
    func evaluate(at points: PlanarBuffer, into forces: PlanarBuffer, threads: ThreadCount) -> Double {
        nonisolated(unsafe) let (method, points, result) = (self, points, forces)
        threads.forEachChunkDynamically(of: strips.count, size: 1) { _, strip, _ in
            method.computeStrip(strip, at: points)
        }
        threads.forEachChunk(of: points.count, size: Self.pointsPerSum) { _, range in
            method.addStrips(range, into: result)
        }
        var sum = 0.0
        for strip in 0..<strips.count { sum += normalizations[strip] }
        return sum
    }

    /// The blocks of strip s of S: s, 2S − 1 − s, 2S + s, 4S − 1 − s …
    private func computeStrip(_ strip: Int, at points: PlanarBuffer) {
        let forces = strips[strip]
        forces.x.update(repeating: 0, count: points.count)
        forces.y.update(repeating: 0, count: points.count)
        var normalization = 0.0
        for turn in stride(from: 0, to: blocks, by: strips.count) {
            let isForth = turn / strips.count % 2 == 0
            let block = turn + (isForth ? strip : strips.count - 1 - strip)
            if block >= blocks { continue }
            let start = block * Self.pointsPerBlock
            let range = start..<min(points.count, start + Self.pointsPerBlock)
            normalization += repulsion(of: range, at: points, into: forces)
        }
        normalizations[strip] = normalization
    }

    /// Adds the forces among the points of a range and between them and all points after it.
    private func repulsion(of range: Range<Int>, at points: PlanarBuffer, into forces: PlanarBuffer) -> Double {
        if let code = kernels.code {
            let (first, last) = (Int64(range.lowerBound), Int64(range.upperBound))
            let freedom = Float(kernel.degreesOfFreedom)
            return penumbra_tsne_repulsion(code, points.x, points.y, first, last, freedom, forces.x, forces.y)
                + penumbra_tsne_mutual_repulsion(
                    code, points.x, points.y, first, last, Int64(points.count), freedom, forces.x, forces.y)
        }
        var normalization = 0.0
        for i in range {
            for j in i + 1..<max(points.count, i + 1) {
                let difference = SIMD2(points.x[i] - points.x[j], points.y[i] - points.y[j])
                let (w, u) = kernel.weights(squaredDistance: (difference * difference).sum())
                let force = w * u * difference
                normalization += 2 * Double(w)
                forces.x[i] += force.x
                forces.y[i] += force.y
                forces.x[j] -= force.x
                forces.y[j] -= force.y
            }
        }
        return normalization
    }

    private func addStrips(_ range: Range<Int>, into repulsion: PlanarBuffer) {
        repulsion.x.advanced(by: range.lowerBound).update(repeating: 0, count: range.count)
        repulsion.y.advanced(by: range.lowerBound).update(repeating: 0, count: range.count)
        for strip in strips {
            for (target, source) in [(repulsion.x, strip.x), (repulsion.y, strip.y)] {
                for point in range { target[point] += source[point] }
            }
        }
    }
}
