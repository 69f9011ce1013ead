import Testing

@testable import Numerics

/// Matrix products on every instruction set, against plain Swift.
@Suite struct PackedColumnsTests {
    private static func numbers<Element: PackedElement>(_ count: Int, of _: Element.Type) -> AlignedBuffer<Element> {
        let buffer = AlignedBuffer<Element>(count: count)
        var random = CounterRandom(seed: 21)
        for index in 0..<count { buffer[index] = Element(random.normal()) }
        return buffer
    }

    private static func products<Element: PackedElement>(
        _ rows: MatrixLines<Element>, _ rowCount: Int, _ columns: MatrixLines<Element>, _ columnCount: Int, depth: Int,
        kernels: KernelPath
    ) -> [[Element]] {
        let stride = PackedColumns<Element>.stride(columnCount)
        let packed = PackedColumns<Element>(mostColumns: columnCount, mostDepth: depth, kernels: kernels)
        let result = AlignedBuffer<Element>(count: rowCount * stride)
        // Splits the depth in two and adds the second part to the first.
        let half = depth / 2
        packed.set(columns, count: columnCount, depth: half)
        packed.multiply(rows, rowCount: rowCount, into: result.base, stride: stride)
        packed.set(columns.from(depth: half), count: columnCount, depth: depth - half)
        packed.multiply(rows.from(depth: half), rowCount: rowCount, into: result.base, stride: stride, adds: true)
        return (0..<rowCount).map { row in (0..<columnCount).map { result[row * stride + $0] } }
    }

    @Test(arguments: KernelPath.available, [(1, 1, 2), (7, 19, 5), (30, 40, 300), (13, 33, 1_030)])
    func equalSumsInTheirOrder(kernels: KernelPath, size: (rows: Int, columns: Int, depth: Int)) {
        check(Float.self, kernels, size)
        check(Double.self, kernels, size)
    }

    private func check<Element: PackedElement>(
        _ type: Element.Type, _ kernels: KernelPath, _ size: (rows: Int, columns: Int, depth: Int)
    ) {
        let (left, right) = (
            Self.numbers(size.rows * size.depth, of: type), Self.numbers(size.columns * size.depth, of: type)
        )
        // The same buffers read as row-major and column-major matrices in turn.
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
                            Double(rows.from(line: row, depth: k).base[0])
                            * Double(columns.from(line: column, depth: k).base[0])
                        sum += product
                        magnitude += abs(product)
                    }
                    let rounding = Double(size.depth) * Double(Element.ulpOfOne)
                    #expect(abs(Double(found[row][column]) - sum) <= rounding * magnitude)
                }
            }
        }
    }

    /// The product of two rows has the same bytes in any block and in either order.
    @Test(arguments: KernelPath.available) func productsDoNotDependOnTheirPlace(kernels: KernelPath) {
        checkPlaces(Float.self, kernels)
        checkPlaces(Double.self, kernels)
    }

    private func checkPlaces<Element: PackedElement>(_ type: Element.Type, _ kernels: KernelPath) {
        let (count, depth) = (37, 517)
        let numbers = Self.numbers(count * depth, of: type)
        let lines = MatrixLines(base: numbers.base, lineStride: depth, depthStride: 1)
        func all(_ first: Int, _ rows: Int, _ columns: Int) -> [[Element]] {
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

    /// Selecting columns by index gives the products of those lines.
    @Test(arguments: KernelPath.available) func columnsMayBeNamed(kernels: KernelPath) {
        let (count, depth) = (21, 9)
        let numbers = Self.numbers(count * depth, of: Float.self)
        let lines = MatrixLines<Float>(base: numbers.base, lineStride: depth, depthStride: 1)
        let ids = (0..<count).map { Int32(($0 * 8 + 3) % count) }
        let stride = PackedColumns<Float>.stride(count)
        let packed = PackedColumns<Float>(mostColumns: count, mostDepth: depth, kernels: kernels)
        func products(_ ids: [Int32]?) -> [Float] {
            let result = AlignedBuffer<Float>(count: stride)
            if let ids {
                packed.set(lines, ids: ids, count: count, depth: depth)
            } else {
                packed.set(lines, count: count, depth: depth)
            }
            packed.multiply(lines, rowCount: 1, into: result.base, stride: stride)
            return Array(result.array[..<count])
        }
        let inOrder = products(nil)
        #expect(products(ids) == ids.map { inOrder[Int($0)] })
    }
}
