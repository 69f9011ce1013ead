import Foundation

/// Straightforward Fourier transforms in double precision.
struct PlainFourier {
    /// exp(-2πi k / n) for the longest transform.
    private let roots: [SIMD2<Double>]

    /// For transforms of this length or any divisor of it.
    init(length: Int) {
        roots = (0..<length).map { k in
            let angle = -2 * Double.pi * Double(k) / Double(length)
            return SIMD2(cos(angle), sin(angle))
        }
    }

    /// Σ xⱼ exp(-2πi jk / n).
    func spectrum(of values: [SIMD2<Double>]) -> [SIMD2<Double>] {
        let count = values.count
        let factor = [4, 2, 3, 5].first { count % $0 == 0 } ?? count
        if count == 1 { return values }
        let parts = (0..<factor).map { offset in
            spectrum(of: stride(from: offset, to: count, by: factor).map { values[$0] })
        }
        let step = roots.count / count, partCount = count / factor
        return (0..<count).map { k in
            var sum = SIMD2<Double>.zero
            for part in 0..<factor {
                let a = parts[part][k % partCount], b = roots[part * k % count * step]
                sum += SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
            }
            return sum
        }
    }

    /// Σ xⱼ exp(2πi jk / n).
    func inverse(of values: [SIMD2<Double>]) -> [SIMD2<Double>] {
        spectrum(of: values.map { SIMD2($0.y, $0.x) }).map { SIMD2($0.y, $0.x) }
    }
}
