import Numerics
import Foundation

/// The rotation, reflections among them, that brings one set of points as near as possible to another.
struct Procrustes {
    /// σ₁ + σ₂ + …, the singular values of XᵀY with X and Y centred.
    let nuclearNorm: Double
    /// The matrix R, D × D row after row, for which |Y R − X| is least. Empty unless asked for.
    let rotation: [Double]

    /// - Parameters:
    ///   - keepsHandedness: only rotations, no reflections.
    ///   - needsRotation: else only the singular values are computed. Both spaces then have as many features.
    /// - Throws: `FeatureSpaceError.noConvergence`.
    /// - Complexity: O(D³) on one thread, and O(N D²) for the products.
    init(
        moving second: KernelFactor, onto first: KernelFactor, needsRotation: Bool, keepsHandedness: Bool = false,
        threads: ThreadCount
    ) throws(FeatureSpaceError) {
        // Rows of XᵀY are columns to LAPACK, which so decomposes YᵀX = U Σ Vᵀ; R = U Vᵀ.
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

    /// U Vᵀ from columns of U and columns of Vᵀ; where reflections are not wanted and it is one, with the last singular
    /// vector of U turned around (Kabsch, "A solution for the best rotation to relate two sets of vectors", 1976).
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

    /// Whether the determinant of an orthogonal matrix is −1: by the signs of the pivots of Gauss's elimination.
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

    /// What is left between two spaces after both are centred and scaled to |X| = 1 and the second is rotated,
    /// reflected and scaled onto the first: 1 − (σ₁ + σ₂ + …)², from 0 (the same but for those) to 1. Equals the
    /// disparity of scipy's `procrustes`; a space of fewer features counts as filled up with zeros.
    ///
    /// - Returns: nil where all samples of one space lie in one point, and for spaces of so many features, more than
    ///   4,096 each, that the decomposition would take minutes.
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
