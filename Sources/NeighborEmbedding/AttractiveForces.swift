import CKernels

/// The forces along the affinities, and the part of the divergence that they make.
struct AttractiveForces {
    let affinities: SparseAffinities
    let kernels: KernelPath

    /// Writes the attraction on a range of points.
    func evaluate(_ range: Range<Int>, at points: PlanarBuffer, into attraction: PlanarBuffer) {
        if let code = kernels.code {
            return penumbra_tsne_attraction(
                code, points.x, points.y, affinities.rowStarts.base, affinities.columns.base, affinities.values.base,
                Int64(range.lowerBound), Int64(range.upperBound), attraction.x, attraction.y)
        }
        for i in range {
            var sum = SIMD2<Float>.zero
            for entry in affinities.entries(ofRow: i) {
                let j = Int(affinities.columns[entry])
                let difference = SIMD2(points.x[i] - points.x[j], points.y[i] - points.y[j])
                let q = 1 / (1 + (difference * difference).sum())
                sum += affinities.values[entry] * q * difference
            }
            (attraction.x[i], attraction.y[i]) = (sum.x, sum.y)
        }
    }

    /// Σ p log(1 + |yᵢ − yⱼ|²) over the rows of a range.
    func crossEntropy(_ range: Range<Int>, at points: PlanarBuffer) -> Double {
        if let code = kernels.code {
            return penumbra_tsne_cross_entropy(
                code, points.x, points.y, affinities.rowStarts.base, affinities.columns.base, affinities.values.base,
                Int64(range.lowerBound), Int64(range.upperBound))
        }
        return KullbackLeibler.crossEntropy(range, affinities: affinities, at: points)
    }
}
