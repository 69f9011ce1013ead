import Determinism
import Foundation

/// The divergence KL(P ‖ Q) of a layout, which t-SNE lowers: Σ p log p + Σ p log(1 + d²) + Σ p · log Z.
final class KullbackLeibler {
    private let attraction: AttractiveForces
    private let threads: ThreadCount
    private let negativeEntropy: Double
    private let total: Double
    private let partial: AlignedBuffer<Double>

    private static let rowsPerChunk = 256

    init(attraction: AttractiveForces, threads: ThreadCount) {
        self.attraction = attraction
        self.threads = threads
        negativeEntropy = attraction.affinities.negativeEntropy
        total = attraction.affinities.total
        partial = AlignedBuffer(count: (attraction.affinities.count + Self.rowsPerChunk - 1) / Self.rowsPerChunk)
    }

    /// The divergence in nats of points whose sum of q is `normalization`.
    ///
    /// - Complexity: O(N k).
    func divergence(at points: PlanarBuffer, normalization: Double) -> Double {
        nonisolated(unsafe) let (attraction, sums, points) = (attraction, partial.base, points)
        threads.forEachChunk(of: points.count, size: Self.rowsPerChunk) { chunk, range in
            sums[chunk] = attraction.crossEntropy(range, at: points)
        }
        var sum = 0.0
        for chunk in 0..<partial.count { sum += partial[chunk] }
        return negativeEntropy + sum + total * log(normalization)
    }

    /// Σ p log(1 + |yᵢ − yⱼ|²) over the rows of a range, plainly.
    static func crossEntropy(_ range: Range<Int>, affinities: SparseAffinities, at points: PlanarBuffer) -> Double {
        var sum = 0.0
        for i in range {
            for entry in affinities.entries(ofRow: i) {
                let j = Int(affinities.columns[entry])
                let (dx, dy) = (Double(points.x[i] - points.x[j]), Double(points.y[i] - points.y[j]))
                sum += Double(affinities.values[entry]) * log1p(dx * dx + dy * dy)
            }
        }
        return sum
    }
}
