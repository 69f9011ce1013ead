import CKernels
import Numerics
import Foundation

/// The kernel between all nodes of a mesh, as factors on the spectrum of their charges, together with the transforms.
///
/// The kernel is w − c, where c is the value of w at the largest distance on the mesh. Without subtracting the constant, a
/// layout with an extent of 10⁻⁴ would have a potential of N everywhere, whose slope is lost in single-precision rounding.
final class InterpolationInfluence {
    let mesh: InterpolationMesh
    let kernel: InterpolationKernel
    /// The constant c that is subtracted from the kernel.
    let constant: Double
    /// The mean potential of a charge at its own position.
    private(set) var selfPotential = 0.0
    /// That potential is higher on the nodes than between them. Up to small terms it is the mean plus `selfSlope` / π cos(2π
    /// place) along each axis; its slope, in units of the spacing and with the charge held fixed, is −`selfSlope` sin(2π
    /// place). Subtracting it makes the forces of sparse layouts up to three times as accurate.
    private(set) var selfSlope = SIMD2<Double>.zero

    private let rowTransform: FourierPlan
    private let columnTransform: FourierPlan
    /// For each block of columns of half a spectrum, and each of the frequencies 0 to `rows` / 2 along them, one factor per
    /// column: the kernel is even. 0 for columns beyond the spectrum.
    private let factors: AlignedBuffer<Float>
    private var factorsPerColumn: Int { mesh.rows / 2 + 1 }
    private var spectrumColumns: Int { mesh.columns / 2 + 1 }

    private static let columnsPerBlock = FourierPlan.lanes
    private static let rowsPerChunk = FourierPlan.lanes
    private var floatsPerBlock: Int { factorsPerColumn * Self.columnsPerBlock }

    /// The number of floats of memory used by `apply` and by this initialiser.
    static func floats(for mesh: InterpolationMesh) -> Int { (mesh.rows / 2 + 1) * mesh.stride }

    /// - Parameter memory: `floats(for:)` numbers of scratch memory.
    /// - Throws: `TSNEError.noTransformPlan`.
    /// - Complexity: O(M log M) for a mesh of M nodes, about as much as two evaluations.
    init(
        mesh: InterpolationMesh, kernel: InterpolationKernel, memory: AlignedBuffer<Float>, threads: ThreadCount,
        kernels: KernelPath
    ) throws(TSNEError) {
        self.mesh = mesh
        self.kernel = kernel
        rowTransform = try FourierPlan(length: mesh.columns / 2, kernels: kernels)
        columnTransform = try FourierPlan(length: mesh.rows, kernels: kernels)
        factors = AlignedBuffer(count: (mesh.rows / 2 + 1) * mesh.stride / 2)
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
    ///   - scratch: one buffer per thread, of `scratchCount(for:)` numbers.
    func apply(to nodes: UnsafeMutablePointer<Float>, scratch: [AlignedBuffer<Float>], threads: ThreadCount) {
        nonisolated(unsafe) let (influence, nodes, scratch) = (self, nodes, scratch)
        let (mesh, perBlock) = (mesh, floatsPerBlock)
        threads.forEachChunkDynamically(of: mesh.usedRows, size: Self.rowsPerChunk) { thread, _, rows in
            influence.rowTransform.forward(
                realRows: nodes + rows.lowerBound * mesh.stride, stride: mesh.stride, count: rows.count, isHalf: true,
                scratch: scratch[thread].base)
        }
        // The half of the rows that is only padding is never stored.
        threads.forEachChunkDynamically(of: spectrumColumns, size: Self.columnsPerBlock) { thread, block, columns in
            influence.columnTransform.convolve(
                column: nodes + 2 * columns.lowerBound, stride: mesh.stride, rows: mesh.usedRows,
                factors: influence.factors.base + block * perBlock, scratch: scratch[thread].base)
        }
        threads.forEachChunkDynamically(of: mesh.usedRows, size: Self.rowsPerChunk) { thread, _, rows in
            influence.rowTransform.inverse(
                realRows: nodes + rows.lowerBound * mesh.stride, stride: mesh.stride, count: rows.count,
                scratch: scratch[thread].base)
        }
    }

    /// The number of floats of scratch memory per thread.
    static func scratchCount(for mesh: InterpolationMesh) -> Int {
        FourierPlan.scratchCount(length: max(mesh.rows, mesh.columns / 2))
    }

    /// The distance at which the kernel is evaluated for a node this far from the first, in units of the spacing.
    ///
    /// Used nodes are less than `used` apart. From there to half a transform, where the distances begin to fall again, they
    /// rise more and more slowly (by a smooth step of degree 5). Otherwise the edge of a kernel that is still steep there, as
    /// in small layouts, would affect forces some nodes away through the splines, by .003.
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
            let scratch = AlignedBuffer<Float>(count: FourierPlan.scratchCount(length: mesh.columns / 2))
            for row in rows {
                let values = memory + row * mesh.stride
                let y = Self.distance(of: row, used: mesh.usedRows) * mesh.spacing.y
                for column in 0...mesh.columns / 2 {
                    let x = Self.distance(of: column, used: mesh.usedColumns) * mesh.spacing.x
                    values[column] = Float(kernel.lessOne(squaredDistance: x * x + y * y) - least)
                }
                for column in mesh.columns / 2 + 1..<mesh.columns { values[column] = values[mesh.columns - column] }
            }
            transform.forward(
                realRows: memory + rows.lowerBound * mesh.stride, stride: mesh.stride, count: rows.count, isHalf: false,
                scratch: scratch.base)
        }
    }

    /// Computes the factors, and the potential of a charge at its own position, from the rows' spectra.
    private func computeFactors(from memory: UnsafeMutablePointer<Float>, threads: ThreadCount) {
        let (mesh, perColumn) = (mesh, factorsPerColumn)
        let along = (0..<spectrumColumns).map {
            InterpolationSpline.Response(frequency: Double($0) / Double(mesh.columns))
        }
        let across = (0..<perColumn).map { InterpolationSpline.Response(frequency: Double($0) / Double(mesh.rows)) }
        let scale = 1 / (Double(mesh.columns) * Double(mesh.rows))
        // The means over all frequencies of the influence times power · power, overlap · power and power · overlap.
        let sums = AlignedBuffer<Double>(count: 3 * spectrumColumns)
        nonisolated(unsafe) let (memory, factors, means) = (memory, factors.base, sums.base)
        nonisolated(unsafe) let transform = columnTransform
        threads.forEachChunk(of: spectrumColumns, size: Self.columnsPerBlock) { block, columns in
            let values = AlignedBuffer<Float>(count: 2 * Self.columnsPerBlock * mesh.rows)
            let scratch = AlignedBuffer<Float>(count: FourierPlan.scratchCount(length: mesh.rows))
            for row in 0..<mesh.rows {
                // Even in both axes, so the imaginary parts are rounding errors.
                let source = memory + min(row, mesh.rows - row) * mesh.stride
                for (lane, column) in columns.enumerated() { values[16 * row + lane] = source[2 * column] }
            }
            transform.forward(block: values.base, scratch: scratch.base)
            for (lane, column) in columns.enumerated() {
                let isShared = column > 0 && column < mesh.columns / 2
                for row in 0..<perColumn {
                    let influence =
                        Double(values[16 * row + lane]) * scale * along[column].correction * across[row].correction
                    factors[(block * perColumn + row) * Self.columnsPerBlock + lane] = Float(influence)
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
