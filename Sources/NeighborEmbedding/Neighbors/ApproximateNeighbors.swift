import Numerics

/// The search for almost all nearest neighbours of many points, with its recall measured.
///
/// Points are partitioned into cells of near ones, and each cell is searched together with its nearest cells. Their number is
/// chosen to reach the desired recall on a sample of points whose true neighbours are known, within a budget. If the budget
/// runs out first (features without any structure in many dimensions), rounds of `NeighborRefinement` follow.
enum ApproximateNeighbors {
    /// The recall at which the search ends, measured on the sample.
    static let wishedRecall = 0.96
    /// The budget: each point is compared with about this many others in its cells.
    private static let mostComparisons = 50_000
    private static let mostRounds = 4
    /// A round that adds less than this to the recall is the last; if less than this is missing, none begins.
    private static let leastGain = 0.002
    private static let pointsPerBlock = 384
    private static let partnersPerTask = 8
    private static let spareCandidates = 4

    /// Finds about `neighborsPerPoint` nearest others of each point. The result depends only on the features and the seed, not
    /// on the number of threads.
    ///
    /// - Parameter report: called from time to time with the completed share of the current work; returning false ends the
    ///   search.
    /// - Returns: nil if `report` ended the search.
    /// - Complexity: roughly O(N √N D) time for features with clusters; O(N k) memory: 16 bytes × 1.1 k per point, half as much
    ///   again during refinement, and a copy of the features.
    static func search(
        _ features: CenteredFeatures, neighborsPerPoint: Int, seed: UInt64, threads: ThreadCount,
        kernels: KernelPath, report: (Double) -> Bool
    ) -> NeighborGraph? {
        let count = features.count
        precondition(neighborsPerPoint >= 1 && neighborsPerPoint < count, "a point has count - 1 others")
        // Rounded up to whole panels of products, which refinement forms from a point's candidates.
        let capacity = min(count - 1, (neighborsPerPoint + spareCandidates + 31) / 32 * 32)
        let candidates = NeighborCandidates(count: count, capacity: capacity, kernels: kernels)
        let cells = FeatureCells(
            features, mostPoints: pointsPerBlock, seed: seed, threads: threads, kernels: kernels)
        guard report(0) else { return nil }
        // From here on points are identified by their positions in the cells, so that near ones are near in memory.
        let features = CenteredFeatures(features, inOrder: cells.points, threads: threads)
        let places = AlignedBuffer<Int32>(count: count)
        for place in 0..<count { places[place] = Int32(place) }
        let sample = NeighborSample(
            of: features, neighborsPerPoint: neighborsPerPoint, seed: seed, threads: threads, kernels: kernels)
        let probes = probes(cells, sample: sample, count: count)
        let search = BlockSearch(
            points: places, blocks: cells.blocks, features: features, candidates: candidates, kernels: kernels)
        let tasks = tasks(cells, probes: probes, capacity: capacity, seed: seed)
        guard search.run(tasks, threads: threads, report: report) else { return nil }
        var recall = sample.recall(of: candidates)
        for _ in 0..<mostRounds where recall < wishedRecall - leastGain {
            guard
                NeighborRefinement.round(
                    candidates, features: features, threads: threads, kernels: kernels, report: report)
            else { return nil }
            let before = recall
            recall = sample.recall(of: candidates)
            if recall - before < leastGain { break }
        }
        return NeighborGraph(
            nearestOf: candidates, neighborsPerPoint: neighborsPerPoint, features: features, recall: recall,
            names: cells.points, threads: threads, kernels: kernels)
    }

    /// The number of nearest blocks to search for each block, itself included: what the sample needs, within the budget.
    private static func probes(_ cells: FeatureCells, sample: NeighborSample, count: Int) -> Int {
        let blocks = cells.blocks.count
        let most = max(2, mostComparisons * blocks / count)
        var rankOf: [Int: [Int32]] = [:]
        func rank(of block: Int, from other: Int) -> Int {
            if rankOf[other] == nil {
                var ranks = [Int32](repeating: 0, count: blocks)
                for rank in 0..<blocks { ranks[Int(cells.nearestBlocks[other * blocks + rank])] = Int32(rank) }
                rankOf[other] = ranks
            }
            return Int(rankOf[other]![block])
        }
        var blockOf = [Int](repeating: 0, count: count)
        for (block, places) in cells.blocks.enumerated() { for place in places { blockOf[place] = block } }
        // The number of blocks that each true neighbour needs: the pair is searched if either is near the other.
        var needed = [Int](repeating: 0, count: blocks + 1)
        var total = 0
        for (point, neighbors) in sample.neighbors {
            let own = blockOf[point]
            for neighbor in neighbors {
                let other = blockOf[Int(neighbor)]
                needed[min(rank(of: other, from: own), rank(of: own, from: other)) + 1] += 1
                total += 1
            }
        }
        var found = 0
        for number in 0...blocks {
            found += needed[number]
            if Double(found) >= wishedRecall * Double(total) || number >= most { return min(number, blocks) }
        }
        return blocks
    }

    /// Every block with its nearest ones, each pair once, in random order: the same block should rarely be needed by two
    /// threads at once or twice in a row.
    private static func tasks(_ cells: FeatureCells, probes: Int, capacity: Int, seed: UInt64) -> [BlockSearch.Task] {
        let blocks = cells.blocks.count
        var partners = [[Int32]](repeating: [], count: blocks)
        for block in 0..<blocks {
            var reached = 0
            for rank in 0..<blocks {
                let other = Int(cells.nearestBlocks[block * blocks + rank])
                // However small the blocks are, a point needs enough candidates.
                if rank >= probes && reached > 2 * capacity { break }
                reached += cells.blocks[other].count
                if other != block { partners[max(block, other)].append(Int32(min(block, other))) }
            }
        }
        var tasks: [BlockSearch.Task] = []
        for block in 0..<blocks {
            let different = Set(partners[block]).sorted()
            for first in stride(from: 0, to: different.count, by: partnersPerTask) {
                let end = min(different.count, first + partnersPerTask)
                tasks.append(BlockSearch.Task(block: block, partners: different[first..<end]))
            }
        }
        var random = CounterRandom(seed: seed, RandomStream.cells.rawValue, 1)
        return random.permutation(of: tasks.count).map { tasks[$0] }
    }
}

/// A random sample of the points, with their true neighbours.
final class NeighborSample {
    /// The points, each with its nearest others, in arbitrary order.
    let neighbors: [(point: Int, neighbors: [Int32])]
    /// The squared distances of the farthest of them.
    private let radii: [Float]
    private let neighborsPerPoint: Int

    private static let mostPoints = 512
    private static let rowsPerChunk = 64
    private static let columnsPerBlock = 1_024

    /// - Complexity: O(N D) time for each of the 512 points.
    init(
        of features: CenteredFeatures, neighborsPerPoint: Int, seed: UInt64, threads: ThreadCount, kernels: KernelPath
    ) {
        let count = features.count
        let number = min(count, Self.mostPoints)
        var random = CounterRandom(seed: seed, RandomStream.neighborSample.rawValue)
        let points = (0..<number).map { Int32(count * $0 / number + random.index(below: count / number)) }
        // The points find themselves too, and are removed afterwards.
        let candidates = NeighborCandidates(count: number, capacity: neighborsPerPoint + 1, kernels: kernels)
        nonisolated(unsafe) let (features, live) = (features, candidates)
        threads.forEachChunkDynamically(of: number, size: Self.rowsPerChunk) { _, _, range in
            let products = RowProducts(
                features, mostRows: range.count, mostColumns: min(count, Self.columnsPerBlock), kernels: kernels)
            let rows = NeighborCandidates.Side(most: range.count)
            let columns = NeighborCandidates.Side(most: Self.columnsPerBlock)
            points.withUnsafeBufferPointer { rows.set(UnsafeBufferPointer(rebasing: $0[range]), of: features) }
            for (place, row) in range.enumerated() { rows.ids[place] = Int32(row) }
            for start in stride(from: 0, to: count, by: Self.columnsPerBlock) {
                let ids = (start..<min(count, start + Self.columnsPerBlock)).map { Int32($0) }
                ids.withUnsafeBufferPointer {
                    products.setColumns($0)
                    // Rows are identified by their positions in the sample here, columns by numbers that equal no such
                    // position.
                    columns.set($0, of: features, offset: Int32(number))
                }
                points.withUnsafeBufferPointer { products.compute(UnsafeBufferPointer(rebasing: $0[range])) }
                live.setLimits(of: rows, leastIndex: Int32(start + number))
                live.take(products.products.base, stride: products.stride, rows: rows, columns: columns, .rows)
            }
            for row in range { live.cut(row) }
        }
        var neighbors: [(point: Int, neighbors: [Int32])] = []
        var radii: [Float] = []
        for (place, point) in points.enumerated() {
            let others = candidates.keys(of: place).filter {
                NeighborCandidates.index(of: $0) - Int32(number) != point
            }.sorted().prefix(neighborsPerPoint)
            neighbors.append((Int(point), others.map { NeighborCandidates.index(of: $0) - Int32(number) }))
            radii.append(NeighborCandidates.distance(of: others.last!))
        }
        self.neighbors = neighbors
        self.radii = radii
        self.neighborsPerPoint = neighborsPerPoint
    }

    /// The share of true neighbours among the candidates. Points as near as the farthest true neighbour count as true ones,
    /// since any of several copies will do.
    func recall(of candidates: NeighborCandidates) -> Double {
        var found = 0
        for (place, sampled) in neighbors.enumerated() {
            let near = candidates.keys(of: sampled.point).count { NeighborCandidates.distance(of: $0) <= radii[place] }
            found += min(near, neighborsPerPoint)
        }
        return Double(found) / Double(neighbors.count * neighborsPerPoint)
    }
}
