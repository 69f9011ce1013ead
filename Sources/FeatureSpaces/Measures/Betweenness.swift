import Numerics

/// Where the mixtures of two classes lie between the centroids of these classes.
///
/// With c the centroids of the pure samples of classes a and b, a mixture x lies at s = (x − c_a) · (c_b − c_a) / |c_b − c_a|²,
/// and its ratio is t = p_b / (p_a + p_b). Let r be the correlation between s and t over the mixtures of all pairs of classes.
/// Each mixture enters in both directions, as (s, t) and (1 − s, 1 − t), so that the order of the classes does not matter. R²
/// is r² with the sign of r. Centroids contain no mixtures, so no sample is measured against itself.
///
/// Under the bootstrap the centroids are fixed and mixtures are drawn.
struct Betweenness: WeightedStatistic {
    /// A sample between two classes.
    struct Mixture: Sendable {
        let sample: Int
        /// The classes of larger and smaller probability in class order.
        let classes: [Int]
        /// The share of the second of them, minus one half.
        let ratio: Double
        /// s minus one half.
        var position = 0.0
    }

    /// The mixtures between classes with different centroids, in the order of the samples.
    let mixtures: [Mixture]

    /// How far sums of probabilities may miss `purity` through rounding.
    private static let rounding = 1e-9

    /// - Complexity: O(N (D + K)).
    init(_ rows: CenteredRows, labels: LabelMatrix, purity: Double) {
        var centroids = [[Double]](repeating: [Double](repeating: 0, count: rows.dimension), count: labels.classCount)
        var counts = [Int](repeating: 0, count: labels.classCount)
        var found: [Mixture] = []
        for sample in 0..<rows.count {
            let label = labels.values[sample * labels.classCount..<(sample + 1) * labels.classCount]
            let hardClass = Int(labels.hardClasses[sample])
            let largest = label[label.startIndex + hardClass]
            if largest >= purity - Self.rounding {
                counts[hardClass] += 1
                let row = rows.values.base + sample * rows.dimension
                for column in 0..<rows.dimension { centroids[hardClass][column] += row[column] }
                continue
            }
            let others = (0..<labels.classCount).filter { $0 != hardClass }
            guard let second = others.max(by: { label[label.startIndex + $0] < label[label.startIndex + $1] })
            else { continue }
            let sum = largest + label[label.startIndex + second]
            if sum < purity - Self.rounding { continue }
            let classes = [hardClass, second].sorted()
            found.append(
                Mixture(sample: sample, classes: classes, ratio: label[label.startIndex + classes[1]] / sum - 0.5))
        }
        for (index, count) in counts.enumerated() where count > 0 {
            for column in 0..<rows.dimension { centroids[index][column] /= Double(count) }
        }
        mixtures = found.compactMap { mixture in
            if mixture.classes.contains(where: { counts[$0] == 0 }) { return nil }
            let (from, to) = (centroids[mixture.classes[0]], centroids[mixture.classes[1]])
            let row = rows.values.base + mixture.sample * rows.dimension
            var (product, length) = (0.0, 0.0)
            for column in 0..<rows.dimension {
                let direction = to[column] - from[column]
                product += (row[column] - from[column]) * direction
                length += direction * direction
            }
            if length == 0 { return nil }
            var placed = mixture
            placed.position = product / length - 0.5
            return placed
        }
    }

    func value(weights: [Double]) -> Double {
        value(weights: mixtures.map { weights[$0.sample] }, ratios: mixtures.map(\.ratio))
    }

    /// R² with the ratios permuted among the mixtures of the same two classes.
    func value(permutingBy random: inout CounterRandom) -> Double {
        var ratios = mixtures.map(\.ratio)
        let groups = Dictionary(grouping: mixtures.indices) { mixtures[$0].classes }
        for classes in groups.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let group = groups[classes]!
            let order = random.permutation(of: group.count)
            for (place, member) in group.enumerated() { ratios[member] = mixtures[group[order[place]]].ratio }
        }
        return value(weights: [Double](repeating: 1, count: mixtures.count), ratios: ratios)
    }

    /// R² from the mixtures' weights and their ratios minus one half.
    private func value(weights: [Double], ratios: [Double]) -> Double {
        var (positionSquares, ratioSquares, products) = (0.0, 0.0, 0.0)
        for (index, mixture) in mixtures.enumerated() {
            positionSquares += weights[index] * mixture.position * mixture.position
            ratioSquares += weights[index] * ratios[index] * ratios[index]
            products += weights[index] * mixture.position * ratios[index]
        }
        if positionSquares == 0 || ratioSquares == 0 { return .nan }
        return products * abs(products) / (positionSquares * ratioSquares)
    }
}
