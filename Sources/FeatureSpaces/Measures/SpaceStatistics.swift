import Numerics

/// The quantities from which the measures of a space are computed, and the measures under permuted labels.
struct SpaceStatistics {
    let pairs: LinearStatistic
    let classPairs: LinearStatistic
    let pairPermutations: PairPermutations
    let classPairPermutations: PairPermutations
    let probe: LabelProbe
    let neighborLabels: NeighborLabels
    let betweenness: Betweenness
    let labels: LabelMatrix
    let neighbors: NeighborLists
    let alignment: KernelAlignment.Estimates
    private let features: KernelFactor
    private let labelFactor: KernelFactor
    let silhouettes: [Double]

    /// The number of columns of permuted labels multiplied with the features at once.
    private static let labelColumns = 96

    init(
        rows: CenteredRows, labels: LabelMatrix, chosen: ChosenPairs, scan: DistanceScan,
        parameters: MeasureParameters, threads: ThreadCount
    ) {
        self.labels = labels
        neighbors = scan.neighbors
        let distances = scan.pairDistances
        pairs = PairCorrelation.statistic(chosen.any, distances: distances[0], labels: labels, threads: threads)
        classPairs = PairCorrelation.withinClasses(
            chosen.withinClasses, distances: distances[1], labels: labels, threads: threads)
        pairPermutations = PairPermutations(
            chosen.permuted, pairs: chosen.ofPermuted, distances: distances[2], labels: labels, withinClasses: false,
            threads: threads)
        classPairPermutations = PairPermutations(
            chosen.permuted, pairs: chosen.ofPermuted, distances: distances[2], labels: labels, withinClasses: true,
            threads: threads)
        probe = LabelProbe(
            rows, labels: labels, folds: LabelProbe.folds(of: labels.count, seed: parameters.seed), threads: threads)
        neighborLabels = NeighborLabels(scan.neighbors, labels: labels)
        betweenness = Betweenness(rows, labels: labels, purity: parameters.purity)
        features = KernelFactor(rows)
        labelFactor = KernelFactor(CenteredRows(labels))
        alignment = KernelAlignment.estimates(features, labelFactor, threads: threads)
        silhouettes = HardClasses.silhouettes(sums: scan.classSums, labels: labels) ?? []
    }

    /// The measures under `count` permutations of the labels.
    func permuted(count: Int, seed: UInt64, threads: ThreadCount) -> [SpaceMeasure: [Double]] {
        let measures = SpaceMeasure.allCases
        let values = AlignedBuffer<Double>(count: measures.count * count)
        nonisolated(unsafe) let (statistics, target) = (self, values.base)
        let size = max(1, Self.labelColumns / labels.classCount)
        threads.forEachChunk(of: count, size: size) { _, range in
            let orders = range.map { index in
                var random = CounterRandom(seed: seed, RandomStream.permutation.rawValue, UInt64(index))
                return random.permutation(of: statistics.labels.count)
            }
            let aligned = statistics.alignment.permuted(
                statistics.features, statistics.labelFactor, orders: orders)
            for (place, index) in range.enumerated() {
                var random = CounterRandom(seed: seed, RandomStream.ratios.rawValue, UInt64(index))
                let permutation = PermutedLabels(
                    statistics, order: orders[place], alignment: aligned[place], random: &random)
                for (number, measure) in measures.enumerated() {
                    target[number * count + index] = measure.value(under: permutation)
                }
            }
        }
        return Dictionary(
            uniqueKeysWithValues: measures.enumerated().map { number, measure in
                (measure, Array(values.elements[number * count..<(number + 1) * count]))
            })
    }
}

/// The pairs whose distances the measures need; the same for all spaces with the same labels and parameters.
struct ChosenPairs {
    let any: SamplePairs
    let withinClasses: SamplePairs
    /// The samples of `PairPermutations`, and all pairs of them.
    let permuted: [Int]
    let ofPermuted: SamplePairs

    init(_ labels: LabelMatrix, parameters: MeasureParameters) {
        func random(_ stream: RandomStream) -> CounterRandom { CounterRandom(seed: parameters.seed, stream.rawValue) }
        var (pairs, classPairs, samples) = (random(.pairs), random(.classPairs), random(.permutedSamples))
        any = SamplePairs(of: labels.count, most: parameters.pairs, random: &pairs)
        withinClasses = SamplePairs(
            withinClasses: labels.hardClasses, classCount: labels.classCount, most: parameters.pairs,
            random: &classPairs)
        permuted = PairPermutations.samples(of: labels.count, random: &samples)
        ofPermuted = SamplePairs(allOf: permuted, count: labels.count)
    }

    /// In the order of `DistanceScan.pairDistances`.
    var lists: [SamplePairs] { [any, withinClasses, ofPermuted] }
}

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
    /// The same within hard classes.
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

/// The measures of hard classes; the samples' contributions are fixed under the bootstrap.
enum HardClasses {
    /// The silhouette of every sample, (b − a) / max(a, b), with a the mean distance to the others of its class and b the least
    /// mean distance to another class; 0 for the only sample of a class and if both are 0. Equals scikit-learn's
    /// `silhouette_samples`. Nil if there are fewer than two classes, or as many classes as samples.
    ///
    /// - Parameter sums: N × K, the sum of the distances from a sample to all samples of a class.
    static func silhouettes(sums: [Double], labels: LabelMatrix) -> [Double]? {
        var counts = [Int](repeating: 0, count: labels.classCount)
        for hardClass in labels.hardClasses { counts[Int(hardClass)] += 1 }
        let present = counts.indices.filter { counts[$0] > 0 }
        if present.count < 2 || present.count >= labels.count { return nil }
        return (0..<labels.count).map { sample in
            let own = Int(labels.hardClasses[sample])
            if counts[own] == 1 { return 0 }
            let start = sample * labels.classCount
            let within = sums[start + own] / Double(counts[own] - 1)
            let between = present.reduce(Double.infinity) {
                $1 == own ? $0 : min($0, sums[start + $1] / Double(counts[$1]))
            }
            let larger = max(within, between)
            return larger == 0 ? 0 : (between - within) / larger
        }
    }

    /// The share of every sample's neighbours that belong to its class; with `order`, sample i has the class of `order[i]`.
    static func hits(_ neighbors: NeighborLists, labels: LabelMatrix, order: [Int]? = nil) -> [Double] {
        if neighbors.neighborsPerSample == 0 { return [] }
        let classes = order.map { $0.map { labels.hardClasses[$0] } } ?? labels.hardClasses
        return (0..<neighbors.count).map { sample in
            let same = neighbors[sample].count { classes[Int($0)] == classes[sample] }
            return Double(same) / Double(neighbors.neighborsPerSample)
        }
    }
}
