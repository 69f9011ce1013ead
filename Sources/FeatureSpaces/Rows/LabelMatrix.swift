import Foundation
import LabelDistributions

/// The label distributions of N samples as N × K numbers that sum to 1 in each row, with what is often asked of them.
struct LabelMatrix: Sendable {
    let count: Int
    let classCount: Int
    /// `count` × `classCount`, row after row.
    let values: [Double]
    /// Shannon's entropy of every row, in nats, leveled.
    let entropies: [Double]
    private let exactEntropies: [Double]
    /// The hard class of every row.
    let hardClasses: [Int32]

    init(_ labels: [LabelDistribution]) {
        count = labels.count
        classCount = labels[0].classCount
        values = labels.flatMap { label in
            let sum = label.probabilities.reduce(0, +)
            return label.probabilities.map { $0 / sum }
        }
        hardClasses = labels.map { Int32($0.hardClass) }
        let (values, classCount) = (values, classCount)
        exactEntropies = values.withUnsafeBufferPointer { rows in
            (0..<labels.count).map { Self.entropy(rows.baseAddress! + $0 * classCount, classCount) }
        }
        entropies = exactEntropies.map(Self.leveled)
    }

    /// `value` to about 12 decimals. What is equal up to the order of its sums, as the entropies of one set of votes
    /// for other classes, is a tie after this.
    static func leveled(_ value: Double) -> Double { (value * 0x1p40).rounded() * 0x1p-40 }

    /// Shannon's entropy in nats of `count` probabilities; 0 ln 0 counts as 0.
    static func entropy(_ probabilities: UnsafePointer<Double>, _ count: Int) -> Double {
        var sum = 0.0
        for index in 0..<count where probabilities[index] > 0 {
            sum -= probabilities[index] * log(probabilities[index])
        }
        return sum
    }

    /// The Jensen-Shannon divergence of two distributions in nats, from 0 to ln 2: the mean of the divergences of both
    /// from their mean (Lin, "Divergence measures based on the Shannon entropy", 1991). Its square root is the
    /// Jensen-Shannon distance.
    static func divergence(_ p: UnsafePointer<Double>, _ q: UnsafePointer<Double>, _ count: Int) -> Double {
        var sum = 0.0
        for index in 0..<count {
            let mean = (p[index] + q[index]) / 2
            if p[index] > 0 { sum += p[index] / 2 * log(p[index] / mean) }
            if q[index] > 0 { sum += q[index] / 2 * log(q[index] / mean) }
        }
        return max(0, sum)
    }

    /// The same of two rows, leveled: by the entropy of the mean less the mean of the entropies, with half the
    /// logarithms, and as exact as the level.
    func leveledDivergence(_ first: Int, _ second: Int) -> Double {
        values.withUnsafeBufferPointer { values in
            let (p, q) = (values.baseAddress! + first * classCount, values.baseAddress! + second * classCount)
            var sum = -(exactEntropies[first] + exactEntropies[second]) / 2
            for index in 0..<classCount {
                let mean = (p[index] + q[index]) / 2
                if mean > 0 { sum -= mean * log(mean) }
            }
            return Self.leveled(max(0, sum))
        }
    }
}
