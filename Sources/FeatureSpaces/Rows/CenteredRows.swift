import Numerics
import Foundation

/// The rows of a space in double precision, shifted close to the origin.
///
/// Products of rows then lose no digits to an offset common to all. Every column is shifted by a number with few digits close
/// to its mean, so that for common data the difference is exact and equal distances stay equal.
final class CenteredRows {
    let count: Int
    let dimension: Int
    /// `count` × `dimension`, row by row.
    let values: AlignedBuffer<Double>
    /// The product of every row with itself, as `writeProducts` computes it.
    let squaredNorms: AlignedBuffer<Double>
    /// The remaining mean of every column.
    let means: [Double]
    let kernels: KernelPath

    private static let rowsPerChunk = 512
    /// The number of columns packed at once: with a thousand features a mebibyte, which fits in a second-level cache.
    private static let columnsPerBlock = 128

    /// - Complexity: O(N · D) time and memory.
    init(_ space: FeatureSpace, threads: ThreadCount, kernels: KernelPath = .preferred()) {
        (count, dimension) = (space.count, space.dimension)
        self.kernels = kernels
        values = AlignedBuffer(count: count * dimension)
        let shifts = Self.shifts(of: space, threads: threads)
        nonisolated(unsafe) let target = values.base
        let (count, dimension) = (count, dimension)
        let chunks = (count + Self.rowsPerChunk - 1) / Self.rowsPerChunk
        let sums = AlignedBuffer<Double>(count: chunks * dimension)
        nonisolated(unsafe) let sumBase = sums.base
        space.features.withUnsafeBufferPointer { source in
            nonisolated(unsafe) let source = source
            threads.forEachChunk(of: count, size: Self.rowsPerChunk) { chunk, range in
                let sum = sumBase + chunk * dimension
                for row in range {
                    for column in 0..<dimension {
                        let value = Double(source[row * dimension + column]) - shifts[column]
                        target[row * dimension + column] = value
                        sum[column] += value
                    }
                }
            }
        }
        means = (0..<dimension).map { column in
            (0..<chunks).reduce(0) { $0 + sums[$1 * dimension + column] } / Double(count)
        }
        squaredNorms = Self.squaredNorms(values, dimension: dimension, threads: threads, kernels: kernels)
    }

    /// The labels as rows of K features, treated in the same way.
    init(_ labels: LabelMatrix, kernels: KernelPath = .preferred()) {
        (count, dimension) = (labels.count, labels.classCount)
        self.kernels = kernels
        values = AlignedBuffer(count: count * dimension)
        var rest = [Double](repeating: 0, count: dimension)
        for column in 0..<dimension {
            let numbers = stride(from: column, to: labels.values.count, by: dimension).map { labels.values[$0] }
            let isConstant = numbers.allSatisfy { $0 == numbers[0] }
            let shift = isConstant ? numbers[0] : numbers.reduce(0, +) / Double(count)
            for (row, number) in numbers.enumerated() {
                values[row * dimension + column] = number - shift
                rest[column] += (number - shift) / Double(count)
            }
        }
        means = rest
        squaredNorms = Self.squaredNorms(values, dimension: dimension, threads: ThreadCount(1), kernels: kernels)
    }

    /// The shift of every column: its mean, rounded to a multiple of a power of two that is about a thousandth of the column's
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

    /// The diagonal of the products of a few rows with each other, for all rows.
    private static func squaredNorms(
        _ values: AlignedBuffer<Double>, dimension: Int, threads: ThreadCount, kernels: KernelPath
    ) -> AlignedBuffer<Double> {
        let count = values.count / dimension
        let norms = AlignedBuffer<Double>(count: count)
        nonisolated(unsafe) let (source, target) = (values.base, norms.base)
        let width = PackedColumns<Double>.alignment
        threads.forEachChunk(of: count, size: rowsPerChunk) { _, range in
            let columns = PackedColumns<Double>(mostColumns: width, mostDepth: dimension, kernels: kernels)
            let products = AlignedBuffer<Double>(count: width * width)
            for first in stride(from: range.lowerBound, to: range.upperBound, by: width) {
                let rows = MatrixLines(base: source + first * dimension, lineStride: dimension, depthStride: 1)
                let number = min(width, range.upperBound - first)
                columns.set(rows, count: number, depth: dimension)
                columns.multiply(rows, rowCount: number, into: products.base, stride: width)
                for row in 0..<number { target[first + row] = products[row * width + row] }
            }
        }
        return norms
    }

    /// The rows as lines of a matrix.
    var lines: MatrixLines<Double> { MatrixLines(base: values.base, lineStride: dimension, depthStride: 1) }

    /// The columns as lines of a matrix.
    var columns: MatrixLines<Double> { MatrixLines(base: values.base, lineStride: 1, depthStride: dimension) }

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

    /// The products of a strip of rows with all rows, and the scratch memory of one thread for them.
    ///
    /// A strip has up to 384 rows, and fewer where their products take more than 48 MiB, but at least 96.
    final class Strip {
        private let rows: CenteredRows
        private let columns: PackedColumns<Double>
        private let products: AlignedBuffer<Double>
        private let stride: Int

        init(_ rows: CenteredRows) {
            self.rows = rows
            stride = PackedColumns<Double>.stride(rows.count)
            products = AlignedBuffer(count: min(Self.rows(of: rows.count), rows.count) * stride)
            columns = PackedColumns<Double>(
                mostColumns: min(columnsPerBlock, rows.count), mostDepth: rows.dimension, kernels: rows.kernels)
        }

        /// The number of rows of a strip; the last strip takes the rest.
        static func rows(of count: Int) -> Int {
            max(96, min(384, (48 << 20) / MemoryLayout<Double>.stride / PackedColumns<Double>.stride(count)))
        }

        /// Computes the products of these rows, at most as many as a strip has.
        /// - Complexity: O(N · D) per row.
        func compute(_ range: Range<Int>) {
            for first in Swift.stride(from: 0, to: rows.count, by: columnsPerBlock) {
                let number = min(columnsPerBlock, rows.count - first)
                columns.set(rows.lines.from(line: first), count: number, depth: rows.dimension)
                columns.multiply(
                    rows.lines.from(line: range.lowerBound), rowCount: range.count, into: products.base + first,
                    stride: stride)
            }
        }

        /// The products of a row of the strip, from 0, with all rows.
        func line(_ row: Int) -> UnsafeMutableBufferPointer<Double> {
            UnsafeMutableBufferPointer(start: products.base + row * stride, count: rows.count)
        }
    }
}
