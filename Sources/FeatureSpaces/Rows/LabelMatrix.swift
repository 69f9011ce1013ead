import Foundation
import LabelDistributions

/// The label distributions of N samples as N × K numbers that sum to 1 in each row, with some derived quantities.
struct LabelMatrix: Sendable {
    let count: Int
    let classCount: Int
    /// `count` × `classCount`, row by row.
    let values: [Double]
    /// Shannon entropy of every row, in nats, leveled.
    let entropies: [Double]
    private let exactEntropies: [Double]
    /// The majority class of every row.
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

    /// `value` rounded to about 12 decimals. Values that are equal up to the order of summation, such as the entropies of the
    /// same votes for other classes, become ties.
    static func leveled(_ value: Double) -> Double { (value * 0x1p40).rounded() * 0x1p-40 }

    /// Shannon entropy in nats of `count` probabilities; 0 ln 0 counts as 0.
    static func entropy(_ probabilities: UnsafePointer<Double>, _ count: Int) -> Double {
        var sum = 0.0
        for index in 0..<count where probabilities[index] > 0 {
            sum -= probabilities[index] * log(probabilities[index])
        }
        return sum
    }

    /// The Jensen-Shannon divergence of two distributions in nats, from 0 to ln 2: the mean of their divergences from their
    /// mean distribution (Lin, "Divergence measures based on the Shannon entropy", 1991). Its square root is the Jensen-Shannon
    /// distance.
    static func divergence(_ p: UnsafePointer<Double>, _ q: UnsafePointer<Double>, _ count: Int) -> Double {
        var sum = 0.0
        for index in 0..<count {
            let mean = (p[index] + q[index]) / 2
            if p[index] > 0 { sum += p[index] / 2 * log(p[index] / mean) }
            if q[index] > 0 { sum += q[index] / 2 * log(q[index] / mean) }
        }
        return max(0, sum)
    }

    /// The same for two rows, leveled: the entropy of the mean minus the mean of the entropies. It takes half as many
    /// logarithms and is exact to the level.
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
