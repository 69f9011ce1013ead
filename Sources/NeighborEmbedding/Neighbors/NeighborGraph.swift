import Numerics

/// Every point's nearest neighbours, excluding the point itself, nearest first; ties go to the lower index.
final class NeighborGraph {
    let count: Int
    /// The number of neighbours per point.
    let neighborsPerPoint: Int
    /// `count` × `neighborsPerPoint` indices.
    let indices: AlignedBuffer<Int32>
    /// The squared distances to them by the metric, in some unit.
    let squaredDistances: AlignedBuffer<Float>
    /// The share of true neighbours among these: 1 for an exact search, otherwise measured on a sample of the points. A point
    /// as near as the farthest true neighbour counts as one.
    let recall: Double

    private static let pointsPerChunk = 64

    /// Selects the nearest candidates of every point by distances computed from the differences. Unlike the products behind the
    /// candidates, these lose no digits where points lie close together. Every point must have at least as many candidates as
    /// neighbours.
    ///
    /// - Parameter names: the indices in this graph of the points that `candidates` and `features` number.
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
            let selection = Selection(features: features, candidates: candidates, names: names, kernels: kernels)
            for point in range {
                let start = Int(names[point]) * neighborsPerPoint
                selection.writeNearest(
                    neighborsPerPoint, of: point, row: point, offset: 0, indices: indexBase + start,
                    squaredDistances: distanceBase + start)
            }
        }
    }

    /// Stores the results of a search; see `CrossNeighbors` and `ZeroVectors`.
    init(
        count: Int, neighborsPerPoint: Int, indices: AlignedBuffer<Int32>, squaredDistances: AlignedBuffer<Float>,
        recall: Double = 1
    ) {
        self.count = count
        self.neighborsPerPoint = neighborsPerPoint
        self.indices = indices
        self.squaredDistances = squaredDistances
        self.recall = recall
    }

    /// Selects the nearest of a point's candidates, with the scratch memory of one thread.
    final class Selection {
        private let features: CenteredFeatures
        private let candidates: NeighborCandidates
        private let names: AlignedBuffer<Int32>?
        private let kernels: KernelPath
        private let ids: AlignedBuffer<Int32>
        private let distances: AlignedBuffer<Float>
        private let keys: AlignedBuffer<UInt64>

        /// - Parameter names: the indices of the rows of the features in the results; nil for their own numbers.
        init(
            features: CenteredFeatures, candidates: NeighborCandidates, names: AlignedBuffer<Int32>? = nil,
            kernels: KernelPath
        ) {
            self.features = features
            self.candidates = candidates
            self.names = names
            self.kernels = kernels
            ids = AlignedBuffer(count: candidates.slots)
            distances = AlignedBuffer(count: candidates.slots)
            keys = AlignedBuffer(count: candidates.slots)
        }

        /// Writes the `number` nearest candidates of a point, whose features are those of `row`, nearest first. `offset` is
        /// subtracted from the indices under which candidates were offered.
        func writeNearest(
            _ number: Int, of point: Int, row: Int, offset: Int32, indices: UnsafeMutablePointer<Int32>,
            squaredDistances: UnsafeMutablePointer<Float>
        ) {
            candidates.cut(point)
            let held = candidates.keys(of: point)
            precondition(held.count >= number, "too few candidates")
            for (slot, key) in held.enumerated() { ids[slot] = NeighborCandidates.index(of: key) - offset }
            features.squaredDistances(
                from: row, to: UnsafeBufferPointer(start: ids.base, count: held.count), into: distances.base,
                kernels: kernels)
            var nearest = UnsafeMutableBufferPointer(start: keys.base, count: held.count)
            for slot in 0..<held.count {
                let name = names.map { $0[Int(ids[slot])] } ?? ids[slot]
                nearest[slot] = NeighborCandidates.key(distance: distances[slot], index: name)
            }
            nearest.sort()
            for rank in 0..<number {
                indices[rank] = NeighborCandidates.index(of: nearest[rank])
                squaredDistances[rank] = features.metric.squaredDistance(
                    squaredDifference: NeighborCandidates.distance(of: nearest[rank]))
            }
        }
    }
}
