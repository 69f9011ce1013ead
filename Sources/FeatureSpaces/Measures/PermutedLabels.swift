import Numerics

/// What several measures share when sample i has the label `order[i]`.
struct PermutedLabels {
    let space: SpaceStatistics
    let order: [Int]
    let neighborLabels: NeighborLabels
    let alignment: (plain: Double, debiased: Double)
    /// With the ratios permuted among the mixtures of the same two classes.
    let betweenness: Double
    /// With `PairPermutations.mostSamples` samples permuted with each other.
    let pairs: Double
    /// The same within majority classes.
    let classPairs: Double

    init(
        _ space: SpaceStatistics, order: [Int], alignment: (plain: Double, debiased: Double),
        random: inout CounterRandom
    ) {
        self.space = space
        self.order = order
        self.alignment = alignment
        neighborLabels = NeighborLabels(space.neighbors, labels: space.labels, order: order)
        betweenness = space.betweenness.value(permutingBy: &random)
        pairs = space.pairPermutations.value(permutingBy: &random)
        classPairs = space.classPairPermutations.value(permutingBy: &random)
    }
}
