import Numerics

/// Rows of zeros among neighbours by the cosine. They have no direction: their 1 − cos to every other row is 1, as in
/// scikit-learn. Differences of rows cannot express that, so the other rows are searched alone and the rows of zeros are
/// inserted.
struct ZeroVectors {
    /// All rows, and the indices of those that are searched.
    private let features: CenteredFeatures
    private let others: AlignedBuffer<Int32>
    /// The rows of zeros, ascending.
    private let zeros: [Int32]
    /// The distance from a row of zeros to any other, in the unit of the graph.
    private let squaredDistance: Float

    /// Nil if no row is zero, or the metric is not the cosine.
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

    /// The neighbours of all rows. `search` finds those of the rows that are not zero; if it is ended it returns nil, and so
    /// does this.
    func neighbors(
        _ number: Int, threads: ThreadCount, search: (CenteredFeatures, _ neighborsPerPoint: Int) -> NeighborGraph?
    ) -> NeighborGraph? {
        var found: NeighborGraph?
        if others.count > 1 {
            let part = CenteredFeatures(features, inOrder: others, threads: threads)
            found = search(part, min(number, others.count - 1))
            if found == nil { return nil }
        }
        return graph(number, of: found, sources: (0..<features.count).map(Int32.init), zeros: zeros) { row in
            // Counting on from its own index, a row itself comes last and is left out.
            Self.spread(number, over: features.count - 1).map { Int32((Int(row) + 1 + $0) % features.count) }
        }
    }

    /// The neighbours among the first `reference` rows of the rows after them; otherwise as `neighbors`.
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
        return graph(number, of: found, sources: sources, zeros: zeros) { row in
            Self.spread(number, over: reference).map { Int32((Int(row) + $0) % reference) }
        }
    }

    /// `number` different numbers below `count`, evenly spaced: among equally far rows, neighbours are taken from everywhere,
    /// since the first rows of a file are often of one class.
    private static func spread(_ number: Int, over count: Int) -> [Int] {
        (0..<min(number, count)).map { $0 * count / min(number, count) }
    }

    /// Inserts rows of zeros between the neighbours that were found.
    ///
    /// - Parameters:
    ///   - zeros: The rows of zeros that may be neighbours.
    ///   - neighborsOfZero: The neighbours of a row of zeros, all equally far.
    private func graph(
        _ number: Int, of found: NeighborGraph?, sources: [Int32], zeros: [Int32],
        neighborsOfZero: (Int32) -> [Int32]
    ) -> NeighborGraph {
        let count = sources.count
        let indices = AlignedBuffer<Int32>(count: count * number)
        let distances = AlignedBuffer<Float>(count: count * number)
        let isZero = Set(self.zeros)
        var place = 0
        for (point, row) in sources.enumerated() {
            var entries: [(distance: Float, index: Int32)]
            if isZero.contains(row) {
                entries = neighborsOfZero(row).map { (squaredDistance, $0) }
            } else {
                entries = Self.spread(number, over: zeros.count).map {
                    (squaredDistance, zeros[(Int(row) + $0) % zeros.count])
                }
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
