import Numerics
import Foundation

/// The divergence KL(P ‖ Q) of a layout, which t-SNE minimises: Σ p log p − Σ p log w + Σ p · log Z, with w and Z as in
/// `RepulsionMethod`.
final class KullbackLeibler {
    private let attraction: AttractiveForces
    private let threads: ThreadCount
    private let negativeEntropy: Double
    private let total: Double
    private let partial: AlignedBuffer<Double>

    private static let rowsPerChunk = 256

    /// - Parameters:
    ///   - negativeEntropy: Σ p log p over all entries.
    ///   - total: Σ p.
    init(attraction: AttractiveForces, negativeEntropy: Double, total: Double, threads: ThreadCount) {
        self.attraction = attraction
        self.threads = threads
        self.negativeEntropy = negativeEntropy
        self.total = total
        partial = AlignedBuffer(count: (attraction.affinities.count + Self.rowsPerChunk - 1) / Self.rowsPerChunk)
    }

    /// The divergence in nats of points whose sum of w is `normalization`; x and y are interleaved.
    ///
    /// - Complexity: O(N k).
    func divergence(at pairs: UnsafePointer<Float>, normalization: Double) -> Double {
        nonisolated(unsafe) let (attraction, sums, points) = (attraction, partial.base, pairs)
        threads.forEachChunk(of: attraction.affinities.count, size: Self.rowsPerChunk) { chunk, range in
            sums[chunk] = attraction.crossEntropy(range, at: points)
        }
        var sum = 0.0
        for chunk in 0..<partial.count { sum += partial[chunk] }
        return negativeEntropy + sum + total * log(normalization)
    }

    /// −Σ p log w over the rows of a range, in plain Swift.
    static func crossEntropy(
        _ range: Range<Int>, affinities: CompressedRows, at pairs: UnsafePointer<Float>, kernel: StudentKernel
    ) -> Double {
        let freedom = kernel.degreesOfFreedom
        var sum = 0.0
        for i in range {
            for entry in affinities.entries(ofRow: i) {
                let j = Int(affinities.columns[entry])
                let (dx, dy) = (Double(pairs[2 * i] - pairs[2 * j]), Double(pairs[2 * i + 1] - pairs[2 * j + 1]))
                sum += Double(affinities.values[entry]) * log1p((dx * dx + dy * dy) / freedom)
            }
        }
        return sum * freedom
    }
}
