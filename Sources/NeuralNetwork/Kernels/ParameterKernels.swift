import CKernels
import Foundation
import Numerics

/// The passes over contiguous parameters.
struct ParameterKernels {
    /// Which version of the passes runs; in plain Swift they are the oracle of those in C.
    private let path: KernelPath

    /// Those of `KernelPath.preferred()`, which looks at the environment, found once.
    static let preferred = ParameterKernels(.preferred())

    init(_ path: KernelPath) { self.path = path }

    /// sum += term, element by element.
    func add(_ term: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int) {
        guard let code = path.code else {
            for i in 0..<count { sum[i] += term[i] }
            return
        }
        penumbra_add(code, sum, term, count)
    }

    /// sum += factor · term, element by element.
    func add(
        _ term: UnsafePointer<Float>, times factor: Float, to sum: UnsafeMutablePointer<Float>, count: Int
    ) {
        guard let code = path.code else {
            for i in 0..<count { sum[i] += factor * term[i] }
            return
        }
        penumbra_add_scaled(code, sum, term, factor, count)
    }

    /// y = x rounded to bf16, to nearest even, element by element.
    func round(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<UInt16>, count: Int) {
        guard let code = path.code else {
            for i in 0..<count { y[i] = BFloat16.bits(x[i]) }
            return
        }
        penumbra_round_bf16(code, x, y, count)
    }

    /// velocity = momentum · velocity + gradient; value −= rate · velocity + decay · value.
    func descendDecoupled(
        _ value: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, velocity: UnsafeMutablePointer<Float>,
        count: Int, rate: Float, momentum: Float, decay: Float
    ) {
        guard let code = path.code else {
            for i in 0..<count {
                velocity[i] = momentum * velocity[i] + gradient[i]
                value[i] = value[i] - rate * velocity[i] - decay * value[i]
            }
            return
        }
        penumbra_sgdw_step(code, value, gradient, velocity, count, rate, momentum, decay)
    }

    /// velocity = momentum · velocity + gradient + decay · value; value −= rate · velocity.
    func descend(
        _ value: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, velocity: UnsafeMutablePointer<Float>,
        count: Int, rate: Float, momentum: Float, decay: Float
    ) {
        guard let code = path.code else {
            for i in 0..<count {
                velocity[i] = momentum * velocity[i] + (gradient[i] + decay * value[i])
                value[i] -= rate * velocity[i]
            }
            return
        }
        penumbra_sgd_step(code, value, gradient, velocity, count, rate, momentum, decay)
    }

    /// Adam's step of this number, from 1: with g = gradient + decay · value, mean = β₁ mean + (1 − β₁) g and
    /// square = β₂ square + (1 − β₂) g²; value −= rate · (mean / (1 − β₁ⁿ)) / (√(square / (1 − β₂ⁿ)) + ε).
    func descendAdaptively(
        _ value: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
        square: UnsafeMutablePointer<Float>, count: Int, rate: Float, decay: Float, momentum: Float, number: Int
    ) {
        let rest = 0.999, power = Double(number)
        let meanCorrection = 1 - pow(Double(momentum), power), squareCorrection = 1 - pow(rest, power)
        let (squareShare, newSquareShare, epsilon) = (Float(rest), Float(1 - rest), Float(1e-8))
        let (step, rootFactor) = (Float(Double(rate) / meanCorrection), Float(1 / squareCorrection.squareRoot()))
        guard let code = path.code else {
            for i in 0..<count {
                let g = gradient[i] + decay * value[i]
                mean[i] = momentum * mean[i] + (1 - momentum) * g
                square[i] = squareShare * square[i] + newSquareShare * (g * g)
                value[i] -= step * (mean[i] / (square[i].squareRoot() * rootFactor + epsilon))
            }
            return
        }
        penumbra_adam_step(
            code, value, gradient, mean, square, count, step, decay, momentum, squareShare, newSquareShare, rootFactor,
            epsilon)
    }
}
