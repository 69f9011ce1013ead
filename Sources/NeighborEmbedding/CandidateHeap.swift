/// The nearest points seen so far, at most `capacity`: a binary heap with the farthest of them on top.
///
/// A point is one key, its squared distance's bits above its index: numbers of at least 0 order like their bits, and
/// equal distances order by index.
struct CandidateHeap {
    private var keys: [UInt64] = []
    private let capacity: Int

    init(capacity: Int) {
        precondition(capacity > 0, "a heap holds at least one key")
        self.capacity = capacity
        keys.reserveCapacity(capacity)
    }

    /// The indices of the points, in no particular order.
    var indices: [Int32] { keys.map(Self.index) }

    static func key(distance: Float, index: Int32) -> UInt64 {
        UInt64(distance.bitPattern) << 32 | UInt64(UInt32(bitPattern: index))
    }

    static func index(of key: UInt64) -> Int32 { Int32(truncatingIfNeeded: key) }

    static func distance(of key: UInt64) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: key >> 32)) }

    /// Takes what is nearer than the farthest so far from `count` consecutive points, given the products of their rows
    /// with the row in question and the squared norms of both.
    mutating func offer(
        products: UnsafePointer<Float>, norms: UnsafePointer<Float>, count: Int, rowNorm: Float, firstIndex: Int,
        excluding own: Int
    ) {
        var limit = keys.count == capacity ? Self.distance(of: keys[0]) : .infinity
        for column in 0..<count {
            let squared = rowNorm + norms[column] - 2 * products[column]
            if squared > limit || firstIndex + column == own { continue }
            let key = Self.key(distance: max(squared, 0), index: Int32(firstIndex + column))
            if keys.count < capacity {
                keys.append(key)
                if keys.count == capacity { heapify() }
            } else if key < keys[0] {
                keys[0] = key
                sink(0)
            }
            if keys.count == capacity { limit = Self.distance(of: keys[0]) }
        }
    }

    private mutating func heapify() {
        for index in stride(from: capacity / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    private mutating func sink(_ start: Int) {
        keys.withUnsafeMutableBufferPointer { keys in
            let key = keys[start]
            var index = start
            while true {
                var child = 2 * index + 1
                if child >= keys.count { break }
                if child + 1 < keys.count, keys[child + 1] > keys[child] { child += 1 }
                if keys[child] <= key { break }
                keys[index] = keys[child]
                index = child
            }
            keys[index] = key
        }
    }
}
