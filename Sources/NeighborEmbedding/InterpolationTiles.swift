import Determinism

/// The points of a layout sorted by square tiles of nodes, so that charges can be spread tile by tile.
///
/// Within a tile the points keep their order, so the sums on the nodes do not depend on the number of threads. Points
/// that lie along a curve through the plane already, as they do in most iterations, are moved little.
final class InterpolationTiles {
    /// Nodes along a side of a tile.
    static let side = 16

    let count: Int
    /// Places in units of the spacing, in the order of the tiles.
    let places: PlanarBuffer
    /// The index that the point at a position of the order has outside of it.
    let index: AlignedBuffer<Int32>
    private(set) var columns = 0
    private(set) var rows = 0

    private let tileOfPoint: AlignedBuffer<Int32>
    /// For each chunk of points and tile, the number of points, and then the position of the next.
    private var counts: AlignedBuffer<Int32>
    private var starts: [Int] = []

    private static let mostChunks = 32
    private static let leastPointsPerChunk = 4_096
    private var pointsPerChunk: Int { max(Self.leastPointsPerChunk, (count + Self.mostChunks - 1) / Self.mostChunks) }

    init(count: Int) {
        self.count = count
        places = PlanarBuffer(count: count)
        index = AlignedBuffer(count: count)
        tileOfPoint = AlignedBuffer(count: count)
        counts = AlignedBuffer(count: 0)
    }

    /// The positions of the points of a tile.
    func points(column: Int, row: Int) -> Range<Int> {
        starts[row * columns + column]..<starts[row * columns + column + 1]
    }

    /// Sorts the points of a layout whose least coordinates are `corner`.
    ///
    /// - Complexity: O(N + tiles).
    func sort(_ points: PlanarBuffer, corner: SIMD2<Float>, mesh: InterpolationMesh, threads: ThreadCount) {
        columns = (mesh.usedColumns + Self.side - 1) / Self.side
        rows = (mesh.usedRows + Self.side - 1) / Self.side
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
                let place = placement.place(x: source.x[point], y: source.y[point])
                let column = (Int(place.x) - InterpolationSpline.nodesBefore) / Self.side
                let row = (Int(place.y) - InterpolationSpline.nodesBefore) / Self.side
                tileOfPoint[point] = Int32(row * columns + column)
                histogram[row * columns + column] += 1
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

/// From coordinates to places on a mesh.
struct InterpolationPlacement {
    let corner: SIMD2<Float>
    private let inverse: SIMD2<Float>

    init(corner: SIMD2<Float>, spacing: SIMD2<Double>) {
        self.corner = corner
        inverse = SIMD2<Float>(1 / spacing)
    }

    /// The place in units of the spacing; the layout's corner has that of the first node with enough nodes before it.
    func place(x: Float, y: Float) -> SIMD2<Float> {
        (SIMD2(x, y) - corner) * inverse + Float(InterpolationSpline.nodesBefore)
    }
}
