import Numerics

/// A sparse square matrix in compressed rows, the form of the affinities used by the descent.
///
/// Rows begin at multiples of 16 entries; padding entries have the value 0 and the row's own column.
final class CompressedRows {
    let count: Int
    /// `count` + 1 positions: where each row begins, and the end of the last.
    let rowStarts: AlignedBuffer<Int64>
    let columns: AlignedBuffer<Int32>
    let values: AlignedBuffer<Float>

    private static let rowsPerChunk = 256

    init(count: Int, rowStarts: AlignedBuffer<Int64>, columns: AlignedBuffer<Int32>, values: AlignedBuffer<Float>) {
        self.count = count
        self.rowStarts = rowStarts
        self.columns = columns
        self.values = values
    }

    /// The positions of a row's entries, including padding.
    func entries(ofRow row: Int) -> Range<Int> { Int(rowStarts[row])..<Int(rowStarts[row + 1]) }

    /// The same matrix with rows and columns renamed: the new row i is the old row `order[i]`. Entries keep their order within
    /// a row.
    ///
    /// - Complexity: O(entries) time; makes a second copy of the matrix.
    func reordered(by order: AlignedBuffer<Int32>, threads: ThreadCount) -> CompressedRows {
        let newPlaces = AlignedBuffer<Int32>(count: count)
        let starts = AlignedBuffer<Int64>(count: count + 1)
        for row in 0..<count {
            let old = Int(order[row])
            newPlaces[old] = Int32(row)
            starts[row + 1] = starts[row] + rowStarts[old + 1] - rowStarts[old]
        }
        let newColumns = AlignedBuffer<Int32>(count: columns.count)
        let newValues = AlignedBuffer<Float>(count: values.count)
        nonisolated(unsafe) let (matrix, order, starting) = (self, order.base, starts.base)
        nonisolated(unsafe) let (columnBase, valueBase) = (newColumns.base, newValues.base)
        newPlaces.withBase { places in
            nonisolated(unsafe) let places = places
            threads.forEachChunk(of: count, size: Self.rowsPerChunk) { _, range in
                for row in range {
                    var target = Int(starting[row])
                    for entry in matrix.entries(ofRow: Int(order[row])) {
                        columnBase[target] = places[Int(matrix.columns[entry])]
                        valueBase[target] = matrix.values[entry]
                        target += 1
                    }
                }
            }
        }
        return CompressedRows(count: count, rowStarts: starts, columns: newColumns, values: newValues)
    }
}

extension SparseAffinities {
    /// The matrix without anything else, in the same memory.
    var rows: CompressedRows {
        CompressedRows(count: count, rowStarts: rowStarts, columns: columns, values: values)
    }
}
