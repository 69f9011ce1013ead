/// Numbers of a matrix in memory, read by rows or by columns: number k of line i is `base[i * lineStride + k *
/// depthStride]`.
package struct MatrixLines<Element> {
    package let base: UnsafePointer<Element>
    package let lineStride: Int
    package let depthStride: Int

    package init(base: UnsafePointer<Element>, lineStride: Int, depthStride: Int) {
        self.base = base
        self.lineStride = lineStride
        self.depthStride = depthStride
    }

    /// The lines from `line` on, and in them the numbers from `depth` on.
    package func from(line: Int = 0, depth: Int = 0) -> MatrixLines {
        MatrixLines(
            base: base + line * lineStride + depth * depthStride, lineStride: lineStride, depthStride: depthStride)
    }
}

/// One side of a matrix product, packed for it: columns that lie side by side. One thread uses it at a time.
///
/// We use our own kernel rather than OpenBLAS for two reasons. Debian's OpenBLAS falls back to its slowest kernel on
/// processors newer than itself (in single precision 20 GFLOP/s per thread on Sapphire Rapids, where this reaches about
/// 100; in double precision 15 on Emerald Rapids, where this reaches about 50). And every product here is one sum in
/// one order, whatever block it is in and whichever of two rows comes first, so that copies of a sample are equally far
/// from all others.
package final class PackedColumns<Element: PackedElement> {
    private let kernels: KernelPath
    private let packed: AlignedBuffer<Element>
    private var count = 0
    private var depth = 0

    /// Room for `mostColumns` columns of `mostDepth` numbers.
    package init(mostColumns: Int, mostDepth: Int, kernels: KernelPath) {
        self.kernels = kernels
        packed = AlignedBuffer(count: Self.stride(mostColumns) * mostDepth)
    }

    /// Rows of products begin at multiples of a multiple of this: the columns of the widest panel.
    package static var alignment: Int { 128 / MemoryLayout<Element>.stride }

    /// The distance between rows of products with this many columns.
    package static func stride(_ columns: Int) -> Int { (columns + alignment - 1) / alignment * alignment }

    /// Takes the first `count` lines of `lines`, or those that `ids` names, `depth` numbers each.
    package func set(_ lines: MatrixLines<Element>, ids: UnsafePointer<Int32>? = nil, count: Int, depth: Int) {
        (self.count, self.depth) = (count, depth)
        Element.pack(lines, ids: ids, count: count, depth: depth, into: packed.base, kernels)
    }

    /// Writes, or adds to what is there, the inner products of the first `rowCount` lines of `rows` with the columns,
    /// in rows of `stride`. Columns up to the next multiple of `alignment` may be written too.
    /// - Complexity: O(rows · columns · depth).
    package func multiply(
        _ rows: MatrixLines<Element>, rowCount: Int, into products: UnsafeMutablePointer<Element>, stride: Int,
        adds: Bool = false
    ) {
        Element.multiply(
            rows, rowCount: rowCount, packed: packed.base, count: count, depth: depth, into: products, stride: stride,
            adds: adds, kernels)
    }
}
