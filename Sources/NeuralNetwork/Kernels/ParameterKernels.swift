import CKernels
import Foundation

/// The passes over contiguous parameters.
enum ParameterKernels {
    /// sum += term, element by element.
    static func add(_ term: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int) {
        penumbra_add(sum, term, count)
    }

    /// sum += factor · term, element by element.
    static func add(
        _ term: UnsafePointer<Float>, times factor: Float, to sum: UnsafeMutablePointer<Float>, count: Int
    ) {
        penumbra_add_scaled(sum, term, factor, count)
    }

    /// y = x rounded to bf16, to nearest even, element by element.
    static func round(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<UInt16>, count: Int) {
        penumbra_round_bf16(x, y, count)
    }

    /// velocity = momentum · velocity + gradient; value −= rate · velocity + decay · value.
    static func descendDecoupled(
        _ value: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, velocity: UnsafeMutablePointer<Float>,
        count: Int, rate: Float, momentum: Float, decay: Float
    ) {
        penumbra_sgdw_step(value, gradient, velocity, count, rate, momentum, decay)
    }

    /// velocity = momentum · velocity + gradient + decay · value; value −= rate · velocity.
    static func descend(
        _ value: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, velocity: UnsafeMutablePointer<Float>,
        count: Int, rate: Float, momentum: Float, decay: Float
    ) {
        penumbra_sgd_step(value, gradient, velocity, count, rate, momentum, decay)
    }

    /// Adam's step of this number, from 1: with g = gradient + decay · value, mean = β₁ mean + (1 − β₁) g and
    /// square = β₂ square + (1 − β₂) g²; value −= rate · (mean / (1 − β₁ⁿ)) / (√(square / (1 − β₂ⁿ)) + ε).
    static func descendAdaptively(
        _ value: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
        square: UnsafeMutablePointer<Float>, count: Int, rate: Float, decay: Float, momentum: Float, number: Int
    ) {
        let rest = 0.999, power = Double(number)
        let meanCorrection = 1 - pow(Double(momentum), power), squareCorrection = 1 - pow(rest, power)
        penumbra_adam_step(
            value, gradient, mean, square, count, Float(Double(rate) / meanCorrection), decay, momentum, Float(rest),
            Float(1 - rest), Float(1 / squareCorrection.squareRoot()), 1e-8)
    }
}
