import Numerics

/// How much a measure differs between two spaces of the same samples.
public struct MeasuredDifference: Sendable, Codable, Equatable {
    /// The second space's value minus the first's.
    public let value: Double
    /// From the bootstrap over samples, with the same draws for both spaces; nil if none was requested.
    public let interval: ConfidenceInterval?
}

/// The differences between two spaces of the same samples. This describes; `Verdict` judges.
public struct SpaceComparison: Sendable {
    /// The results over all samples, for a report.
    public struct Summary: Sendable, Codable, Equatable {
        /// The number of neighbours compared per sample.
        public let neighbors: Int
        /// Linear centred kernel alignment between the two sets of features; nil if one of them is constant.
        public let alignment: MeasuredValue?
        /// The same with the unbiased estimator; nil also for fewer than four samples.
        public let debiasedAlignment: MeasuredValue?
        /// What remains between them after scaling and the best rotation, from 0 to 1, as in scipy's `procrustes`; nil if all
        /// samples of one space coincide, or if both have more than 4,096 features.
        public let procrustesDisparity: Double?
        /// The mean share of neighbours that a sample keeps: the mutual nearest neighbours of Huh et al. (2024).
        public let neighborShare: MeasuredValue?
        /// The mean ratio of shared neighbours to all neighbours of a sample in either space (Jaccard).
        public let neighborJaccard: MeasuredValue?
        /// The alignment of the kernels over shared neighbours only (CKNNA); nil for fewer than four samples, or without mutual
        /// neighbours.
        public let neighborAlignment: Double?
        /// The share that random neighbours would keep; nil without neighbours.
        public let chanceShare: Double?
        /// For every measure that is defined in both spaces.
        public let differences: [SpaceMeasure: MeasuredDifference]
    }

    /// What changes for one sample from the first space to the second.
    public struct SampleChange: Sendable, Codable, Equatable {
        /// The share of its neighbours that it keeps.
        public let neighborShare: Double
        /// The ratio of the neighbours it keeps to all that it has in either space.
        public let neighborJaccard: Double
        /// The divergence between its label and its neighbours' mean in the second space minus that in the first, in nats:
        /// negative if the second space places it better.
        public let labelMisfitChange: Double
    }

    /// For a report.
    public let summary: Summary
    /// In the order of the samples; empty for a single sample, which has no neighbours.
    public let samples: [SampleChange]

    /// Compares two spaces measured with the same parameters.
    ///
    /// - Throws: `FeatureSpaceError.differentSampleCounts`, `differentLabels`, `differentParameters`, `noConvergence`.
    /// - Complexity: O(N D E + D³) for D and E features; no pass over the distances.
    public init(
        _ first: MeasuredSpace, _ second: MeasuredSpace, threads: ThreadCount = .available
    ) throws(FeatureSpaceError) {
        try first.space.checkSameSamples(as: second.space)
        if first.parameters != second.parameters { throw .differentParameters }
        let parameters = first.parameters
        let depth = first.measures.neighbors
        let kept = depth == 0 ? [] : first.neighbors.shared(with: second.neighbors, depth: depth)
        samples = kept.enumerated().map { sample, number in
            SampleChange(
                neighborShare: Double(number) / Double(depth),
                neighborJaccard: Double(number) / Double(2 * depth - number),
                labelMisfitChange: second.labelMisfit[sample] - first.labelMisfit[sample])
        }
        let factors = [first, second].map { KernelFactor(CenteredRows($0.space, threads: threads)) }
        let shared = NeighborAlignment.value(
            (factors[0].rows, first.neighbors), (factors[1].rows, second.neighbors), threads: threads)
        let alignment = KernelAlignment.estimates(
            factors[0], factors[1], selfContributions: (first.selfContributions, second.selfContributions),
            threads: threads)
        let statistics: [any WeightedStatistic] = [
            alignment.plain, alignment.debiased, WeightedMean(contributions: samples.map(\.neighborShare)),
            WeightedMean(contributions: samples.map(\.neighborJaccard)),
        ]
        let replicates = Bootstrap.replicates(
            of: statistics, samples: first.space.count, count: parameters.bootstraps, seed: parameters.seed,
            threads: threads)
        let ones = [Double](repeating: 1, count: first.space.count)
        let values = zip(statistics, replicates).map {
            MeasuredValue($0.value(weights: ones), replicates: $1, confidence: parameters.confidence)
        }
        summary = Summary(
            neighbors: depth, alignment: values[0], debiasedAlignment: values[1],
            procrustesDisparity: try Procrustes.disparity(factors[0], factors[1], threads: threads),
            neighborShare: values[2], neighborJaccard: values[3], neighborAlignment: shared.isNaN ? nil : shared,
            chanceShare: depth == 0 ? nil : Double(depth) / Double(first.space.count - 1),
            differences: Self.differences(first, second))
    }

    private static func differences(
        _ first: MeasuredSpace, _ second: MeasuredSpace
    ) -> [SpaceMeasure: MeasuredDifference] {
        var found: [SpaceMeasure: MeasuredDifference] = [:]
        for measure in SpaceMeasure.allCases {
            guard let one = first.measures[measure]?.value, let other = second.measures[measure]?.value,
                let replicates = first.replicates[measure], let others = second.replicates[measure]
            else { continue }
            let interval = ConfidenceInterval(
                zip(replicates, others).map { $1 - $0 }, confidence: first.parameters.confidence)
            found[measure] = MeasuredDifference(value: other - one, interval: interval)
        }
        return found
    }
}
