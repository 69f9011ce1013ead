import CKernels
import Determinism
import Foundation

/// The kernel between all nodes of a grid, as factors on the spectrum of their charges, with the transforms for it.
///
/// The kernel is w − c, with w = (1 + d²/ν)^(−(ν + 1)/2) and c its value at the largest distance on the grid. Without
/// the constant, a layout of an extent of 10⁻⁴ would have a potential of N everywhere, whose slope is lost in the
/// rounding of single precision. The slope is all that the forces need: w u (yᵢ − yⱼ) = −ν / (ν + 1) ∇w.
final class InterpolationInfluence {
    let grid: InterpolationGrid
    let degreesOfFreedom: Double
    /// The number c that the kernel lacks.
    let constant: Double
    /// The mean potential of a charge at its own place.
    private(set) var selfPotential = 0.0
    /// How much the slope of that potential misses 0: −`selfSlope` sin(2π place), along each axis, in units of the
    /// spacing. Subtracted, the forces of sparse layouts are three times as exact.
    private(set) var selfSlope = SIMD2<Double>.zero

    private let kernels: KernelPath
    private let rowTransform: InterpolationTransform
    private let columnTransform: InterpolationTransform
    /// For each column of half a spectrum, the factors of the frequencies 0 to `rows` / 2 along it: the kernel is even.
    private let factors: AlignedBuffer<Float>
    private var factorsPerColumn: Int { grid.rows / 2 + 1 }
    private var spectrumColumns: Int { grid.columns / 2 + 1 }

    private static let columnsPerBlock = 8
    private static let rowsPerChunk = 8

    /// The floats of memory that `apply` and this initialiser work on.
    static func floats(for grid: InterpolationGrid) -> Int { (grid.rows / 2 + 1) * grid.stride }

    /// - Parameter memory: `floats(for:)` numbers of scratch memory.
    /// - Complexity: O(M log M) for a grid of M nodes, about that of two evaluations.
    init(
        grid: InterpolationGrid, degreesOfFreedom: Double, memory: AlignedBuffer<Float>, threads: ThreadCount,
        kernels: KernelPath
    ) {
        self.grid = grid
        self.degreesOfFreedom = degreesOfFreedom
        self.kernels = kernels
        rowTransform = InterpolationTransform(.real, length: grid.columns)
        columnTransform = InterpolationTransform(.complex, length: grid.rows)
        factors = AlignedBuffer(count: (grid.rows / 2 + 1) * (grid.columns / 2 + 1))
        let farthest = SIMD2(Double(grid.columns / 2), Double(grid.rows / 2)) * grid.spacing
        let least = Self.kernelLessOne(squaredDistance: (farthest * farthest).sum(), degreesOfFreedom: degreesOfFreedom)
        constant = 1 + least
        sampleKernel(least: least, into: memory.base, threads: threads)
        computeFactors(from: memory.base, threads: threads)
    }

    /// Replaces the charges in the used rows of `nodes` by their potential.
    ///
    /// - Parameters:
    ///   - nodes: `floats(for: grid)` numbers, rows of `grid.stride`; beyond the used columns they are 0.
    ///   - scratch: one for each thread, of `scratchCount(for:)` numbers.
    func apply(to nodes: UnsafeMutablePointer<Float>, scratch: [AlignedBuffer<Float>], threads: ThreadCount) {
        nonisolated(unsafe) let (influence, nodes, scratch) = (self, nodes, scratch)
        let grid = grid
        threads.forEachChunk(of: grid.usedRows, size: Self.rowsPerChunk) { _, rows in
            for row in rows { influence.rowTransform.forward(realRow: nodes + row * grid.stride) }
        }
        threads.forEachChunkDynamically(of: spectrumColumns, size: Self.columnsPerBlock) { thread, _, range in
            influence.multiplyColumns(range, of: nodes, scratch: scratch[thread].base)
        }
        threads.forEachChunk(of: grid.usedRows, size: Self.rowsPerChunk) { _, rows in
            for row in rows { influence.rowTransform.inverse(realRow: nodes + row * grid.stride) }
        }
    }

    /// The floats of scratch memory that a thread needs.
    static func scratchCount(for grid: InterpolationGrid) -> Int { 2 * columnsPerBlock * grid.rows }

    /// Transforms some columns, multiplies them, and transforms them back. A block of columns is a cache line wide and
    /// stays in cache meanwhile, so that the half of the rows that is only padding is never stored.
    private func multiplyColumns(
        _ range: Range<Int>, of nodes: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let (rows, length, stride) = (grid.usedRows, grid.rows, grid.stride)
        if let code = kernels.code {
            penumbra_interpolation_load_columns(
                code, nodes, Int64(stride), Int64(rows), Int64(range.lowerBound), Int64(range.count), scratch,
                Int64(length))
        } else {
            for (block, column) in range.enumerated() {
                let target = scratch + 2 * block * length
                target.update(repeating: 0, count: 2 * length)
                for row in 0..<rows {
                    target[2 * row] = nodes[row * stride + 2 * column]
                    target[2 * row + 1] = nodes[row * stride + 2 * column + 1]
                }
            }
        }
        for (block, column) in range.enumerated() {
            let values = scratch + 2 * block * length
            let factor = factors.base + column * factorsPerColumn
            columnTransform.forward(column: values)
            if let code = kernels.code {
                penumbra_interpolation_multiply(code, values, Int64(length), factor)
            } else {
                for k in 0..<length {
                    values[2 * k] *= factor[min(k, length - k)]
                    values[2 * k + 1] *= factor[min(k, length - k)]
                }
            }
            columnTransform.inverse(column: values)
        }
        if let code = kernels.code {
            penumbra_interpolation_store_columns(
                code, scratch, Int64(length), Int64(rows), Int64(range.lowerBound), Int64(range.count), nodes,
                Int64(stride))
        } else {
            for (block, column) in range.enumerated() {
                let source = scratch + 2 * block * length
                for row in 0..<rows {
                    nodes[row * stride + 2 * column] = source[2 * row]
                    nodes[row * stride + 2 * column + 1] = source[2 * row + 1]
                }
            }
        }
    }

    /// w − 1, without cancellation.
    static func kernelLessOne(squaredDistance: Double, degreesOfFreedom: Double) -> Double {
        if degreesOfFreedom == 1 { return -squaredDistance / (1 + squaredDistance) }
        return expm1(-(degreesOfFreedom + 1) / 2 * log1p(squaredDistance / degreesOfFreedom))
    }

    /// The kernel at the distances of rows 0 to `rows` / 2 and of all columns from node 0 around the edge.
    private func sampleKernel(least: Double, into memory: UnsafeMutablePointer<Float>, threads: ThreadCount) {
        nonisolated(unsafe) let memory = memory
        let (grid, freedom) = (grid, degreesOfFreedom)
        nonisolated(unsafe) let transform = rowTransform
        threads.forEachChunk(of: grid.rows / 2 + 1, size: Self.rowsPerChunk) { _, rows in
            for row in rows {
                let values = memory + row * grid.stride
                let y = Double(row) * grid.spacing
                for column in 0...grid.columns / 2 {
                    let x = Double(column) * grid.spacing
                    let kernel = Self.kernelLessOne(squaredDistance: x * x + y * y, degreesOfFreedom: freedom)
                    values[column] = Float(kernel - least)
                }
                for column in grid.columns / 2 + 1..<grid.columns { values[column] = values[grid.columns - column] }
                transform.forward(realRow: values)
            }
        }
    }

    /// The factors, and the potential of a charge at its own place, from the rows' spectra.
    private func computeFactors(from memory: UnsafeMutablePointer<Float>, threads: ThreadCount) {
        let (grid, perColumn) = (grid, factorsPerColumn)
        let along = (0..<spectrumColumns).map {
            InterpolationSpline.Response(frequency: Double($0) / Double(grid.columns))
        }
        let across = (0..<perColumn).map { InterpolationSpline.Response(frequency: Double($0) / Double(grid.rows)) }
        let scale = 1 / (Double(grid.columns) * Double(grid.rows))
        // The mean over all frequencies of the influence times power · power, overlap · power and power · overlap.
        let sums = AlignedBuffer<Double>(count: 3 * spectrumColumns)
        nonisolated(unsafe) let (memory, factors, means) = (memory, factors.base, sums.base)
        nonisolated(unsafe) let transform = columnTransform
        threads.forEachChunk(of: spectrumColumns, size: Self.columnsPerBlock) { _, columns in
            let values = AlignedBuffer<Float>(count: 2 * grid.rows)
            for column in columns {
                for row in 0..<grid.rows {
                    // Even in both axes: the imaginary parts are rounding errors.
                    values[2 * row] = memory[min(row, grid.rows - row) * grid.stride + 2 * column]
                    values[2 * row + 1] = 0
                }
                transform.forward(column: values.base)
                let isShared = column > 0 && column < grid.columns / 2
                for row in 0..<perColumn {
                    let influence = Double(values[2 * row]) * scale * along[column].correction * across[row].correction
                    factors[column * perColumn + row] = Float(influence)
                    let weight = influence * (isShared ? 2 : 1) * (row > 0 && row < grid.rows / 2 ? 2 : 1)
                    means[3 * column] += weight * along[column].power * across[row].power
                    means[3 * column + 1] += weight * along[column].overlap * across[row].power
                    means[3 * column + 2] += weight * along[column].power * across[row].overlap
                }
            }
        }
        for column in 0..<spectrumColumns {
            selfPotential += sums[3 * column]
            selfSlope += 2 * Double.pi * SIMD2(sums[3 * column + 1], sums[3 * column + 2])
        }
    }
}
