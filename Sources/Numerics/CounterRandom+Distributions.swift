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
}
