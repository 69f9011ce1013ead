import Determinism

/// The probabilities p(j|i) of every point's neighbours, in double precision, columns rising within a row.
final class ConditionalAffinities {
    let count: Int
    let neighborsPerPoint: Int
    let indices: AlignedBuffer<Int32>
    let probabilities: AlignedBuffer<Double>
    let achieved: AchievedPerplexity

    init(neighbors: NearestNeighbors, perplexity: Double, threads: ThreadCount) {
        let (count, width) = (neighbors.count, neighbors.neighborsPerPoint)
        let indices = AlignedBuffer<Int32>(count: count * width)
        let probabilities = AlignedBuffer<Double>(count: count * width)
        let perplexities = AlignedBuffer<Double>(count: count)
        nonisolated(unsafe) let (indexBase, valueBase, perplexityBase) =
            (indices.base, probabilities.base, perplexities.base)
        threads.forEachChunk(of: count, size: 64) { _, range in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { row in
                for point in range {
                    let start = point * width
                    neighbors.squaredDistances.withUnsafeBufferPointer { distances in
                        perplexityBase[point] = PerplexityCalibration.calibrate(
                            squaredDistances: UnsafeBufferPointer(rebasing: distances[start..<start + width]),
                            perplexity: perplexity, probabilities: row)
                    }
                    let order = (0..<width).sorted { neighbors.indices[start + $0] < neighbors.indices[start + $1] }
                    for (rank, neighbor) in order.enumerated() {
                        indexBase[start + rank] = neighbors.indices[start + neighbor]
                        valueBase[start + rank] = row[neighbor]
                    }
                }
            }
        }
        self.count = count
        neighborsPerPoint = width
        self.indices = indices
        self.probabilities = probabilities
        achieved = AchievedPerplexity(of: UnsafeBufferPointer(start: perplexities.base, count: count))
    }
}

/// The same probabilities by the neighbour: for every point the points whose neighbour it is, rising.
final class IncomingAffinities {
    /// Where each point's list begins, and the end of the last.
    let starts: [Int]
    let sources: AlignedBuffer<Int32>
    let probabilities: AlignedBuffer<Double>

    init(_ conditional: ConditionalAffinities) {
        let entries = conditional.indices.count
        var starts = [Int](repeating: 0, count: conditional.count + 1)
        for entry in 0..<entries { starts[Int(conditional.indices[entry]) + 1] += 1 }
        for point in 0..<conditional.count { starts[point + 1] += starts[point] }
        self.starts = starts
        // From here on starts[point] is where the next entry of the point's list goes.
        sources = AlignedBuffer(count: entries)
        probabilities = AlignedBuffer(count: entries)
        for point in 0..<conditional.count {
            for entry in point * conditional.neighborsPerPoint..<(point + 1) * conditional.neighborsPerPoint {
                let neighbor = Int(conditional.indices[entry])
                sources[starts[neighbor]] = Int32(point)
                probabilities[starts[neighbor]] = conditional.probabilities[entry]
                starts[neighbor] += 1
            }
        }
    }
}
