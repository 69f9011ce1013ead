import Determinism
import Foundation
import Testing

@testable import NeighborEmbedding

@Suite struct InterpolationTests {
    @Test func trial() {
        for (name, layout) in Layouts.all(count: 2_000) {
            for kernels in [KernelPath.swift, .baseline, .avx2, .avx512] {
                for (nu) in [1.0, 0.5, 4] {
                    if nu != 1 && kernels != .avx512 { continue }
                let r = ExactRepulsion(layout, degreesOfFreedom: nu)
                let m = InterpolationRepulsion(count: layout.count, degreesOfFreedom: nu, kernels: kernels)
                let forces = PlanarBuffer(count: layout.count)
                let z = m.evaluate(at: planar(layout), into: forces, threads: ThreadCount(2))
                print(name, kernels, nu, r.error(of: forces), z / r.sum - 1)
                }
            }
        }
    }
    @Test func speed() {
        for (n, e) in [(70_000, 50.0), (1_000_000, 120.0)] {
            var layout = randomLayout(n, scale: 1, seed: 1).map { $0 }
            layout = layout.map { SIMD2($0.x * e / 3, $0.y * e / 3) }
            layout.sort { (Int($0.x / 4), $0.y) < (Int($1.x / 4), $1.y) }
            let p = planar(layout)
            let m = InterpolationRepulsion(count: n, kernels: .preferred())
            let forces = PlanarBuffer(count: n)
            for t in [1, 2] {
                _ = m.evaluate(at: p, into: forces, threads: ThreadCount(t))
                var best = 1e9
                for _ in 0..<15 {
                    let c = ContinuousClock().now
                    _ = m.evaluate(at: p, into: forces, threads: ThreadCount(t))
                    best = min(best, (ContinuousClock().now - c) / .milliseconds(1))
                }
                print(n, e, t, best, "ms")
            }
        }
    }
}

enum Layouts {
    static func all(count: Int) -> [(String, [SIMD2<Double>])] {
        let normal = randomLayout(count, scale: 1, seed: 3)
        let centres = randomLayout(20, scale: 20, seed: 4)
        return [
            ("random", normal.map { $0 * 8 }),
            ("wide", normal.map { $0 * 20 }),
            ("clusters", normal.enumerated().map { centres[$0 % 20] + $1 }),
            ("ring", normal.enumerated().map {
                let a = Double($0) * 0.7
                return SIMD2(30 * cos(a), 30 * sin(a)) + 0.3 * $1 }),
            ("tiny", normal.map { $0 * 1e-4 }),
            ("huge", normal.map { $0 * 300 }),
            ("line", normal.map { SIMD2($0.x * 30, 0) }),
            ("coincident", normal.map { _ in SIMD2(1, 2) }),
        ]
    }
}

struct ExactRepulsion {
    var forces: [SIMD2<Double>] = []
    var sum = 0.0
    init(_ layout: [SIMD2<Double>], degreesOfFreedom nu: Double) {
        let layout = layout.map { SIMD2(Double(Float($0.x)), Double(Float($0.y))) }
        for (i, a) in layout.enumerated() {
            var force = SIMD2<Double>.zero
            for (j, b) in layout.enumerated() where j != i {
                let u = 1 / (1 + ((a - b) * (a - b)).sum() / nu)
                let w = nu == 1 ? u : pow(u, (nu + 1) / 2)
                force += w * u * (a - b)
                sum += w
            }
            forces.append(force)
        }
    }
    func error(of found: PlanarBuffer) -> Double {
        var (error, norm) = (0.0, 0.0)
        for (i, force) in forces.enumerated() {
            let difference = SIMD2(Double(found.x[i]), Double(found.y[i])) - force
            error += (difference * difference).sum()
            norm += (force * force).sum()
        }
        return norm > 0 ? (error / norm).squareRoot() : error.squareRoot()
    }
}
