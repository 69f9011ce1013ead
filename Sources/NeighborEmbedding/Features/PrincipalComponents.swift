import Numerics
import Foundation

/// The scores of points on the leading principal components of their features.
///
/// Subspace iteration on the covariance from a seeded start, with a few more directions than requested (Halko, Martinsson and
/// Tropp, "Finding structure with randomness", 2011), until the variances of the requested components no longer change.
enum PrincipalComponents {
    private static let spareDirections = 10
    private static let mostSweeps = 60
    private static let leastSweeps = 8
    private static let tolerance = 1e-7
    private static let rowsPerChunk = 1_024
    /// With so few rows, all components come from their inner products, however many columns there are.
    private static let mostRowsForGram = 256

    /// The scores, `components` numbers per point, row by row, in the unit of `CenteredFeatures`. A component without variance
    /// is all zero. The sign of each component makes its score of largest magnitude positive; ties go to the first.
    ///
    /// - Complexity: O(N D) per sweep; at most 60 sweeps.
    static func scores(
        of features: CenteredFeatures, components: Int, seed: UInt64, threads: ThreadCount
    ) -> [Double] {
        if features.count < features.dimension, features.count <= mostRowsForGram {
            return scoresByGram(features, components: components, threads: threads)
        }
        let directions = min(features.dimension, components + spareDirections)
        var random = CounterRandom(seed: seed, RandomStream.principalComponents.rawValue)
        let basis = AlignedBuffer<Float>(count: features.stride * directions)
        for row in 0..<features.dimension {
            for column in 0..<directions { basis[row * directions + column] = Float(random.normal()) }
        }
        orthonormalize(basis, rows: features.stride, columns: directions)
        let projected = AlignedBuffer<Float>(count: features.count * directions)
        var before = [Double](repeating: 0, count: directions)
        for sweep in 1...mostSweeps {
            project(features, on: basis, directions: directions, into: projected, threads: threads)
            let variances = eigenDecomposition(of: gram(projected, columns: directions)).values
            let change = zip(variances, before).prefix(components).map { abs($0 - $1) }.max() ?? 0
            if sweep >= leastSweeps, change <= tolerance * (variances.first ?? 0) { break }
            before = variances
            applyTransposed(features, to: projected, directions: directions, into: basis, threads: threads)
            orthonormalize(basis, rows: features.stride, columns: directions)
        }
        let vectors = eigenDecomposition(of: gram(projected, columns: directions)).vectors
        return rotate(projected, by: vectors, components: components)
    }

    /// projected = features · basis.
    static func project(
        _ features: CenteredFeatures, on basis: AlignedBuffer<Float>, directions: Int,
        into projected: AlignedBuffer<Float>, threads: ThreadCount
    ) {
        let stride = features.stride
        nonisolated(unsafe) let (source, vectors, target) = (features.rows.base, basis.base, projected.base)
        SerialBLAS.run {
            threads.forEachChunk(of: features.count, size: rowsPerChunk) { _, range in
                MatrixProducts.multiply(
                    RowMajorMatrix(
                        source + range.lowerBound * stride, rows: range.count, columns: stride, stride: stride),
                    RowMajorMatrix(vectors, rows: stride, columns: directions, stride: directions),
                    into: target + range.lowerBound * directions)
            }
        }
    }

    /// basis = featuresᵀ · projected, summed by chunks of rows, then over the chunks in order.
    static func applyTransposed(
        _ features: CenteredFeatures, to projected: AlignedBuffer<Float>, directions: Int,
        into basis: AlignedBuffer<Float>, threads: ThreadCount
    ) {
        let stride = features.stride
        let length = stride * directions
        let rows = max(rowsPerChunk, (features.count + 63) / 64)
        let chunks = (features.count + rows - 1) / rows
        let partial = AlignedBuffer<Float>(count: chunks * length)
        nonisolated(unsafe) let (source, scores, sums) = (features.rows.base, projected.base, partial.base)
        SerialBLAS.run {
            threads.forEachChunk(of: features.count, size: rows) { chunk, range in
                MatrixProducts.multiply(
                    transposed: RowMajorMatrix(
                        source + range.lowerBound * stride, rows: range.count, columns: stride, stride: stride),
                    RowMajorMatrix(
                        scores + range.lowerBound * directions, rows: range.count, columns: directions,
                        stride: directions),
                    into: sums + chunk * length)
            }
        }
        for element in 0..<length {
            var sum = 0.0
            for chunk in 0..<chunks { sum += Double(partial[chunk * length + element]) }
            basis[element] = Float(sum)
        }
    }

    /// Gram-Schmidt, applied twice to each column, in double precision. A column that depends on those before it becomes zero.
    static func orthonormalize(_ matrix: AlignedBuffer<Float>, rows: Int, columns: Int) {
        var done: [[Double]] = []
        for column in 0..<columns {
            var vector = (0..<rows).map { Double(matrix[$0 * columns + column]) }
            let length = norm(vector)
            for _ in 0..<2 {
                for other in done {
                    var product = 0.0
                    for row in 0..<rows { product += vector[row] * other[row] }
                    for row in 0..<rows { vector[row] -= product * other[row] }
                }
            }
            let rest = norm(vector)
            // Below this ratio, the remainder of a single-precision column is rounding.
            let factor = rest > 1e-6 * length ? 1 / rest : 0
            for row in 0..<rows {
                vector[row] *= factor
                matrix[row * columns + column] = Float(vector[row])
            }
            done.append(vector)
        }
    }

    private static func norm(_ vector: [Double]) -> Double {
        var sum = 0.0
        for value in vector { sum += value * value }
        return sum.squareRoot()
    }

    /// matrixᵀ · matrix in double precision.
    private static func gram(_ matrix: AlignedBuffer<Float>, columns: Int) -> [[Double]] {
        var result = [Double](repeating: 0, count: columns * columns)
        for row in 0..<matrix.count / columns {
            let values = matrix.base + row * columns
            for first in 0..<columns {
                for second in first..<columns {
                    result[first * columns + second] += Double(values[first]) * Double(values[second])
                }
            }
        }
        return (0..<columns).map { first in
            (0..<columns).map { second in result[min(first, second) * columns + max(first, second)] }
        }
    }

    /// The eigenvalues of a small symmetric matrix, largest first, together with the eigenvectors (Jacobi rotations).
    private static func eigenDecomposition(of matrix: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
        let size = matrix.count
        var a = matrix
        var vectors = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
        for _ in 0..<60 {
            var rest = 0.0
            for p in 0..<size { for q in p + 1..<max(size, p + 1) { rest += a[p][q] * a[p][q] } }
            if rest == 0 { break }
            for p in 0..<size {
                for q in p + 1..<max(size, p + 1) where a[p][q] != 0 {
                    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
                    let c = 1 / (t * t + 1).squareRoot()
                    let s = t * c
                    for k in 0..<size { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
                    for k in 0..<size { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
                    for k in 0..<size {
                        let pair = (vectors[p][k], vectors[q][k])
                        (vectors[p][k], vectors[q][k]) = (c * pair.0 - s * pair.1, s * pair.0 + c * pair.1)
                    }
                }
            }
        }
        let order = (0..<size).sorted { (a[$0][$0], $1) > (a[$1][$1], $0) }
        return (order.map { a[$0][$0] }, order.map { vectors[$0] })
    }

    /// projected · vectorsᵀ for the first components, with signs fixed.
    private static func rotate(
        _ projected: AlignedBuffer<Float>, by vectors: [[Double]], components: Int
    ) -> [Double] {
        let directions = vectors.count
        let count = projected.count / directions
        var scores = [Double](repeating: 0, count: count * components)
        for component in 0..<min(components, directions) {
            var extreme = 0.0
            for point in 0..<count {
                var sum = 0.0
                for direction in 0..<directions {
                    sum += Double(projected[point * directions + direction]) * vectors[component][direction]
                }
                scores[point * components + component] = sum
                if abs(sum) > abs(extreme) { extreme = sum }
            }
            if extreme < 0 {
                for point in 0..<count { scores[point * components + component].negate() }
            }
        }
        return scores
    }
}
