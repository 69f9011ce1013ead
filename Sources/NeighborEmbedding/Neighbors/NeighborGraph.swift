import Numerics

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
            let selection = Selection(features: features, candidates: candidates, names: names, kernels: kernels)
            for point in range {
                let start = Int(names[point]) * neighborsPerPoint
                selection.writeNearest(
                    neighborsPerPoint, of: point, row: point, offset: 0, indices: indexBase + start,
                    squaredDistances: distanceBase + start)
            }
        }
    }

    /// Takes what a search has found; see `CrossNeighbors` and `ZeroVectors`.
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

    /// Picks the nearest of a point's candidates, with the scratch memory of one thread for it.
    final class Selection {
        private let features: CenteredFeatures
        private let candidates: NeighborCandidates
        private let names: AlignedBuffer<Int32>?
        private let kernels: KernelPath
        private let ids: AlignedBuffer<Int32>
        private let distances: AlignedBuffer<Float>
        private let keys: AlignedBuffer<UInt64>

        /// - Parameter names: what the rows of the features are called in the results; nil for their numbers.
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

        /// Writes the `number` nearest candidates of a point, whose features are those of `row`, nearest first.
        /// `offset` is taken off the indices under which candidates were offered.
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
