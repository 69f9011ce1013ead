/// Seconds and floating-point operations of each layer, summed over the batches that were profiled.
public struct NetworkProfile: Sendable {
    /// One layer's share.
    public struct Entry: Sendable {
        /// The layer's name.
        public let layer: String
        /// Wall-clock seconds of the forward passes.
        public var forwardSeconds = 0.0
        /// Wall-clock seconds of the backward passes.
        public var backwardSeconds = 0.0
        /// Floating-point operations of the convolutions, forward.
        public var forwardOperations = 0
        /// Floating-point operations of the convolutions, backward.
        public var backwardOperations = 0
    }

    /// In the order in which layers first ran.
    public private(set) var entries: [Entry] = []
    private var positions: [String: Int] = [:]

    mutating func add(_ layer: String, backward: Bool, seconds: Double, operations: Int) {
        let position = positions[layer] ?? entries.count
        if position == entries.count {
            entries.append(Entry(layer: layer))
            positions[layer] = position
        }
        if backward {
            entries[position].backwardSeconds += seconds
            entries[position].backwardOperations += 2 * operations
        } else {
            entries[position].forwardSeconds += seconds
            entries[position].forwardOperations += operations
        }
    }
}
