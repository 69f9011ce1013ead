import Numerics

/// A space with its measures, and what comparisons with other spaces of the same samples need.
public struct MeasuredSpace: Sendable {
    /// What was measured.
    public let space: FeatureSpace
    /// How it was measured.
    public let parameters: MeasureParameters
    /// For a report.
    public let measures: SpaceMeasures
    /// How well each sample's neighbours predict its label: the Jensen-Shannon divergence between the label and the mean of the
    /// neighbours', in nats; lower is better. Empty for a single sample, which has no neighbours.
    public let labelMisfit: [Double]
    let neighbors: NeighborLists
    /// The contribution of each sample to the alignment of the features with themselves.
    let selfContributions: [Double]
    /// The values in the bootstrap's replicates.
    let replicates: [SpaceMeasure: [Double]]

    /// The `count` nearest samples of each, at most as many as were measured, nearest first: N × that number, row by row.
    public func nearestNeighbors(_ count: Int) -> [Int32] {
        let kept = min(count, neighbors.neighborsPerSample)
        return (0..<neighbors.count).flatMap { neighbors[$0].prefix(kept) }
    }

    /// Measures `space`.
    ///
    /// Intervals come from the bootstrap over samples, nulls from permuting labels against features. There are exceptions: for
    /// betweenness, the ratios are permuted among the mixtures of the same two classes; for pairs of one class, the labels are
    /// permuted within classes; the probe and the silhouette have no null. The result is the same for any number of threads.
    /// Traps if `parameters` are out of range.
    /// - Complexity: O(N² D) time for the distances and O(N D²) for the alignment, in blocks of rows; O(N D) memory.
    public init(
        _ space: FeatureSpace, parameters: MeasureParameters = MeasureParameters(), threads: ThreadCount = .available
    ) {
        parameters.check()
        let (rows, labels) = (CenteredRows(space, threads: threads), LabelMatrix(space.labels))
        let chosen = ChosenPairs(labels, parameters: parameters)
        let scan = Self.scan(
            rows, ties: TieOrder(space, seed: parameters.seed), labels: labels, chosen: chosen, parameters: parameters,
            threads: threads)
        self.init(
            space, rows: rows, labels: labels, chosen: chosen, scan: scan, parameters: parameters, threads: threads)
    }

    /// The pass over the distances that the measures need, with the ranks of other neighbours if they are given.
    static func scan(
        _ rows: CenteredRows, ties: TieOrder, labels: LabelMatrix, chosen: ChosenPairs,
        ranksOf lists: NeighborLists? = nil, parameters: MeasureParameters, threads: ThreadCount
    ) -> DistanceScan {
        DistanceScan(
            rows, ties: ties, neighbors: min(parameters.neighbors, rows.count - 1), ranksOf: lists,
            classes: labels.hardClasses, classCount: labels.classCount, pairs: chosen.lists, threads: threads)
    }

    init(
        _ space: FeatureSpace, rows: CenteredRows, labels: LabelMatrix, chosen: ChosenPairs, scan: DistanceScan,
        parameters: MeasureParameters, threads: ThreadCount
    ) {
        let statistics = SpaceStatistics(
            rows: rows, labels: labels, chosen: chosen, scan: scan, parameters: parameters, threads: threads)
        let all = SpaceMeasure.allCases.map { $0.statistic(of: statistics) }
        let replicates = Bootstrap.replicates(
            of: all, samples: space.count, count: parameters.bootstraps, seed: parameters.seed, threads: threads)
        let nulls = statistics.permuted(count: parameters.permutations, seed: parameters.seed, threads: threads)
        let ones = [Double](repeating: 1, count: space.count)
        var values: [SpaceMeasure: MeasuredValue] = [:]
        for (index, measure) in SpaceMeasure.allCases.enumerated() {
            let value = all[index].value(weights: ones)
            if value.isNaN { continue }
            values[measure] = MeasuredValue(
                value: value, interval: ConfidenceInterval(replicates[index], confidence: parameters.confidence),
                null: nulls[measure].flatMap {
                    PermutationNull(
                        $0, observed: measure.observed(in: statistics) ?? value, of: measure,
                        confidence: parameters.confidence)
                })
        }
        let copies = space.copies
        self.space = space
        self.parameters = parameters
        self.replicates = Dictionary(uniqueKeysWithValues: zip(SpaceMeasure.allCases, replicates))
        neighbors = scan.neighbors
        selfContributions = statistics.alignment.plain.first.contributions
        labelMisfit = statistics.neighborLabels.divergences
        measures = SpaceMeasures(
            count: space.count, dimension: space.dimension, classCount: space.classCount,
            neighbors: scan.neighbors.neighborsPerSample, pairs: chosen.any.count,
            classPairs: chosen.withinClasses.count,
            probeFeatures: LabelProbe.featureCount(samples: space.count, dimension: space.dimension),
            ambiguousSamples: statistics.neighborLabels.ambiguousSamples.count,
            mixtures: statistics.betweenness.mixtures.count, copiedSamples: copies.samples, mostCopies: copies.most,
            values: values)
    }
}
