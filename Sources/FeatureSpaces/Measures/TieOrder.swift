import Numerics

/// The order in which equally distant samples become neighbours: pseudo-random, and another one for each sample whose neighbours
/// they are.
///
/// It depends on the seed and on what identifies the samples, not on their rows: in a file sorted by class, the first rows would
/// otherwise be the neighbours of all copies, and one class would label them. An average over all tied samples would not do
/// instead: it includes all copies but the sample itself, so that its entropy would depend on the sample's own label.
struct TieOrder {
    private let numbers: [UInt64]

    /// - Complexity: O(N).
    init(_ space: FeatureSpace, seed: UInt64) {
        numbers = space.tieNumbers.map { number in
            var random = CounterRandom(seed: seed, RandomStream.ties.rawValue, number)
            return random.next()
        }
    }

    /// Of the samples that are equally far from `sample`, those with the smaller number are nearer.
    func number(of other: Int, from sample: Int) -> UInt64 {
        // The factor is odd, so that others with different numbers keep different ones.
        var random = CounterRandom(seed: numbers[sample] &+ numbers[other] &* 0xD134_2543_DE82_EF95)
        return random.next()
    }

    /// Whether `first` is nearer to `sample` than `second`, which is equally far.
    func isNearer(_ first: Int, _ second: Int, from sample: Int) -> Bool {
        (number(of: first, from: sample), first) < (number(of: second, from: sample), second)
    }
}
