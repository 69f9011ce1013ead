/// Places buffers in one piece of memory so that two share bytes only when their lifetimes do not meet.
///
/// A step is a row of moments (each layer's forward pass, then the backward passes in reverse), and a buffer is needed
/// from one moment to another. Larger buffers are placed first, each at the lowest offset where it meets none that is
/// alive with it. That is the greedy rule by size; for networks like these it comes within a few percent of the
/// largest sum of sizes alive at once, which no plan can go below.
struct BufferPlan {
    /// The place of one buffer, known once `arrange` has run.
    final class Slot {
        let count: Int
        let lifetime: ClosedRange<Int>
        fileprivate(set) var offset = 0

        fileprivate init(count: Int, lifetime: ClosedRange<Int>) {
            self.count = count
            self.lifetime = lifetime
        }
    }

    private(set) var slots: [Slot] = []

    /// Asks for `count` floats from moment `lifetime.lowerBound` to `lifetime.upperBound`, both included.
    mutating func request(count: Int, lifetime: ClosedRange<Int>) -> Slot {
        let slot = Slot(count: (count + 15) / 16 * 16, lifetime: lifetime)
        slots.append(slot)
        return slot
    }

    /// Gives every slot its offset and returns the floats needed in all.
    ///
    /// - Complexity: O(n²) for n buffers.
    func arrange() -> Int {
        var placed: [Slot] = []
        var total = 0
        let order = slots.indices.sorted {
            (slots[$1].count, $0) < (slots[$0].count, $1)
        }
        for slot in order.map({ slots[$0] }) {
            let neighbors = placed.filter { $0.lifetime.overlaps(slot.lifetime) }.sorted { $0.offset < $1.offset }
            var offset = 0
            for neighbor in neighbors {
                if offset + slot.count <= neighbor.offset { break }
                offset = max(offset, neighbor.offset + neighbor.count)
            }
            slot.offset = offset
            total = max(total, offset + slot.count)
            placed.append(slot)
        }
        return total
    }
}
