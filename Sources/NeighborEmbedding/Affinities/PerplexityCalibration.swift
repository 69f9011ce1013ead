import CKernels
import Numerics
import Foundation

/// The Gaussian neighbourhoods of points: probabilities p(j|i) ∝ exp(−β d²) over a point's neighbours, with the precision β
/// that gives them a certain perplexity. One value serves one thread.
final class PerplexityCalibration {
    private static let mostSteps = 200
    /// The tolerance of the entropy in nats, which equals the relative error of the perplexity.
    private static let tolerance = 1e-10

    private let neighbors: Int
    private let kernels: KernelPath
    /// The squared distances minus the nearest neighbour's, in units of their mean.
    private let gaps: AlignedBuffer<Double>
    /// The probabilities of the last point.
    let probabilities: AlignedBuffer<Double>

    /// Room for points with this many neighbours each.
    init(neighbors: Int, kernels: KernelPath) {
        precondition(neighbors > 0, "a neighbourhood holds at least one neighbour")
        self.neighbors = neighbors
        self.kernels = kernels
        // Rounded up to whole vectors of 16.
        gaps = AlignedBuffer(count: (neighbors + 15) / 16 * 16)
        probabilities = AlignedBuffer(count: gaps.count)
    }

    /// Computes the probabilities of a point's neighbours and returns their perplexity.
    ///
    /// The entropy falls as β grows, with dH/d(log β) = −β² Var(d²). The β is found in double precision by Newton's method in
    /// log β, kept inside a bracket that shrinks by bisection. If copies of the nearest neighbour alone have a higher
    /// perplexity than requested, they share the probability.
    ///
    /// - Parameters:
    ///   - squaredDistances: in any unit, at least 0.
    ///   - perplexity: above 0. If it is at least the number of neighbours, all are equally likely.
    /// - Complexity: about ten exponentials per neighbour.
    func calibrate(_ squaredDistances: UnsafePointer<Float>, perplexity: Double) -> Double {
        var nearest = Float.infinity
        for neighbor in 0..<neighbors { nearest = min(nearest, squaredDistances[neighbor]) }
        var spread = 0.0
        for neighbor in 0..<neighbors {
            gaps[neighbor] = Double(squaredDistances[neighbor]) - Double(nearest)
            spread += gaps[neighbor]
        }
        spread /= Double(neighbors)
        guard spread > 0, perplexity < Double(neighbors) else {
            probabilities.elements[..<neighbors].update(repeating: 1 / Double(neighbors))
            return Double(neighbors)
        }
        for neighbor in 0..<neighbors { gaps[neighbor] /= spread }
        let target = log(perplexity)
        if let code = kernels.code {
            return exp(penumbra_neighbor_calibrate(code, gaps.base, Int64(neighbors), target, probabilities.base))
        }
        return exp(entropy(target: target))
    }

    /// Finds the precision for an entropy and returns the entropy reached.
    private func entropy(target: Double) -> Double {
        var (low, high) = (-700.0, 700.0)
        var logPrecision = 0.0
        var entropy = 0.0
        for _ in 0..<Self.mostSteps {
            let precision = exp(logPrecision)
            var (sum, first, second) = (0.0, 0.0, 0.0)
            for neighbor in 0..<neighbors {
                let weight = exp(-precision * gaps[neighbor])
                probabilities[neighbor] = weight
                sum += weight
                first += weight * gaps[neighbor]
                second += weight * gaps[neighbor] * gaps[neighbor]
            }
            first /= sum
            second /= sum
            for neighbor in 0..<neighbors { probabilities[neighbor] /= sum }
            entropy = log(sum) + precision * first
            let excess = entropy - target
            if abs(excess) < Self.tolerance { break }
            if excess > 0 { low = logPrecision } else { high = logPrecision }
            let slope = precision * precision * max(second - first * first, 0)
            let newton = logPrecision + excess / slope
            let isInside = newton.isFinite && newton > low && newton < high && abs(newton - logPrecision) < 3
            let next = isInside ? newton : Self.bracketed(logPrecision, excess: excess, low: low, high: high)
            if next == logPrecision { break }
            logPrecision = next
        }
        return entropy
    }

    /// A step of at most 3 towards the solution while the bracket is wide; the middle of the bracket once it is narrow.
    private static func bracketed(_ value: Double, excess: Double, low: Double, high: Double) -> Double {
        if excess > 0 { return min(value + 3, (value + high) / 2) }
        return max(value - 3, (value + low) / 2)
    }
}

/// The perplexities achieved by the search for bandwidths, over all points.
///
/// They differ from the requested perplexity only if no bandwidth gives it, as for a point with more copies of itself than the
/// perplexity.
public struct AchievedPerplexity: Sendable, Codable, Equatable {
    /// The mean over the points.
    public let mean: Double
    /// The smallest of any point.
    public let min: Double
    /// The largest of any point.
    public let max: Double

    init(of perplexities: UnsafeBufferPointer<Double>) {
        var (sum, least, most) = (0.0, Double.infinity, 0.0)
        for perplexity in perplexities {
            sum += perplexity
            least = Swift.min(least, perplexity)
            most = Swift.max(most, perplexity)
        }
        (mean, min, max) = (sum / Double(perplexities.count), least, most)
    }
}
