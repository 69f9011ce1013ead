import Numerics

/// Improves every point's candidates with those of its candidates: a neighbour of a neighbour is likely to be a neighbour
/// (Dong, Moses and Li, "Efficient k-nearest neighbor graph construction for generic similarity measures", 2011).
///
/// Every point introduces all points that hold it as a candidate to its own candidates, so a round is one block of products per
/// point. A round works on the candidates from its beginning, and what is kept does not depend on the order of offers: the
/// result is the same for any number of threads.
enum NeighborRefinement {
    /// How many points that hold another as a candidate are processed at a time; thousands may hold the centre of a crowd.
    private static let rowsPerBlock = 96
    private static let pointsPerChunk = 32
    private static let pointsPerReport = 16_384

    /// Does one round. It is fastest if points near each other have nearby indices.
    ///
    /// - Returns: false if `report` ended the round.
    /// - Complexity: O(N k² D) time, O(N k) memory.
    static func round(
        _ candidates: NeighborCandidates, features: CenteredFeatures, threads: ThreadCount,
        kernels: KernelPath, report: (Double) -> Bool
    ) -> Bool {
        let count = candidates.count
        // The plain Swift version of shared offers has no locks.
        let threads = kernels == .swift ? ThreadCount(1) : threads
        nonisolated(unsafe) let lists = CandidateLists(candidates, threads: threads)
        nonisolated(unsafe) let (candidates, features) = (candidates, features)
        nonisolated(unsafe) let scratch = (0..<threads.count).map { _ in
            Scratch(features, most: candidates.capacity, kernels: kernels)
        }
        for start in stride(from: 0, to: count, by: pointsPerReport) {
            guard report(Double(start) / Double(count)) else { return false }
            let number = min(pointsPerReport, count - start)
            threads.forEachChunkDynamically(of: number, size: pointsPerChunk) { thread, _, range in
                let scratch = scratch[thread]
                for place in range {
                    let point = start + place
                    let (held, holders) = (lists.held(by: point), lists.holders(of: point))
                    if held.isEmpty || holders.isEmpty { continue }
                    scratch.products.setColumns(held)
                    scratch.columns.set(held, of: features)
                    lists.setLimits(of: scratch.columns)
                    for first in stride(from: 0, to: holders.count, by: rowsPerBlock) {
                        let rows = UnsafeBufferPointer(
                            rebasing: holders[first..<min(holders.count, first + rowsPerBlock)])
                        scratch.products.compute(rows)
                        scratch.rows.set(rows, of: features)
                        lists.setLimits(of: scratch.rows)
                        candidates.take(
                            scratch.products.products.base, stride: scratch.products.stride, rows: scratch.rows,
                            columns: scratch.columns, .shared)
                    }
                }
            }
        }
        return report(1)
    }

    private final class Scratch {
        let products: RowProducts
        let rows: NeighborCandidates.Side
        let columns: NeighborCandidates.Side

        init(_ features: CenteredFeatures, most: Int, kernels: KernelPath) {
            products = RowProducts(features, mostRows: rowsPerBlock, mostColumns: most, kernels: kernels)
            rows = NeighborCandidates.Side(most: rowsPerBlock)
            columns = NeighborCandidates.Side(most: most)
        }
    }
}

/// The candidates of all points at the beginning of a round: which ones each point holds, which points hold it, and its limit.
private final class CandidateLists {
    private let capacity: Int
    private let counts: AlignedBuffer<Int32>
    private let candidates: AlignedBuffer<Int32>
    private let limits: AlignedBuffer<Float>
    /// Where each point's holders begin, and the end of the last.
    private let starts: AlignedBuffer<Int>
    private let sources: AlignedBuffer<Int32>

    init(_ live: NeighborCandidates, threads: ThreadCount) {
        let (count, capacity) = (live.count, live.capacity)
        self.capacity = capacity
        counts = AlignedBuffer(count: count)
        candidates = AlignedBuffer(count: count * capacity)
        limits = AlignedBuffer(count: count)
        nonisolated(unsafe) let (live, counts, candidates, limits) = (live, counts.base, candidates.base, limits.base)
        threads.forEachRange(of: count) { range in
            for point in range {
                live.cut(point)
                let keys = live.keys(of: point)
                counts[point] = Int32(keys.count)
                limits[point] = live.limit(of: point)
                for (slot, key) in keys.enumerated() {
                    candidates[point * capacity + slot] = NeighborCandidates.index(of: key)
                }
            }
        }
        starts = AlignedBuffer(count: count + 1)
        for point in 0..<count {
            for slot in 0..<Int(counts[point]) { starts[Int(candidates[point * capacity + slot]) + 1] += 1 }
        }
        for point in 0..<count { starts[point + 1] += starts[point] }
        sources = AlignedBuffer(count: starts[count])
        let next = AlignedBuffer<Int>(count: count)
        next.base.update(from: starts.base, count: count)
        for point in 0..<count {
            for slot in 0..<Int(counts[point]) {
                let neighbor = Int(candidates[point * capacity + slot])
                sources[next[neighbor]] = Int32(point)
                next[neighbor] += 1
            }
        }
    }

    func held(by point: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(start: candidates.base + point * capacity, count: Int(counts[point]))
    }

    func holders(of point: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(rebasing: sources.elements[starts[point]..<starts[point + 1]])
    }

    func setLimits(of side: NeighborCandidates.Side) {
        for place in 0..<side.count { side.limits[place] = limits[Int(side.ids[place])] }
    }
}
