import Numerics

extension PrincipalComponents {
    /// Up to this many rows or columns, the components come from the whole covariance or Gram matrix.
    static let largestMatrix = 2_048
    private static let mostPartialSums = 8
    private static let rowsPerProduct = 1_024

    /// The features' scores on their leading principal components: `components` columns, in the unit of `CenteredFeatures`, by
    /// descending variance. If the features have fewer columns or rows than that, or columns without variance, the last columns
    /// are zero. Signs are as in `scores`.
    ///
    /// With few columns, all eigenvectors of the covariance matrix are computed; with few rows, those of the Gram matrix (the
    /// inner products of the rows); both with LAPACK. With many of both, subspace iteration starts from the seed.
    ///
    /// - Parameter components: at least 1.
    /// - Complexity: O(N D² + D³) time, or O(N² D + N³) if there are fewer rows than columns; O(D²) or O(N²) memory
    ///   in addition to a copy of the features.
    static func reduce(
        _ features: FeatureMatrix, to components: Int, seed: UInt64, threads: ThreadCount
    ) -> FeatureMatrix {
        precondition(components >= 1, "features need a column")
        let centered = CenteredFeatures(features, threads: threads)
        let (count, dimension) = (centered.count, centered.dimension)
        let scores: [Double]
        if count == 0 || dimension == 0 {
            scores = [Double](repeating: 0, count: count * components)
        } else if min(count, dimension) > largestMatrix {
            scores = Self.scores(of: centered, components: components, seed: seed, threads: threads)
        } else {
            scores =
                dimension <= count
                ? scoresByCovariance(centered, components: components, threads: threads)
                : scoresByGram(centered, components: components, threads: threads)
        }
        return FeatureMatrix(count: count, dimension: components, finite: scores.map(Float.init))
    }

    static func scoresByCovariance(
        _ features: CenteredFeatures, components: Int, threads: ThreadCount
    ) -> [Double] {
        let (count, dimension) = (features.count, features.dimension)
        let covariance = covariance(features, threads: threads)
        let vectors = LeadingEigenvectors(of: covariance, size: dimension, number: min(components, dimension)).vectors
        let found = vectors.count / dimension
        // The eigenvectors as columns, by which the rows of features are multiplied.
        let basis = AlignedBuffer<Float>(count: features.stride * components)
        for component in 0..<found {
            for column in 0..<dimension {
                basis[column * components + component] = Float(vectors[component * dimension + column])
            }
        }
        let projected = AlignedBuffer<Float>(count: count * components)
        project(features, on: basis, directions: components, into: projected, threads: threads)
        var scores = projected.array.map(Double.init)
        fixSigns(&scores, count: count, components: components)
        return scores
    }

    /// With the eigenvectors u and eigenvalues λ of the Gram matrix, the scores are √λ u.
    static func scoresByGram(
        _ features: CenteredFeatures, components: Int, threads: ThreadCount
    ) -> [Double] {
        let count = features.count
        let gram = AlignedBuffer<Double>(count: count * count)
        nonisolated(unsafe) let (rows, target) = (features.rows.base, gram.base)
        let (stride, most) = (features.stride, rowsPerProduct)
        SerialBLAS.run {
            threads.forEachChunkDynamically(of: count, size: 64) { _, _, range in
                let block = AlignedBuffer<Float>(count: range.count * count)
                // Sums over some of the columns at a time, accumulated in double precision.
                for first in Swift.stride(from: 0, to: stride, by: most) {
                    let columns = min(most, stride - first)
                    MatrixProducts.multiply(
                        RowMajorMatrix(
                            rows + range.lowerBound * stride + first, rows: range.count, columns: columns,
                            stride: stride),
                        transposed: RowMajorMatrix(rows + first, rows: count, columns: columns, stride: stride),
                        into: block.base)
                    let line = target + range.lowerBound * count
                    for element in 0..<block.count { line[element] += Double(block[element]) }
                }
            }
        }
        let leading = LeadingEigenvectors(of: gram, size: count, number: min(components, count))
        let (values, vectors) = (leading.values, leading.vectors)
        var scores = [Double](repeating: 0, count: count * components)
        for component in values.indices {
            // If the variance is only rounding, nothing remains.
            let isRounding = values[component] <= 1e-7 * values[0]
            let length = isRounding ? 0 : values[component].squareRoot()
            for point in 0..<count {
                scores[point * components + component] = length * vectors[component * count + point]
            }
        }
        fixSigns(&scores, count: count, components: components)
        return scores
    }

    /// featuresᵀ · features, the triangle that LAPACK reads: by chunks of rows in single precision, summed over the chunks in
    /// order in double precision.
    private static func covariance(_ features: CenteredFeatures, threads: ThreadCount) -> AlignedBuffer<Double> {
        let (count, dimension, stride) = (features.count, features.dimension, features.stride)
        let matrix = AlignedBuffer<Double>(count: dimension * dimension)
        nonisolated(unsafe) let (source, target) = (features.rows.base, matrix.base)
        let rowsPerPart = max(rowsPerProduct, (count + mostPartialSums - 1) / mostPartialSums)
        let parts = (count + rowsPerPart - 1) / rowsPerPart
        let partial = AlignedBuffer<Double>(count: parts * dimension * dimension)
        let most = rowsPerProduct
        partial.withBase { sums in
            nonisolated(unsafe) let sums = sums
            SerialBLAS.run {
                threads.forEachChunkDynamically(of: count, size: rowsPerPart) { _, part, range in
                    let product = AlignedBuffer<Float>(count: dimension * dimension)
                    let sum = sums + part * dimension * dimension
                    for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: most) {
                        MatrixProducts.multiplyByItsTransposed(
                            RowMajorMatrix(
                                source + first * stride, rows: min(most, range.upperBound - first), columns: dimension,
                                stride: stride), into: product.base)
                        for element in 0..<product.count { sum[element] += Double(product[element]) }
                    }
                }
            }
            threads.forEachRange(of: dimension * dimension) { range in
                for part in 0..<parts {
                    for element in range { target[element] += sums[part * dimension * dimension + element] }
                }
            }
        }
        return matrix
    }

    /// Makes each component's score of largest magnitude positive; ties go to the first.
    private static func fixSigns(_ scores: inout [Double], count: Int, components: Int) {
        for component in 0..<components {
            var extreme = 0.0
            for point in 0..<count {
                let score = scores[point * components + component]
                if abs(score) > abs(extreme) { extreme = score }
            }
            guard extreme < 0 else { continue }
            for point in 0..<count { scores[point * components + component].negate() }
        }
    }
}
