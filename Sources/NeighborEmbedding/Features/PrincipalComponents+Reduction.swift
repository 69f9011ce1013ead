import COpenBLAS
import Numerics

extension PrincipalComponents {
    /// Up to so many rows or columns the components come from the whole covariance or Gram matrix.
    static let largestMatrix = 2_048
    private static let mostPartialSums = 8
    private static let rowsPerProduct = 1_024

    /// The features' scores on their leading principal components: `components` columns, in the unit of
    /// `CenteredFeatures`, by falling variance. Where the features have fewer columns or rows than that, or columns
    /// without variance, the last columns are zero. Signs are as in `scores`.
    ///
    /// All eigenvectors of the covariance matrix are computed where there are few columns, those of the Gram matrix
    /// (the inner products of the rows) where there are few rows, both with LAPACK; subspace iteration from the seed
    /// where there are many of both.
    ///
    /// - Parameter components: at least 1.
    /// - Complexity: O(N D² + D³) time, or O(N² D + N³) with fewer rows than columns; O(D²) or O(N²) memory beside a copy
    ///   of the features.
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
        let (_, vectors) = leadingEigenvectors(of: covariance, size: dimension, number: min(components, dimension))
        let found = vectors.count / dimension
        // The eigenvectors as columns, to multiply rows of features with.
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
                // Sums over some of the columns at a time, added up in double precision.
                for first in Swift.stride(from: 0, to: stride, by: most) {
                    cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(range.count), Int32(count),
                        Int32(min(most, stride - first)), 1, rows + range.lowerBound * stride + first, Int32(stride),
                        rows + first, Int32(stride), 0, block.base, Int32(count))
                    let line = target + range.lowerBound * count
                    for element in 0..<block.count { line[element] += Double(block[element]) }
                }
            }
        }
        let (values, vectors) = leadingEigenvectors(of: gram, size: count, number: min(components, count))
        var scores = [Double](repeating: 0, count: count * components)
        for component in values.indices {
            // Of a variance that is rounding alone, nothing stays.
            let isRounding = values[component] <= 1e-7 * values[0]
            let length = isRounding ? 0 : values[component].squareRoot()
            for point in 0..<count {
                scores[point * components + component] = length * vectors[component * count + point]
            }
        }
        fixSigns(&scores, count: count, components: components)
        return scores
    }

    /// featuresᵀ · features, the triangle that LAPACK reads: by chunks of rows in single precision, summed over the
    /// chunks in their order in double precision.
    private static func covariance(_ features: CenteredFeatures, threads: ThreadCount) -> AlignedBuffer<Double> {
        let (count, dimension, stride) = (features.count, features.dimension, features.stride)
        let matrix = AlignedBuffer<Double>(count: dimension * dimension)
        nonisolated(unsafe) let (source, target) = (features.rows.base, matrix.base)
        let rowsPerPart = max(rowsPerProduct, (count + mostPartialSums - 1) / mostPartialSums)
        let parts = (count + rowsPerPart - 1) / rowsPerPart
        let partial = AlignedBuffer<Double>(count: parts * dimension * dimension)
        nonisolated(unsafe) let sums = partial.base
        let most = rowsPerProduct
        SerialBLAS.run {
            threads.forEachChunkDynamically(of: count, size: rowsPerPart) { _, part, range in
                let product = AlignedBuffer<Float>(count: dimension * dimension)
                let sum = sums + part * dimension * dimension
                for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: most) {
                    cblas_ssyrk(
                        CblasRowMajor, CblasUpper, CblasTrans, Int32(dimension),
                        Int32(min(most, range.upperBound - first)), 1, source + first * stride, Int32(stride), 0,
                        product.base, Int32(dimension))
                    for element in 0..<product.count { sum[element] += Double(product[element]) }
                }
            }
        }
        threads.forEachRange(of: dimension * dimension) { range in
            for part in 0..<parts {
                for element in range { target[element] += sums[part * dimension * dimension + element] }
            }
        }
        return matrix
    }

    /// The largest eigenvalues of a symmetric matrix, falling, and their eigenvectors one after another. Of the matrix,
    /// which is overwritten, the upper triangle is read (by rows).
    private static func leadingEigenvectors(
        of matrix: AlignedBuffer<Double>, size: Int, number: Int
    ) -> (values: [Double], vectors: [Double]) {
        var (n, first, last) = (Int32(size), Int32(size - number + 1), Int32(size))
        var (found, info) = (Int32(0), Int32(0))
        var (low, high, tolerance) = (0.0, 0.0, 0.0)
        let values = AlignedBuffer<Double>(count: size)
        let vectors = AlignedBuffer<Double>(count: size * number)
        let support = AlignedBuffer<Int32>(count: 2 * size)
        var (workLength, integerLength) = (Int32(26 * size + 64 * size), Int32(10 * size))
        let work = AlignedBuffer<Double>(count: Int(workLength))
        let integers = AlignedBuffer<Int32>(count: Int(integerLength))
        SerialBLAS.run {
            // Upper by rows is lower by columns.
            dsyevr_(
                "V", "I", "L", &n, matrix.base, &n, &low, &high, &first, &last, &tolerance, &found, values.base,
                vectors.base, &n, support.base, work.base, &workLength, integers.base, &integerLength, &info, 1, 1, 1)
        }
        precondition(info == 0 && Int(found) == number, "LAPACK found no eigenvectors of a finite matrix")
        var falling: [Double] = []
        for place in (0..<number).reversed() { falling += vectors.elements[place * size..<(place + 1) * size] }
        return (values.elements[..<number].reversed(), falling)
    }

    /// Makes each component's score of largest magnitude, the first of equals, positive.
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
