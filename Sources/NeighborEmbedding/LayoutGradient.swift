import Determinism

/// A way to compute the forces between the points of a layout.
///
/// The gradient of the divergence by yᵢ is 4 (attraction − repulsion / normalization); see `Forces`.
protocol LayoutGradient: AnyObject {
    /// Fills `forces` for the points as they lie. The result does not depend on `threads`.
    func evaluate(at points: PlanarBuffer, into forces: Forces, threads: ThreadCount)
}

/// The forces on every point.
final class Forces {
    /// Σⱼ p q (yᵢ − yⱼ), with q = 1 / (1 + |yᵢ − yⱼ|²).
    let attraction: PlanarBuffer
    /// Σⱼ q² (yᵢ − yⱼ).
    let repulsion: PlanarBuffer
    /// Σ q over all ordered pairs of different points.
    var normalization = 0.0

    init(count: Int) {
        attraction = PlanarBuffer(count: count)
        repulsion = PlanarBuffer(count: count)
    }
}
