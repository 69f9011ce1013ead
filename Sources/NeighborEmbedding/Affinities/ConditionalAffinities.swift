import Numerics

/// The probabilities p(j|i) of every point's neighbours, with columns ascending within a row. With several perplexities they
/// are the mean over the perplexities.
final class ConditionalAffinities {
    let count: Int
    let neighborsPerPoint: Int
    let indices: AlignedBuffer<Int32>
    /// In single precision, rounded once: affinities end up in single precision.
    let probabilities: AlignedBuffer<Float>
    /// The values achieved for each perplexity.
    let achieved: [AchievedPerplexity]

    private static let pointsPerChunk = 64

    /// - Complexity: O(N k) memory; about ten exponentials per neighbour and perplexity.
    init(neighbors: NeighborGraph, perplexities: [Double], threads: ThreadCount, kernels: KernelPath) {
        precondition(!perplexities.isEmpty, "affinities need a perplexity")
        let (count, width) = (neighbors.count, neighbors.neighborsPerPoint)
        let indices = AlignedBuffer<Int32>(count: count * width)
        let probabilities = AlignedBuffer<Float>(count: count * width)
        let reached = AlignedBuffer<Double>(count: count * perplexities.count)
        nonisolated(unsafe) let (neighbors, indexBase, valueBase, reachedBase) =
            (neighbors, indices.base, probabilities.base, reached.base)
        threads.forEachChunk(of: count, size: Self.pointsPerChunk) { _, range in
            let calibration = PerplexityCalibration(neighbors: width, kernels: kernels)
            let sums = AlignedBuffer<Double>(count: width)
            let order = AlignedBuffer<UInt64>(count: width)
            for point in range {
                let start = point * width
                sums.elements.update(repeating: 0)
                for (scale, perplexity) in perplexities.enumerated() {
                    reachedBase[scale * count + point] = calibration.calibrate(
                        neighbors.squaredDistances.base + start, perplexity: perplexity)
                    for rank in 0..<width { sums[rank] += calibration.probabilities[rank] }
                }
                for rank in 0..<width {
                    order[rank] = UInt64(neighbors.indices[start + rank]) << 32 | UInt64(rank)
                }
                var keys = order.elements
                keys.sort()
                for place in 0..<width {
                    indexBase[start + place] = Int32(order[place] >> 32)
                    valueBase[start + place] = Float(
                        sums[Int(order[place] & 0xFFFF_FFFF)] / Double(perplexities.count))
                }
            }
        }
        self.count = count
        neighborsPerPoint = width
        self.indices = indices
        self.probabilities = probabilities
        achieved = perplexities.indices.map { scale in
            AchievedPerplexity(of: UnsafeBufferPointer(rebasing: reached.elements[scale * count..<(scale + 1) * count]))
        }
    }
}

/// The same probabilities, grouped by neighbour: for every point, the points that have it as a neighbour, in ascending order.
final class IncomingAffinities {
    /// Where each point's list begins, and the end of the last.
    let starts: AlignedBuffer<Int>
    let sources: AlignedBuffer<Int32>
    let probabilities: AlignedBuffer<Float>

    /// Every thread reads all entries and keeps those in its own range of neighbours, which costs less than scattered writes
    /// shared between threads; but with many threads, most of the work would be reading.
    private static let mostThreads = 8

    /// - Complexity: O(N k) time and memory.
    init(_ conditional: ConditionalAffinities, threads: ThreadCount) {
        let (count, width) = (conditional.count, conditional.neighborsPerPoint)
        let threads = ThreadCount(min(threads.count, Self.mostThreads))
        starts = AlignedBuffer(count: count + 1)
        sources = AlignedBuffer(count: count * width)
        probabilities = AlignedBuffer(count: count * width)
        nonisolated(unsafe) let (starts, sources, probabilities, conditional) =
            (starts.base, sources.base, probabilities.base, conditional)
        threads.forEachRange(of: count) { own in
            for entry in 0..<count * width {
                let neighbor = Int(conditional.indices[entry])
                if own.contains(neighbor) { starts[neighbor + 1] += 1 }
            }
        }
        for point in 0..<count { starts[point + 1] += starts[point] }
        let next = AlignedBuffer<Int>(count: count)
        next.base.update(from: starts, count: count)
        next.withBase { next in
            nonisolated(unsafe) let next = next
            threads.forEachRange(of: count) { own in
                for point in 0..<count {
                    for entry in point * width..<(point + 1) * width {
                        let neighbor = Int(conditional.indices[entry])
                        guard own.contains(neighbor) else { continue }
                        let place = next[neighbor]
                        sources[place] = Int32(point)
                        probabilities[place] = conditional.probabilities[entry]
                        next[neighbor] = place + 1
                    }
                }
            }
        }
    }
}
