import CKernels
import Determinism

/// The exact nearest neighbours of every point by Euclidean distance, the point itself left out, nearest first; of
/// equally distant points the one with the lower index comes first.
struct NearestNeighbors: Sendable {
    let count: Int
    /// The number of neighbours of each point.
    let neighborsPerPoint: Int
    /// `count` × `neighborsPerPoint` indices.
    let indices: [Int32]
    /// The squared distances to them, in the unit of `CenteredFeatures`.
    let squaredDistances: [Float]

    private static let rowsPerBlock = 120
    private static let columnsPerBlock = 2_048
    private static let rowsPerReport = 4_096
    /// Candidates beyond the neighbours asked for: the products by which candidates are picked lose digits where points
    /// lie close together, and the distances by which neighbours are picked among them do not.
    private static let spareCandidates = 16

    /// Finds the `neighborsPerPoint` nearest of each point.
    ///
    /// Candidates are picked by |a|² + |b|² − 2ab; their distances are then computed again from the differences.
    ///
    /// - Parameter report: called now and then with the share done; returning false ends the search.
    /// - Returns: nil when `report` ended the search.
    /// - Complexity: O(N² D) time; O(N D) memory, and a block of 120 × 2,048 products a thread.
    init?(
        of features: CenteredFeatures, neighborsPerPoint: Int, threads: ThreadCount, kernels: KernelPath,
        report: (Double) -> Bool
    ) {
        let count = features.count
        precondition(neighborsPerPoint >= 1 && neighborsPerPoint < count, "a point has count - 1 others")
        let indices = AlignedBuffer<Int32>(count: count * neighborsPerPoint)
        let distances = AlignedBuffer<Float>(count: count * neighborsPerPoint)
        nonisolated(unsafe) let (features, indexBase, distanceBase) = (features, indices.base, distances.base)
        nonisolated(unsafe) let products = RowProducts(features, threads: threads, kernels: kernels)
        for start in stride(from: 0, to: count, by: Self.rowsPerReport) {
            guard report(Double(start) / Double(count)) else { return nil }
            let rows = min(Self.rowsPerReport, count - start)
            threads.forEachChunkDynamically(of: rows, size: Self.rowsPerBlock) { _, _, range in
                Self.searchBlock(
                    start + range.lowerBound..<start + range.upperBound, of: features, products: products,
                    neighborsPerPoint: neighborsPerPoint, kernels: kernels, indices: indexBase,
                    distances: distanceBase)
            }
        }
        guard report(1) else { return nil }
        self.count = count
        self.neighborsPerPoint = neighborsPerPoint
        self.indices = indices.array
        squaredDistances = distances.array
    }

    private static func searchBlock(
        _ rows: Range<Int>, of features: CenteredFeatures, products: RowProducts, neighborsPerPoint: Int,
        kernels: KernelPath, indices: UnsafeMutablePointer<Int32>, distances: UnsafeMutablePointer<Float>
    ) {
        let count = features.count
        let candidates = min(count - 1, neighborsPerPoint + spareCandidates)
        var nearest = rows.map { _ in CandidateHeap(capacity: candidates) }
        let block = AlignedBuffer<Float>(count: rows.count * columnsPerBlock)
        let norms = features.squaredNorms.base
        for start in Swift.stride(from: 0, to: count, by: columnsPerBlock) {
            let columns = min(columnsPerBlock, count - start)
            products.compute(rows: rows, columns: start..<start + columns, into: block.base, stride: columnsPerBlock)
            for (slot, row) in rows.enumerated() {
                nearest[slot].offer(
                    products: block.base + slot * columnsPerBlock, norms: norms + start, count: columns,
                    rowNorm: norms[row], firstIndex: start, excluding: row)
            }
        }
        for (slot, row) in rows.enumerated() {
            let best = closest(
                neighborsPerPoint, among: nearest[slot].indices, to: row, of: features, kernels: kernels)
            for (rank, key) in best.enumerated() {
                indices[row * neighborsPerPoint + rank] = CandidateHeap.index(of: key)
                distances[row * neighborsPerPoint + rank] = CandidateHeap.distance(of: key)
            }
        }
    }

    /// The keys of the nearest among the candidates by distances from differences, nearest first.
    private static func closest(
        _ number: Int, among candidates: [Int32], to row: Int, of features: CenteredFeatures, kernels: KernelPath
    ) -> ArraySlice<UInt64> {
        let exact = squaredDistances(from: row, to: candidates, of: features, kernels: kernels)
        return zip(exact, candidates).map { CandidateHeap.key(distance: $0, index: $1) }.sorted().prefix(number)
    }

    /// The squared distances of a row from others.
    static func squaredDistances(
        from row: Int, to others: [Int32], of features: CenteredFeatures, kernels: KernelPath
    ) -> [Float] {
        let stride = features.stride
        let point = features.rows.base + row * stride
        if let code = kernels.code {
            return [Float](unsafeUninitializedCapacity: others.count) { buffer, initialized in
                others.withUnsafeBufferPointer {
                    penumbra_tsne_distances(
                        code, features.rows.base, Int64(stride), point, $0.baseAddress, Int64(others.count),
                        buffer.baseAddress)
                }
                initialized = others.count
            }
        }
        return others.map { other in
            let otherPoint = features.rows.base + Int(other) * stride
            var sum = 0.0
            for column in 0..<stride {
                let difference = Double(point[column]) - Double(otherPoint[column])
                sum += difference * difference
            }
            return Float(sum)
        }
    }
}
