import Foundation

/// What annotators said about one image: a probability for each of K classes, in class order.
///
/// The probabilities are kept as they were given; they are finite, not negative and sum to 1 within `tolerance`.
public struct LabelDistribution: Sendable, Equatable {
    /// K ≥ 1 numbers.
    public let probabilities: [Double]

    /// How far a sum may be from 1.
    public static let tolerance = 1e-6

    /// Checks and takes `probabilities`. Throws if there are none, if one is negative, NaN or infinite, or if their sum
    /// is further than `tolerance` from 1.
    public init(_ probabilities: [Double]) throws(LabelDistributionError) {
        if probabilities.isEmpty { throw .empty }
        for (index, value) in probabilities.enumerated() {
            if !value.isFinite { throw .notFinite(index: index, value: "\(value)") }
            if value < 0 { throw .negative(index: index, value: value) }
        }
        let sum = probabilities.reduce(0, +)
        if abs(sum - 1) > Self.tolerance { throw .sum(sum) }
        self.probabilities = probabilities
    }

    /// The share of each class among the votes, `counts` in class order (the soft label). Throws if there is no class, a
    /// count is negative, or nobody voted.
    public init(counts: [Int]) throws(LabelDistributionError) {
        if counts.isEmpty { throw .empty }
        for (index, count) in counts.enumerated() where count < 0 {
            throw .negative(index: index, value: Double(count))
        }
        let total = counts.reduce(0.0) { $0 + Double($1) }
        if total == 0 { throw .noVotes }
        probabilities = counts.map { Double($0) / total }
    }

    /// All of the mass on class `hardClass` of `classCount`. Traps if there is no such class.
    public init(oneHot hardClass: Int, of classCount: Int) {
        precondition((0..<classCount).contains(hardClass), "class \(hardClass) is not one of \(classCount)")
        probabilities = (0..<classCount).map { $0 == hardClass ? 1 : 0 }
    }

    /// K, the number of classes.
    public var classCount: Int { probabilities.count }

    /// The class with the largest probability (a relative majority); on a tie, the first in class order.
    public var hardClass: Int { probabilities.indexOfFirstMaximum }

    /// Whether several classes share the largest probability, so that the order of the classes decides `hardClass`.
    public var isTied: Bool {
        let largest = probabilities[hardClass]
        return probabilities.count { $0 == largest } > 1
    }

    /// The hard label: all of the mass on `hardClass`.
    public var oneHot: LabelDistribution { LabelDistribution(oneHot: hardClass, of: classCount) }

    /// Shannon's entropy in nats, from 0 (all agree) to ln K (uniform); 0 ln 0 counts as 0.
    public var entropy: Double {
        probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    }

    /// The mean over `labels`, class by class. Traps if there are none or their numbers of classes differ.
    public static func mean(of labels: some Collection<LabelDistribution>) -> LabelDistribution {
        guard let first = labels.first else { preconditionFailure("there is no mean of no labels") }
        var sums = [Double](repeating: 0, count: first.classCount)
        for label in labels {
            precondition(label.classCount == sums.count, "labels of \(label.classCount) and \(sums.count) classes")
            for index in sums.indices { sums[index] += label.probabilities[index] }
        }
        return LabelDistribution(unchecked: sums.map { $0 / Double(labels.count) })
    }

    init(unchecked probabilities: [Double]) { self.probabilities = probabilities }
}

extension [Double] {
    /// The index of the largest element, of equal ones the first. Traps on an empty array; NaN is never the largest
    /// unless it comes first.
    var indexOfFirstMaximum: Int {
        precondition(!isEmpty, "an empty row has no maximum")
        return indices.dropFirst().reduce(0) { self[$1] > self[$0] ? $1 : $0 }
    }
}
