import Numerics
import Foundation

/// A way to compute the repulsion between the points of a layout.
///
/// With ν degrees of freedom, d the distance between two points and u = 1 / (1 + d²/ν), their similarity before
/// normalisation is w = u^ν, and the gradient of the divergence by yᵢ is 4 Σⱼ (p − w / Z) u (yᵢ − yⱼ) with Z = Σ w over
/// all ordered pairs of different points. One degree of freedom gives the Student t-distribution of van der Maaten and
/// Hinton; fewer give heavier tails (Kobak et al., "Heavy-tailed kernels reveal a finer cluster structure in t-SNE
/// visualisations", 2019).
protocol RepulsionMethod: AnyObject {
    /// Writes Σⱼ w u (yᵢ − yⱼ) of every point into `forces` and returns Z. The result does not depend on `threads`.
    ///
    /// - Throws: `TSNEError.noTransformPlan`.
    func evaluate(at points: PlanarBuffer, into forces: PlanarBuffer, threads: ThreadCount) throws(TSNEError) -> Double
}

/// The similarity of points in the plane, plainly; see `RepulsionMethod`.
struct StudentKernel: Sendable, Equatable {
    let degreesOfFreedom: Double

    init(degreesOfFreedom: Double = 1) { self.degreesOfFreedom = degreesOfFreedom }

    /// w and u of two points at a distance.
    func weights(squaredDistance: Float) -> (w: Float, u: Float) {
        let u = 1 / (1 + squaredDistance / Float(degreesOfFreedom))
        return (degreesOfFreedom == 1 ? u : Float(pow(Double(u), degreesOfFreedom)), u)
    }
}
