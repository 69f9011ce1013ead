import Numerics
import Foundation

/// The rotation or reflection that brings one set of points as close as possible to another.
struct Procrustes {
    /// σ₁ + σ₂ + …, the singular values of XᵀY with X and Y centred.
    let nuclearNorm: Double
    /// The D × D matrix R, row by row, that minimises |Y R − X|. Empty unless requested.
    let rotation: [Double]

    /// - Parameters:
    ///   - keepsHandedness: allows only rotations, no reflections.
    ///   - needsRotation: if false, only the singular values are computed. If true, both spaces must have the same number of
    ///     features.
    /// - Throws: `FeatureSpaceError.noConvergence`.
    /// - Complexity: O(D³) on one thread, and O(N D²) for the products.
    init(
        moving second: KernelFactor, onto first: KernelFactor, needsRotation: Bool, keepsHandedness: Bool = false,
        threads: ThreadCount
    ) throws(FeatureSpaceError) {
        // LAPACK sees rows of XᵀY as columns, so it decomposes YᵀX = U Σ Vᵀ; R = U Vᵀ.
        let products = first.crossProducts(with: second, threads: threads)
        let (height, width) = (second.rows.dimension, first.rows.dimension)
        let found = SingularValues(
            products.values, height: height, width: width, stride: products.stride, needsVectors: needsRotation)
        guard let found else { throw .noConvergence }
        nuclearNorm = found.values.reduce(0, +)
        rotation =
            needsRotation
            ? Self.product(found.left, found.right, size: width, keepsHandedness: keepsHandedness) : []
    }

    /// U Vᵀ from columns of U and columns of Vᵀ. If this is a reflection and none is allowed, the last singular vector of U is
    /// negated (Kabsch, "A solution for the best rotation to relate two sets of vectors", 1976).
    private static func product(
        _ left: [Double], _ right: [Double], size: Int, keepsHandedness: Bool
    ) -> [Double] {
        func product(lastSign: Double) -> [Double] {
            var result = [Double](repeating: 0, count: size * size)
            for row in 0..<size {
                for column in 0..<size {
                    for index in 0..<size {
                        let sign = index == size - 1 ? lastSign : 1
                        result[row * size + column] += sign * left[index * size + row] * right[column * size + index]
                    }
                }
            }
            return result
        }
        let rotation = product(lastSign: 1)
        return keepsHandedness && isReflection(rotation, size: size) ? product(lastSign: -1) : rotation
    }

    /// Whether the determinant of an orthogonal matrix is −1, from the signs of the pivots of Gaussian elimination.
    static func isReflection(_ matrix: [Double], size: Int) -> Bool {
        var rest = matrix
        var isNegative = false
        for step in 0..<size {
            let pivot = (step..<size).max { abs(rest[$0 * size + step]) < abs(rest[$1 * size + step]) }!
            if pivot != step {
                for column in 0..<size { rest.swapAt(pivot * size + column, step * size + column) }
                isNegative.toggle()
            }
            if rest[step * size + step] < 0 { isNegative.toggle() }
            for row in step + 1..<max(size, step + 1) {
                let factor = rest[row * size + step] / rest[step * size + step]
                for column in step..<size { rest[row * size + column] -= factor * rest[step * size + column] }
            }
        }
        return isNegative
    }

    /// What remains between two spaces after both are centred and scaled to |X| = 1 and the second is rotated, reflected and
    /// scaled onto the first: 1 − (σ₁ + σ₂ + …)², from 0 (equal up to these operations) to 1. Equals the disparity of scipy's
    /// `procrustes`; the space with fewer features counts as padded with zeros.
    ///
    /// - Returns: nil if all samples of one space coincide, and if both spaces have more than 4,096 features, since their
    ///   decomposition would take minutes.
    static func disparity(
        _ first: KernelFactor, _ second: KernelFactor, threads: ThreadCount
    ) throws(FeatureSpaceError) -> Double? {
        let norms = (first.diagonal.reduce(0, +), second.diagonal.reduce(0, +))
        if norms.0 == 0 || norms.1 == 0 { return nil }
        if first.rows.dimension > KernelFactor.mostProducts / second.rows.dimension { return nil }
        let found = try Procrustes(moving: second, onto: first, needsRotation: false, threads: threads)
        let scale = found.nuclearNorm / (norms.0.squareRoot() * norms.1.squareRoot())
        return max(0, 1 - scale * scale)
    }
}
