import Foundation

/// Student's t distribution.
enum StudentT {
    /// The probability of a value at least as far from 0 as `t`.
    ///
    /// The regularised incomplete beta function I_x(ν/2, ½) at x = ν / (ν + t²), by its continued fraction (Abramowitz and
    /// Stegun, 26.7.1 and 26.5.8), evaluated from the front (Lentz, 1976).
    static func twoSided(_ t: Double, degrees: Double) -> Double {
        if t.isNaN { return .nan }
        if t.isInfinite { return 0 }
        return incompleteBeta(degrees / 2, 0.5, at: degrees / (degrees + t * t))
    }

    /// The value exceeded in absolute value with probability 1 − `confidence`.
    static func quantile(confidence: Double, degrees: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while twoSided(high, degrees: degrees) > 1 - confidence { high *= 2 }
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if twoSided(middle, degrees: degrees) > 1 - confidence { low = middle } else { high = middle }
        }
        return high
    }

    private static func incompleteBeta(_ a: Double, _ b: Double, at x: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        // The fraction converges quickly below the mean.
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(b, a, at: 1 - x) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        let tiny = 1e-300
        var (c, d) = (1.0, 1 - (a + b) * x / (a + 1))
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        for step in 1...10_000 {
            let m = Double(step)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + numerator * d
                c = 1 + numerator / c
                d = 1 / (abs(d) < tiny ? tiny : d)
                if abs(c) < tiny { c = tiny }
                fraction *= d * c
            }
            if abs(d * c - 1) < 1e-15 { break }
        }
        return front * fraction
    }
}
