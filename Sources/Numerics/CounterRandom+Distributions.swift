import Foundation

extension CounterRandom {
    /// An integer uniform in 0..<`bound` (Lemire's method: no modulo bias).
    public mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "there is no index below \(bound)")
        return Int.random(in: 0..<bound, using: &self)
    }

    /// A number of the standard normal distribution (Box and Muller, 1958; one of the pair is thrown away so that each
    /// call takes two numbers of the stream).
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }

    /// A permutation of 0..<`count`, each equally likely (Fisher and Yates).
    public mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, index(below: last + 1)) }
        return order
    }

    /// `count` numbers of at least 0 that sum to 1 within rounding, from the symmetric Dirichlet distribution of concentration
    /// `alpha` > 0: gamma variables divided by their sum. They are drawn by Marsaglia and Tsang, "A simple method for
    /// generating gamma variables" (2000), for α + 1, and brought to α by a power of a uniform number; all in logarithms,
    /// since for a small α every one of them may be too small for a double.
    public mutating func dirichlet(_ alpha: Double, count: Int) -> [Double] {
        let logarithms = (0..<count).map { _ in
            let d = alpha + 1 - 1.0 / 3, c = 1 / (9 * d).squareRoot()
            while true {
                let x = normal()
                let base = 1 + c * x
                let u = 1 - uniform()
                if base <= 0 { continue }
                let v = base * base * base
                if log(u) < 0.5 * x * x + d * (1 - v + log(v)) {
                    return log(d * v) + log(1 - uniform()) / alpha
                }
            }
        }
        let largest = logarithms.max()!
        let exponentials = logarithms.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }
}
