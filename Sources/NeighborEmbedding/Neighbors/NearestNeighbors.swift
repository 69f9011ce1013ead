import Numerics

/// The exact search for nearest neighbours.
enum NearestNeighbors {
    /// A block's products and candidates fit in a second-level cache of 2 MiB.
    private static let pointsPerBlock = 384
    /// Fewer points per block, so that there is work for all threads.
    private static let pointsPerSmallBlock = 96
    private static let mostPointsInSmallBlocks = 4_000
    private static let partnersPerTask = 4
    /// Candidates beyond the requested neighbours. The products that select candidates lose digits where points lie close
    /// together; the distances that select neighbours among them do not.
    private static let spareCandidates = 16

    /// Finds the `neighborsPerPoint` nearest others of each point.
    ///
    /// Candidates are selected by |a|² + |b|² − 2ab, each pair of points multiplied once for both; their distances are then
    /// recomputed from the differences.
    ///
    /// - Parameter report: called from time to time with the completed share; returning false ends the search.
    /// - Returns: nil if `report` ended the search.
    /// - Complexity: O(N² D) time; O(N k) memory, and O(D) per thread.
    static func search(
        _ features: CenteredFeatures, neighborsPerPoint: Int, threads: ThreadCount, kernels: KernelPath,
        report: (Double) -> Bool
    ) -> NeighborGraph? {
        let count = features.count
        precondition(neighborsPerPoint >= 1 && neighborsPerPoint < count, "a point has count - 1 others")
        let candidates = NeighborCandidates(
            count: count, capacity: min(count - 1, neighborsPerPoint + spareCandidates), kernels: kernels)
        let points = AlignedBuffer<Int32>(count: count)
        for point in 0..<count { points[point] = Int32(point) }
        let size = count <= mostPointsInSmallBlocks ? pointsPerSmallBlock : pointsPerBlock
        let blocks = stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
        let search = BlockSearch(
            points: points, blocks: blocks, features: features, candidates: candidates, kernels: kernels)
        guard search.run(tasks(blocks: blocks.count), threads: threads, report: report) else { return nil }
        return NeighborGraph(
            nearestOf: candidates, neighborsPerPoint: neighborsPerPoint, features: features, recall: 1, names: points,
            threads: threads, kernels: kernels)
    }

    /// All pairs of different blocks, by the sum of their numbers: consecutive tasks have no block in common, and every block
    /// meets the others in approximately their order. So among many copies of a point, those with low indices come first and
    /// the rest are skipped.
    private static func tasks(blocks: Int) -> [BlockSearch.Task] {
        let numbers = (0..<Int32(blocks)).map { $0 }
        var tasks: [(sum: Int, task: BlockSearch.Task)] = []
        for block in 1..<max(blocks, 1) {
            for first in stride(from: 0, to: block, by: partnersPerTask) {
                let partners = numbers[first..<min(block, first + partnersPerTask)]
                tasks.append((first + block, BlockSearch.Task(block: block, partners: partners)))
            }
        }
        return tasks.sorted { ($0.sum, $0.task.block) < ($1.sum, $1.task.block) }.map(\.task)
    }
}
