import NeuralNetwork

/// How a batch is divided where the memory does not hold it.
enum BatchParts {
    /// What `plan` makes for a part of so many images, and in how many parts a batch of `batch` is processed: `parts`, or
    /// where that is nil the least power of two (at most one part an image) for which the memory suffices.
    ///
    /// - Throws: `NetworkMemoryError` where not even that many parts do; what else `plan` throws.
    static func fit<Planned>(
        batch: Int, parts: Int?, _ plan: (_ images: Int) throws -> Planned
    ) throws -> (planned: Planned, parts: Int) {
        var count = min(parts ?? 1, batch)
        while true {
            do {
                return (try plan((batch + count - 1) / count), count)
            } catch let error as NetworkMemoryError {
                if parts != nil || count == batch { throw error }
                count = min(2 * count, batch)
            }
        }
    }

    /// The samples of each part of a batch of `count`, as even as can be and none empty.
    static func ranges(count: Int, parts: Int) -> [Range<Int>] {
        let parts = min(parts, count)
        return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
    }
}
