import Foundation
import LabelDistributions
import Numerics

/// How features depend on label distributions in a planted space.
enum PlantedSpace {
    /// Mixtures on the straight line between the corners of their classes.
    case lines
    /// The same, bent outwards: this is where networks trained on mixtures place them.
    case arcs
    /// Clusters by majority class, far apart, with the order of the labels inside.
    case clusters
    /// Each class, and each third of the way between two classes, on its own island at a random position.
    case islands
    /// A ring through all classes in order, in two of the dimensions.
    case ring

    /// The distance of a class from the origin.
    private static let radius = 3.0

    /// Rows of `dimension` features, each with normal noise of this standard deviation.
    func rows(
        of labels: [LabelDistribution], dimension: Int, noise: Double, seed: UInt64, noiseSeed: UInt64? = nil
    ) -> PlantedRows {
        var random = CounterRandom(seed: noiseSeed ?? seed, PlantedStream.noise.rawValue)
        var values: [Double] = []
        values.reserveCapacity(labels.count * dimension)
        for label in labels {
            for number in place(of: label.probabilities, dimension: dimension, seed: seed) {
                values.append(number + noise * random.normal())
            }
        }
        return PlantedRows(values: values, dimension: dimension, labels: labels)
    }

    private func place(of shares: [Double], dimension: Int, seed: UInt64) -> [Double] {
        var row = [Double](repeating: 0, count: dimension)
        let main = shares.firstIndex(of: shares.max()!)!
        switch self {
        case .lines:
            for (index, share) in shares.enumerated() { row[index] = Self.radius * share }
        case .arcs:
            for (index, share) in shares.enumerated() { row[index] = Self.radius * share.squareRoot() }
        case .clusters:
            for (index, share) in shares.enumerated() { row[index] = share }
            row[main] += 2 * Self.radius
        case .islands:
            let other = shares.indices.filter { $0 != main }.max { shares[$0] < shares[$1] } ?? main
            let third = min(2, Int((1 - shares[main]) * 6))
            let island =
                shares[main] == 1 ? UInt64(main) : UInt64((main * shares.count + other) * 3 + third + shares.count)
            var random = CounterRandom(seed: seed, PlantedStream.places.rawValue, island)
            for column in row.indices { row[column] = Self.radius / 2 * random.normal() }
        case .ring:
            let next = (main + 1) % shares.count, before = (main + shares.count - 1) % shares.count
            let step = shares.count == 2 ? shares[next] : shares[next] - shares[before]
            let angle = 2 * Double.pi * (Double(main) + step) / Double(shares.count)
            (row[0], row[1]) = (Self.radius * cos(angle), Self.radius * sin(angle))
        }
        return row
    }
}

/// Rows of features, still open to changes, with their labels.
struct PlantedRows {
    var values: [Double]
    let dimension: Int
    let labels: [LabelDistribution]

    var space: FeatureSpace {
        try! FeatureSpace(features: values.map { Float($0) }, dimension: dimension, labels: labels)
    }

    /// The rows shuffled among the samples: within majority classes, so that only what hard labels hide is lost, or among all.
    func dealt(withinClasses: Bool, seed: UInt64) -> PlantedRows {
        var random = CounterRandom(seed: seed, PlantedStream.dealing.rawValue)
        var members: [Int: [Int]] = [:]
        for (sample, label) in labels.enumerated() {
            members[withinClasses ? label.hardClass : 0, default: []].append(sample)
        }
        var result = self
        for hardClass in members.keys.sorted() {
            let group = members[hardClass]!
            for (place, other) in random.permutation(of: group.count).enumerated() {
                let (target, source) = (group[place] * dimension, group[other] * dimension)
                result.values.replaceSubrange(target..<target + dimension, with: values[source..<source + dimension])
            }
        }
        return result
    }

    /// With more noise.
    func noisier(_ noise: Double, seed: UInt64) -> PlantedRows {
        var random = CounterRandom(seed: seed, PlantedStream.noise.rawValue, 1)
        var result = self
        for place in values.indices { result.values[place] += noise * random.normal() }
        return result
    }

    /// Rotated in every plane of two neighbouring axes, and scaled.
    func turned(scale: Double, seed: UInt64) -> PlantedRows {
        var random = CounterRandom(seed: seed, PlantedStream.rotation.rawValue)
        let angles = (1..<dimension).map { _ in random.uniform(in: 0...2 * .pi) }
        var result = self
        for start in stride(from: 0, to: values.count, by: dimension) {
            for (axis, angle) in angles.enumerated() {
                let (x, y) = (result.values[start + axis], result.values[start + axis + 1])
                result.values[start + axis] = cos(angle) * x - sin(angle) * y
                result.values[start + axis + 1] = sin(angle) * x + cos(angle) * y
            }
            for column in start..<start + dimension { result.values[column] *= scale }
        }
        return result
    }
}
