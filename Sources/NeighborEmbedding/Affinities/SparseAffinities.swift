import Numerics
import Foundation

/// The symmetric affinities P of t-SNE in compressed rows: p_ij = (p(j|i) + p(i|j)) / 2N, which sum to 1.
///
/// Rows begin at multiples of 16 entries, so a loop over whole vectors stays inside its row; padding entries have the value 0
/// and the row's own column. Columns ascend within a row.
final class SparseAffinities {
    let count: Int
    /// `count` + 1 positions: where each row begins, and the end of the last.
    let rowStarts: AlignedBuffer<Int64>
    let columns: AlignedBuffer<Int32>
    let values: AlignedBuffer<Float>
    /// The perplexities of the underlying conditional probabilities, one for each requested.
    let perplexities: [AchievedPerplexity]

    private static let rowAlignment = 16
    private static let rowsPerChunk = 256

    /// The affinities for one perplexity, or the mean over several, which keeps near and far neighbours together (multi-scale;
    /// Kobak and Berens, "The art of using t-SNE for single-cell transcriptomics", 2019, as in openTSNE's `Multiscale`).
    ///
    /// - Parameters:
    ///   - neighbors: three times the largest perplexity, or all other points if there are fewer.
    ///   - perplexities: at least one.
    /// - Complexity: O(N k) memory; O(N k log k) time, apart from the search for the bandwidths.
    init(neighbors: NeighborGraph, perplexities: [Double], threads: ThreadCount, kernels: KernelPath) {
        let conditional = ConditionalAffinities(
            neighbors: neighbors, perplexities: perplexities, threads: threads, kernels: kernels)
        let incoming = IncomingAffinities(conditional, threads: threads)
        let count = neighbors.count
        let starts = AlignedBuffer<Int64>(count: count + 1)
        nonisolated(unsafe) let (own, other, startBase) = (conditional, incoming, starts.base)
        threads.forEachChunk(of: count, size: Self.rowsPerChunk) { _, range in
            for row in range {
                var length = 0
                Self.merge(row, own, other) { _, _ in length += 1 }
                startBase[row + 1] = Int64((length + Self.rowAlignment - 1) / Self.rowAlignment * Self.rowAlignment)
            }
        }
        for row in 0..<count { starts[row + 1] += starts[row] }
        let columns = AlignedBuffer<Int32>(count: Int(starts[count]))
        let values = AlignedBuffer<Float>(count: Int(starts[count]))
        nonisolated(unsafe) let (columnBase, valueBase) = (columns.base, values.base)
        let scale = 1 / (2 * Double(count))
        threads.forEachChunk(of: count, size: Self.rowsPerChunk) { _, range in
            for row in range {
                var entry = Int(startBase[row])
                Self.merge(row, own, other) { column, sum in
                    columnBase[entry] = column
                    valueBase[entry] = Float(sum * scale)
                    entry += 1
                }
                while entry < Int(startBase[row + 1]) {
                    columnBase[entry] = Int32(row)
                    entry += 1
                }
            }
        }
        self.count = count
        rowStarts = starts
        self.columns = columns
        self.values = values
        self.perplexities = conditional.achieved
    }

    /// Calls `body` with each column of a row of the symmetric matrix and p(j|i) + p(i|j), columns ascending.
    private static func merge(
        _ row: Int, _ own: ConditionalAffinities, _ incoming: IncomingAffinities, _ body: (Int32, Double) -> Void
    ) {
        var (first, second) = (row * own.neighborsPerPoint, incoming.starts[row])
        let (firstEnd, secondEnd) = (first + own.neighborsPerPoint, incoming.starts[row + 1])
        while first < firstEnd || second < secondEnd {
            let left = first < firstEnd ? own.indices[first] : .max
            let right = second < secondEnd ? incoming.sources[second] : .max
            var sum = 0.0
            if left <= right {
                sum += Double(own.probabilities[first])
                first += 1
            }
            if right <= left {
                sum += Double(incoming.probabilities[second])
                second += 1
            }
            body(min(left, right), sum)
        }
    }

    /// The positions of a row's entries, including padding.
    func entries(ofRow row: Int) -> Range<Int> { Int(rowStarts[row])..<Int(rowStarts[row + 1]) }

    /// Σ p log p over all entries, the part of the divergence that does not depend on the layout.
    var negativeEntropy: Double {
        var sum = 0.0
        for entry in 0..<values.count where values[entry] > 0 {
            let value = Double(values[entry])
            sum += value * log(value)
        }
        return sum
    }

    /// Σ p, which is 1 up to rounding.
    var total: Double {
        var sum = 0.0
        for entry in 0..<values.count { sum += Double(values[entry]) }
        return sum
    }
}
