import Numerics

/// A partition of the points into blocks of near ones, with the order in which blocks are near each other.
///
/// The cells come from a few sweeps of k-means on a sample (Lloyd, "Least squares quantization in PCM", 1982). A cell with too
/// many points is halved across a line through two of them until its parts are small enough.
final class FeatureCells {
    /// The points, block after block, ascending within a block.
    let points: AlignedBuffer<Int32>
    /// The ranges of the blocks in `points`.
    let blocks: [Range<Int>]
    /// For every block, all blocks by the distance of their means, itself first: `blocks.count` numbers per block.
    let nearestBlocks: AlignedBuffer<Int32>

    private static let sweeps = 5
    private static let sampledPointsPerCell = 24
    private static let pointsPerChunk = 384

    /// - Parameter mostPoints: the most points of a block.
    /// - Complexity: O(N D C) time with C cells of about `mostPoints` / 1.3 points, O(N + C²) memory.
    init(_ features: CenteredFeatures, mostPoints: Int, seed: UInt64, threads: ThreadCount, kernels: KernelPath) {
        let count = features.count
        let cells = max(1, count * 13 / (10 * mostPoints))
        var random = CounterRandom(seed: seed, RandomStream.cells.rawValue)
        let sample = Self.sample(min(count, cells * Self.sampledPointsPerCell), of: count, &random)
        // The first points of a random sample are a random sample.
        var centroids = Self.rows(of: features, sample[..<cells])
        let assigned = AlignedBuffer<Int32>(count: count)
        for _ in 0..<Self.sweeps where cells > 1 {
            Self.assign(sample, of: features, to: centroids, cells: cells, into: assigned, threads, kernels)
            centroids = Self.means(of: sample, features, cellOf: { Int(assigned[$0]) }, old: centroids, cells: cells)
        }
        let all = (0..<Int32(count)).map { $0 }
        Self.assign(all, of: features, to: centroids, cells: cells, into: assigned, threads, kernels)
        var members = [[Int32]](repeating: [], count: cells)
        for point in all { members[Int(assigned[Int(point)])].append(point) }
        var parts: [[Int32]] = []
        for cell in members where !cell.isEmpty {
            Self.split(cell, of: features, mostPoints: mostPoints, &random, into: &parts)
        }
        points = AlignedBuffer(count: count)
        var blocks: [Range<Int>] = []
        for (block, part) in parts.enumerated() {
            let start = blocks.last?.upperBound ?? 0
            for (place, point) in part.enumerated() {
                points[start + place] = point
                assigned[Int(point)] = Int32(block)
            }
            blocks.append(start..<start + part.count)
        }
        self.blocks = blocks
        let means = Self.means(
            of: all, features, cellOf: { Int(assigned[$0]) },
            old: AlignedBuffer(count: blocks.count * features.stride), cells: blocks.count)
        nearestBlocks = Self.order(means, count: blocks.count, stride: features.stride, threads)
    }

    /// `number` different points of 0..<`count`, in random order.
    private static func sample(_ number: Int, of count: Int, _ random: inout CounterRandom) -> [Int32] {
        var points = (0..<Int32(count)).map { $0 }
        for place in 0..<number { points.swapAt(place, place + random.index(below: count - place)) }
        return Array(points[..<number])
    }

    private static func rows(of features: CenteredFeatures, _ points: ArraySlice<Int32>) -> AlignedBuffer<Float> {
        let rows = AlignedBuffer<Float>(count: points.count * features.stride)
        for (place, point) in points.enumerated() {
            (rows.base + place * features.stride).update(
                from: features.rows.base + Int(point) * features.stride, count: features.stride)
        }
        return rows
    }

    /// Writes, for every given point, the cell with the nearest centroid; ties go to the first.
    private static func assign(
        _ points: [Int32], of features: CenteredFeatures, to centroids: AlignedBuffer<Float>, cells: Int,
        into assigned: AlignedBuffer<Int32>, _ threads: ThreadCount, _ kernels: KernelPath
    ) {
        let norms = AlignedBuffer<Float>(count: cells)
        for cell in 0..<cells {
            var norm = 0.0
            for column in 0..<features.dimension {
                let value = Double(centroids[cell * features.stride + column])
                norm += value * value
            }
            norms[cell] = Float(norm)
        }
        nonisolated(unsafe) let (features, centroids, target) = (features, centroids, assigned.base)
        // Points are the columns, which are prepared once for all centroids.
        nonisolated(unsafe) let scratch = (0..<threads.count).map { _ in
            RowProducts(
                features, mostRows: min(cells, pointsPerChunk), mostColumns: min(points.count, pointsPerChunk),
                kernels: kernels)
        }
        norms.withBase { norms in
            nonisolated(unsafe) let norms = norms
            threads.forEachChunkDynamically(of: points.count, size: pointsPerChunk) { thread, _, range in
                let products = scratch[thread]
                let nearest = AlignedBuffer<Float>(count: range.count)
                let cell = AlignedBuffer<Int32>(count: range.count)
                nearest.elements.update(repeating: .infinity)
                points.withUnsafeBufferPointer { products.setColumns(UnsafeBufferPointer(rebasing: $0[range])) }
                for start in stride(from: 0, to: cells, by: pointsPerChunk) {
                    let rows = min(pointsPerChunk, cells - start)
                    products.compute(rows: centroids.base + start * features.stride, count: rows)
                    for row in 0..<rows {
                        let line = products.products.base + row * products.stride
                        let norm = norms[start + row]
                        for place in 0..<range.count {
                            let distance = norm - 2 * line[place]
                            let isNearer = distance < nearest[place]
                            nearest[place] = isNearer ? distance : nearest[place]
                            cell[place] = isNearer ? Int32(start + row) : cell[place]
                        }
                    }
                }
                for place in 0..<range.count { target[Int(points[range.lowerBound + place])] = cell[place] }
            }
        }
    }

    /// The means of the cells' points, summed in the order of the points in double precision; an empty cell keeps its old mean.
    private static func means(
        of points: [Int32], _ features: CenteredFeatures, cellOf: (Int) -> Int, old: AlignedBuffer<Float>, cells: Int
    ) -> AlignedBuffer<Float> {
        let (stride, dimension) = (features.stride, features.dimension)
        let sums = AlignedBuffer<Double>(count: cells * dimension)
        var counts = [Int](repeating: 0, count: cells)
        for point in points {
            let cell = cellOf(Int(point))
            counts[cell] += 1
            let (sum, row) = (sums.base + cell * dimension, features.rows.base + Int(point) * stride)
            for column in 0..<dimension { sum[column] += Double(row[column]) }
        }
        let means = AlignedBuffer<Float>(count: cells * stride)
        for cell in 0..<cells {
            for column in 0..<dimension {
                means[cell * stride + column] =
                    counts[cell] == 0
                    ? old[cell * stride + column] : Float(sums[cell * dimension + column] / Double(counts[cell]))
            }
        }
        return means
    }

    /// Adds the points to `parts`. Too many points are first halved, repeatedly, at the median along the line through two
    /// random ones.
    private static func split(
        _ cell: [Int32], of features: CenteredFeatures, mostPoints: Int, _ random: inout CounterRandom,
        into parts: inout [[Int32]]
    ) {
        guard cell.count > mostPoints else { return parts.append(cell.sorted()) }
        let (stride, rows) = (features.stride, features.rows.base)
        let from = rows + Int(cell[random.index(below: cell.count)]) * stride
        let to = rows + Int(cell[random.index(below: cell.count)]) * stride
        let places = cell.map { point -> (Double, Int32) in
            let row = rows + Int(point) * stride
            var sum = 0.0
            for column in 0..<features.dimension { sum += Double(row[column]) * Double(to[column] - from[column]) }
            return (sum, point)
        }.sorted { $0 < $1 }
        let half = places.count / 2
        split(places[..<half].map(\.1), of: features, mostPoints: mostPoints, &random, into: &parts)
        split(places[half...].map(\.1), of: features, mostPoints: mostPoints, &random, into: &parts)
    }

    /// For every mean, all means by distance, itself first; ties go to the lower index.
    private static func order(
        _ means: AlignedBuffer<Float>, count: Int, stride: Int, _ threads: ThreadCount
    ) -> AlignedBuffer<Int32> {
        let order = AlignedBuffer<Int32>(count: count * count)
        nonisolated(unsafe) let (means, target) = (means.base, order.base)
        threads.forEachChunk(of: count, size: 16) { _, range in
            let keys = AlignedBuffer<UInt64>(count: count)
            for block in range {
                let mean = means + block * stride
                for other in 0..<count {
                    let otherMean = means + other * stride
                    var sum = SIMD8<Float>()
                    for column in Swift.stride(from: 0, to: stride, by: 8) {
                        let a = UnsafeRawPointer(mean + column).load(as: SIMD8<Float>.self)
                        let b = UnsafeRawPointer(otherMean + column).load(as: SIMD8<Float>.self)
                        sum += (a - b) * (a - b)
                    }
                    keys[other] =
                        other == block ? 0 : NeighborCandidates.key(distance: sum.sum(), index: Int32(other)) + 1 << 62
                }
                var sorted = keys.elements
                sorted.sort()
                target[block * count] = Int32(block)
                for rank in 1..<max(count, 1) {
                    target[block * count + rank] = NeighborCandidates.index(of: sorted[rank])
                }
            }
        }
        return order
    }
}
