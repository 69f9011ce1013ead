import Numerics
import Foundation

@testable import NeighborEmbedding

/// Forces and divergence by definition, in double precision.
struct ReferenceForces {
    var attraction: [SIMD2<Double>]
    var repulsion: [SIMD2<Double>]
    /// Σ of the magnitudes of each sum's terms; rounding errors are relative to it.
    var attractionMagnitude: [Double]
    var repulsionMagnitude: [Double]
    var normalization = 0.0
    var divergence = 0.0

    init(layout: [SIMD2<Double>], affinities: [Double], degreesOfFreedom: Double = 1) {
        let count = layout.count
        attraction = Array(repeating: .zero, count: count)
        repulsion = attraction
        attractionMagnitude = Array(repeating: 0, count: count)
        repulsionMagnitude = attractionMagnitude
        var crossEntropy = 0.0
        for i in 0..<count {
            for j in 0..<count where j != i {
                let difference = layout[i] - layout[j]
                let squared = (difference * difference).sum()
                let u = 1 / (1 + squared / degreesOfFreedom)
                let w = pow(u, degreesOfFreedom)
                let p = affinities[i * count + j]
                normalization += w
                repulsion[i] += w * u * difference
                attraction[i] += p * u * difference
                repulsionMagnitude[i] += w * u * squared.squareRoot()
                attractionMagnitude[i] += p * u * squared.squareRoot()
                if p > 0 { crossEntropy += p * (log(p) - log(w)) }
            }
        }
        divergence = crossEntropy + affinities.reduce(0, +) * log(normalization)
    }

    /// The gradient of the divergence.
    func gradient(_ point: Int) -> SIMD2<Double> { 4 * (attraction[point] - repulsion[point] / normalization) }

    /// The largest relative error of a single-precision sum of `count` terms, each with a few roundings and a 22-bit reciprocal
    /// that enters twice.
    static func roundingError(count: Int) -> Double { Double(count + 16) * 0x1p-24 }
}

/// Interleaves the coordinates of all points.
func sideBySide(_ points: [SIMD2<Double>]) -> AlignedBuffer<Float> {
    let pairs = AlignedBuffer<Float>(count: 2 * points.count)
    for (index, point) in points.enumerated() {
        (pairs[2 * index], pairs[2 * index + 1]) = (Float(point.x), Float(point.y))
    }
    return pairs
}

func planar(_ points: [SIMD2<Double>]) -> PlanarBuffer {
    PlanarBuffer(interleaved: points.flatMap { [Float($0.x), Float($0.y)] })
}

/// Points whose coordinates are exact in single precision.
func randomLayout(_ count: Int, scale: Double, seed: UInt64) -> [SIMD2<Double>] {
    let values = TestData.normal(2 * count, scale: scale, seed: seed)
    return (0..<count).map { SIMD2(Double(values[2 * $0]), Double(values[2 * $0 + 1])) }
}
