import COpenBLAS
import Determinism

/// The rows X of a linear kernel XXᵀ, centred.
final class KernelFactor {
    /// Rows that are nearly centred; what is left of their means is taken off in every product.
    let rows: CenteredRows
    /// The squared length of every centred row: the kernel's diagonal.
    let diagonal: [Double]

    private static let columnsPerChunk = 128
    private static let rowsPerChunk = 256
    /// Up to so many products of columns are held at once, 128 MiB.
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

    /// xᵢᵀ(XᵀY)yᵢ for every sample, X these rows and Y those of `other`: what the sample adds to |XᵀY|².
    func contributions(
        with other: KernelFactor, mostProducts: Int = KernelFactor.mostProducts, threads: ThreadCount
    ) -> [Double] {
        SerialBLAS.run {
            rows.dimension <= mostProducts / other.rows.dimension
                ? contributionsByColumns(with: other, threads: threads)
                : contributionsByRows(with: other, threads: threads)
        }
    }

    /// XᵀY, row after row. OpenBLAS must be serial.
    func crossProducts(with other: KernelFactor, threads: ThreadCount) -> AlignedBuffer<Double> {
        let (count, width, otherWidth) = (rows.count, rows.dimension, other.rows.dimension)
        let products = AlignedBuffer<Double>(count: width * otherWidth)
        nonisolated(unsafe) let (x, y, target) = (rows, other.rows, products.base)
        threads.forEachChunk(of: width, size: Self.columnsPerChunk) { _, columns in
            cblas_dgemm(
                CblasRowMajor, CblasTrans, CblasNoTrans, Int32(columns.count), Int32(otherWidth), Int32(count), 1,
                x.values.base + columns.lowerBound, Int32(width), y.values.base, Int32(otherWidth), 0,
                target + columns.lowerBound * otherWidth, Int32(otherWidth))
            for column in columns {
                let factor = Double(count) * x.means[column]
                for index in 0..<otherWidth { target[column * otherWidth + index] -= factor * y.means[index] }
            }
        }
        return products
    }

    /// By the products of all columns with each other.
    private func contributionsByColumns(with other: KernelFactor, threads: ThreadCount) -> [Double] {
        let (count, width, otherWidth) = (rows.count, rows.dimension, other.rows.dimension)
        let products = crossProducts(with: other, threads: threads)
        let result = AlignedBuffer<Double>(count: count)
        nonisolated(unsafe) let (x, y, productBase) = (rows, other.rows, products.base)
        var ofMean = [Double](repeating: 0, count: otherWidth)
        for column in 0..<width {
            for index in 0..<otherWidth { ofMean[index] += x.means[column] * products[column * otherWidth + index] }
        }
        nonisolated(unsafe) let target = result.base
        let meanProducts = ofMean
        threads.forEachChunk(of: count, size: Self.rowsPerChunk) { _, range in
            let mapped = AlignedBuffer<Double>(count: range.count * otherWidth)
            cblas_dgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(range.count), Int32(otherWidth), Int32(width), 1,
                x.values.base + range.lowerBound * width, Int32(width), productBase, Int32(otherWidth), 0, mapped.base,
                Int32(otherWidth))
            for row in range {
                let line = mapped.base + (row - range.lowerBound) * otherWidth
                let values = y.values.base + row * otherWidth
                var sum = 0.0
                for index in 0..<otherWidth {
                    sum += (line[index] - meanProducts[index]) * (values[index] - y.means[index])
                }
                target[row] = sum
            }
        }
        return result.array
    }

    /// By the products of all rows with each other, a strip at a time: less work where columns outnumber rows.
    private func contributionsByRows(with other: KernelFactor, threads: ThreadCount) -> [Double] {
        let result = AlignedBuffer<Double>(count: rows.count)
        nonisolated(unsafe) let (x, y, target) = (rows, other.rows, result.base)
        let (count, size) = (rows.count, rows.rowsPerStrip)
        let (xOfMean, yOfMean) = (Self.productsWithMean(x), Self.productsWithMean(y))
        let (xMeanNorm, yMeanNorm) = (x.means.reduce(0) { $0 + $1 * $1 }, y.means.reduce(0) { $0 + $1 * $1 })
        threads.forEachChunk(of: count, size: size) { _, range in
            let length = min(size, x.paddedCount) * x.paddedCount
            let (own, others) = (AlignedBuffer<Double>(count: length), AlignedBuffer<Double>(count: length))
            x.writeProducts(ofStripFrom: range.lowerBound, into: own.base)
            y.writeProducts(ofStripFrom: range.lowerBound, into: others.base)
            for row in range {
                let start = (row - range.lowerBound) * x.paddedCount
                var sum = 0.0
                for column in 0..<count {
                    let k = own[start + column] - xOfMean[row] - xOfMean[column] + xMeanNorm
                    let l = others[start + column] - yOfMean[row] - yOfMean[column] + yMeanNorm
                    sum += k * l
                }
                target[row] = sum
            }
        }
        return result.array
    }
}
