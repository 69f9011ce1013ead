import CKernels
import Numerics

/// The nearest points seen so far for every point, in arbitrary order.
///
/// A candidate is one key: the bits of its squared distance above its index. Non-negative numbers have the same order as their
/// bits, and equal distances are ordered by index. Keys are collected in slots; when these are full, they are reduced to about
/// the `capacity` smallest, never fewer. The keys left after a final cut do not depend on the order in which they arrived.
final class NeighborCandidates {
    let count: Int
    /// The most candidates that a point keeps.
    let capacity: Int
    /// The most that it holds before they are reduced.
    let slots: Int
    private let keys: AlignedBuffer<UInt64>
    private let counts: AlignedBuffer<Int32>
    /// Only keys below a point's limit are accepted.
    private let limits: AlignedBuffer<UInt64>
    private let locks: AlignedBuffer<UInt8>
    private let kernels: KernelPath

    /// Which side accepts candidates from a block of products.
    enum Offer {
        /// The rows accept the columns; no pair is offered twice, and no other thread touches the rows.
        case rows
        /// Rows and columns accept each other; otherwise the same.
        case both
        /// Rows and columns accept each other, other threads may touch them, and they may already have the keys. In plain Swift
        /// only on one thread.
        case shared
    }

    /// Points along one side of a block of products; room for `most` of them.
    final class Side {
        let ids: AlignedBuffer<Int32>
        let norms: AlignedBuffer<Float>
        let limits: AlignedBuffer<Float>
        fileprivate(set) var count = 0

        init(most: Int) {
            ids = AlignedBuffer(count: most)
            norms = AlignedBuffer(count: most)
            limits = AlignedBuffer(count: most)
        }

        /// Sets the points and their squared lengths; `offset` is added to the indices under which they are offered.
        func set(_ points: UnsafeBufferPointer<Int32>, of features: CenteredFeatures, offset: Int32 = 0) {
            count = points.count
            for (place, point) in points.enumerated() {
                ids[place] = point + offset
                norms[place] = features.squaredNorms[Int(point)]
            }
        }

        fileprivate var header: penumbra_neighbor_side {
            penumbra_neighbor_side(ids: ids.base, norms: norms.base, limits: limits.base, count: Int64(count))
        }
    }

    /// - Complexity: 16 × `capacity` bytes per point.
    init(count: Int, capacity: Int, kernels: KernelPath) {
        precondition(capacity > 0, "a point keeps at least one candidate")
        self.count = count
        self.capacity = capacity
        self.kernels = kernels
        slots = (2 * capacity + 7) / 8 * 8
        keys = AlignedBuffer(count: count * slots)
        counts = AlignedBuffer(count: count)
        limits = AlignedBuffer(count: count)
        locks = AlignedBuffer(count: count)
        limits.elements.update(repeating: Self.key(distance: .greatestFiniteMagnitude, index: -1))
    }

    static func key(distance: Float, index: Int32) -> UInt64 {
        UInt64(distance.bitPattern) << 32 | UInt64(UInt32(bitPattern: index))
    }

    static func index(of key: UInt64) -> Int32 { Int32(truncatingIfNeeded: key) }

    static func distance(of key: UInt64) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: key >> 32)) }

    /// A point's keys, in arbitrary order; after `cut` at most `capacity` of them.
    func keys(of point: Int) -> UnsafeBufferPointer<UInt64> {
        UnsafeBufferPointer(start: keys.base + point * slots, count: Int(counts[point]))
    }

    /// The squared distance up to which a point accepts candidates whose indices are at least `leastIndex`: all nearer ones,
    /// and equally near ones if their index can be low enough. NaN if there are none.
    func limit(of point: Int, leastIndex: Int32 = 0) -> Float {
        let bits = UInt32(truncatingIfNeeded: limits[point] >> 32)
        let isTieTaken = UInt32(bitPattern: leastIndex) < UInt32(truncatingIfNeeded: limits[point])
        return Float(bitPattern: isTieTaken ? bits : bits &- 1)
    }

    /// Sets the limits of a side whose partners' indices are at least `leastIndex`.
    func setLimits(of side: Side, leastIndex: Int32) {
        for place in 0..<side.count {
            side.limits[place] = limit(of: Int(side.ids[place]), leastIndex: leastIndex)
        }
    }

    /// Keeps only the `capacity` smallest keys of a point.
    func cut(_ point: Int) {
        if let code = kernels.code {
            var header = header
            return penumbra_neighbor_cut(code, &header, Int64(point))
        }
        guard counts[point] >= capacity else { return }
        var held = UnsafeMutableBufferPointer(start: keys.base + point * slots, count: Int(counts[point]))
        held.sort()
        counts[point] = Int32(capacity)
        limits[point] = held[capacity - 1] + 1
    }

    /// Offers the points of the two sides of a block of products to each other, according to `offer`; never a point to itself.
    /// The sides' limits must be set before.
    func take(_ products: UnsafePointer<Float>, stride: Int, rows: Side, columns: Side, _ offer: Offer) {
        if let code = kernels.code {
            var header = header
            return penumbra_neighbor_take(
                code, products, Int64(stride), rows.header, columns.header, &header, offer.code)
        }
        for row in 0..<rows.count {
            for column in 0..<columns.count where rows.ids[row] != columns.ids[column] {
                let squared = rows.norms[row] + columns.norms[column] - 2 * products[row * stride + column]
                let distance = max(squared, 0)
                if squared <= rows.limits[row] {
                    take(Self.key(distance: distance, index: columns.ids[column]), at: row, of: rows, offer)
                }
                if offer != .rows, squared <= columns.limits[column] {
                    take(Self.key(distance: distance, index: rows.ids[row]), at: column, of: columns, offer)
                }
            }
        }
    }

    private func take(_ key: UInt64, at place: Int, of side: Side, _ offer: Offer) {
        let point = Int(side.ids[place])
        if key >= limits[point] || offer == .shared && keys(of: point).contains(key) { return }
        keys[point * slots + Int(counts[point])] = key
        counts[point] += 1
        guard counts[point] == slots else { return }
        cut(point)
        if offer != .shared { side.limits[place] = Self.distance(of: limits[point]) }
    }

    private var header: penumbra_neighbor_candidates {
        penumbra_neighbor_candidates(
            keys: keys.base, counts: counts.base, limits: limits.base, locks: locks.base, slots: Int64(slots),
            capacity: Int64(capacity))
    }
}

extension NeighborCandidates.Offer {
    fileprivate var code: penumbra_neighbor_offer {
        switch self {
        case .rows: penumbra_neighbor_offer_rows
        case .both: penumbra_neighbor_offer_both
        case .shared: penumbra_neighbor_offer_shared
        }
    }
}
