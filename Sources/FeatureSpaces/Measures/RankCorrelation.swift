/// The order of a list of numbers, with ties.
struct Ranking: Sendable {
    /// The indices of the numbers in ascending order.
    let order: [Int32]
    /// Where each run of equal numbers begins in `order`; the last entry is their count.
    let tieStarts: [Int32]

    private static let digitBits = 11

    /// A radix sort on the bits of the numbers, whose order is that of the numbers once the bits of negative ones are inverted;
    /// 11 bits at a time from the lowest.
    /// - Complexity: O(n).
    init(_ values: [Double]) {
        // Adding zero turns −0 into 0.
        var items = values.enumerated().map { place, value in
            let bits = (value + 0).bitPattern
            return Item(key: bits >> 63 == 0 ? bits | 1 << 63 : ~bits, place: Int32(place))
        }
        var others = items
        for shift in stride(from: 0, to: 64, by: Self.digitBits) {
            let isSorted = items.withUnsafeBufferPointer { source in
                others.withUnsafeMutableBufferPointer { Self.sort(source, by: UInt64(shift), into: $0) }
            }
            if isSorted { swap(&items, &others) }
        }
        order = items.map(\.place)
        let tieStarts = items.indices.filter { $0 == 0 || items[$0].key != items[$0 - 1].key }.map { Int32($0) }
        self.tieStarts = tieStarts + [Int32(values.count)]
    }

    private struct Item {
        let key: UInt64
        let place: Int32
    }

    /// Sorts by one digit, keeping the order of equal ones. Does nothing and returns false if all have the same digit.
    private static func sort(
        _ items: UnsafeBufferPointer<Item>, by shift: UInt64, into target: UnsafeMutableBufferPointer<Item>
    ) -> Bool {
        let mask = UInt64(1) << UInt64(digitBits) - 1
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << digitBits) { starts in
            starts.update(repeating: 0)
            for item in items { starts[Int(item.key >> shift & mask)] += 1 }
            if starts.contains(items.count) { return false }
            var sum = 0
            for digit in starts.indices { (starts[digit], sum) = (sum, sum + starts[digit]) }
            for item in items {
                let digit = Int(item.key >> shift & mask)
                target[starts[digit]] = item
                starts[digit] += 1
            }
            return true
        }
    }

    /// Calls `body` for every run of equal numbers with its range in `order` and the rank that they share: the mean of their
    /// ranks, from 1, if each number occurred as often as its weight says.
    @inline(__always)
    fileprivate func forEachTie(
        weights: UnsafePointer<Double>, _ body: (_ run: Range<Int>, _ weight: Double, _ rank: Double) -> Void
    ) {
        var before = 0.0
        order.withUnsafeBufferPointer { order in
            for index in 0..<tieStarts.count - 1 {
                let run = Int(tieStarts[index])..<Int(tieStarts[index + 1])
                var weight = 0.0
                for place in run { weight += weights[Int(order[place])] }
                body(run, weight, before + (weight + 1) / 2)
                before += weight
            }
        }
    }
}

extension Ranking {
    /// The rank of every number minus the mean rank; equal numbers share theirs.
    var centredRanks: [Double] {
        var ranks = [Double](repeating: 0, count: order.count)
        let mean = Double(order.count - 1) / 2
        for index in 0..<tieStarts.count - 1 {
            let run = Int(tieStarts[index])..<Int(tieStarts[index + 1])
            let rank = Double(run.lowerBound + run.upperBound - 1) / 2 - mean
            for place in run { ranks[Int(order[place])] = rank }
        }
        return ranks
    }

    /// For every number, the sum of `values` over the larger ones plus half of the sum over those equal to it, including
    /// itself.
    func sumsAbove(_ values: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: order.count)
        var above = 0.0
        for index in (0..<tieStarts.count - 1).reversed() {
            let run = Int(tieStarts[index])..<Int(tieStarts[index + 1])
            var own = 0.0
            for place in run { own += values[Int(order[place])] }
            for place in run { sums[Int(order[place])] = above + own / 2 }
            above += own
        }
        return sums
    }
}

/// Spearman's correlation between two lists of numbers, each pair counted according to its weight.
struct RankCorrelation: Sendable {
    let first: Ranking
    let second: Ranking

    /// Pearson's correlation between the ranks, with ties sharing their mean rank; NaN if either list is constant over the
    /// pairs of positive weight, or there are fewer than two such pairs.
    ///
    /// - Parameter weights: one for each pair, whole and not negative; all 1 when nil.
    /// - Complexity: O(n).
    func value(weights: [Double]? = nil) -> Double {
        let count = first.order.count
        let weights = weights ?? [Double](repeating: 1, count: count)
        return weights.withUnsafeBufferPointer { weights in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { ranks in
                value(weights: weights, ranks: ranks)
            }
        }
    }

    private func value(
        weights: UnsafeBufferPointer<Double>, ranks: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        guard let weights = weights.baseAddress else { return .nan }
        var total = 0.0
        for place in 0..<ranks.count { total += weights[place] }
        let mean = (total + 1) / 2
        var (firstSquares, secondSquares, products) = (0.0, 0.0, 0.0)
        first.order.withUnsafeBufferPointer { order in
            first.forEachTie(weights: weights) { run, weight, rank in
                firstSquares += weight * (rank - mean) * (rank - mean)
                for place in run { ranks[Int(order[place])] = rank - mean }
            }
        }
        second.order.withUnsafeBufferPointer { order in
            second.forEachTie(weights: weights) { run, weight, rank in
                secondSquares += weight * (rank - mean) * (rank - mean)
                var sum = 0.0
                for place in run { sum += weights[Int(order[place])] * ranks[Int(order[place])] }
                products += sum * (rank - mean)
            }
        }
        if firstSquares == 0 || secondSquares == 0 { return .nan }
        return max(-1, min(1, products / (firstSquares * secondSquares).squareRoot()))
    }
}
