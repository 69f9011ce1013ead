import Numerics

extension PrincipalComponents {
    /// Reduces a reference as `reduce` does, together with other rows: their scores on the reference's components, relative to
    /// the reference's means and in its unit.
    ///
    /// - Complexity: that of `reduce`, and O((N + M) D C + D C²) time and O(D C) memory for C components.
    static func reduce(
        _ reference: FeatureMatrix, with others: FeatureMatrix, to components: Int, seed: UInt64, threads: ThreadCount
    ) -> (reference: FeatureMatrix, others: FeatureMatrix) {
        let reduced = reduce(reference, to: components, seed: seed, threads: threads)
        let basis = basis(of: reference, scores: reduced, threads: threads)
        let centered = CenteredFeatures(reference, followedBy: others, threads: threads)
        let scores = AlignedBuffer<Float>(count: others.count * components)
        nonisolated(unsafe) let (rows, target) = (centered.rows.base + reference.count * centered.stride, scores.base)
        let (dimension, stride) = (centered.dimension, centered.stride)
        // The library's product is not used, since its sums depend on the neighbouring rows.
        basis.withBase { vectors in
            nonisolated(unsafe) let vectors = vectors
            threads.forEachRange(of: others.count) { range in
                let sums = AlignedBuffer<Double>(count: components)
                for row in range {
                    sums.elements.update(repeating: 0)
                    for column in 0..<dimension {
                        let value = Double(rows[row * stride + column])
                        let weights = vectors + column * components
                        for component in 0..<components { sums.base[component] += value * Double(weights[component]) }
                    }
                    for component in 0..<components { target[row * components + component] = Float(sums[component]) }
                }
            }
        }
        return (reduced, FeatureMatrix(count: others.count, dimension: components, finite: scores.array))
    }

    /// The components as columns of D × C numbers. They follow from the features X and their scores S, whose columns are
    /// orthogonal: the columns of Xᵀ S, normalised to length 1 and, to counter rounding, orthogonalised against those before.
    private static func basis(
        of features: FeatureMatrix, scores: FeatureMatrix, threads: ThreadCount
    ) -> AlignedBuffer<Float> {
        let centered = CenteredFeatures(features, threads: threads)
        let components = scores.dimension
        let basis = AlignedBuffer<Float>(count: centered.stride * components)
        let projected = AlignedBuffer<Float>(count: scores.values.count)
        for (place, value) in scores.values.enumerated() { projected[place] = value }
        applyTransposed(centered, to: projected, directions: components, into: basis, threads: threads)
        orthonormalize(basis, rows: centered.stride, columns: components)
        return basis
    }
}
