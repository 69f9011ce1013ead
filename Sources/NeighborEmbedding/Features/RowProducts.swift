import CKernels
import Numerics

/// The inner products of rows of features with each other, a block at a time, and the scratch memory of one thread for
/// it.
///
/// An own kernel rather than OpenBLAS, because Debian's takes its slowest one on processors younger than itself (20
/// GFLOP/s a thread on Sapphire Rapids, where this reaches about 100), and because every product here is one sum in one
/// order, whatever block it is in and whichever of the two points comes first.
final class RowProducts {
    /// The products of the last `compute`, row after row, `stride` numbers each.
    let products: AlignedBuffer<Float>
    let stride: Int
    private let features: CenteredFeatures
    private let kernels: KernelPath
    private let panelWidth: Int
    /// The columns' points in panels, in which they lie side by side.
    private let packed: AlignedBuffer<Float>
    private var panels = 0
    private var columnCount = 0
    /// Copies of rows that do not lie one after another.
    private let gathered: AlignedBuffer<Float>

    /// Room for blocks of `mostRows` × `mostColumns`.
    init(_ features: CenteredFeatures, mostRows: Int, mostColumns: Int, kernels: KernelPath) {
        self.features = features
        self.kernels = kernels
        stride = (mostColumns + 31) / 32 * 32
        products = AlignedBuffer(count: mostRows * stride)
        panelWidth = kernels.code.map { Int(penumbra_neighbor_panel_width($0)) } ?? 1
        packed = AlignedBuffer(count: stride * features.dimension)
        gathered = AlignedBuffer(count: mostRows * features.stride)
    }

    /// Makes these points the columns of the blocks to come.
    func setColumns(_ points: UnsafeBufferPointer<Int32>) {
        columnCount = points.count
        panels = (points.count + panelWidth - 1) / panelWidth
        let depth = features.dimension
        if let code = kernels.code {
            return penumbra_neighbor_pack(
                code, features.rows.base, Int64(features.stride), points.baseAddress, Int64(points.count), Int64(depth),
                packed.base)
        }
        for (place, point) in points.enumerated() {
            (packed.base + place * depth).update(
                from: features.rows.base + Int(point) * features.stride, count: depth)
        }
    }

    /// Writes the products of these rows with the columns.
    func compute(_ rows: UnsafeBufferPointer<Int32>) {
        guard let first = rows.first, let last = rows.last else { return }
        let length = features.stride
        if Int(last) - Int(first) == rows.count - 1, zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 }) {
            return compute(rows: features.rows.base + Int(first) * length, count: rows.count)
        }
        for (place, point) in rows.enumerated() {
            (gathered.base + place * length).update(from: features.rows.base + Int(point) * length, count: length)
        }
        compute(rows: gathered.base, count: rows.count)
    }

    /// Writes the products of `count` rows, `features.stride` numbers each, with the columns.
    func compute(rows: UnsafePointer<Float>, count: Int) {
        let (length, depth) = (features.stride, features.dimension)
        if let code = kernels.code {
            return penumbra_neighbor_products(
                code, rows, Int64(length), Int64(count), packed.base, Int64(panels), Int64(depth), products.base,
                Int64(stride))
        }
        for row in 0..<count {
            for column in 0..<columnCount {
                var sum: Float = 0
                for feature in 0..<depth { sum += rows[row * length + feature] * packed[column * depth + feature] }
                products[row * stride + column] = sum
            }
        }
    }
}
