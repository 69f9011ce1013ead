/// A quadtree over points in Morton order, its cells in the order in which a walk from the root meets them.
///
/// A cell with one occupied quarter only is left out in favour of that quarter, so that there are fewer cells than
/// points.
final class QuadTree {
    /// A cell: the points from `first` to `end` - 1 of the order, and where a walk goes on when it does not enter the
    /// cell.
    struct Cell {
        /// The points' centre of mass.
        var x: Float
        var y: Float
        /// The number of points.
        var mass: Float
        /// The square of the cell's side.
        var squaredSide: Float
        var first: Int32
        var end: Int32
        /// The position of the next cell that is not inside this one. A leaf's is its own plus one.
        var next: Int32
    }

    let order: MortonOrder
    private(set) var cells: [Cell] = []
    /// Ranges of consecutive points that lie close together, in their order, covering all points: what walks the tree
    /// together.
    private(set) var groups: [Range<Int>] = []

    /// A leaf holds at most so many points, unless the keys tell them no longer apart.
    private static let leafCapacity = 16
    private static let groupCapacity = 48

    init(order: MortonOrder) {
        self.order = order
    }

    /// Builds the tree over the order as it stands.
    ///
    /// - Complexity: O(N).
    func build() {
        cells.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        _ = addCell(0..<order.count, inGroup: false)
    }

    /// Adds the smallest cell around a range of points, and all cells inside; returns the sum of the points'
    /// coordinates.
    private func addCell(_ range: Range<Int>, inGroup: Bool) -> SIMD2<Double> {
        let difference = order.place(at: range.lowerBound) ^ order.place(at: range.upperBound - 1)
        let unused = UInt64.bitWidth - 2 * order.levels
        let level = min(order.levels, (difference.leadingZeroBitCount - unused) / 2)
        let side = order.side * Float(sign: .plus, exponent: -level, significand: 1)
        let startsGroup = !inGroup && range.count <= Self.groupCapacity
        let isLeaf = range.count <= Self.leafCapacity || level == order.levels
        if startsGroup || (isLeaf && !inGroup) { groups.append(range) }
        let position = cells.count
        cells.append(
            Cell(
                x: 0, y: 0, mass: Float(range.count), squaredSide: side * side, first: Int32(range.lowerBound),
                end: Int32(range.upperBound), next: 0))
        var sum = SIMD2<Double>.zero
        if isLeaf {
            for point in range { sum += SIMD2(Double(order.sorted.x[point]), Double(order.sorted.y[point])) }
        } else {
            var start = range.lowerBound
            while start < range.upperBound {
                let end = endOfQuarter(from: start, in: range, level: level)
                sum += addCell(start..<end, inGroup: inGroup || startsGroup)
                start = end
            }
        }
        cells[position].x = Float(sum.x / Double(range.count))
        cells[position].y = Float(sum.y / Double(range.count))
        cells[position].next = Int32(cells.count)
        return sum
    }

    /// The end of the points from `start` on that lie in the same quarter of a cell at a level.
    private func endOfQuarter(from start: Int, in range: Range<Int>, level: Int) -> Int {
        let shift = UInt64(2 * (order.levels - level - 1))
        let quarter = order.place(at: start) >> shift
        var (low, high) = (start + 1, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if order.place(at: middle) >> shift == quarter { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
