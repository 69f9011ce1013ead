import CKernels
import Numerics

/// Numbers of a matrix in memory, read by rows or by columns: number k of line i is `base[i * lineStride + k *
/// depthStride]`.
struct MatrixLines {
    let base: UnsafePointer<Double>
    let lineStride: Int
    let depthStride: Int

    /// The lines from `line` on, and in them the numbers from `depth` on.
    func from(line: Int = 0, depth: Int = 0) -> MatrixLines {
        MatrixLines(
            base: base + line * lineStride + depth * depthStride, lineStride: lineStride, depthStride: depthStride)
    }
}

/// One side of a product of matrices, packed for it: columns that lie side by side.
///
/// An own kernel rather than OpenBLAS, as for t-SNE's neighbours: Debian's takes its slowest one on processors younger
/// than itself (15 GFLOP/s a thread on an Emerald Rapids Xeon, where this reaches about 50); and every product here is
/// one sum in one order, whatever block it is in and whichever of two rows comes first, so that copies of a sample are
/// equally far from all others.
final class PackedColumns {
    /// Rows of products begin at multiples of a multiple of this.
    static let alignment = 16

    private let kernels: KernelPath
    private let packed: AlignedBuffer<Double>
    private let panelWidth: Int
    private var count = 0
    private var depth = 0

    /// Room for `mostColumns` columns of `mostDepth` numbers.
    init(mostColumns: Int, mostDepth: Int, kernels: KernelPath) {
        self.kernels = kernels
        panelWidth = kernels.code.map { Int(penumbra_product_panel_width($0)) } ?? 1
        packed = AlignedBuffer(count: Self.stride(mostColumns) * mostDepth)
    }

    /// The distance between rows of products with so many columns.
    static func stride(_ columns: Int) -> Int { (columns + alignment - 1) / alignment * alignment }

    /// Takes the first `count` lines of `columns`, `depth` numbers each.
    func set(_ columns: MatrixLines, count: Int, depth: Int) {
        (self.count, self.depth) = (count, depth)
        if let code = kernels.code {
            return penumbra_product_pack(
                code, columns.base, Int64(columns.lineStride), Int64(columns.depthStride), Int64(count), Int64(depth),
                packed.base)
        }
        for column in 0..<count {
            for k in 0..<depth {
                packed[column * depth + k] = columns.base[column * columns.lineStride + k * columns.depthStride]
            }
        }
    }

    /// Writes, or adds to what is there, the inner products of the first `rowCount` lines of `rows` with the columns,
    /// in rows of `stride`. Columns up to the next multiple of `alignment` may be written too.
    /// - Complexity: O(rows · columns · depth).
    func multiply(
        _ rows: MatrixLines, rowCount: Int, into products: UnsafeMutablePointer<Double>, stride: Int,
        adds: Bool = false
    ) {
        if let code = kernels.code {
            let panels = (count + panelWidth - 1) / panelWidth
            return penumbra_product_multiply(
                code, rows.base, Int64(rows.lineStride), Int64(rows.depthStride), Int64(rowCount), packed.base,
                Int64(panels), Int64(depth), products, Int64(stride), adds)
        }
        for row in 0..<rowCount {
            let numbers = rows.from(line: row)
            for column in 0..<count {
                var sum = adds ? products[row * stride + column] : 0
                for k in 0..<depth { sum += numbers.base[k * rows.depthStride] * packed[column * depth + k] }
                products[row * stride + column] = sum
            }
        }
    }
}
