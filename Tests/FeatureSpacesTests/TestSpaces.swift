import Numerics
import LabelDistributions

@testable import FeatureSpaces

/// Spaces with planted order.
enum TestSpaces {
    /// Labels of three classes: a quarter one-hot, half mixtures of two classes, a quarter of three.
    static func labels(count: Int, seed: UInt64) -> [LabelDistribution] {
        var random = CounterRandom(seed: seed, 1)
        return (0..<count).map { sample in
            let hardClass = random.index(below: 3)
            var shares = [0.0, 0, 0]
            switch sample % 4 {
            case 0: shares[hardClass] = 1
            case 1, 2:
                shares[hardClass] = random.uniform(in: 0.1...0.9)
                shares[(hardClass + 1) % 3] = 1 - shares[hardClass]
            default:
                shares = shares.map { _ in random.uniform(in: 0.1...1) }
                let sum = shares.reduce(0, +)
                shares = shares.map { $0 / sum }
            }
            return try! LabelDistribution(shares)
        }
    }

    /// Features linear in the labels, interleaved with as many noise columns.
    static func smooth(_ labels: [LabelDistribution], noise: Double = 0.1, seed: UInt64) -> FeatureSpace {
        var random = CounterRandom(seed: seed, 2)
        let features = labels.flatMap { label in
            label.probabilities.flatMap { [$0 + noise * random.normal(), noise * random.normal()] }.map { Float($0) }
        }
        return try! FeatureSpace(features: features, dimension: 6, labels: labels)
    }

    /// The same rows, assigned to other samples.
    static func shuffled(_ space: FeatureSpace, seed: UInt64) -> FeatureSpace {
        var random = CounterRandom(seed: seed, 3)
        let features = random.permutation(of: space.count).flatMap { row in
            space.features[row * space.dimension..<(row + 1) * space.dimension]
        }
        return try! FeatureSpace(features: features, dimension: space.dimension, labels: space.labels)
    }

    /// Independent normal features.
    static func noise(_ labels: [LabelDistribution], dimension: Int, seed: UInt64) -> FeatureSpace {
        var random = CounterRandom(seed: seed, 4)
        let features = (0..<labels.count * dimension).map { _ in Float(random.normal()) }
        return try! FeatureSpace(features: features, dimension: dimension, labels: labels)
    }

    /// Few replicates and pairs, to keep tests fast.
    static func parameters(bootstraps: Int = 60, permutations: Int = 0) -> MeasureParameters {
        var parameters = MeasureParameters()
        parameters.neighbors = 8
        parameters.pairs = 1_500
        parameters.bootstraps = bootstraps
        parameters.permutations = permutations
        return parameters
    }
}
