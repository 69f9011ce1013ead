import COpenBLAS

/// The largest eigenvalues of a symmetric matrix and their eigenvectors, by LAPACK.
package struct LeadingEigenvectors {
    /// The eigenvalues, falling.
    package let values: [Double]
    /// Their eigenvectors, one after another.
    package let vectors: [Double]

    /// Of the matrix, which is `size` × `size` finite numbers and is overwritten, the upper triangle is read (by rows).
    ///
    /// Traps where LAPACK fails, which it does not on finite numbers.
    /// - Complexity: O(`size`³).
    package init(of matrix: AlignedBuffer<Double>, size: Int, number: Int) {
        var (n, first, last) = (Int32(size), Int32(size - number + 1), Int32(size))
        var (found, info) = (Int32(0), Int32(0))
        var (low, high, tolerance) = (0.0, 0.0, 0.0)
        let values = AlignedBuffer<Double>(count: size)
        let vectors = AlignedBuffer<Double>(count: size * number)
        let support = AlignedBuffer<Int32>(count: 2 * size)
        var (workLength, integerLength) = (Int32(26 * size + 64 * size), Int32(10 * size))
        let work = AlignedBuffer<Double>(count: Int(workLength))
        let integers = AlignedBuffer<Int32>(count: Int(integerLength))
        SerialBLAS.call {
            support.withBase { support in
                work.withBase { work in
                    integers.withBase { integers in
                        // Upper by rows is lower by columns.
                        dsyevr_(
                            "V", "I", "L", &n, matrix.base, &n, &low, &high, &first, &last, &tolerance, &found,
                            values.base, vectors.base, &n, support, work, &workLength, integers, &integerLength, &info,
                            1, 1, 1)
                    }
                }
            }
        }
        precondition(info == 0 && Int(found) == number, "LAPACK found no eigenvectors of a finite matrix")
        var falling: [Double] = []
        for place in (0..<number).reversed() { falling += vectors.elements[place * size..<(place + 1) * size] }
        self.values = values.elements[..<number].reversed()
        self.vectors = falling
    }
}

/// The singular values of a matrix, by LAPACK.
package struct SingularValues {
    /// The singular values, falling.
    package let values: [Double]
    /// All left singular vectors, by columns. Empty unless asked for.
    package let left: [Double]
    /// All right singular vectors transposed, by columns. Empty unless asked for.
    package let right: [Double]

    /// Takes a matrix by columns, which begin `stride` numbers apart, and overwrites it. Nil when LAPACK does not
    /// converge.
    /// - Complexity: O(`height` · `width` · min(`height`, `width`)).
    package init?(
        _ matrix: AlignedBuffer<Double>, height: Int, width: Int, stride: Int, needsVectors: Bool
    ) {
        let least = min(height, width)
        var values = [Double](repeating: 0, count: least)
        var left = [Double](repeating: 0, count: needsVectors ? height * height : 1)
        var right = [Double](repeating: 0, count: needsVectors ? width * width : 1)
        var integers = [Int32](repeating: 0, count: 8 * least)
        var job = CChar(UInt8(ascii: needsVectors ? "A" : "N"))
        var (rows, columns, info) = (Int32(height), Int32(width), Int32(0))
        func decompose(_ work: inout [Double], _ length: Int32) {
            var (length, matrixStride, leftStride, rightStride) = (
                length, Int32(stride), Int32(height), Int32(width)
            )
            dgesdd_(
                &job, &rows, &columns, matrix.base, &matrixStride, &values, &left, &leftStride, &right,
                &rightStride, &work, &length, &integers, &info, 1)
        }
        SerialBLAS.call {
            var size = [0.0]
            decompose(&size, -1)
            var work = [Double](repeating: 0, count: max(1, Int(size[0])))
            decompose(&work, Int32(work.count))
        }
        if info != 0 { return nil }
        self.values = values
        self.left = needsVectors ? left : []
        self.right = needsVectors ? right : []
    }
}
