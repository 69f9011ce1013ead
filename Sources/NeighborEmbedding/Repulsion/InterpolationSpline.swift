import Numerics
import Foundation

/// The cardinal B-spline of order 6 (pieces of degree 5): how a charge is shared among the six nearest nodes along an
/// axis, and how a potential is read from them.
///
/// Compared with Lagrange polynomials on the three nodes of an interval (Linderman et al., 2019), on the same grid of three
/// nodes per unit, the measured forces are more accurate by a factor of 40 to 55, since the stencil lies around the point and
/// the influence function corrects for it. They are also continuous, so they can be the gradient of one potential.
enum InterpolationSpline {
    /// The number of nodes that a point uses along an axis.
    static let order = 6
    /// The number of nodes below the one at or before a point.
    static let nodesBefore = 2

    /// The lanes per row of the table: six weights and two zeros, twice.
    private static let lanes = 16

    /// The weights as polynomials in t, the position between two nodes minus 1/2, in the form that the C kernels use: six rows
    /// of coefficients, highest power first, and five rows for the derivatives.
    static func table() -> AlignedBuffer<Float> {
        let polynomials = weightPolynomials()
        let table = AlignedBuffer<Float>(count: (2 * order - 1) * lanes)
        for node in 0..<order {
            for power in 0..<order {
                for lane in [node, node + lanes / 2] {
                    table[(order - 1 - power) * lanes + lane] = Float(polynomials[node][power])
                    if power == 0 { continue }
                    table[(2 * order - 1 - power) * lanes + lane] = Float(Double(power) * polynomials[node][power])
                }
            }
        }
        return table
    }

    /// The weights at a position (or their derivatives) from the table, and two zeros.
    static func weights(_ table: AlignedBuffer<Float>, at t: Float, derivative: Bool = false) -> SIMD8<Float> {
        let rows = derivative ? order..<2 * order - 1 : 0..<order
        func row(_ row: Int) -> SIMD8<Float> {
            SIMD8(UnsafeBufferPointer(start: table.base + row * lanes, count: lanes / 2))
        }
        return rows.dropFirst().reduce(row(rows.lowerBound)) { $0 * t + row($1) }
    }

    /// Coefficients by ascending powers of t, one polynomial per node, from the recursion of Cox and de Boor: the weight of
    /// node j among k is ((f + k − 1 − j) w(j − 1) + (1 + j − f) w(j)) / (k − 1) with f = t + 1/2 and the weights among k − 1.
    private static func weightPolynomials() -> [[Double]] {
        var weights = [[1.0]]
        for k in 2...order {
            func term(_ polynomial: [Double], _ constant: Double, _ slope: Double) -> [Double] {
                var product = [Double](repeating: 0, count: k)
                for (power, coefficient) in polynomial.enumerated() {
                    product[power] += constant * coefficient
                    product[power + 1] += slope * coefficient
                }
                return product
            }
            weights = (0..<k).map { j in
                let lower = j > 0 ? weights[j - 1] : [0]
                let upper = j < k - 1 ? weights[j] : [0]
                let left = term(lower, Double(k - 1 - j) + 0.5, 1)
                let right = term(upper, Double(1 + j) - 0.5, -1)
                return (0..<k).map { (left[$0] + right[$0]) / Double(k - 1) }
            }
        }
        return weights
    }

    /// What the influence function needs to know about the spline at one frequency, in cycles per node from 0 to 1/2. The
    /// spline's spectrum is sinc⁶, and all frequencies that differ by whole cycles are indistinguishable on the mesh.
    struct Response {
        /// |W|² / (Σ |W|²)², the factor of Hockney and Eastwood's optimal influence function ("Computer simulation using
        /// particles", 1988, section 8-3) for a kernel of that frequency.
        let correction: Double
        /// Σ W(k + m)², whose mean weighted by the influence is the potential of a charge at its own position.
        let power: Double
        /// Σ W(k + m) W(k + m + 1), which gives how that potential varies between two nodes.
        let overlap: Double

        init(frequency: Double) {
            func spectrum(_ cycles: Double) -> Double {
                let angle = Double.pi * cycles
                return abs(angle) < 1e-12 ? 1 : pow(sin(angle) / angle, Double(InterpolationSpline.order))
            }
            let aliases = (-6...7).map { spectrum(frequency + Double($0)) }
            power = aliases.reduce(0) { $0 + $1 * $1 }
            overlap = zip(aliases, aliases.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
            correction = spectrum(frequency) * spectrum(frequency) / (power * power)
        }
    }
}
