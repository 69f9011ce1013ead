import COpenBLAS

/// The Cholesky factor of a symmetric positive definite matrix, by LAPACK.
package struct CholeskyFactor {
    private let matrix: AlignedBuffer<Double>
    private let size: Int
    private let stride: Int

    /// Overwrites `matrix`, of whose `size` rows of `stride` numbers the part from the diagonal on is read. Nil where it is
    /// not positive definite to rounding.
    /// - Complexity: O(`size`³).
    package init?(_ matrix: AlignedBuffer<Double>, size: Int, stride: Int) {
        (self.matrix, self.size, self.stride) = (matrix, size, stride)
        var (n, lines, info) = (Int32(size), Int32(stride), Int32(0))
        // Upper by rows is lower by columns.
        SerialBLAS.call { matrix.withBase { dpotrf_("L", &n, $0, &lines, &info, 1) } }
        if info != 0 { return nil }
    }

    /// Replaces `count` right-hand sides, one after another, by the solutions.
    /// - Complexity: O(`size`² · `count`).
    package func solve(_ sides: AlignedBuffer<Double>, count: Int) {
        precondition(sides.count >= size * count, "a right-hand side has a number for each row")
        var (n, number, lines, info) = (Int32(size), Int32(count), Int32(stride), Int32(0))
        var length = Int32(size)
        SerialBLAS.call {
            matrix.withBase { matrix in
                sides.withBase { dpotrs_("L", &n, &number, matrix, &lines, $0, &length, &info, 1) }
            }
        }
    }
}

/// Points whose inner products are those of a given matrix, by LAPACK's Cholesky factor with pivots: the coordinates of N
/// samples of more than N features in at most N dimensions.
package struct GramCoordinates {
    /// The dimensions that are needed, to rounding.
    package let dimension: Int
    /// Row after row, `dimension` numbers each.
    package let values: AlignedBuffer<Double>

    /// Overwrites `products`, `size` rows of `stride` numbers, positive semidefinite.
    /// - Complexity: O(`size`³).
    package init(ofProducts products: AlignedBuffer<Double>, size: Int, stride: Int) {
        var (n, lines, rank, info) = (Int32(size), Int32(stride), Int32(0), Int32(0))
        // LAPACK's own: the size times the rounding of the largest diagonal element.
        var tolerance = -1.0
        var pivots = [Int32](repeating: 0, count: size)
        var work = [Double](repeating: 0, count: 2 * size)
        SerialBLAS.call {
            products.withBase { dpstrf_("L", &n, $0, &lines, &pivots, &rank, &tolerance, &work, &info, 1) }
        }
        dimension = Int(rank)
        values = AlignedBuffer(count: size * dimension)
        for (row, pivot) in pivots.enumerated() {
            for column in 0..<min(row + 1, dimension) {
                values[(Int(pivot) - 1) * dimension + column] = products[column * stride + row]
            }
        }
    }
}
