import Foundation

/// The kernel of the repulsion: w = u^exponent with u = 1 / (1 + d²/ν).
///
/// Its gradient with respect to yᵢ is −2 exponent / ν · w u (yᵢ − yⱼ), for every ν; so the forces are the gradient of the
/// potential Σ w, up to a factor.
struct InterpolationKernel: Sendable, Equatable {
    /// ν, above 0.
    let degreesOfFreedom: Double
    /// Above 0.
    let exponent: Double
    /// R: at smaller distances, the kernel is not w but a polynomial in d² that continues w inwards; 0 if it is w everywhere.
    /// The difference, `nearPart`, must be summed pair by pair.
    let cutoff: Double

    /// The polynomial's degree, and the number of derivatives with respect to d² in which it matches w at the cutoff. With 2, 4
    /// and 5 the forces of a sparse layout are less accurate on nodes spaced a third of the cutoff apart.
    static let smoothness = 3

    /// - Parameters:
    ///   - degreesOfFreedom: ν. Kernels with values other than 1 take longer to prepare, but not to evaluate.
    ///   - exponent: (ν + 1) / 2, that of the t-distribution, if nil.
    ///   - cutoff: 0, or a positive number if the kernel is 1 / (1 + d²).
    init(degreesOfFreedom: Double = 1, exponent: Double? = nil, cutoff: Double = 0) {
        let exponent = exponent ?? (degreesOfFreedom + 1) / 2
        precondition(degreesOfFreedom > 0 && exponent > 0, "a kernel falls with the distance")
        (self.degreesOfFreedom, self.exponent, self.cutoff) = (degreesOfFreedom, exponent, cutoff)
        precondition(cutoff == 0 || canHaveCutoff, "the near part is known for 1 / (1 + d²)")
    }

    /// Whether the near part is known in closed form.
    var canHaveCutoff: Bool { degreesOfFreedom == 1 && exponent == 1 }

    /// The same kernel with another cutoff.
    func with(cutoff: Double) -> Self {
        Self(degreesOfFreedom: degreesOfFreedom, exponent: exponent, cutoff: cutoff)
    }

    /// The difference between w and the kernel. With t = (R² − d²) / (1 + R²), the Taylor series of 1 / (1 + d²) in d² around
    /// R² is Σ tᵏ / (1 + R²), so its remainder after the power k is u tᵏ⁺¹; 0 beyond the cutoff.
    func nearPart(squaredDistance: Double) -> Double {
        let t = (cutoff * cutoff - squaredDistance) / (1 + cutoff * cutoff)
        return t > 0 ? pow(t, Double(Self.smoothness + 1)) * inverse(squaredDistance: squaredDistance) : 0
    }

    /// The negative derivative of the near part with respect to d²: the factor of yᵢ − yⱼ in its forces.
    func nearForce(squaredDistance: Double) -> Double {
        let scale = 1 / (1 + cutoff * cutoff)
        let t = (cutoff * cutoff - squaredDistance) * scale
        let u = inverse(squaredDistance: squaredDistance)
        let k = Self.smoothness
        return t > 0 ? pow(t, Double(k)) * u * (Double(k + 1) * scale + t * u) : 0
    }

    /// The factor that turns the slope of w into w u (yᵢ − yⱼ).
    var forcePerSlope: Double { -degreesOfFreedom / (2 * exponent) }

    /// u.
    func inverse(squaredDistance: Double) -> Double { 1 / (1 + squaredDistance / degreesOfFreedom) }

    /// The kernel − 1; without a cutoff, free of cancellation.
    func lessOne(squaredDistance: Double) -> Double {
        let ratio = squaredDistance / degreesOfFreedom
        let all = exponent == 1 ? -ratio / (1 + ratio) : expm1(-exponent * log1p(ratio))
        return cutoff > 0 ? all - nearPart(squaredDistance: squaredDistance) : all
    }

    /// The width that the nodes must resolve: the cutoff, or the width over which w falls most steeply; at most 1.
    var width: Double { cutoff > 0 ? cutoff : min(1, degreesOfFreedom.squareRoot()) }
}
