import Foundation

/// The kernel of the repulsion: w = u^exponent with u = 1 / (1 + d²/ν).
///
/// Its slope by yᵢ is −2 exponent / ν · w u (yᵢ − yⱼ), for every ν; so the forces are the slope of the potential Σ w but
/// for a factor.
struct InterpolationKernel: Sendable, Equatable {
    /// ν, above 0.
    let degreesOfFreedom: Double
    /// Above 0.
    let exponent: Double

    /// - Parameters:
    ///   - degreesOfFreedom: ν. The kernels of others than 1 take longer to prepare, not to evaluate.
    ///   - exponent: (ν + 1) / 2, that of the t-distribution, if nil.
    init(degreesOfFreedom: Double = 1, exponent: Double? = nil) {
        let exponent = exponent ?? (degreesOfFreedom + 1) / 2
        precondition(degreesOfFreedom > 0 && exponent > 0, "a kernel falls with the distance")
        (self.degreesOfFreedom, self.exponent) = (degreesOfFreedom, exponent)
    }

    /// What the slope of w is multiplied by to be w u (yᵢ − yⱼ).
    var forcePerSlope: Double { -degreesOfFreedom / (2 * exponent) }

    /// u.
    func inverse(squaredDistance: Double) -> Double { 1 / (1 + squaredDistance / degreesOfFreedom) }

    /// w − 1, without cancellation.
    func lessOne(squaredDistance: Double) -> Double {
        let ratio = squaredDistance / degreesOfFreedom
        return exponent == 1 ? -ratio / (1 + ratio) : expm1(-exponent * log1p(ratio))
    }

    /// The width within which w falls most, or 1 where that is larger.
    var width: Double { min(1, degreesOfFreedom.squareRoot()) }
}
