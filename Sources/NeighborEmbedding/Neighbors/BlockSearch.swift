import Numerics
import Synchronization

/// The search for neighbours among blocks of points: the points of two blocks are multiplied once and offered to each other, on
/// several threads.
final class BlockSearch {
    /// A block with others before it. The block is prepared once for its products with all of them.
    struct Task {
        let block: Int
        let partners: ArraySlice<Int32>
    }

    /// The points, block after block.
    let points: AlignedBuffer<Int32>
    /// The ranges of the blocks in `points`.
    let blocks: [Range<Int>]
    private let features: CenteredFeatures
    private let candidates: NeighborCandidates
    private let locks: [BlockLock]
    private let leastIndices: [Int32]
    private let kernels: KernelPath

    /// The number of tasks between two reports.
    private static let tasksPerReport = 512

    init(
        points: AlignedBuffer<Int32>, blocks: [Range<Int>], features: CenteredFeatures, candidates: NeighborCandidates,
        kernels: KernelPath
    ) {
        self.points = points
        self.blocks = blocks
        self.features = features
        self.candidates = candidates
        self.kernels = kernels
        locks = blocks.map { _ in BlockLock() }
        leastIndices = blocks.map { block in points.elements[block].min() ?? 0 }
    }

    /// Searches every block within itself, then the tasks, in approximately their order.
    ///
    /// - Parameter report: called from time to time with the completed share; returning false ends the search.
    /// - Returns: false if `report` ended the search.
    func run(_ tasks: [Task], threads: ThreadCount, report: (Double) -> Bool) -> Bool {
        let most = blocks.lazy.map(\.count).max() ?? 0
        nonisolated(unsafe) let search = self
        nonisolated(unsafe) let scratch = (0..<threads.count).map { _ in
            Scratch(features, most: most, kernels: kernels)
        }
        let total = blocks.count + tasks.count
        for start in stride(from: 0, to: total, by: Self.tasksPerReport) {
            guard report(Double(start) / Double(total)) else { return false }
            let number = min(Self.tasksPerReport, total - start)
            threads.forEachChunkDynamically(of: number, size: 1) { thread, place, _ in
                let place = start + place
                if place < search.blocks.count {
                    search.searchInside(place, scratch[thread])
                } else {
                    search.search(tasks[place - search.blocks.count], scratch[thread])
                }
            }
        }
        return report(1)
    }

    func points(of block: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(rebasing: points.elements[blocks[block]])
    }

    private func searchInside(_ block: Int, _ scratch: Scratch) {
        scratch.setColumns(points(of: block), features)
        scratch.setRows(points(of: block), features)
        locks[block].run {
            candidates.setLimits(of: scratch.rows, leastIndex: 0)
            candidates.take(
                scratch.products.products.base, stride: scratch.products.stride, rows: scratch.rows,
                columns: scratch.columns, .rows)
        }
    }

    private func search(_ task: Task, _ scratch: Scratch) {
        scratch.setColumns(points(of: task.block), features)
        for partner in task.partners {
            let partner = Int(partner)
            scratch.setRows(points(of: partner), features)
            // The lower block first, so that two threads never wait for each other.
            locks[min(partner, task.block)].run {
                locks[max(partner, task.block)].run {
                    candidates.setLimits(of: scratch.rows, leastIndex: leastIndices[task.block])
                    candidates.setLimits(of: scratch.columns, leastIndex: leastIndices[partner])
                    candidates.take(
                        scratch.products.products.base, stride: scratch.products.stride, rows: scratch.rows,
                        columns: scratch.columns, .both)
                }
            }
        }
    }

    /// The memory of one thread for the products of two blocks.
    private final class Scratch {
        let products: RowProducts
        let rows: NeighborCandidates.Side
        let columns: NeighborCandidates.Side

        init(_ features: CenteredFeatures, most: Int, kernels: KernelPath) {
            products = RowProducts(features, mostRows: most, mostColumns: most, kernels: kernels)
            rows = NeighborCandidates.Side(most: most)
            columns = NeighborCandidates.Side(most: most)
        }

        func setColumns(_ points: UnsafeBufferPointer<Int32>, _ features: CenteredFeatures) {
            products.setColumns(points)
            columns.set(points, of: features)
        }

        func setRows(_ points: UnsafeBufferPointer<Int32>, _ features: CenteredFeatures) {
            products.compute(points)
            rows.set(points, of: features)
        }
    }
}

/// Keeps two threads from offering to the same block at once.
private final class BlockLock: Sendable {
    private let mutex = Mutex(())

    func run(_ body: () -> Void) { mutex.withLock { _ in body() } }
}
