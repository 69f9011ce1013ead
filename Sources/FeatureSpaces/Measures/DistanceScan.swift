import Numerics

/// The results of one pass over the Euclidean distances between all samples of a space, one strip of rows at a time.
struct DistanceScan {
    /// The nearest neighbours in this space.
    let neighbors: NeighborLists
    /// For each entry of the given lists, the rank of that neighbour among the sample's others in this space: 1 for the
    /// nearest. Empty without lists.
    let ranks: [Int32]
    /// N × K: the sum of the distances from a sample to all samples of a class. Empty without classes.
    let classSums: [Double]
    /// The squared distances of each given list of pairs, in its order.
    let pairDistances: [[Double]]

    /// - Parameters:
    ///   - ties: the order of equally distant samples, for neighbours and ranks.
    ///   - neighbors: the number of neighbours to find, at most N − 1; may be 0.
    ///   - lists: neighbours whose ranks are requested.
    ///   - classes: the class of each sample, below `classCount`.
    ///   - pairs: lists of pairs whose distances are requested.
    /// - Complexity: O(N² (D + log k)) time; O(N) memory per thread, 48 MiB or 96 rows of products, whichever is more.
    init(
        _ rows: CenteredRows, ties: TieOrder, neighbors: Int, ranksOf lists: NeighborLists? = nil,
        classes: [Int32] = [], classCount: Int = 0, pairs: [SamplePairs] = [], threads: ThreadCount
    ) {
        let count = rows.count
        precondition(neighbors >= 0 && neighbors < count, "a sample has count - 1 others")
        let indices = AlignedBuffer<Int32>(count: count * neighbors)
        let ranks = AlignedBuffer<Int32>(count: lists?.indices.count ?? 0)
        let sums = AlignedBuffer<Double>(count: count * classCount)
        let distances = pairs.map { AlignedBuffer<Double>(count: $0.count) }
        nonisolated(unsafe) let (source, indexBase, rankBase, sumBase) = (rows, indices.base, ranks.base, sums.base)
        nonisolated(unsafe) let distanceBases = distances.map(\.base)
        let size = CenteredRows.Strip.rows(of: count)
        let strips = (count + size - 1) / size
        threads.forEachThread { thread in
            if thread >= strips { return }
            let products = CenteredRows.Strip(source)
            var nearest = NearestSelection(count: neighbors)
            var counting = RankCount(count: lists?.neighborsPerSample ?? 0)
            for strip in stride(from: thread, to: strips, by: threads.count) {
                let range = strip * size..<min(count, (strip + 1) * size)
                products.compute(range)
                for row in range {
                    let line = products.line(row - range.lowerBound)
                    Self.turnIntoSquaredDistances(line, of: row, norms: source.squaredNorms.base)
                    nearest.select(from: line, of: row, ties, into: indexBase + row * neighbors)
                    if let lists {
                        counting.count(
                            lists[row], in: line, of: row, ties, into: rankBase + row * lists.neighborsPerSample)
                    }
                    for (list, target) in zip(pairs, distanceBases) {
                        for pair in list.range(of: row) { target[pair] = line[Int(list.seconds[pair])] }
                    }
                    if classCount > 0 {
                        line[row] = 0
                        let target = sumBase + row * classCount
                        for other in 0..<count { target[Int(classes[other])] += line[other].squareRoot() }
                    }
                }
            }
        }
        self.neighbors = NeighborLists(count: count, neighborsPerSample: neighbors, indices: indices.array)
        self.ranks = ranks.array
        classSums = sums.array
        pairDistances = distances.map(\.array)
    }

    /// |a|² + |b|² − 2ab, clamped to at least 0; infinite from a row to itself.
    private static func turnIntoSquaredDistances(
        _ line: UnsafeMutableBufferPointer<Double>, of row: Int, norms: UnsafePointer<Double>
    ) {
        let norm = norms[row]
        for other in 0..<line.count { line[other] = max(0, norm + norms[other] - 2 * line[other]) }
        line[row] = .infinity
    }
}

/// Selects the nearest entries of a line of distances by insertion.
private struct NearestSelection {
    private let count: Int
    private var distances: [Double]

    init(count: Int) {
        self.count = count
        distances = [Double](repeating: .infinity, count: count)
    }

    /// Writes the indices of the smallest finite entries of `line`, the distances of `row`, in ascending order; equal ones are in
    /// the order of `ties`.
    mutating func select(
        from line: UnsafeMutableBufferPointer<Double>, of row: Int, _ ties: TieOrder,
        into places: UnsafeMutablePointer<Int32>
    ) {
        if count == 0 { return }
        let last = count - 1
        distances.withUnsafeMutableBufferPointer { nearest in
            nearest.update(repeating: .infinity)
            var farthest = Double.infinity
            // Of the last entry, once it is needed.
            var lastNumber: UInt64?
            for place in 0..<line.count where line[place] <= farthest {
                let distance = line[place]
                if place == row { continue }
                if distance == farthest {
                    let number = lastNumber ?? ties.number(of: Int(places[last]), from: row)
                    lastNumber = number
                    if ties.number(of: place, from: row) >= number { continue }
                }
                var slot = last
                while slot > 0, nearest[slot - 1] >= distance {
                    let before = places[slot - 1]
                    if nearest[slot - 1] == distance, !ties.isNearer(place, Int(before), from: row) { break }
                    nearest[slot] = nearest[slot - 1]
                    places[slot] = before
                    slot -= 1
                }
                nearest[slot] = distance
                places[slot] = Int32(place)
                farthest = nearest[last]
                lastNumber = nil
            }
        }
    }
}

/// Ranks some entries of a line of distances by counting the distances before them.
private struct RankCount {
    private var order: [Int]
    /// Sorted, and padded with infinity to the next power of two above their number.
    private var distances: [Double]
    /// Of the samples in sorted order, in the order of ties.
    private var numbers: [UInt64]
    private var samples: [Int32]
    /// The number of distances before the first sorted entry, and between each and the next.
    private var counts: [Int32]

    init(count: Int) {
        order = Array(0..<count)
        var places = 1
        while places <= count { places *= 2 }
        distances = [Double](repeating: .infinity, count: places)
        numbers = [UInt64](repeating: 0, count: count)
        samples = [Int32](repeating: 0, count: count)
        counts = [Int32](repeating: 0, count: count + 1)
    }

    /// Writes the rank in `line`, the distances of `row`, of every sample of `list`, from 1.
    ///
    /// Each distance finds its gap between the sorted ones of `list` by bisection, and ranks are cumulative sums over gaps. A
    /// sample of `list` falls into the gap after itself, so it counts only for those after it.
    /// - Complexity: O(N log k).
    mutating func count(
        _ list: ArraySlice<Int32>, in line: UnsafeMutableBufferPointer<Double>, of row: Int, _ ties: TieOrder,
        into ranks: UnsafeMutablePointer<Int32>
    ) {
        if list.isEmpty { return }
        let first = list.startIndex
        order.sort {
            let (one, other) = (Int(list[first + $0]), Int(list[first + $1]))
            if line[one] != line[other] { return line[one] < line[other] }
            return ties.isNearer(one, other, from: row)
        }
        for (place, entry) in order.enumerated() {
            samples[place] = list[first + entry]
            distances[place] = line[Int(samples[place])]
            numbers[place] = ties.number(of: Int(samples[place]), from: row)
        }
        countGaps(in: line, of: row, ties)
        var rank: Int32 = 1
        for (place, entry) in order.enumerated() {
            rank += counts[place]
            ranks[entry] = rank
        }
    }

    /// The bisection has no branches: which half a distance falls into is unpredictable.
    private mutating func countGaps(
        in line: UnsafeMutableBufferPointer<Double>, of row: Int, _ ties: TieOrder
    ) {
        let size = samples.count
        counts.withUnsafeMutableBufferPointer { counts in
            counts.update(repeating: 0)
            distances.withUnsafeBufferPointer { distances in
                samples.withUnsafeBufferPointer { samples in
                    let largest = distances[size - 1]
                    for sample in 0..<line.count where line[sample] <= largest {
                        let distance = line[sample]
                        var (gap, step) = (0, distances.count / 2)
                        while step > 0 {
                            gap &+= distances[gap &+ step &- 1] < distance ? step : 0
                            step /= 2
                        }
                        if gap < size, distances[gap] == distance {
                            let number = ties.number(of: sample, from: row)
                            while gap < size, distances[gap] == distance,
                                (numbers[gap], samples[gap]) <= (number, Int32(sample))
                            {
                                gap += 1
                            }
                        }
                        counts[gap] += 1
                    }
                }
            }
        }
    }
}
