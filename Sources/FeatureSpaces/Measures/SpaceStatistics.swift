import Numerics

/// All measures of a space as functions of how often each sample counts, and under permuted labels.
struct SpaceStatistics {
    let pairs: LabelPairs
    let neighborLabels: NeighborLabels
    let betweenness: Betweenness
    private let labels: LabelMatrix
    private let neighbors: NeighborLists
    let alignment: KernelAlignment.Estimates
    private let features: KernelFactor
    private let labelFactor: KernelFactor
    private let silhouettes: [Double]

    /// Columns of permuted labels that are multiplied with the features at once.
    private static let labelColumns = 96

    init(
        rows: CenteredRows, labels: LabelMatrix, scan: DistanceScan, parameters: MeasureParameters,
        threads: ThreadCount
    ) {
        self.labels = labels
        neighbors = scan.neighbors
        pairs = LabelPairs(rows, labels: labels, most: parameters.pairs, seed: parameters.seed, threads: threads)
        neighborLabels = NeighborLabels(scan.neighbors, labels: labels)
        betweenness = Betweenness(rows, labels: labels, purity: parameters.purity)
        features = KernelFactor(rows)
        labelFactor = KernelFactor(CenteredRows(labels))
        alignment = KernelAlignment.estimates(features, labelFactor, threads: threads)
        silhouettes = HardClasses.silhouettes(sums: scan.classSums, labels: labels) ?? []
    }

    subscript(measure: SpaceMeasure) -> any WeightedStatistic {
        switch measure {
        case .pairCorrelation: pairs
        case .neighborDivergence: WeightedMean(contributions: neighborLabels.divergences)
        case .entropyCorrelation: neighborLabels.entropyCorrelation
        case .ambiguousEntropyCorrelation: neighborLabels.ambiguousEntropyCorrelation
        case .betweenness: betweenness
        case .labelAlignment: alignment.plain
        case .debiasedLabelAlignment: alignment.debiased
        case .silhouette: WeightedMean(contributions: silhouettes)
        case .neighborhoodHit: WeightedMean(contributions: HardClasses.hits(neighbors, labels: labels))
        }
    }

    /// The measures under `count` permutations of the labels, all but the silhouette.
    func permuted(count: Int, seed: UInt64, threads: ThreadCount) -> [SpaceMeasure: [Double]] {
        let measures = SpaceMeasure.allCases.filter { $0 != .silhouette }
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
                let found = statistics.values(order: orders[place], aligned: aligned[place], random: &random)
                for (number, measure) in measures.enumerated() {
                    target[number * count + index] = found[measure] ?? .nan
                }
            }
        }
        return Dictionary(
            uniqueKeysWithValues: measures.enumerated().map { number, measure in
                (measure, Array(values.elements[number * count..<(number + 1) * count]))
            })
    }

    /// The measures where sample i has the label `order[i]`.
    private func values(
        order: [Int], aligned: (plain: Double, debiased: Double), random: inout CounterRandom
    ) -> [SpaceMeasure: Double] {
        let permuted = NeighborLabels(neighbors, labels: labels, order: order)
        return [
            .pairCorrelation: pairs.value(permutation: order),
            .neighborDivergence: WeightedMean(contributions: permuted.divergences).value,
            .entropyCorrelation: permuted.entropyCorrelation.value,
            .ambiguousEntropyCorrelation: permuted.ambiguousEntropyCorrelation.value,
            .betweenness: betweenness.value(permutingBy: &random),
            .labelAlignment: aligned.plain,
            .debiasedLabelAlignment: aligned.debiased,
            .neighborhoodHit: WeightedMean(
                contributions: HardClasses.hits(neighbors, labels: labels, order: order)
            ).value,
        ]
    }
}
