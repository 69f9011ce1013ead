import CKernels

/// The numbers that `PackedColumns` multiplies: those that the kernels in C are compiled for.
package protocol PackedElement: BitwiseCopyable, BinaryFloatingPoint {
    /// Packs `count` columns: line `ids[c]` of `lines` is column c, or line c where `ids` is nil.
    static func pack(
        _ lines: MatrixLines<Self>, ids: UnsafePointer<Int32>?, count: Int, depth: Int,
        into packed: UnsafeMutablePointer<Self>, _ path: KernelPath)

    /// Writes, or adds to what is there, the products of lines with packed columns.
    static func multiply(
        _ rows: MatrixLines<Self>, rowCount: Int, packed: UnsafePointer<Self>, count: Int, depth: Int,
        into products: UnsafeMutablePointer<Self>, stride: Int, adds: Bool, _ path: KernelPath)
}

extension KernelPath {
    /// The panels that hold `count` columns of numbers of this size.
    fileprivate static func panels(_ code: Int32, _ count: Int, size: Int) -> Int64 {
        let width = Int(penumbra_product_panel_bytes(code)) / size
        return Int64((count + width - 1) / width)
    }
}

extension Float: PackedElement {
    package static func pack(
        _ lines: MatrixLines<Float>, ids: UnsafePointer<Int32>?, count: Int, depth: Int,
        into packed: UnsafeMutablePointer<Float>, _ path: KernelPath
    ) {
        guard let code = path.code else {
            return PlainProducts.pack(lines, ids: ids, count: count, depth: depth, into: packed)
        }
        penumbra_product_pack_float(
            code, lines.base, Int64(lines.lineStride), Int64(lines.depthStride), ids, Int64(count), Int64(depth),
            packed)
    }

    package static func multiply(
        _ rows: MatrixLines<Float>, rowCount: Int, packed: UnsafePointer<Float>, count: Int, depth: Int,
        into products: UnsafeMutablePointer<Float>, stride: Int, adds: Bool, _ path: KernelPath
    ) {
        guard let code = path.code else {
            return PlainProducts.multiply(
                rows, rowCount: rowCount, packed: packed, count: count, depth: depth, into: products, stride: stride,
                adds: adds)
        }
        penumbra_product_multiply_float(
            code, rows.base, Int64(rows.lineStride), Int64(rows.depthStride), Int64(rowCount), packed,
            KernelPath.panels(code, count, size: MemoryLayout<Float>.size), Int64(depth), products, Int64(stride), adds)
    }
}

extension Double: PackedElement {
    package static func pack(
        _ lines: MatrixLines<Double>, ids: UnsafePointer<Int32>?, count: Int, depth: Int,
        into packed: UnsafeMutablePointer<Double>, _ path: KernelPath
    ) {
        guard let code = path.code else {
            return PlainProducts.pack(lines, ids: ids, count: count, depth: depth, into: packed)
        }
        penumbra_product_pack_double(
            code, lines.base, Int64(lines.lineStride), Int64(lines.depthStride), ids, Int64(count), Int64(depth),
            packed)
    }

    package static func multiply(
        _ rows: MatrixLines<Double>, rowCount: Int, packed: UnsafePointer<Double>, count: Int, depth: Int,
        into products: UnsafeMutablePointer<Double>, stride: Int, adds: Bool, _ path: KernelPath
    ) {
        guard let code = path.code else {
            return PlainProducts.multiply(
                rows, rowCount: rowCount, packed: packed, count: count, depth: depth, into: products, stride: stride,
                adds: adds)
        }
        penumbra_product_multiply_double(
            code, rows.base, Int64(rows.lineStride), Int64(rows.depthStride), Int64(rowCount), packed,
            KernelPath.panels(code, count, size: MemoryLayout<Double>.size), Int64(depth), products, Int64(stride), adds
        )
    }
}

/// The products in plain Swift, column after column: the oracle of those in C, and the fallback.
private enum PlainProducts {
    static func pack<Element: PackedElement>(
        _ lines: MatrixLines<Element>, ids: UnsafePointer<Int32>?, count: Int, depth: Int,
        into packed: UnsafeMutablePointer<Element>
    ) {
        for column in 0..<count {
            let line = ids.map { Int($0[column]) } ?? column
            for k in 0..<depth {
                packed[column * depth + k] = lines.base[line * lines.lineStride + k * lines.depthStride]
            }
        }
    }

    static func multiply<Element: PackedElement>(
        _ rows: MatrixLines<Element>, rowCount: Int, packed: UnsafePointer<Element>, count: Int, depth: Int,
        into products: UnsafeMutablePointer<Element>, stride: Int, adds: Bool
    ) {
        for row in 0..<rowCount {
            let numbers = rows.base + row * rows.lineStride
            for column in 0..<count {
                var sum = adds ? products[row * stride + column] : 0
                for k in 0..<depth { sum += numbers[k * rows.depthStride] * packed[column * depth + k] }
                products[row * stride + column] = sum
            }
        }
    }
}
