import COpenBLAS

/// A matrix in memory, row after row, as OpenBLAS takes it.
package struct RowMajorMatrix {
    let base: UnsafePointer<Float>
    let rows: Int
    let columns: Int
    let stride: Int

    /// `rows` × `columns` numbers, whose rows begin `stride` numbers apart.
    package init(_ base: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int) {
        self.base = base
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }
}

/// Products of matrices by OpenBLAS. Their sums depend on the number of its threads: see `SerialBLAS`.
package enum MatrixProducts {
    /// Writes A · B, in rows of B's number of columns.
    package static func multiply(_ a: RowMajorMatrix, _ b: RowMajorMatrix, into product: UnsafeMutablePointer<Float>) {
        precondition(a.columns == b.rows, "the factors of a product share a dimension")
        OpenBLASBuffers.whileUsed {
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(a.rows), Int32(b.columns), Int32(a.columns), 1, a.base,
                Int32(a.stride), b.base, Int32(b.stride), 0, product, Int32(b.columns))
        }
    }

    /// Writes Aᵀ · B, in rows of B's number of columns.
    package static func multiply(
        transposed a: RowMajorMatrix, _ b: RowMajorMatrix, into product: UnsafeMutablePointer<Float>
    ) {
        precondition(a.rows == b.rows, "the factors of a product share a dimension")
        OpenBLASBuffers.whileUsed {
            cblas_sgemm(
                CblasRowMajor, CblasTrans, CblasNoTrans, Int32(a.columns), Int32(b.columns), Int32(a.rows), 1, a.base,
                Int32(a.stride), b.base, Int32(b.stride), 0, product, Int32(b.columns))
        }
    }

    /// Writes A · Bᵀ, in rows of B's number of rows.
    package static func multiply(
        _ a: RowMajorMatrix, transposed b: RowMajorMatrix, into product: UnsafeMutablePointer<Float>
    ) {
        precondition(a.columns == b.columns, "the factors of a product share a dimension")
        OpenBLASBuffers.whileUsed {
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasTrans, Int32(a.rows), Int32(b.rows), Int32(a.columns), 1, a.base,
                Int32(a.stride), b.base, Int32(b.stride), 0, product, Int32(b.rows))
        }
    }

    /// Writes the upper triangle of Aᵀ · A, in rows of A's number of columns.
    package static func multiplyByItsTransposed(_ a: RowMajorMatrix, into product: UnsafeMutablePointer<Float>) {
        OpenBLASBuffers.whileUsed {
            cblas_ssyrk(
                CblasRowMajor, CblasUpper, CblasTrans, Int32(a.columns), Int32(a.rows), 1, a.base, Int32(a.stride), 0,
                product, Int32(a.columns))
        }
    }
}
