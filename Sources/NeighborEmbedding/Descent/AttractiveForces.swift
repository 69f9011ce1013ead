import CKernels
import Numerics

/// The forces along the affinities, and their part of the divergence.
struct AttractiveForces {
    let affinities: CompressedRows
    let kernel: StudentKernel
    let kernels: KernelPath

    /// Writes Σⱼ p u (yᵢ − yⱼ) for a range of points, from the beginning of `x` and `y`.
    ///
    /// `pairs` holds the points' coordinates with x and y interleaved, and `ownPairs` those of the rows' own points.
    func evaluate(
        _ range: Range<Int>, ownPairs: UnsafePointer<Float>, pairs: UnsafePointer<Float>,
        x: UnsafeMutablePointer<Float>, y: UnsafeMutablePointer<Float>
    ) {
        if let code = kernels.code {
            return penumbra_tsne_attraction(
                code, ownPairs, pairs, affinities.rowStarts.base, affinities.columns.base, affinities.values.base,
                Int64(range.lowerBound), Int64(range.upperBound), Float(kernel.degreesOfFreedom), x, y)
        }
        for i in range {
            let own = SIMD2(ownPairs[2 * i], ownPairs[2 * i + 1])
            var sum = SIMD2<Float>.zero
            for entry in affinities.entries(ofRow: i) {
                let j = Int(affinities.columns[entry])
                let difference = own - SIMD2(pairs[2 * j], pairs[2 * j + 1])
                let u = 1 / (1 + (difference * difference).sum() / Float(kernel.degreesOfFreedom))
                sum += affinities.values[entry] * u * difference
            }
            (x[i - range.lowerBound], y[i - range.lowerBound]) = (sum.x, sum.y)
        }
    }

    /// −Σ p log w over the rows of a range.
    func crossEntropy(_ range: Range<Int>, at pairs: UnsafePointer<Float>) -> Double {
        if let code = kernels.code {
            return penumbra_tsne_cross_entropy(
                code, pairs, affinities.rowStarts.base, affinities.columns.base, affinities.values.base,
                Int64(range.lowerBound), Int64(range.upperBound), kernel.degreesOfFreedom)
        }
        return KullbackLeibler.crossEntropy(range, affinities: affinities, at: pairs, kernel: kernel)
    }
}
