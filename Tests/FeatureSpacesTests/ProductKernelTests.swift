import Numerics
import Testing

@testable import FeatureSpaces

/// The products of matrices, for every instruction set, against plain Swift.
@Suite struct ProductKernelTests {
    private static func numbers(_ count: Int) -> AlignedBuffer<Double> {
        let buffer = AlignedBuffer<Double>(count: count)
        var random = CounterRandom(seed: 21)
        for index in 0..<count { buffer[index] = random.normal() }
        return buffer
    }

    private static func products(
        _ rows: MatrixLines, _ rowCount: Int, _ columns: MatrixLines, _ columnCount: Int, depth: Int,
        kernels: KernelPath
    ) -> [[Double]] {
        let stride = PackedColumns.stride(columnCount)
        let packed = PackedColumns(mostColumns: columnCount, mostDepth: depth, kernels: kernels)
        let result = AlignedBuffer<Double>(count: rowCount * stride)
        // In two parts of the depth, the second added to the first.
        let half = depth / 2
        packed.set(columns, count: columnCount, depth: half)
        packed.multiply(rows, rowCount: rowCount, into: result.base, stride: stride)
        packed.set(columns.from(depth: half), count: columnCount, depth: depth - half)
        packed.multiply(rows.from(depth: half), rowCount: rowCount, into: result.base, stride: stride, adds: true)
        return (0..<rowCount).map { row in (0..<columnCount).map { result[row * stride + $0] } }
    }

    @Test(arguments: KernelPath.available, [(1, 1, 2), (7, 19, 5), (30, 40, 300), (13, 33, 1_030)])
    func equalPlainSwift(kernels: KernelPath, size: (rows: Int, columns: Int, depth: Int)) {
        let (left, right) = (Self.numbers(size.rows * size.depth), Self.numbers(size.columns * size.depth))
        // Every number lies at the same place of a row-major and of a column-major matrix in turn.
        let layouts = [
            (
                MatrixLines(base: left.base, lineStride: size.depth, depthStride: 1),
                MatrixLines(base: right.base, lineStride: size.depth, depthStride: 1)
            ),
            (
                MatrixLines(base: left.base, lineStride: 1, depthStride: size.rows),
                MatrixLines(base: right.base, lineStride: 1, depthStride: size.columns)
            ),
        ]
        for (rows, columns) in layouts {
            let found = Self.products(
                rows, size.rows, columns, size.columns, depth: size.depth, kernels: kernels)
            for row in 0..<size.rows {
                for column in 0..<size.columns {
                    var (sum, magnitude) = (0.0, 0.0)
                    for k in 0..<size.depth {
                        let product =
                            rows.from(line: row, depth: k).base[0] * columns.from(line: column, depth: k).base[0]
                        sum += product
                        magnitude += abs(product)
                    }
                    #expect(abs(found[row][column] - sum) <= Double(size.depth) * 0x1p-52 * magnitude)
                }
            }
        }
    }

    /// A product of two rows has the same bytes in any block and in either order.
    @Test(arguments: KernelPath.available) func productsDoNotDependOnTheirPlace(kernels: KernelPath) {
        let (count, depth) = (37, 517)
        let numbers = Self.numbers(count * depth)
        let lines = MatrixLines(base: numbers.base, lineStride: depth, depthStride: 1)
        func all(_ first: Int, _ rows: Int, _ columns: Int) -> [[Double]] {
            Self.products(
                lines.from(line: first), rows, lines, columns, depth: depth, kernels: kernels)
        }
        let whole = all(0, count, count)
        let part = all(5, 3, 20)
        for row in 0..<count {
            for column in 0..<count { #expect(whole[row][column] == whole[column][row]) }
        }
        for row in 0..<3 {
            for column in 0..<20 { #expect(part[row][column] == whole[row + 5][column]) }
        }
    }

    /// What is measured does not depend on the instruction set but for rounding.
    @Test(arguments: KernelPath.available) func instructionSetsMeasureTheSame(kernels: KernelPath) {
        let labels = TestSpaces.labels(count: 130, seed: 22)
        let space = TestSpaces.noise(labels, dimension: 70, seed: 22)
        let matrix = LabelMatrix(labels)
        func found(_ kernels: KernelPath) -> (DistanceScan, KernelAlignment.Estimates) {
            let rows = CenteredRows(space, threads: ThreadCount(1), kernels: kernels)
            let scan = DistanceScan(
                rows, neighbors: 9, classes: matrix.hardClasses, classCount: 3, threads: ThreadCount(1))
            let alignment = KernelAlignment.estimates(
                KernelFactor(rows), KernelFactor(CenteredRows(matrix, kernels: kernels)), threads: ThreadCount(1))
            return (scan, alignment)
        }
        let (one, plain) = (found(kernels), found(.swift))
        #expect(one.0.neighbors == plain.0.neighbors)
        for (sum, expected) in zip(one.0.classSums, plain.0.classSums) { #expect(abs(sum - expected) < 1e-10) }
        #expect(abs(one.1.plain.value - plain.1.plain.value) < 1e-12)
        #expect(abs(one.1.debiased.value - plain.1.debiased.value) < 1e-12)
    }
}
