/// The measures of majority classes; the samples' contributions are fixed under the bootstrap.
enum HardClasses {
    /// The silhouette of every sample, (b − a) / max(a, b), with a the mean distance to the others of its class and b the least
    /// mean distance to another class; 0 for the only sample of a class and if both are 0. Equals scikit-learn's
    /// `silhouette_samples`. Nil if there are fewer than two classes, or as many classes as samples.
    ///
    /// - Parameter sums: N × K, the sum of the distances from a sample to all samples of a class.
    static func silhouettes(sums: [Double], labels: LabelMatrix) -> [Double]? {
        var counts = [Int](repeating: 0, count: labels.classCount)
        for hardClass in labels.hardClasses { counts[Int(hardClass)] += 1 }
        let present = counts.indices.filter { counts[$0] > 0 }
        if present.count < 2 || present.count >= labels.count { return nil }
        return (0..<labels.count).map { sample in
            let own = Int(labels.hardClasses[sample])
            if counts[own] == 1 { return 0 }
            let start = sample * labels.classCount
            let within = sums[start + own] / Double(counts[own] - 1)
            let between = present.reduce(Double.infinity) {
                $1 == own ? $0 : min($0, sums[start + $1] / Double(counts[$1]))
            }
            let larger = max(within, between)
            return larger == 0 ? 0 : (between - within) / larger
        }
    }

    /// The share of every sample's neighbours that belong to its class; with `order`, sample i has the class of `order[i]`.
    static func hits(_ neighbors: NeighborLists, labels: LabelMatrix, order: [Int]? = nil) -> [Double] {
        if neighbors.neighborsPerSample == 0 { return [] }
        let classes = order.map { $0.map { labels.hardClasses[$0] } } ?? labels.hardClasses
        return (0..<neighbors.count).map { sample in
            let same = neighbors[sample].count { classes[Int($0)] == classes[sample] }
            return Double(same) / Double(neighbors.neighborsPerSample)
        }
    }
}
