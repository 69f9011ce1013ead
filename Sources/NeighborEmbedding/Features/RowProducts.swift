import Numerics

/// The inner products of rows of features, one block at a time, with the scratch memory of one thread; see `PackedColumns`.
final class RowProducts {
    /// The products of the last `compute`, row by row, `stride` numbers each.
    let products: AlignedBuffer<Float>
    let stride: Int
    private let features: CenteredFeatures
    private let columns: PackedColumns<Float>
    /// Copies of rows that are not contiguous.
    private let gathered: AlignedBuffer<Float>

    /// Room for blocks of `mostRows` × `mostColumns`.
    init(_ features: CenteredFeatures, mostRows: Int, mostColumns: Int, kernels: KernelPath) {
        self.features = features
        stride = PackedColumns<Float>.stride(mostColumns)
        products = AlignedBuffer(count: mostRows * stride)
        columns = PackedColumns(mostColumns: mostColumns, mostDepth: features.dimension, kernels: kernels)
        gathered = AlignedBuffer(count: mostRows * features.stride)
    }

    /// Sets these points as the columns of the following blocks.
    func setColumns(_ points: UnsafeBufferPointer<Int32>) {
        columns.set(
            lines(features.rows.base), ids: points.baseAddress, count: points.count, depth: features.dimension)
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
        columns.multiply(lines(rows), rowCount: count, into: products.base, stride: stride)
    }

    private func lines(_ base: UnsafePointer<Float>) -> MatrixLines<Float> {
        MatrixLines(base: base, lineStride: features.stride, depthStride: 1)
    }
}
