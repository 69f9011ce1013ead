import Numerics

/// Points sorted along a Z-shaped curve (Morton, 1966) through their bounding square, so that every cell of a quadtree
/// is a range of consecutive points.
final class MortonOrder {
    let count: Int
    /// The number of cell levels that the keys distinguish.
    let levels: Int
    /// The side of the bounding square.
    private(set) var side: Float = 0
    /// The points' keys in ascending order: `levels` pairs of bits, the coarsest first, above the bits of the point's index.
    private(set) var keys: AlignedBuffer<UInt64>
    /// The coordinates in that order.
    let sorted: PlanarBuffer

    private let indexBits: Int
    private var spare: AlignedBuffer<UInt64>
    private let extremes: AlignedBuffer<Float>
    /// For every chunk of points, the number of keys with each digit; then the position of the next of these.
    private let starts: AlignedBuffer<Int32>

    /// Three digits' worth: two points with equal keys are within 1/65,536 of the square's side.
    private static let mostLevels = 16
    private static let pointsPerChunk = 4_096
    private static let digitBits = 11

    init(count: Int) {
        self.count = count
        indexBits = max(1, Int.bitWidth - (count - 1).leadingZeroBitCount)
        levels = min(Self.mostLevels, (UInt64.bitWidth - indexBits) / 2)
        keys = AlignedBuffer(count: count)
        spare = AlignedBuffer(count: count)
        sorted = PlanarBuffer(count: count)
        let chunks = (count + Self.pointsPerChunk - 1) / Self.pointsPerChunk
        extremes = AlignedBuffer(count: 4 * chunks)
        starts = AlignedBuffer(count: chunks << Self.digitBits)
    }

    /// The original index of the point at a position of the order.
    func index(at position: Int) -> Int { Int(keys[position] & (1 << UInt64(indexBits) - 1)) }

    /// The place on the curve of the point at a position, without the point's index.
    func place(at position: Int) -> UInt64 { keys[position] >> UInt64(indexBits) }

    /// Sorts the points by their current positions.
    ///
    /// - Complexity: O(N).
    func sort(_ points: PlanarBuffer, threads: ThreadCount) {
        let corner = boundingSquare(of: points, threads: threads)
        let cells = Float(1 << levels)
        let scale = side > 0 ? cells / side : 0
        nonisolated(unsafe) let (source, keyBase, target) = (points, keys.base, sorted)
        let (indexBits, limit) = (UInt64(indexBits), UInt64(1 << levels) - 1)
        threads.forEachChunk(of: count, size: Self.pointsPerChunk) { _, range in
            for point in range {
                let column = min(UInt64((source.x[point] - corner.x) * scale), limit)
                let row = min(UInt64((source.y[point] - corner.y) * scale), limit)
                let place = Self.spread(column) | Self.spread(row) << 1
                keyBase[point] = place << indexBits | UInt64(point)
            }
        }
        sortKeys(threads: threads)
        nonisolated(unsafe) let order = self
        threads.forEachChunk(of: count, size: Self.pointsPerChunk) { _, range in
            for position in range {
                let point = order.index(at: position)
                target.x[position] = source.x[point]
                target.y[position] = source.y[point]
            }
        }
    }

    /// Finds the square's side and returns its lower corner.
    private func boundingSquare(of points: PlanarBuffer, threads: ThreadCount) -> SIMD2<Float> {
        nonisolated(unsafe) let (source, partial) = (points, extremes.base)
        threads.forEachChunk(of: count, size: Self.pointsPerChunk) { chunk, range in
            var (low, high) = (SIMD2<Float>(repeating: .infinity), SIMD2<Float>(repeating: -.infinity))
            for point in range {
                let place = SIMD2(source.x[point], source.y[point])
                low = pointwiseMin(low, place)
                high = pointwiseMax(high, place)
            }
            (partial[4 * chunk], partial[4 * chunk + 1]) = (low.x, low.y)
            (partial[4 * chunk + 2], partial[4 * chunk + 3]) = (high.x, high.y)
        }
        var (low, high) = (SIMD2<Float>(repeating: .infinity), SIMD2<Float>(repeating: -.infinity))
        for chunk in 0..<extremes.count / 4 {
            low = pointwiseMin(low, SIMD2(extremes[4 * chunk], extremes[4 * chunk + 1]))
            high = pointwiseMax(high, SIMD2(extremes[4 * chunk + 2], extremes[4 * chunk + 3]))
        }
        side = (high - low).max()
        return low
    }

    /// Sorts by digits, the lowest first. The indices are in order initially, and stay so among equal places.
    ///
    /// Every chunk counts its digits; a digit's keys go after those of smaller digits and, among equal digits, after those of
    /// earlier chunks.
    private func sortKeys(threads: ThreadCount) {
        let buckets = 1 << Self.digitBits
        let chunks = starts.count / buckets
        for pass in 0..<(2 * levels + Self.digitBits - 1) / Self.digitBits {
            let shift = UInt64(indexBits + pass * Self.digitBits)
            nonisolated(unsafe) let (source, target, starts) = (keys.base, spare.base, starts.base)
            threads.forEachChunk(of: count, size: Self.pointsPerChunk) { chunk, range in
                let counts = starts + chunk * buckets
                counts.update(repeating: 0, count: buckets)
                for position in range { counts[Int(source[position] >> shift) & (buckets - 1)] += 1 }
            }
            var next: Int32 = 0
            for bucket in 0..<buckets {
                for chunk in 0..<chunks {
                    let number = starts[chunk * buckets + bucket]
                    starts[chunk * buckets + bucket] = next
                    next += number
                }
            }
            threads.forEachChunk(of: count, size: Self.pointsPerChunk) { chunk, range in
                let places = starts + chunk * buckets
                for position in range {
                    let bucket = Int(source[position] >> shift) & (buckets - 1)
                    target[Int(places[bucket])] = source[position]
                    places[bucket] += 1
                }
            }
            swap(&keys, &spare)
        }
    }

    /// Inserts a zero bit above each of the lower 32 bits.
    private static func spread(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFF
        bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FF
        bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0F
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333
        bits = (bits | bits << 1) & 0x5555_5555_5555_5555
        return bits
    }
}
