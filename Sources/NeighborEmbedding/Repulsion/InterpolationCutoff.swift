import CKernels
import Numerics
import Foundation

/// How the kernel is divided between the mesh and pairs of near points: the larger the cutoff, the coarser the mesh and the
/// more pairs there are.
struct InterpolationCutoff: Sendable {
    /// The cutoffs to choose from, in units of the map. With nodes spaced a third of the cutoff apart, the forces of a sparse
    /// layout have errors of .003 to .005 (root mean square), as with nodes a third of a unit apart and no cutoff.
    var choices = [1.5, 2, 3, 4, 6, 8, 12]
    /// Nanoseconds on two threads per pair of points, measured together with `costOfNode`: only their ratio matters.
    var costOfPair = 0.2
    /// The same per point, for pairs that only pad vectors.
    var costOfPoint = 7.0

    /// For one value of the transforms, times the logarithm of their number.
    private static let costOfNode = 0.22
    /// The density is measured on at most this many tiles along an axis, around one in this many points.
    private static let mostTiles = 256.0
    private static let pointsPerSample = 4
    /// A tile for near points is wider than the cutoff by more than the rounding of positions.
    private static let margin = 1 + 0x1p-10

    /// The sides of the tiles, in nodes along x and y, such that points within the cutoff are in the same or adjacent tiles.
    static func side(_ cutoff: Double, on mesh: InterpolationMesh) -> SIMD2<Double> {
        margin * cutoff / mesh.spacing
    }

    /// The cutoff with the least estimated time for this layout, which depends on nothing else; 0 for none.
    ///
    /// A cutoff is not considered if the layout is so wide that its mesh would need more than the maximum number of nodes:
    /// wider node spacing would not represent the smooth part, and there would be far more tiles of near points than nodes.
    ///
    /// - Complexity: O(N).
    func best(
        for points: PlanarBuffer, corner: SIMD2<Float>, extent: SIMD2<Double>, parameters: InterpolationParameters
    ) -> Double {
        func meshTime(_ cutoff: Double) -> (time: Double, isFineEnough: Bool) {
            let width = InterpolationKernel(cutoff: cutoff).width
            let mesh = InterpolationMesh(extent: extent, width: width, parameters: parameters)
            let nodes = Double(mesh.columns * mesh.rows)
            return (
                Self.costOfNode * nodes * log2(nodes),
                mesh.spacing.max() <= width / parameters.nodesPerUnit
            )
        }
        // Evenly spread points would have the fewest near pairs.
        let area = max(extent.x, 1) * max(extent.y, 1)
        let evenly = Double(points.count) * Double(points.count) / area
        let times = choices.compactMap { cutoff in
            let mesh = meshTime(cutoff)
            return mesh.isFineEnough ? (cutoff: cutoff, time: mesh.time) : nil
        }
        let all = meshTime(0).time
        func pairTime(_ cutoff: Double, density: Double) -> Double {
            costOfPair * 9 * cutoff * cutoff * density + costOfPoint * Double(points.count)
        }
        guard times.contains(where: { $0.time + pairTime($0.cutoff, density: evenly) < all }) else { return 0 }
        let density = summedDensity(of: points, corner: corner, extent: extent)
        var best = (cutoff: 0.0, time: all)
        for choice in times {
            let time = choice.time + pairTime(choice.cutoff, density: density)
            if time < best.time { best = (choice.cutoff, time) }
        }
        return best.cutoff
    }

    /// The sum over all points of the number of points in a unit of area around them.
    private func summedDensity(of points: PlanarBuffer, corner: SIMD2<Float>, extent: SIMD2<Double>) -> Double {
        let side = max(1, extent.max() / Self.mostTiles)
        let (columns, rows) = (Int(extent.x / side) + 1, Int(extent.y / side) + 1)
        let perUnit = Float(1 / side)
        // A border of empty tiles all around.
        let stride = columns + 3
        let buffer = AlignedBuffer<Int32>(count: stride * (rows + 3))
        defer { withExtendedLifetime(buffer) {} }
        let counts = buffer.base
        func tile(_ point: Int) -> Int {
            let place = (SIMD2(points.x[point], points.y[point]) - corner) * perUnit
            return (Int(place.y) + 1) * stride + Int(place.x) + 1
        }
        for point in 0..<points.count { counts[tile(point)] += 1 }
        var pairs = 0
        for point in Swift.stride(from: 0, to: points.count, by: Self.pointsPerSample) {
            let middle = tile(point)
            for row in -1...1 {
                let other = middle + row * stride
                pairs += Int(counts[other - 1]) + Int(counts[other]) + Int(counts[other + 1])
            }
        }
        return Double(pairs * Self.pointsPerSample) / (9 * side * side)
    }
}

extension InterpolationRepulsion {
    private static let tilesPerChunk = 32

    /// Adds the forces missing from the mesh's kernel, and returns the excess of w over that kernel, summed over all pairs of
    /// different points. The points are sorted by tiles as wide as the cutoff.
    func addNearParts(
        _ kernel: InterpolationKernel, mesh: InterpolationMesh, to forces: PlanarBuffer, threads: ThreadCount
    ) -> Double {
        let chunks = (tiles.columns + Self.tilesPerChunk - 1) / Self.tilesPerChunk
        let sums = AlignedBuffer<Double>(count: chunks * tiles.rows)
        nonisolated(unsafe) let (method, forces, partial) = (self, forces, sums.base)
        threads.forEachChunkDynamically(of: sums.count, size: 1) { _, turn, _ in
            let (row, first) = (turn / chunks, turn % chunks * Self.tilesPerChunk)
            for column in first..<min(first + Self.tilesPerChunk, method.tiles.columns) {
                partial[turn] += method.addNearParts(
                    kernel, inColumn: column, row, spacing: mesh.spacing, to: forces)
            }
        }
        var sum = 0.0
        for chunk in 0..<sums.count { sum += sums[chunk] }
        return sum - Double(count) * kernel.nearPart(squaredDistance: 0)
    }

    /// The same for the points of one tile; the returned sum includes each point's near part with itself.
    private func addNearParts(
        _ kernel: InterpolationKernel, inColumn column: Int, _ row: Int, spacing: SIMD2<Double>, to forces: PlanarBuffer
    ) -> Double {
        let group = tiles.points(columns: column..<column + 1, row: row)
        if group.isEmpty { return 0 }
        let columns = max(0, column - 1)..<min(tiles.columns, column + 2)
        let places = tiles.places
        // The first and last of up to three ranges of consecutive points; in a vector, since that needs no memory allocation.
        var near = SIMD8<Int64>.zero
        var count = 0
        for row in max(0, row - 1)..<min(tiles.rows, row + 2) {
            let range = tiles.points(columns: columns, row: row)
            (near[2 * count], near[2 * count + 1]) = (Int64(range.lowerBound), Int64(range.upperBound))
            count += 1
        }
        if let code = kernels.code {
            return withUnsafeBytes(of: near) {
                penumbra_tsne_near_repulsion(
                    code, places.x, places.y, Int64(group.lowerBound), Int64(group.upperBound),
                    $0.assumingMemoryBound(to: Int64.self).baseAddress,
                    Int64(count), Float(spacing.x), Float(spacing.y), Float(kernel.cutoff * kernel.cutoff),
                    tiles.index.base, forces.x, forces.y)
            }
        }
        var total = 0.0
        for i in group {
            var force = SIMD2<Double>.zero
            for range in 0..<count {
                for j in Int(near[2 * range])..<Int(near[2 * range + 1]) {
                    let step = SIMD2(places.x[i] - places.x[j], places.y[i] - places.y[j])
                    let difference = SIMD2<Double>(step) * spacing
                    let squared = (difference * difference).sum()
                    total += kernel.nearPart(squaredDistance: squared)
                    force += kernel.nearForce(squaredDistance: squared) * difference
                }
            }
            forces.x[Int(tiles.index[i])] += Float(force.x)
            forces.y[Int(tiles.index[i])] += Float(force.y)
        }
        return total
    }
}
