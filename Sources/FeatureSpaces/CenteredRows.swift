import COpenBLAS
import Determinism
import Foundation

/// The rows of a space in double precision, moved near the origin, and followed by rows of zeros up to whole blocks.
///
/// Products of rows lose no digits to an offset that all share. Every column is moved by a number with few digits close
/// to its mean, so that the difference is exact for common data and equal distances stay equal.
final class CenteredRows {
    let count: Int
    let dimension: Int
    /// `count` rounded up to whole blocks.
    let paddedCount: Int
    /// `paddedCount` × `dimension`, row after row.
    let values: AlignedBuffer<Double>
    /// The squared length of every row.
    let squaredNorms: AlignedBuffer<Double>
    /// What is left of the mean of every column.
    let means: [Double]

    /// Whole numbers of rows that OpenBLAS computes at once: no product stands at an edge, where another loop could sum
    /// in another order, so that equal rows have equal products.
    static let rowsPerBlock = 96
    private static let rowsPerChunk = 512

    /// - Complexity: O(N · D) time and memory.
    init(_ space: FeatureSpace, threads: ThreadCount) {
        (count, dimension) = (space.count, space.dimension)
        paddedCount = (count + Self.rowsPerBlock - 1) / Self.rowsPerBlock * Self.rowsPerBlock
        values = AlignedBuffer(count: paddedCount * dimension)
        squaredNorms = AlignedBuffer(count: paddedCount)
        let shifts = Self.shifts(of: space, threads: threads)
        nonisolated(unsafe) let (target, norms) = (values.base, squaredNorms.base)
        let (count, dimension) = (count, dimension)
        let chunks = (count + Self.rowsPerChunk - 1) / Self.rowsPerChunk
        let sums = AlignedBuffer<Double>(count: chunks * dimension)
        nonisolated(unsafe) let sumBase = sums.base
        space.features.withUnsafeBufferPointer { source in
            nonisolated(unsafe) let source = source
            threads.forEachChunk(of: count, size: Self.rowsPerChunk) { chunk, range in
                let sum = sumBase + chunk * dimension
                for row in range {
                    var norm = 0.0
                    for column in 0..<dimension {
                        let value = Double(source[row * dimension + column]) - shifts[column]
                        target[row * dimension + column] = value
                        norm += value * value
                        sum[column] += value
                    }
                    norms[row] = norm
                }
            }
        }
        means = (0..<dimension).map { column in
            (0..<chunks).reduce(0) { $0 + sums[$1 * dimension + column] } / Double(count)
        }
    }

    /// The labels as rows of K features, likewise.
    init(_ labels: LabelMatrix) {
        (count, dimension) = (labels.count, labels.classCount)
        paddedCount = (count + Self.rowsPerBlock - 1) / Self.rowsPerBlock * Self.rowsPerBlock
        values = AlignedBuffer(count: paddedCount * dimension)
        squaredNorms = AlignedBuffer(count: paddedCount)
        var rest = [Double](repeating: 0, count: dimension)
        for column in 0..<dimension {
            let numbers = stride(from: column, to: labels.values.count, by: dimension).map { labels.values[$0] }
            let isConstant = numbers.allSatisfy { $0 == numbers[0] }
            let shift = isConstant ? numbers[0] : numbers.reduce(0, +) / Double(count)
            for (row, number) in numbers.enumerated() {
                let value = number - shift
                values[row * dimension + column] = value
                squaredNorms[row] += value * value
                rest[column] += value / Double(count)
            }
        }
        means = rest
    }

    /// For every column its mean, rounded to a multiple of a power of two that is about a thousandth of the column's
    /// range; the value itself for a constant column.
    private static func shifts(of space: FeatureSpace, threads: ThreadCount) -> [Double] {
        let (count, dimension) = (space.count, space.dimension)
        let chunks = (count + rowsPerChunk - 1) / rowsPerChunk
        let (sums, lows, highs) = (
            AlignedBuffer<Double>(count: chunks * dimension), AlignedBuffer<Float>(count: chunks * dimension),
            AlignedBuffer<Float>(count: chunks * dimension)
        )
        nonisolated(unsafe) let (sumBase, lowBase, highBase) = (sums.base, lows.base, highs.base)
        space.features.withUnsafeBufferPointer { source in
            nonisolated(unsafe) let source = source
            threads.forEachChunk(of: count, size: rowsPerChunk) { chunk, range in
                let start = chunk * dimension
                let (sum, low, high) = (sumBase + start, lowBase + start, highBase + start)
                for column in 0..<dimension {
                    low[column] = source[range.lowerBound * dimension + column]
                    high[column] = low[column]
                }
                for row in range {
                    for column in 0..<dimension {
                        let value = source[row * dimension + column]
                        sum[column] += Double(value)
                        low[column] = min(low[column], value)
                        high[column] = max(high[column], value)
                    }
                }
            }
        }
        return (0..<dimension).map { column in
            let places = (0..<chunks).map { $0 * dimension + column }
            let low = places.reduce(Float.infinity) { min($0, lows[$1]) }
            let high = places.reduce(-Float.infinity) { max($0, highs[$1]) }
            if low == high { return Double(low) }
            let mean = places.reduce(0) { $0 + sums[$1] } / Double(count)
            let step = exp2((log2(Double(high) - Double(low)) - 10).rounded(.down))
            return (mean / step).rounded() * step
        }
    }

    /// The squared distance between two rows, from their differences.
    func squaredDistance(_ first: Int, _ second: Int) -> Double {
        let (a, b) = (values.base + first * dimension, values.base + second * dimension)
        var sum = 0.0
        for column in 0..<dimension {
            let difference = a[column] - b[column]
            sum += difference * difference
        }
        return sum
    }

    /// How many rows, in whole blocks, have their products with all rows computed at once: 24 MiB of them, where that is
    /// not below a block.
    var rowsPerStrip: Int {
        let rows = (24 << 20) / MemoryLayout<Double>.stride / paddedCount / Self.rowsPerBlock * Self.rowsPerBlock
        return max(Self.rowsPerBlock, min(4 * Self.rowsPerBlock, rows))
    }

    /// Writes the inner products of the rows from `first` on, `rowsPerStrip` of them or as many as there are, with all
    /// rows, `paddedCount` products a row. OpenBLAS must be serial.
    func writeProducts(ofStripFrom first: Int, into products: UnsafeMutablePointer<Double>) {
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, Int32(min(rowsPerStrip, paddedCount - first)),
            Int32(paddedCount), Int32(dimension), 1, values.base + first * dimension, Int32(dimension), values.base,
            Int32(dimension), 0, products, Int32(paddedCount))
    }
}
