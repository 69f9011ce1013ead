import Numerics

/// The repulsion that the points of a fixed layout exert on other points.
final class ReferenceField {
    private enum Method {
        case exact(InteractionList)
        case interpolation(InterpolationRepulsion)
    }

    private let method: Method
    private let kernel: StudentKernel
    private let kernels: KernelPath

    private static let pointsPerChunk = 64

    /// - Throws: `TSNEError.noTransformPlan`.
    /// - Complexity: O(N); by interpolation O(N + nodes · log nodes).
    init(
        of layout: PlanarBuffer, repulsion: TransformParameters.Repulsion, kernel: StudentKernel, threads: ThreadCount,
        kernels: KernelPath
    ) throws(TSNEError) {
        self.kernel = kernel
        self.kernels = kernels
        switch repulsion {
        case .automatic, .exact: method = .exact(InteractionList(layout))
        case .interpolation(let grid):
            let field = InterpolationRepulsion(
                count: layout.count,
                kernel: InterpolationKernel(
                    degreesOfFreedom: kernel.degreesOfFreedom, exponent: kernel.degreesOfFreedom),
                parameters: grid.mesh, kernels: kernels)
            // Leaves the layout's potential on the grid; the forces among its own points are not used.
            _ = try field.evaluate(at: layout, into: PlanarBuffer(count: layout.count), threads: threads)
            method = .interpolation(field)
        }
    }

    /// Writes Σⱼ w u (y − yⱼ) and Σⱼ w over the layout for every point, independently.
    ///
    /// - Complexity: O(M N), or O(M) by interpolation.
    func evaluate(
        at points: PlanarBuffer, into forces: PlanarBuffer, potential: UnsafeMutablePointer<Float>, threads: ThreadCount
    ) {
        switch method {
        case .exact(let list):
            nonisolated(unsafe) let (bodies, source, result, sums) = (list, points, forces, potential)
            let (kernel, kernels) = (kernel, kernels)
            threads.forEachChunkDynamically(of: points.count, size: Self.pointsPerChunk) { _, _, range in
                bodies.act(
                    on: range, of: source, kernel: kernel, kernels: kernels, forces: result, weights: sums)
            }
        case .interpolation(let field):
            field.field(at: points, into: forces, potential: potential, threads: threads)
        }
    }
}
