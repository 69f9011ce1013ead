import Numerics

/// The points of a layout sorted by square tiles of nodes, row by row, so that charges can be spread by rows of tiles, and so
/// that the near points of a point are in its tile and the adjacent ones.
///
/// Within a tile the points keep their order, so the sums on the nodes do not depend on the number of threads.
final class InterpolationTiles {
    /// The number of nodes along a side of a tile that is used only for spreading charges.
    static let side = 16.0

    let count: Int
    /// The number of positions that kernels read past the last point.
    private static let readBeyond = 15
    /// Positions in units of the spacing, in the order of the tiles.
    let places: PlanarBuffer
    /// The original index of the point at a position of the order.
    let index: AlignedBuffer<Int32>
    private(set) var columns = 0
    private(set) var rows = 0

    private let tileOfPoint: AlignedBuffer<Int32>
    /// For each chunk of points and each tile, the number of points, and later the position of the next.
    private var counts: AlignedBuffer<Int32>
    private var starts: [Int] = []

    private static let mostChunks = 32
    private static let leastPointsPerChunk = 4_096
    private var pointsPerChunk: Int { max(Self.leastPointsPerChunk, (count + Self.mostChunks - 1) / Self.mostChunks) }

    init(count: Int) {
        self.count = count
        places = PlanarBuffer(count: count + Self.readBeyond)
        index = AlignedBuffer(count: count)
        tileOfPoint = AlignedBuffer(count: count)
        counts = AlignedBuffer(count: 0)
    }

    /// The positions of the points of some consecutive tiles of a row, which are contiguous.
    func points(columns range: Range<Int>, row: Int) -> Range<Int> {
        starts[row * columns + range.lowerBound]..<starts[row * columns + range.upperBound]
    }

    /// The positions of the points of some rows of tiles.
    func points(rows range: Range<Int>) -> Range<Int> {
        starts[range.lowerBound * columns]..<starts[range.upperBound * columns]
    }

    /// Sorts the points of a layout whose least coordinates are `corner`, by tiles of `side` nodes along x and y.
    ///
    /// - Complexity: O(N + tiles).
    func sort(
        _ points: PlanarBuffer, corner: SIMD2<Float>, mesh: InterpolationMesh, side: SIMD2<Double>,
        threads: ThreadCount
    ) {
        columns = Int(Double(mesh.usedColumns) / side.x) + 1
        rows = Int(Double(mesh.usedRows) / side.y) + 1
        let perNode = SIMD2<Float>(1 / side)
        let (tiles, chunkSize) = (columns * rows, pointsPerChunk)
        let chunks = (count + chunkSize - 1) / chunkSize
        if counts.count < tiles * chunks { counts = AlignedBuffer(count: tiles * chunks) }
        let placement = InterpolationPlacement(corner: corner, spacing: mesh.spacing)
        nonisolated(unsafe) let (source, sorted, index, tileOfPoint) = (points, places, index.base, tileOfPoint.base)
        nonisolated(unsafe) let counts = counts.base
        let columns = columns
        threads.forEachChunk(of: count, size: chunkSize) { chunk, range in
            let histogram = counts + chunk * tiles
            histogram.update(repeating: 0, count: tiles)
            for point in range {
                let tile = placement.place(x: source.x[point], y: source.y[point]) * perNode
                let index = Int(tile.y) * columns + Int(tile.x)
                tileOfPoint[point] = Int32(index)
                histogram[index] += 1
            }
        }
        starts.removeAll(keepingCapacity: true)
        starts.reserveCapacity(tiles + 1)
        var position: Int32 = 0
        for tile in 0..<tiles {
            starts.append(Int(position))
            for chunk in 0..<chunks {
                let number = counts[chunk * tiles + tile]
                counts[chunk * tiles + tile] = position
                position += number
            }
        }
        starts.append(count)
        threads.forEachChunk(of: count, size: chunkSize) { chunk, range in
            let next = counts + chunk * tiles
            for point in range {
                let tile = Int(tileOfPoint[point])
                let position = Int(next[tile])
                next[tile] += 1
                let place = placement.place(x: source.x[point], y: source.y[point])
                (sorted.x[position], sorted.y[position]) = (place.x, place.y)
                index[position] = Int32(point)
            }
        }
    }
}

/// Converts coordinates to positions on a mesh.
struct InterpolationPlacement {
    let corner: SIMD2<Float>
    private let inverse: SIMD2<Float>

    init(corner: SIMD2<Float>, spacing: SIMD2<Double>) {
        self.corner = corner
        inverse = SIMD2<Float>(1 / spacing)
    }

    /// The position in units of the spacing; the layout's corner is at the first node with enough nodes before it.
    func place(x: Float, y: Float) -> SIMD2<Float> {
        (SIMD2(x, y) - corner) * inverse + Float(InterpolationSpline.nodesBefore)
    }
}
