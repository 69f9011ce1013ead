import CKernels
import Numerics

/// Repulsion by interpolation on a grid (Linderman et al., "Fast interpolation-based t-SNE for improved visualization of
/// single-cell RNA-seq data", 2019), with splines in place of Lagrange polynomials and one potential in place of four.
///
/// Every point spreads a charge of 1 over the nodes around it; Fourier transforms give the potential Σ w of these charges at
/// all nodes. Each point reads the potential and, with the derivatives of the same splines, its slope, which is the force up to
/// a factor. So there are two transforms instead of the paper's eight, and no force is computed as a small difference of large
/// sums. This is the particle-mesh method of molecular dynamics (Essmann et al., "A smooth particle mesh Ewald method", 1995)
/// with another kernel.
///
/// If it saves time, the kernel is divided in two: the smooth part goes through a coarser mesh, and the rest, which ends at a
/// cutoff, is summed over near pairs, as forces are divided in the same field (Hockney and Eastwood's P³M). A layout of 15,000
/// points after some thousand iterations has hardly two points per node of the fine mesh, whose transforms take most of the
/// time; see `InterpolationCutoff`.
///
/// A point's position on the mesh is rounded to 2⁻²⁴ of the layout's extent, as its coordinates are.
final class InterpolationRepulsion: RepulsionMethod {
    let count: Int
    let kernel: InterpolationKernel
    let parameters: InterpolationParameters
    let kernels: KernelPath
    private let spline = InterpolationSpline.table()
    let tiles: InterpolationTiles
    private let cutoffs: InterpolationCutoff?
    private let extremes: AlignedBuffer<Float>
    private let partial: AlignedBuffer<Double>
    /// The most recent first.
    private var influences: [InterpolationInfluence] = []
    /// Charges, their spectrum, and their potential, each replacing the one before.
    private var nodes = AlignedBuffer<Float>(count: 0)
    private var scratch: [AlignedBuffer<Float>] = []
    /// The position of the layout whose potential `nodes` holds; nil before there is one.
    private var placement: InterpolationPlacement?

    private static let pointsPerChunk = 1_024
    /// A layout whose extent fluctuates alternates between two meshes, or between two divisions of the kernel.
    private static let mostInfluences = 3
    /// The minimum height in nodes of a strip of points, such that its charges do not meet those of the next strip but one.
    private static let leastStrip = 8.0
    /// Beyond this extent, differences of coordinates leave the range of single precision.
    private static let largestExtent = 1e38

    /// - Parameters:
    ///   - count: the number of points of the layouts, at least 1.
    ///   - kernel: by default, that of van der Maaten and Hinton.
    ///   - cutoffs: how the kernel is divided if that saves time; nil for never, as `field` requires.
    ///   - kernels: which version of the inner loops runs.
    init(
        count: Int, kernel: InterpolationKernel = InterpolationKernel(),
        parameters: InterpolationParameters = InterpolationParameters(), cutoffs: InterpolationCutoff? = nil,
        kernels: KernelPath
    ) {
        precondition(count >= 1, "a layout has points")
        self.cutoffs = kernel.canHaveCutoff ? cutoffs : nil
        self.count = count
        self.kernel = kernel
        self.parameters = parameters
        self.kernels = kernels
        tiles = InterpolationTiles(count: count)
        let chunks = (count + Self.pointsPerChunk - 1) / Self.pointsPerChunk
        extremes = AlignedBuffer(count: 5 * chunks)
        partial = AlignedBuffer(count: chunks)
    }

    /// Writes NaN and returns NaN if a coordinate is not finite or the layout is wider than 10³⁸.
    ///
    /// - Complexity: O(N + M log M) for M nodes; three times that if the layout's extent has changed by a step of the mesh
    ///   (about ten per doubling).
    func evaluate(at points: PlanarBuffer, into forces: PlanarBuffer, threads: ThreadCount) throws(TSNEError) -> Double
    {
        precondition(points.count == count, "the layout has \(count) points")
        guard let (corner, extent) = bounds(of: points, threads: threads) else {
            placement = nil
            forces.x.update(repeating: .nan, count: count)
            forces.y.update(repeating: .nan, count: count)
            return .nan
        }
        let cutoff = cutoffs?.best(for: points, corner: corner, extent: extent, parameters: parameters) ?? 0
        let influence = try prepare(extent: extent, kernel: kernel.with(cutoff: cutoff), threads: threads)
        let mesh = influence.mesh
        let side = cutoff > 0 ? InterpolationCutoff.side(cutoff, on: mesh) : SIMD2(repeating: InterpolationTiles.side)
        tiles.sort(points, corner: corner, mesh: mesh, side: side, threads: threads)
        spread(on: mesh, side: side.y, threads: threads)
        influence.apply(to: nodes.base, scratch: scratch, threads: threads)
        placement = InterpolationPlacement(corner: corner, spacing: mesh.spacing)

        let rule = rule(influence, subtractsSelf: true)
        nonisolated(unsafe) let (method, sums, result) = (self, partial.base, forces)
        threads.forEachChunk(of: count, size: Self.pointsPerChunk) { chunk, range in
            sums[chunk] = method.gather(
                range, at: method.tiles.places, index: method.tiles.index.base, rule: rule, stride: mesh.stride,
                into: (result.x, result.y), potential: nil)
        }
        var sum = 0.0
        for chunk in 0..<partial.count { sum += partial[chunk] }
        if cutoff > 0 { sum += addNearParts(influence.kernel, mesh: mesh, to: forces, threads: threads) }
        // The constant missing from the kernel counts for all pairs except a point with itself; for that pair, the potential it
        // read is subtracted.
        return sum - Double(count) * influence.selfPotential + influence.constant * Double(count) * Double(count - 1)
    }

    /// The forces and Σ w that the points of the last evaluated layout exert on other points, which are not part of it.
    ///
    /// A point on the mesh reads the potential as the layout's own points do. For one beyond the mesh, the sum is taken over
    /// all points of the layout, in O(N) and exact up to the rounding of positions.
    ///
    /// - Parameters:
    ///   - points: any number of points.
    ///   - forces: Σ w u (y − yⱼ) for each of them.
    ///   - potential: Σ w for each of them.
    /// - Precondition: the last call of `evaluate` returned a number.
    func field(
        at points: PlanarBuffer, into forces: PlanarBuffer, potential: UnsafeMutablePointer<Float>, threads: ThreadCount
    ) {
        guard let placement, let influence = influences.first, cutoffs == nil else {
            preconditionFailure("there is no field before a layout was evaluated, nor of a part of the kernel")
        }
        let mesh = influence.mesh
        let rule = rule(influence, subtractsSelf: false)
        let size = Self.pointsPerChunk
        let identity = AlignedBuffer<Int32>(count: size)
        for i in 0..<size { identity[i] = Int32(i) }
        nonisolated(unsafe) let (method, source, result) = (self, points, forces)
        nonisolated(unsafe) let potential = potential
        identity.withBase { index in
            nonisolated(unsafe) let index = index
            threads.forEachChunk(of: points.count, size: size) { _, range in
                let places = PlanarBuffer(count: range.count)
                var outside: [(point: Int, place: SIMD2<Float>)] = []
                for (i, point) in range.enumerated() {
                    var place = placement.place(x: source.x[point], y: source.y[point])
                    if !InterpolationSpline.isInside(place, mesh) {
                        outside.append((point, place))
                        place = SIMD2(repeating: Float(InterpolationSpline.nodesBefore))
                    }
                    (places.x[i], places.y[i]) = (place.x, place.y)
                }
                let target = (result.x + range.lowerBound, result.y + range.lowerBound)
                _ = method.gather(
                    0..<range.count, at: places, index: index, rule: rule, stride: mesh.stride, into: target,
                    potential: potential + range.lowerBound)
                for (point, place) in outside {
                    let sum = method.exactField(at: place, spacing: mesh.spacing)
                    (result.x[point], result.y[point], potential[point]) = (Float(sum.x), Float(sum.y), Float(sum.z))
                }
            }
        }
    }

    /// The forces along x and y and Σ w at a position, from all points.
    private func exactField(at place: SIMD2<Float>, spacing: SIMD2<Double>) -> SIMD3<Double> {
        var sum = SIMD3<Double>.zero
        for j in 0..<count {
            let x = Double(place.x - tiles.places.x[j]) * spacing.x
            let y = Double(place.y - tiles.places.y[j]) * spacing.y
            let squared = x * x + y * y
            let w = 1 + kernel.lessOne(squaredDistance: squared)
            let wu = w * kernel.inverse(squaredDistance: squared)
            sum += SIMD3(wu * x, wu * y, w)
        }
        return sum
    }

    /// The smallest coordinates and the extent; nil if they are not finite.
    private func bounds(
        of points: PlanarBuffer, threads: ThreadCount
    ) -> (corner: SIMD2<Float>, extent: SIMD2<Double>)? {
        nonisolated(unsafe) let (source, partial) = (points, extremes.base)
        threads.forEachChunk(of: count, size: Self.pointsPerChunk) { chunk, range in
            var low = SIMD2(source.x[range.lowerBound], source.y[range.lowerBound])
            var high = low
            // 0 while every coordinate is finite; NaN after one that is not.
            var flag = SIMD2<Float>.zero
            for point in range {
                let place = SIMD2(source.x[point], source.y[point])
                low = pointwiseMin(low, place)
                high = pointwiseMax(high, place)
                flag += place - place
            }
            (partial[5 * chunk], partial[5 * chunk + 1]) = (low.x, low.y)
            (partial[5 * chunk + 2], partial[5 * chunk + 3], partial[5 * chunk + 4]) = (high.x, high.y, flag.sum())
        }
        var low = SIMD2(extremes[0], extremes[1])
        var high = SIMD2(extremes[2], extremes[3])
        var flag: Float = 0
        for chunk in 0..<extremes.count / 5 {
            low = pointwiseMin(low, SIMD2(extremes[5 * chunk], extremes[5 * chunk + 1]))
            high = pointwiseMax(high, SIMD2(extremes[5 * chunk + 2], extremes[5 * chunk + 3]))
            flag += extremes[5 * chunk + 4]
        }
        let extent = SIMD2<Double>(high) - SIMD2<Double>(low)
        return flag == 0 && extent.max() < Self.largestExtent ? (low, extent) : nil
    }

    /// The kernel for an extent, and memory for its mesh.
    private func prepare(
        extent: SIMD2<Double>, kernel: InterpolationKernel, threads: ThreadCount
    ) throws(TSNEError) -> InterpolationInfluence {
        let mesh = InterpolationMesh(extent: extent, width: kernel.width, parameters: parameters)
        let floats = InterpolationInfluence.floats(for: mesh)
        // Eight floats are read at a time, the last two of which may be beyond the last row.
        if nodes.count < floats + 8 { nodes = AlignedBuffer(count: floats + 8) }
        let scratchCount = InterpolationInfluence.scratchCount(for: mesh)
        if scratch.count < threads.count || scratch[0].count < scratchCount {
            scratch = (0..<threads.count).map { _ in AlignedBuffer(count: scratchCount) }
        }
        if let position = influences.firstIndex(where: { $0.mesh == mesh && $0.kernel == kernel }) {
            influences.swapAt(0, position)
        } else {
            if influences.count == Self.mostInfluences { influences.removeLast() }
            let made = try InterpolationInfluence(
                mesh: mesh, kernel: kernel, memory: nodes, threads: threads, kernels: kernels)
            influences.insert(made, at: 0)
        }
        return influences[0]
    }

    /// How slopes of the potential become forces. A point's own charge adds nothing to the true slope.
    private func rule(
        _ influence: InterpolationInfluence, subtractsSelf: Bool
    ) -> penumbra_interpolation_forces {
        let scale = kernel.forcePerSlope / influence.mesh.spacing
        let slope = subtractsSelf ? influence.selfSlope : .zero
        return penumbra_interpolation_forces(
            scaleX: Float(scale.x), scaleY: Float(scale.y), selfX: Float(slope.x), selfY: Float(slope.y),
            offset: Float(influence.constant * Double(count)))
    }

    /// Accumulates the charges of all points. The charges of a strip of tiles reach into the nodes of the next, so adjacent
    /// strips are never processed at the same time.
    private func spread(on mesh: InterpolationMesh, side: Double, threads: ThreadCount) {
        nonisolated(unsafe) let (method, nodes) = (self, nodes.base)
        let rowsPerStrip = Int((Self.leastStrip / side).rounded(.up))
        let rows = tiles.rows
        let strips = (rows + rowsPerStrip - 1) / rowsPerStrip
        threads.forEachRange(of: mesh.usedRows) { rows in
            (nodes + rows.lowerBound * mesh.stride).update(repeating: 0, count: rows.count * mesh.stride)
        }
        for colour in 0..<2 {
            threads.forEachChunkDynamically(of: (strips - colour + 1) / 2, size: 1) { _, turn, _ in
                let first = (2 * turn + colour) * rowsPerStrip
                let range = method.tiles.points(rows: first..<min(first + rowsPerStrip, rows))
                if !range.isEmpty { method.spread(range, stride: mesh.stride, on: nodes) }
            }
        }
    }

    private func spread(_ range: Range<Int>, stride: Int, on nodes: UnsafeMutablePointer<Float>) {
        let places = tiles.places
        if let code = kernels.code {
            return penumbra_interpolation_spread(
                code, spline.base, places.x, places.y, Int64(range.lowerBound), Int64(range.upperBound), nodes,
                Int64(stride))
        }
        for i in range {
            let stencil = InterpolationSpline.Stencil(x: places.x[i], y: places.y[i], table: spline)
            for row in 0..<InterpolationSpline.order {
                let target = nodes + (stencil.row + row) * stride + stencil.column
                for column in 0..<InterpolationSpline.order { target[column] += stencil.y[row] * stencil.x[column] }
            }
        }
    }

    /// Writes the forces on the points of a range at their original indices, and their potential unless it is nil; returns the
    /// sum of the potential read from the nodes.
    private func gather(
        _ range: Range<Int>, at places: PlanarBuffer, index: UnsafeMutablePointer<Int32>,
        rule: penumbra_interpolation_forces, stride: Int,
        into forces: (x: UnsafeMutablePointer<Float>, y: UnsafeMutablePointer<Float>),
        potential: UnsafeMutablePointer<Float>?
    ) -> Double {
        if let code = kernels.code {
            return penumbra_interpolation_gather(
                code, spline.base, nodes.base, Int64(stride), places.x, places.y, Int64(range.lowerBound),
                Int64(range.upperBound), rule, index, forces.x, forces.y, potential)
        }
        var total = 0.0
        for i in range {
            let stencil = InterpolationSpline.Stencil(x: places.x[i], y: places.y[i], table: spline)
            let (value, slope) = stencil.read(nodes.base, stride: stride, table: spline)
            let point = Int(index[i])
            let own = (rule.selfX * stencil.cosines.x + rule.selfY * stencil.cosines.y) / Float.pi
            total += Double(value - own)
            forces.x[point] = rule.scaleX * (slope.x + rule.selfX * stencil.sines.x)
            forces.y[point] = rule.scaleY * (slope.y + rule.selfY * stencil.sines.y)
            if let potential { potential[point] = value - own + rule.offset }
        }
        return total
    }
}
