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
