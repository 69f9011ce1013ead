import Determinism

/// Every point's nearest neighbours, the point itself left out, nearest first; of equally distant ones the one with the
/// lower index comes first.
final class NeighborGraph {
    let count: Int
    /// The number of neighbours of each point.
    let neighborsPerPoint: Int
    /// `count` × `neighborsPerPoint` indices.
    let indices: AlignedBuffer<Int32>
    /// The squares of the distances to them by the metric, in some unit.
    let squaredDistances: AlignedBuffer<Float>
    /// The share of true neighbours among these: 1 by an exact search, else as measured on a sample of the points. A
    /// point as near as the last true neighbour counts as one.
    let recall: Double

    private static let pointsPerChunk = 64

    /// Takes the nearest candidates of every point by distances computed from the differences, which lose no digits
    /// where points lie close together as the products behind the candidates do. Every point has at least as many
    /// candidates as neighbours.
    ///
    /// - Parameter names: what the points that `candidates` and `features` number are called here.
    /// - Complexity: O(N k D) time, O(N k) memory.
    init(
        nearestOf candidates: NeighborCandidates, neighborsPerPoint: Int, features: CenteredFeatures, recall: Double,
        names: AlignedBuffer<Int32>, threads: ThreadCount, kernels: KernelPath
    ) {
        count = features.count
        self.neighborsPerPoint = neighborsPerPoint
        self.recall = recall
        indices = AlignedBuffer(count: features.count * neighborsPerPoint)
        squaredDistances = AlignedBuffer(count: features.count * neighborsPerPoint)
        nonisolated(unsafe) let (features, candidates, names) = (features, candidates, names)
        nonisolated(unsafe) let (indexBase, distanceBase) = (indices.base, squaredDistances.base)
        threads.forEachChunkDynamically(of: features.count, size: Self.pointsPerChunk) { _, _, range in
            let ids = AlignedBuffer<Int32>(count: candidates.slots)
            let distances = AlignedBuffer<Float>(count: candidates.slots)
            let keys = AlignedBuffer<UInt64>(count: candidates.slots)
            for point in range {
                candidates.cut(point)
                let held = candidates.keys(of: point)
                precondition(held.count >= neighborsPerPoint, "too few candidates")
                for (slot, key) in held.enumerated() { ids[slot] = NeighborCandidates.index(of: key) }
                features.squaredDistances(
                    from: point, to: UnsafeBufferPointer(start: ids.base, count: held.count), into: distances.base,
                    kernels: kernels)
                var nearest = UnsafeMutableBufferPointer(start: keys.base, count: held.count)
                for slot in 0..<held.count {
                    nearest[slot] = NeighborCandidates.key(
                        distance: distances[slot], index: names[Int(ids[slot])])
                }
                nearest.sort()
                let start = Int(names[point]) * neighborsPerPoint
                for rank in 0..<neighborsPerPoint {
                    indexBase[start + rank] = NeighborCandidates.index(of: nearest[rank])
                    distanceBase[start + rank] = features.metric.squaredDistance(
                        squaredDifference: NeighborCandidates.distance(of: nearest[rank]))
                }
            }
        }
    }
}
