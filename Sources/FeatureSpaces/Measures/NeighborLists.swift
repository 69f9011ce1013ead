/// Every sample's nearest neighbours, excluding itself, nearest first; equally distant ones are in the order of `TieOrder`.
struct NeighborLists: Sendable, Equatable {
    /// The number of samples.
    let count: Int
    /// The number of neighbours per sample.
    let neighborsPerSample: Int
    /// `count` × `neighborsPerSample` indices of samples.
    let indices: [Int32]

    subscript(sample: Int) -> ArraySlice<Int32> {
        indices[sample * neighborsPerSample..<(sample + 1) * neighborsPerSample]
    }

    /// For every sample, the number of neighbours that both lists share among their `depth` nearest.
    /// - Complexity: O(N k²).
    func shared(with other: NeighborLists, depth: Int) -> [Int] {
        (0..<count).map { sample in
            let others = other[sample].prefix(depth)
            return self[sample].prefix(depth).count { others.contains($0) }
        }
    }
}
