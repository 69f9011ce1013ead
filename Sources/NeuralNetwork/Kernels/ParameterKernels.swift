import CKernels

/// The passes over contiguous parameters.
enum ParameterKernels {
    /// sum += term, element by element.
    static func add(_ term: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int) {
        penumbra_add(sum, term, count)
    }

    /// velocity = momentum · velocity + gradient; value −= rate · velocity + decay · value.
    static func descend(
        _ value: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, velocity: UnsafeMutablePointer<Float>,
        count: Int, rate: Float, momentum: Float, decay: Float
    ) {
        penumbra_sgd_step(value, gradient, velocity, count, rate, momentum, decay)
    }
}
