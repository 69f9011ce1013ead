import Numerics

/// The rows X of a linear kernel XXᵀ, centred.
final class KernelFactor {
    /// Rows that are nearly centred; every product subtracts the rest of their means.
    let rows: CenteredRows
    /// The squared length of every centred row: the kernel's diagonal.
    let diagonal: [Double]

    private static let linesPerChunk = 96
    private static let rowsPerChunk = 384
    private static let columnsPerBlock = 128
    private static let depthPerBlock = 256
    /// The most column products held at once: 128 MiB.
    static let mostProducts = 1 << 24

    init(_ rows: CenteredRows) {
        self.rows = rows
        let meanNorm = rows.means.reduce(0) { $0 + $1 * $1 }
        diagonal = Self.productsWithMean(rows).enumerated().map { row, product in
            max(0, rows.squaredNorms[row] - 2 * product + meanNorm)
        }
    }

    /// The inner products of every row with the mean row.
    private static func productsWithMean(_ rows: CenteredRows) -> [Double] {
        (0..<rows.count).map { row in
            var sum = 0.0
            let values = rows.values.base + row * rows.dimension
            for column in 0..<rows.dimension { sum += values[column] * rows.means[column] }
            return sum
        }
    }

    /// XᵀY, the products of columns, with X these rows and Y those of another.
    struct CrossProducts {
        /// Row by row, `stride` numbers each.
        let values: AlignedBuffer<Double>
        let stride: Int
    }

    /// XᵀY; with `orders`, one such matrix next to the other for each order, where row i of Y is its row `order[i]`.
    /// - Complexity: O(N D E) time for D and E columns, O(D E) memory.
    func crossProducts(
        with other: KernelFactor, orders: [[Int]]? = nil, threads: ThreadCount
    ) -> CrossProducts {
        let (x, y) = (rows, other.rows)
        let blocks = orders?.count ?? 1
        let width = y.dimension * blocks
        let stride = PackedColumns<Double>.stride(width)
        let products = AlignedBuffer<Double>(count: x.dimension * stride)
        nonisolated(unsafe) let (left, right, target) = (x, y, products.base)
        threads.forEachChunk(of: x.dimension, size: Self.linesPerChunk) { _, lines in
            let columns = PackedColumns<Double>(
                mostColumns: width, mostDepth: min(Self.depthPerBlock, left.count), kernels: left.kernels)
            let dealt = AlignedBuffer<Double>(count: orders == nil ? 0 : min(Self.depthPerBlock, left.count) * width)
            for first in Swift.stride(from: 0, to: left.count, by: Self.depthPerBlock) {
                let depth = min(Self.depthPerBlock, left.count - first)
                if let orders {
                    for (block, order) in orders.enumerated() {
                        for row in 0..<depth {
                            (dealt.base + row * width + block * right.dimension).update(
                                from: right.values.base + order[first + row] * right.dimension,
                                count: right.dimension)
                        }
                    }
                    dealt.withBase {
                        columns.set(
                            MatrixLines(base: $0, lineStride: 1, depthStride: width), count: width, depth: depth)
                    }
                } else {
                    columns.set(right.columns.from(depth: first), count: width, depth: depth)
                }
                columns.multiply(
                    left.columns.from(line: lines.lowerBound, depth: first), rowCount: lines.count,
                    into: target + lines.lowerBound * stride, stride: stride, adds: first > 0)
            }
            for line in lines {
                let factor = Double(left.count) * left.means[line]
                for column in 0..<width {
                    target[line * stride + column] -= factor * right.means[column % right.dimension]
                }
            }
        }
        return CrossProducts(values: products, stride: stride)
    }

    /// xᵢᵀ(XᵀY)yᵢ for every sample, with X these rows and Y those of `other`: the sample's contribution to |XᵀY|².
    /// - Complexity: O(N D E), or O(N² (D + E)) if D · E is above `mostProducts`.
    func contributions(
        with other: KernelFactor, mostProducts: Int = KernelFactor.mostProducts, threads: ThreadCount
    ) -> [Double] {
        rows.dimension <= mostProducts / other.rows.dimension
            ? contributionsByColumns(with: other, threads: threads)
            : contributionsByRows(with: other, threads: threads)
    }

    /// From the products of all columns with each other.
    private func contributionsByColumns(with other: KernelFactor, threads: ThreadCount) -> [Double] {
        let (count, width, otherWidth) = (rows.count, rows.dimension, other.rows.dimension)
        let products = crossProducts(with: other, threads: threads)
        var ofMean = [Double](repeating: 0, count: otherWidth)
        for column in 0..<width {
            let line = products.values.base + column * products.stride
            for index in 0..<otherWidth { ofMean[index] += rows.means[column] * line[index] }
        }
        let result = AlignedBuffer<Double>(count: count)
        nonisolated(unsafe) let (x, y, matrix, target) = (rows, other.rows, products, result.base)
        let meanProducts = ofMean
        threads.forEachChunk(of: count, size: Self.rowsPerChunk) { _, range in
            let stride = PackedColumns<Double>.stride(min(Self.columnsPerBlock, otherWidth))
            let mapped = AlignedBuffer<Double>(count: range.count * stride)
            let columns = PackedColumns<Double>(mostColumns: stride, mostDepth: width, kernels: x.kernels)
            for first in Swift.stride(from: 0, to: otherWidth, by: Self.columnsPerBlock) {
                let number = min(Self.columnsPerBlock, otherWidth - first)
                columns.set(
                    MatrixLines(base: matrix.values.base + first, lineStride: 1, depthStride: matrix.stride),
                    count: number, depth: width)
                mapped.withBase { mapped in
                    columns.multiply(
                        x.lines.from(line: range.lowerBound), rowCount: range.count, into: mapped, stride: stride)
                    for row in range {
                        let line = mapped + (row - range.lowerBound) * stride
                        let values = y.values.base + row * otherWidth
                        var sum = 0.0
                        for index in first..<first + number {
                            sum += (line[index - first] - meanProducts[index]) * (values[index] - y.means[index])
                        }
                        target[row] += sum
                    }
                }
            }
        }
        return result.array
    }

    /// From the products of all rows with each other, one strip at a time: takes less memory if there are many columns.
    private func contributionsByRows(with other: KernelFactor, threads: ThreadCount) -> [Double] {
        let result = AlignedBuffer<Double>(count: rows.count)
        nonisolated(unsafe) let (x, y, target) = (rows, other.rows, result.base)
        let count = rows.count
        let (xOfMean, yOfMean) = (Self.productsWithMean(x), Self.productsWithMean(y))
        let (xMeanNorm, yMeanNorm) = (x.means.reduce(0) { $0 + $1 * $1 }, y.means.reduce(0) { $0 + $1 * $1 })
        let size = CenteredRows.Strip.rows(of: count)
        threads.forEachChunk(of: count, size: size) { _, range in
            let (own, others) = (CenteredRows.Strip(x), CenteredRows.Strip(y))
            own.compute(range)
            others.compute(range)
            for row in range {
                let (ownLine, otherLine) = (own.line(row - range.lowerBound), others.line(row - range.lowerBound))
                var sum = 0.0
                for column in 0..<count {
                    let k = ownLine[column] - xOfMean[row] - xOfMean[column] + xMeanNorm
                    let l = otherLine[column] - yOfMean[row] - yOfMean[column] + yMeanNorm
                    sum += k * l
                }
                target[row] = sum
            }
        }
        return result.array
    }
}
