import CKernels
import Numerics
import Foundation

/// The kernel between all nodes of a mesh, as factors on the spectrum of their charges, with the transforms for it.
///
/// The kernel is w − c, with c the value of w at the largest distance on the mesh. Without the constant, a layout of an
/// extent of 10⁻⁴ would have a potential of N everywhere, whose slope is lost in the rounding of single precision.
final class InterpolationInfluence {
    let mesh: InterpolationMesh
    let kernel: InterpolationKernel
    /// The number c that the kernel lacks.
    let constant: Double
    /// The mean potential of a charge at its own place.
    private(set) var selfPotential = 0.0
    /// That potential is higher on the nodes than between them: but for small terms it is the mean plus
    /// `selfSlope` / π cos(2π place) along each axis, and its slope, in units of the spacing and with the charge held
    /// fixed, is −`selfSlope` sin(2π place). Taken off, the forces of sparse layouts are up to three times as exact.
    private(set) var selfSlope = SIMD2<Double>.zero

    private let kernels: KernelPath
    private let rowTransform: InterpolationTransform
    private let columnTransform: InterpolationTransform
    /// For each column of half a spectrum, the factors of the frequencies 0 to `rows` / 2 along it: the kernel is even.
    private let factors: AlignedBuffer<Float>
    private var factorsPerColumn: Int { mesh.rows / 2 + 1 }
    private var spectrumColumns: Int { mesh.columns / 2 + 1 }

    private static let columnsPerBlock = 8
    private static let rowsPerChunk = 8

    /// The floats of memory that `apply` and this initialiser work on.
    static func floats(for mesh: InterpolationMesh) -> Int { (mesh.rows / 2 + 1) * mesh.stride }

    /// - Parameter memory: `floats(for:)` numbers of scratch memory.
    /// - Throws: `TSNEError.noTransformPlan`.
    /// - Complexity: O(M log M) for a mesh of M nodes, about that of two evaluations.
    init(
        mesh: InterpolationMesh, kernel: InterpolationKernel, memory: AlignedBuffer<Float>, threads: ThreadCount,
        kernels: KernelPath
    ) throws(TSNEError) {
        self.mesh = mesh
        self.kernel = kernel
        self.kernels = kernels
        rowTransform = try InterpolationTransform(.real, length: mesh.columns)
        columnTransform = try InterpolationTransform(.complex, length: mesh.rows)
        factors = AlignedBuffer(count: (mesh.rows / 2 + 1) * (mesh.columns / 2 + 1))
        let farthest =
            SIMD2(
                Self.distance(of: mesh.columns / 2, used: mesh.usedColumns),
                Self.distance(of: mesh.rows / 2, used: mesh.usedRows)) * mesh.spacing
        let least = kernel.lessOne(squaredDistance: (farthest * farthest).sum())
        constant = 1 + least
        sampleKernel(least: least, into: memory.base, threads: threads)
        computeFactors(from: memory.base, threads: threads)
    }

    /// Replaces the charges in the used rows of `nodes` by their potential.
    ///
    /// - Parameters:
    ///   - nodes: `floats(for: mesh)` numbers, rows of `mesh.stride`; beyond the used columns they are 0.
    ///   - scratch: one for each thread, of `scratchCount(for:)` numbers.
    func apply(to nodes: UnsafeMutablePointer<Float>, scratch: [AlignedBuffer<Float>], threads: ThreadCount) {
        nonisolated(unsafe) let (influence, nodes, scratch) = (self, nodes, scratch)
        let mesh = mesh
        threads.forEachChunk(of: mesh.usedRows, size: Self.rowsPerChunk) { _, rows in
            for row in rows { influence.rowTransform.forward(realRow: nodes + row * mesh.stride) }
        }
        threads.forEachChunkDynamically(of: spectrumColumns, size: Self.columnsPerBlock) { thread, _, range in
            influence.multiplyColumns(range, of: nodes, scratch: scratch[thread].base)
        }
        threads.forEachChunk(of: mesh.usedRows, size: Self.rowsPerChunk) { _, rows in
            for row in rows { influence.rowTransform.inverse(realRow: nodes + row * mesh.stride) }
        }
    }

    /// The floats of scratch memory that a thread needs.
    static func scratchCount(for mesh: InterpolationMesh) -> Int { 2 * columnsPerBlock * mesh.rows }

    /// Transforms some columns, multiplies them, and transforms them back. A block of columns is a cache line wide and
    /// stays in cache meanwhile, so that the half of the rows that is only padding is never stored.
    private func multiplyColumns(
        _ range: Range<Int>, of nodes: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let (rows, length, stride) = (mesh.usedRows, mesh.rows, mesh.stride)
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

    /// The distance for which the kernel stands at a node so many from the first, in units of the spacing.
    ///
    /// No two used nodes are `used` apart. From there to half a transform, where the distances begin to fall again, they
    /// rise ever more slowly (by a smooth step of degree 5): the edge of a kernel that is still steep there, as in small
    /// layouts, would be felt some nodes away through the splines, by .003 of the forces.
    private static func distance(of node: Int, used: Int) -> Double {
        let rest = Double(InterpolationMesh.guardNodes)
        let step = Double(node - used) / rest
        if step <= 0 { return Double(node) }
        return Double(used) + rest * step * (1 - step * step * step * (2.5 - step * (3 - step)))
    }

    /// The kernel at the distances of rows 0 to `rows` / 2 and of all columns from node 0 around the edge.
    private func sampleKernel(least: Double, into memory: UnsafeMutablePointer<Float>, threads: ThreadCount) {
        nonisolated(unsafe) let memory = memory
        let (mesh, kernel) = (mesh, kernel)
        nonisolated(unsafe) let transform = rowTransform
        threads.forEachChunk(of: mesh.rows / 2 + 1, size: Self.rowsPerChunk) { _, rows in
            for row in rows {
                let values = memory + row * mesh.stride
                let y = Self.distance(of: row, used: mesh.usedRows) * mesh.spacing.y
                for column in 0...mesh.columns / 2 {
                    let x = Self.distance(of: column, used: mesh.usedColumns) * mesh.spacing.x
                    values[column] = Float(kernel.lessOne(squaredDistance: x * x + y * y) - least)
                }
                for column in mesh.columns / 2 + 1..<mesh.columns { values[column] = values[mesh.columns - column] }
                transform.forward(realRow: values)
            }
        }
    }

    /// The factors, and the potential of a charge at its own place, from the rows' spectra.
    private func computeFactors(from memory: UnsafeMutablePointer<Float>, threads: ThreadCount) {
        let (mesh, perColumn) = (mesh, factorsPerColumn)
        let along = (0..<spectrumColumns).map {
            InterpolationSpline.Response(frequency: Double($0) / Double(mesh.columns))
        }
        let across = (0..<perColumn).map { InterpolationSpline.Response(frequency: Double($0) / Double(mesh.rows)) }
        let scale = 1 / (Double(mesh.columns) * Double(mesh.rows))
        // The mean over all frequencies of the influence times power · power, overlap · power and power · overlap.
        let sums = AlignedBuffer<Double>(count: 3 * spectrumColumns)
        nonisolated(unsafe) let (memory, factors, means) = (memory, factors.base, sums.base)
        nonisolated(unsafe) let transform = columnTransform
        threads.forEachChunk(of: spectrumColumns, size: Self.columnsPerBlock) { _, columns in
            let values = AlignedBuffer<Float>(count: 2 * mesh.rows)
            for column in columns {
                for row in 0..<mesh.rows {
                    // Even in both axes: the imaginary parts are rounding errors.
                    values[2 * row] = memory[min(row, mesh.rows - row) * mesh.stride + 2 * column]
                    values[2 * row + 1] = 0
                }
                transform.forward(column: values.base)
                let isShared = column > 0 && column < mesh.columns / 2
                for row in 0..<perColumn {
                    let influence = Double(values[2 * row]) * scale * along[column].correction * across[row].correction
                    factors[column * perColumn + row] = Float(influence)
                    let weight = influence * (isShared ? 2 : 1) * (row > 0 && row < mesh.rows / 2 ? 2 : 1)
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
