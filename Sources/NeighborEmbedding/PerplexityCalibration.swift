import Foundation

/// The Gaussian neighbourhood of one point: probabilities p(j|i) ∝ exp(−β d²) over its neighbours, with the precision β
/// that gives them a perplexity.
enum PerplexityCalibration {
    private static let mostSteps = 200
    /// The entropy is met to this many nats, which is the relative error of the perplexity.
    private static let tolerance = 1e-10

    /// Writes the probabilities of `distances.count` neighbours and returns the perplexity that they have.
    ///
    /// The entropy falls as β grows, with dH/d(log β) = −β² Var(d²); Newton's method in log β, kept inside a bracket
    /// that shrinks by bisection, finds the β in double precision. Where copies of the nearest neighbour alone have a
    /// higher perplexity than asked for, they share the probability.
    ///
    /// - Parameters:
    ///   - squaredDistances: in any unit, at least 0.
    ///   - perplexity: above 0. At the number of neighbours or above, all are equally likely.
    /// - Complexity: about ten exponentials a neighbour.
    static func calibrate(
        squaredDistances: UnsafeBufferPointer<Float>, perplexity: Double,
        probabilities: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        let count = squaredDistances.count
        let nearest = Double(squaredDistances.min()!)
        var spread = 0.0
        for distance in squaredDistances { spread += Double(distance) - nearest }
        spread /= Double(count)
        guard spread > 0, perplexity < Double(count) else {
            for neighbor in 0..<count { probabilities[neighbor] = 1 / Double(count) }
            return Double(count)
        }
        let target = log(perplexity)
        var (low, high) = (-700.0, 700.0)
        var logPrecision = 0.0
        var entropy = 0.0
        for _ in 0..<mostSteps {
            let precision = exp(logPrecision)
            var (sum, first, second) = (0.0, 0.0, 0.0)
            for neighbor in 0..<count {
                let distance = (Double(squaredDistances[neighbor]) - nearest) / spread
                let weight = exp(-precision * distance)
                probabilities[neighbor] = weight
                sum += weight
                first += weight * distance
                second += weight * distance * distance
            }
            first /= sum
            second /= sum
            for neighbor in 0..<count { probabilities[neighbor] /= sum }
            entropy = log(sum) + precision * first
            let excess = entropy - target
            if abs(excess) < tolerance { break }
            if excess > 0 { low = logPrecision } else { high = logPrecision }
            let slope = precision * precision * max(second - first * first, 0)
            let newton = logPrecision + excess / slope
            let isInside = newton.isFinite && newton > low && newton < high && abs(newton - logPrecision) < 3
            let next = isInside ? newton : bracketed(logPrecision, excess: excess, low: low, high: high)
            if next == logPrecision { break }
            logPrecision = next
        }
        return exp(entropy)
    }

    /// A step of at most 3 towards the solution while the bracket is wide, and its middle once it is narrow.
    private static func bracketed(_ value: Double, excess: Double, low: Double, high: Double) -> Double {
        if excess > 0 { return min(value + 3, (value + high) / 2) }
        return max(value - 3, (value + low) / 2)
    }
}
