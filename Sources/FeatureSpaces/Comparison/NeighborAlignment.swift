import Numerics

/// Centred kernel alignment between two spaces, restricted to shared nearest neighbours (CKNNA; Huh, Cheung, Wang and Isola,
/// "The Platonic representation hypothesis", 2024). Both kernels are set to zero except where j is among the k nearest
/// neighbours of i in both spaces. The value is the unbiased HSIC (Song et al., 2012) of the two kernels, divided by the
/// geometric mean of each kernel's HSIC with itself.
///
/// The kernel is the cosine of centred rows, and neighbours are nearest by Euclidean distance; for rows of length 1 and mean 0
/// this is the published measure.
enum NeighborAlignment {
    /// NaN for fewer than four samples, and if a space has no mutual neighbours.
    /// - Complexity: O(N k (D + k)).
    static func value(
        _ first: (rows: CenteredRows, neighbors: NeighborLists),
        _ second: (rows: CenteredRows, neighbors: NeighborLists),
        threads: ThreadCount
    ) -> Double {
        if first.rows.count < 4 || first.neighbors.neighborsPerSample == 0 { return .nan }
        let values = [first, second].map { cosines($0.rows, $0.neighbors, threads: threads) }
        let lists = [first.neighbors, second.neighbors]
        func aligned(_ a: Int, _ b: Int) -> Double {
            unbiased(MaskedKernels(lists[a], values[a], lists[b], values[b]), count: first.rows.count)
        }
        let norms = aligned(0, 0) * aligned(1, 1)
        return norms > 0 ? aligned(0, 1) / norms.squareRoot() : .nan
    }

    /// The cosine of each sample with each of its neighbours; 0 if one of the two rows equals the mean.
    private static func cosines(
        _ rows: CenteredRows, _ neighbors: NeighborLists, threads: ThreadCount
    ) -> [Double] {
        let found = AlignedBuffer<Double>(count: neighbors.indices.count)
        nonisolated(unsafe) let (source, target) = (rows, found.base)
        let norms = KernelFactor(rows).diagonal
        threads.forEachChunk(of: rows.count, size: 64) { _, range in
            for row in range {
                let line = source.values.base + row * source.dimension
                for (place, neighbor) in neighbors[row].enumerated() {
                    let other = source.values.base + Int(neighbor) * source.dimension
                    var product = 0.0
                    for column in 0..<source.dimension {
                        product += (line[column] - source.means[column]) * (other[column] - source.means[column])
                    }
                    let length = (norms[row] * norms[Int(neighbor)]).squareRoot()
                    target[row * neighbors.neighborsPerSample + place] = length > 0 ? product / length : 0
                }
            }
        }
        return found.array
    }

    /// Both kernels where j is a neighbour of i in both spaces.
    private struct MaskedKernels {
        /// For each i, the entries (j, first, second).
        var lines: [[(Int, Double, Double)]]

        init(_ first: NeighborLists, _ firstValues: [Double], _ second: NeighborLists, _ secondValues: [Double]) {
            lines = (0..<first.count).map { row in
                let others = Array(second[row])
                return first[row].enumerated().compactMap { place, neighbor in
                    others.firstIndex(of: neighbor).map {
                        (
                            Int(neighbor), firstValues[row * first.neighborsPerSample + place],
                            secondValues[row * second.neighborsPerSample + $0]
                        )
                    }
                }
            }
        }
    }

    private static func unbiased(_ kernels: MaskedKernels, count: Int) -> Double {
        let m = Double(count)
        var trace = 0.0
        var columnSums = [Double](repeating: 0, count: count), rowSums = columnSums
        for (row, line) in kernels.lines.enumerated() {
            for (column, first, second) in line {
                columnSums[column] += first
                rowSums[row] += second
                if let back = kernels.lines[column].first(where: { $0.0 == row }) { trace += first * back.2 }
            }
        }
        let sums = columnSums.reduce(0, +) * rowSums.reduce(0, +)
        let product = zip(columnSums, rowSums).reduce(0) { $0 + $1.0 * $1.1 }
        return (trace + sums / ((m - 1) * (m - 2)) - 2 * product / (m - 2)) / (m * (m - 3))
    }
}
