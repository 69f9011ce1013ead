import Numerics

/// Rows of zeros among neighbours by the cosine. They have no direction: 1 − cos is 1 from them to every other row, as in
/// scikit-learn. Differences of rows cannot say that, so that the other rows are searched alone and these are put between.
struct ZeroVectors {
    /// All rows, and those that are searched.
    private let features: CenteredFeatures
    private let others: AlignedBuffer<Int32>
    /// The rows of zeros, rising.
    private let zeros: [Int32]
    /// From a row of zeros to any other, in the unit of the graph.
    private let squaredDistance: Float

    /// Nil where no row is zero, or the metric is not the cosine.
    init?(_ features: CenteredFeatures) {
        if features.zeroRows.isEmpty { return nil }
        self.features = features
        zeros = features.zeroRows.map(Int32.init)
        let isZero = Set(features.zeroRows)
        let rows = (0..<features.count).filter { !isZero.contains($0) }
        others = AlignedBuffer(count: rows.count)
        for (place, row) in rows.enumerated() { others[place] = Int32(row) }
        squaredDistance = features.metric.squaredDistance(squaredDifference: Float(2 * features.scale * features.scale))
    }

    /// The neighbours of all rows. `search` finds those of rows that are not zero, and answers with nil where it is ended;
    /// then so does this.
    func neighbors(
        _ number: Int, threads: ThreadCount, search: (CenteredFeatures, _ neighborsPerPoint: Int) -> NeighborGraph?
    ) -> NeighborGraph? {
        var found: NeighborGraph?
        if others.count > 1 {
            let part = CenteredFeatures(features, inOrder: others, threads: threads)
            found = search(part, min(number, others.count - 1))
            if found == nil { return nil }
        }
        return graph(count: features.count, number, of: found, sources: (0..<features.count).map(Int32.init)) { row in
            (zeros, allRows(apartFrom: row, in: features.count))
        }
    }

    /// The neighbours of the rows from `reference` on among the first `reference`; as `neighbors` otherwise.
    func crossNeighbors(
        _ number: Int, reference: Int, threads: ThreadCount,
        search: (CenteredFeatures, _ reference: Int, _ neighborsPerPoint: Int) -> NeighborGraph?
    ) -> NeighborGraph? {
        let known = (0..<others.count).count { others[$0] < reference }
        var found: NeighborGraph?
        if known > 0 && known < others.count {
            let part = CenteredFeatures(features, inOrder: others, threads: threads)
            found = search(part, known, min(number, known))
            if found == nil { return nil }
        }
        let zeros = zeros.filter { $0 < reference }
        let sources = (reference..<features.count).map(Int32.init)
        return graph(count: sources.count, number, of: found, sources: sources) { _ in
            (zeros, allRows(apartFrom: -1, in: reference))
        }
    }

    private func allRows(apartFrom row: Int32, in count: Int) -> some Sequence<Int32> {
        (0..<Int32(count)).lazy.filter { $0 != row }
    }

    /// Puts rows of zeros between the neighbours that were found.
    ///
    /// - Parameter candidates: for a row, the rows of zeros that can be its neighbours, and all that can.
    private func graph(
        count: Int, _ number: Int, of found: NeighborGraph?, sources: [Int32],
        candidates: (Int32) -> (zeros: [Int32], all: some Sequence<Int32>)
    ) -> NeighborGraph {
        let indices = AlignedBuffer<Int32>(count: count * number)
        let distances = AlignedBuffer<Float>(count: count * number)
        let isZero = Set(zeros)
        var place = 0
        for (point, row) in sources.enumerated() {
            let (zeros, all) = candidates(row)
            var entries: [(distance: Float, index: Int32)]
            if isZero.contains(row) {
                entries = all.prefix(number).map { (squaredDistance, $0) }
            } else {
                entries = zeros.prefix(number).map { (squaredDistance, $0) }
                if let found {
                    let width = found.neighborsPerPoint
                    for entry in place * width..<(place + 1) * width {
                        entries.append((found.squaredDistances[entry], others[Int(found.indices[entry])]))
                    }
                }
                entries.sort { ($0.distance, $0.index) < ($1.distance, $1.index) }
                place += 1
            }
            precondition(entries.count >= number, "too few rows")
            for rank in 0..<number {
                indices[point * number + rank] = entries[rank].index
                distances[point * number + rank] = entries[rank].distance
            }
        }
        return NeighborGraph(
            count: count, neighborsPerPoint: number, indices: indices, squaredDistances: distances,
            recall: found?.recall ?? 1)
    }
}
