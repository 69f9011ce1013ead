import LabelDistributions
import Numerics

/// Label distributions of planted spaces: classes in a circle; 40 % of the samples are exactly one of them, the rest lie
/// between one class and the next.
struct PlantedLabels {
    let count: Int
    let classes: Int
    /// The share of class 0 among the samples; nil for equal shares.
    var rareShare: Double?
    /// Whether all samples are pure.
    var arePure = false

    func labels(seed: UInt64) -> [LabelDistribution] {
        var random = CounterRandom(seed: seed, PlantedStream.labels.rawValue)
        return (0..<count).map { _ in
            var main = random.index(below: classes)
            if let rareShare { main = random.uniform() < rareShare ? 0 : 1 + random.index(below: classes - 1) }
            let isPure = random.uniform() < 0.4
            let share = random.uniform(in: 0.5...1)
            let next = (main + (random.uniform() < 0.5 ? 1 : classes - 1)) % classes
            var probabilities = [Double](repeating: 0, count: classes)
            if isPure || arePure || next == main || rareShare != nil && next == 0 {
                probabilities[main] = 1
            } else {
                probabilities[main] = share
                probabilities[next] = 1 - share
            }
            return try! LabelDistribution(probabilities)
        }
    }
}

/// The purposes that random numbers of planted spaces are drawn for.
enum PlantedStream: UInt64 {
    case labels = 101
    case noise
    case dealing
    case places
    case rotation
}
