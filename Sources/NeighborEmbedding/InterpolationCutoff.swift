import CKernels
import Determinism
import Foundation

/// How the kernel is divided between the mesh and pairs of near points: the larger the cutoff, the coarser the mesh and
/// the more pairs.
struct InterpolationCutoff: Sendable {
    /// The cutoffs to choose from, in units of the map. With nodes of a third of the cutoff, the forces of a sparse layout
    /// have errors of .003 to .005 (root mean square), as with nodes of a third of a unit and no cutoff.
    static let choices = [1.5, 2, 3, 4]

    /// Nanoseconds of two threads for a complex number of the transforms, times the logarithm of their number; and for a
    /// pair of points. Only their ratio counts.
    private static let costOfNode = 0.2
    private static let costOfPair = 0.15
    /// The most tiles along an axis to estimate the density by.
    private static let mostTiles = 512.0
    /// A tile of the near points is wider than the cutoff by more than places are rounded.
    private static let margin = 1 + 0x1p-10

    /// The sides of the tiles, in nodes along x and y, such that no two points within the cutoff are two tiles apart.
    static func side(_ cutoff: Double, on mesh: InterpolationMesh) -> SIMD2<Double> {
        margin * cutoff / mesh.spacing
    }

    /// The cutoff with the least estimated time for this layout, a function of it alone; 0 for none.
    ///
    /// - Complexity: O(N).
    func best(
        for points: PlanarBuffer, corner: SIMD2<Float>, extent: SIMD2<Double>, parameters: InterpolationParameters,
        threads: ThreadCount
    ) -> Double {
        func meshTime(_ cutoff: Double) -> Double {
            let width = InterpolationKernel(cutoff: cutoff).width
            let mesh = InterpolationMesh(extent: extent, width: width, parameters: parameters)
            let nodes = Double(mesh.columns * mesh.rows)
            return Self.costOfNode * nodes * log2(nodes)
        }
        // Were the points spread evenly, there were the fewest near pairs.
        let area = max(extent.x, 1) * max(extent.y, 1)
        let evenly = Double(points.count) * Double(points.count) / area
        let times = Self.choices.map { (cutoff: $0, time: meshTime($0)) }
        let all = meshTime(0)
        func pairTime(_ cutoff: Double, density: Double) -> Double { Self.costOfPair * 9 * cutoff * cutoff * density }
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
        let counts = AlignedBuffer<Int32>(count: stride * (rows + 3))
        for point in 0..<points.count {
            let place = (SIMD2(points.x[point], points.y[point]) - corner) * perUnit
            counts[(Int(place.y) + 1) * stride + Int(place.x) + 1] += 1
        }
        var pairs = 0.0
        for row in 1...rows + 1 {
            for column in 1...columns + 1 {
                let tile = row * stride + column
                if counts[tile] == 0 { continue }
                var around = 0
                for other in [tile - stride, tile, tile + stride] {
                    around += Int(counts[other - 1]) + Int(counts[other]) + Int(counts[other + 1])
                }
                pairs += Double(counts[tile]) * Double(around)
            }
        }
        return pairs / (9 * side * side)
    }
}

extension InterpolationRepulsion {
    private static let tilesPerChunk = 32

    /// Adds the forces that the kernel of the mesh lacks, and returns the sum of what w has beyond that kernel over all
    /// pairs of different points. The points are sorted by tiles as wide as the cutoff.
    func addNearParts(
        _ kernel: InterpolationKernel, mesh: InterpolationMesh, to forces: PlanarBuffer, threads: ThreadCount
    ) -> Double {
        let chunks = (tiles.columns + Self.tilesPerChunk - 1) / Self.tilesPerChunk
        let sums = AlignedBuffer<Double>(count: chunks * tiles.rows)
        nonisolated(unsafe) let (method, forces, partial) = (self, forces, sums.base)
        nonisolated(unsafe) let lists = (0..<threads.count).map { _ in NearList() }
        threads.forEachChunkDynamically(of: sums.count, size: 1) { thread, turn, _ in
            let (row, first) = (turn / chunks, turn % chunks * Self.tilesPerChunk)
            for column in first..<min(first + Self.tilesPerChunk, method.tiles.columns) {
                let group = method.tiles.points(columns: column..<column + 1, row: row)
                if group.isEmpty { continue }
                lists[thread].collect(around: column, row, of: method.tiles)
                partial[turn] += lists[thread].act(
                    on: group, of: method.tiles, kernel: kernel, spacing: mesh.spacing, kernels: method.kernels,
                    forces: forces)
            }
        }
        var sum = 0.0
        for chunk in 0..<sums.count { sum += sums[chunk] }
        return sum - Double(count) * kernel.nearPart(squaredDistance: 0)
    }
}

/// The points that may be near those of a tile.
private final class NearList {
    private var places = PlanarBuffer(count: 0)
    private var count = 0

    /// The kernels read so many places at a time.
    private static let alignment = 16
    /// A place beyond the cutoff of all others.
    private static let farAway: Float = -1e6

    /// Takes the points of a tile and of those around it.
    func collect(around column: Int, _ row: Int, of tiles: InterpolationTiles) {
        let columns = max(0, column - 1)..<min(tiles.columns, column + 2)
        let ranges = (max(0, row - 1)..<min(tiles.rows, row + 2)).map { tiles.points(columns: columns, row: $0) }
        let needed = ranges.reduce(0) { $0 + $1.count }
        if places.count < needed + Self.alignment { places = PlanarBuffer(count: 2 * (needed + Self.alignment)) }
        count = 0
        for range in ranges {
            (places.x + count).update(from: tiles.places.x + range.lowerBound, count: range.count)
            (places.y + count).update(from: tiles.places.y + range.lowerBound, count: range.count)
            count += range.count
        }
        while count % Self.alignment != 0 {
            (places.x[count], places.y[count]) = (Self.farAway, Self.farAway)
            count += 1
        }
    }

    /// Adds the near forces on some points to their indices, and returns the sum of the near parts, each point's own
    /// among them.
    func act(
        on group: Range<Int>, of tiles: InterpolationTiles, kernel: InterpolationKernel, spacing: SIMD2<Double>,
        kernels: KernelPath, forces: PlanarBuffer
    ) -> Double {
        if let code = kernels.code {
            return penumbra_tsne_near_repulsion(
                code, tiles.places.x, tiles.places.y, Int64(group.lowerBound), Int64(group.upperBound), places.x,
                places.y, Int64(count), Float(spacing.x), Float(spacing.y), Float(kernel.cutoff * kernel.cutoff),
                tiles.index.base, forces.x, forces.y)
        }
        var total = 0.0
        for i in group {
            var force = SIMD2<Double>.zero
            for j in 0..<count {
                let difference =
                    SIMD2(Double(tiles.places.x[i] - places.x[j]), Double(tiles.places.y[i] - places.y[j])) * spacing
                let squared = (difference * difference).sum()
                total += kernel.nearPart(squaredDistance: squared)
                force += kernel.nearForce(squaredDistance: squared) * difference
            }
            forces.x[Int(tiles.index[i])] += Float(force.x)
            forces.y[Int(tiles.index[i])] += Float(force.y)
        }
        return total
    }
}
