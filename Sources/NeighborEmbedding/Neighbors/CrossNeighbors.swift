import Numerics

/// The exact search for the nearest neighbours of new points among those of a reference.
enum CrossNeighbors {
    /// A block's products and candidates fit in a second-level cache of 2 MiB.
    private static let pointsPerBlock = 384
    /// Fewer new points per block, so that there is work for all threads.
    private static let pointsPerSmallBlock = 96
    private static let mostPointsInSmallBlocks = 4_000
    /// The number of blocks per thread between two reports.
    private static let blocksPerReport = 2
    /// As in `NearestNeighbors`.
    private static let spareCandidates = 16

    /// Finds the `neighborsPerPoint` nearest of the first `reference` rows for every row after them.
    ///
    /// Candidates are selected by |a|² + |b|² − 2ab; their distances are then recomputed from the differences. The result for a
    /// point does not depend on the other new points.
    ///
    /// - Parameter report: called from time to time with the completed share; returning false ends the search.
    /// - Returns: a graph from the new points, counted from 0, to the reference; nil if `report` ended the search.
    /// - Complexity: O(M N D) time for M new points and N of the reference; O(M k) memory, and O(D) per thread.
    static func search(
        _ features: CenteredFeatures, reference: Int, neighborsPerPoint: Int, threads: ThreadCount,
        kernels: KernelPath, report: (Double) -> Bool
    ) -> NeighborGraph? {
        precondition(neighborsPerPoint >= 1 && neighborsPerPoint <= reference, "neighbours are of the reference")
        let count = features.count - reference
        let size = count <= mostPointsInSmallBlocks ? pointsPerSmallBlock : pointsPerBlock
        let search = Search(
            features: features, reference: reference, neighborsPerPoint: neighborsPerPoint, pointsPerBlock: size,
            kernels: kernels)
        nonisolated(unsafe) let (task, scratch) = (
            search, (0..<threads.count).map { _ in Scratch(features, mostRows: size, kernels: kernels) }
        )
        let blocks = (count + size - 1) / size
        let turn = blocksPerReport * threads.count
        for start in stride(from: 0, to: blocks, by: turn) {
            guard report(Double(start) / Double(blocks)) else { return nil }
            threads.forEachChunkDynamically(of: min(turn, blocks - start), size: 1) { thread, place, _ in
                let first = (start + place) * size
                task.search(first..<min(count, first + size), scratch[thread])
            }
        }
        guard report(1) else { return nil }
        return NeighborGraph(
            count: count, neighborsPerPoint: neighborsPerPoint, indices: search.indices,
            squaredDistances: search.squaredDistances)
    }

    /// The memory of one thread for the products of a block of new points and one of the reference.
    private final class Scratch {
        let products: RowProducts
        let rows: NeighborCandidates.Side
        let columns: NeighborCandidates.Side

        init(_ features: CenteredFeatures, mostRows: Int, kernels: KernelPath) {
            products = RowProducts(features, mostRows: mostRows, mostColumns: pointsPerBlock, kernels: kernels)
            rows = NeighborCandidates.Side(most: mostRows)
            columns = NeighborCandidates.Side(most: pointsPerBlock)
        }
    }

    private final class Search {
        let indices: AlignedBuffer<Int32>
        let squaredDistances: AlignedBuffer<Float>
        private let features: CenteredFeatures
        private let reference: Int
        private let neighborsPerPoint: Int
        private let pointsPerBlock: Int
        private let kernels: KernelPath
        /// 0, 1, 2 … to identify rows.
        private let rows: AlignedBuffer<Int32>

        init(
            features: CenteredFeatures, reference: Int, neighborsPerPoint: Int, pointsPerBlock: Int,
            kernels: KernelPath
        ) {
            self.features = features
            self.reference = reference
            self.neighborsPerPoint = neighborsPerPoint
            self.pointsPerBlock = pointsPerBlock
            self.kernels = kernels
            let count = features.count - reference
            indices = AlignedBuffer(count: count * neighborsPerPoint)
            squaredDistances = AlignedBuffer(count: count * neighborsPerPoint)
            rows = AlignedBuffer(count: features.count)
            for row in 0..<features.count { rows[row] = Int32(row) }
        }

        /// Finds the neighbours of a block of new points. Within it they are numbered from 0, and the reference points from
        /// `pointsPerBlock` on, so that no two are confused.
        func search(_ block: Range<Int>, _ scratch: Scratch) {
            let candidates = NeighborCandidates(
                count: block.count, capacity: min(reference, neighborsPerPoint + spareCandidates), kernels: kernels)
            let firstRow = reference + block.lowerBound
            let points = UnsafeBufferPointer(start: rows.base + firstRow, count: block.count)
            let offset = Int32(pointsPerBlock)
            scratch.rows.set(points, of: features, offset: -Int32(firstRow))
            for first in stride(from: 0, to: reference, by: CrossNeighbors.pointsPerBlock) {
                let columns = UnsafeBufferPointer(
                    start: rows.base + first, count: min(CrossNeighbors.pointsPerBlock, reference - first))
                scratch.products.setColumns(columns)
                scratch.columns.set(columns, of: features, offset: offset)
                scratch.products.compute(points)
                candidates.setLimits(of: scratch.rows, leastIndex: Int32(first) + offset)
                candidates.take(
                    scratch.products.products.base, stride: scratch.products.stride, rows: scratch.rows,
                    columns: scratch.columns, .rows)
            }
            let selection = NeighborGraph.Selection(features: features, candidates: candidates, kernels: kernels)
            for place in 0..<block.count {
                let start = (block.lowerBound + place) * neighborsPerPoint
                selection.writeNearest(
                    neighborsPerPoint, of: place, row: firstRow + place, offset: offset,
                    indices: indices.base + start, squaredDistances: squaredDistances.base + start)
            }
        }
    }
}
