import Numerics

/// A quadtree over points in Morton order, with its cells in the order in which a walk from the root meets them.
///
/// A cell with only one occupied quarter is replaced by that quarter, so there are fewer cells than points.
final class QuadTree {
    /// A cell: the points from `first` to `end` - 1 of the order, and where a walk continues if it does not enter the cell.
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
        /// The position of the next cell that is not inside this one. For a leaf it is its own position plus one.
        var next: Int32
    }

    let order: MortonOrder
    private(set) var cells: [Cell] = []
    /// Ranges of consecutive points that lie close together, in order, covering all points: each group walks the tree together.
    private(set) var groups: [Range<Int>] = []

    /// The parts below the crown, each built by one thread.
    private var branches: [QuadTreeBranch] = []

    /// The most points of a leaf, unless their keys are equal.
    static let leafCapacity = 16
    /// A branch holds at most this share of the points, unless there are few points or they lie in one position.
    private static let branchesPerTree = 64
    private static let leastBranch = 512

    init(order: MortonOrder) {
        self.order = order
    }

    /// Builds the tree over the current order. The cells do not depend on `threads`.
    ///
    /// - Complexity: O(N).
    func build(threads: ThreadCount) {
        let capacity = max(Self.leastBranch, order.count / Self.branchesPerTree)
        var crown: [CrownStep] = []
        var count = 0
        plan(0..<order.count, capacity: capacity, into: &crown, branches: &count)
        while branches.count < count { branches.append(QuadTreeBranch(order: order)) }
        var ranges: [Range<Int>] = []
        for case .branch(let range) in crown { ranges.append(range) }
        nonisolated(unsafe) let branches = branches
        let parts = ranges
        threads.forEachChunkDynamically(of: count, size: 1) { _, branch, _ in branches[branch].build(parts[branch]) }
        join(crown, threads: threads)
    }

    /// What a walk over the cells above and at the roots of the branches meets.
    private enum CrownStep {
        /// A cell above all branches; its quarters follow up to the `end`-th step.
        case cell(range: Range<Int>, side: Float, end: Int)
        case branch(Range<Int>)
    }

    private func plan(_ range: Range<Int>, capacity: Int, into crown: inout [CrownStep], branches: inout Int) {
        let level = order.level(of: range)
        guard range.count > capacity, level < order.levels else {
            branches += 1
            return crown.append(.branch(range))
        }
        let position = crown.count
        crown.append(.cell(range: range, side: 0, end: 0))
        order.forEachQuarter(of: range, level: level) { quarter in
            plan(quarter, capacity: capacity, into: &crown, branches: &branches)
        }
        crown[position] = .cell(range: range, side: order.side(atLevel: level), end: crown.count)
    }

    /// Concatenates the cells of the crown and of the branches.
    private func join(_ crown: [CrownStep], threads: ThreadCount) {
        var places: [Int] = []
        var (length, branch) = (0, 0)
        for step in crown {
            places.append(length)
            switch step {
            case .cell: length += 1
            case .branch:
                length += branches[branch].cells.count
                branch += 1
            }
        }
        let empty = Cell(x: 0, y: 0, mass: 0, squaredSide: 0, first: 0, end: 0, next: 0)
        if cells.count < length { cells = [Cell](repeating: empty, count: length) }
        if cells.count > length { cells.removeLast(cells.count - length) }
        groups.removeAll(keepingCapacity: true)
        for branch in branches[..<branch] { groups.append(contentsOf: branch.groups) }
        cells.withUnsafeMutableBufferPointer { cells in
            nonisolated(unsafe) let (target, branches) = (cells.baseAddress!, branches)
            let starts = zip(crown, places).compactMap { step, place in
                if case .branch = step { place } else { nil }
            }
            threads.forEachChunkDynamically(of: starts.count, size: 1) { _, branch, _ in
                for (index, cell) in branches[branch].cells.enumerated() {
                    var cell = cell
                    cell.next += Int32(starts[branch])
                    target[starts[branch] + index] = cell
                }
            }
            // Backwards, so that a cell's quarters exist before it.
            for (step, place) in zip(crown, places).reversed() {
                guard case .cell(let range, let side, let end) = step else { continue }
                let next = end < places.count ? places[end] : length
                var sum = SIMD2<Double>.zero
                var child = place + 1
                while child < next {
                    sum += SIMD2(Double(target[child].x), Double(target[child].y)) * Double(target[child].mass)
                    child = Int(target[child].next)
                }
                let mean = sum / Double(range.count)
                target[place] = Cell(
                    x: Float(mean.x), y: Float(mean.y), mass: Float(range.count), squaredSide: side * side,
                    first: Int32(range.lowerBound), end: Int32(range.upperBound), next: Int32(next))
            }
        }
    }
}

/// A part of a quadtree that one thread builds.
final class QuadTreeBranch {
    /// Positions are counted from the branch's first cell.
    private(set) var cells: [QuadTree.Cell] = []
    private(set) var groups: [Range<Int>] = []
    private let order: MortonOrder

    private static let groupCapacity = 48

    init(order: MortonOrder) { self.order = order }

    func build(_ range: Range<Int>) {
        cells.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        _ = addCell(range, inGroup: false)
    }

    /// Adds the smallest cell around a range of points, and all cells inside it; returns the sum of the points' coordinates.
    private func addCell(_ range: Range<Int>, inGroup: Bool) -> SIMD2<Double> {
        let level = order.level(of: range)
        let side = order.side(atLevel: level)
        let startsGroup = !inGroup && range.count <= Self.groupCapacity
        let isLeaf = range.count <= QuadTree.leafCapacity || level == order.levels
        if startsGroup || (isLeaf && !inGroup) { groups.append(range) }
        let position = cells.count
        cells.append(
            QuadTree.Cell(
                x: 0, y: 0, mass: Float(range.count), squaredSide: side * side, first: Int32(range.lowerBound),
                end: Int32(range.upperBound), next: 0))
        var sum = SIMD2<Double>.zero
        if isLeaf {
            for point in range { sum += SIMD2(Double(order.sorted.x[point]), Double(order.sorted.y[point])) }
        } else {
            order.forEachQuarter(of: range, level: level) { quarter in
                sum += addCell(quarter, inGroup: inGroup || startsGroup)
            }
        }
        cells[position].x = Float(sum.x / Double(range.count))
        cells[position].y = Float(sum.y / Double(range.count))
        cells[position].next = Int32(cells.count)
        return sum
    }
}

extension MortonOrder {
    /// The level of the smallest cell that contains a range of points; `levels` if their keys are equal.
    func level(of range: Range<Int>) -> Int {
        let difference = place(at: range.lowerBound) ^ place(at: range.upperBound - 1)
        let unused = UInt64.bitWidth - 2 * levels
        return min(levels, (difference.leadingZeroBitCount - unused) / 2)
    }

    /// The side of a cell at a level; the bounding square has level 0.
    func side(atLevel level: Int) -> Float { side * Float(sign: .plus, exponent: -level, significand: 1) }

    /// Calls `body` with the points of every occupied quarter of a cell at a level, in their order.
    func forEachQuarter(of range: Range<Int>, level: Int, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = endOfQuarter(from: start, in: range, level: level)
            body(start..<end)
            start = end
        }
    }

    /// The end of the points from `start` on that are in the same quarter of a cell at a level.
    private func endOfQuarter(from start: Int, in range: Range<Int>, level: Int) -> Int {
        let shift = UInt64(2 * (levels - level - 1))
        let quarter = place(at: start) >> shift
        var (low, high) = (start + 1, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if place(at: middle) >> shift == quarter { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
