/// A trained space of one kind, and the split it is of.
public struct Trial: Sendable {
    /// The split's name; both kinds have the same splits.
    public let split: String
    /// The features, or the map, of that split's test samples.
    public let space: MeasuredSpace

    /// Several trials of a kind on one split are seeds of it.
    public init(split: String, space: MeasuredSpace) {
        self.split = split
        self.space = space
    }
}

/// Which of two kinds of spaces, say of hard and of soft labels, is better ordered.
///
/// A kind is better ordered only where all of `SpaceMeasure.decisive` say so on every split, with a gap between the
/// kinds (the difference between the means of their seeds) that exceeds what one kind differs from itself: the largest
/// gap in that measure between two seeds of one kind on one split. Otherwise the kinds are not distinguishable; so also
/// where one of the measures says nothing of a space.
///
/// Where no kind has two seeds on any split, the bootstrap's interval of the gap, both kinds on the same drawn samples,
/// must leave out 0 in the stead of that. Each measure is held to it at full confidence: since all of them must pass,
/// their number makes a false verdict rarer and not more frequent. This is weaker evidence, for it knows the chance of
/// the samples and not that of training; `yardstick` says which it was.
public struct Verdict: Sendable, Codable, Equatable {
    /// What is said.
    public enum Outcome: String, Sendable, Codable {
        /// The first kind is better ordered.
        case firstBetterOrdered
        /// The second kind is better ordered.
        case secondBetterOrdered
        /// Neither is.
        case notDistinguishable
    }

    /// What a gap was held against.
    public enum Yardstick: String, Sendable, Codable {
        /// The largest gap between two seeds of one kind.
        case seeds
        /// The interval of the gap over the samples; the chance of training is not known.
        case samples
    }

    /// One measure on one split.
    public struct Evidence: Sendable, Codable, Equatable {
        /// What was measured.
        public let measure: SpaceMeasure
        /// On which split.
        public let split: String
        /// The first kind's value less the second's, with the sign by which more is better; nil where one says nothing.
        public let gap: Double?
        /// The gap's interval over the samples; nil without replicates.
        public let interval: ConfidenceInterval?
        /// The largest gap between two seeds of a kind in this measure, over both kinds and all splits; nil where no
        /// kind has two seeds.
        public let seedGap: Double?
        /// What this one says by itself.
        public let outcome: Outcome
    }

    /// What all evidence says together.
    public let outcome: Outcome
    /// What gaps were held against.
    public let yardstick: Yardstick
    /// By measure, and in it by split in the order of the first kind's trials.
    public let evidence: [Evidence]

    /// Judges two kinds by their trials, one or more seeds on each of one or more splits.
    ///
    /// - Throws: `FeatureSpaceError.differentSplits` when the kinds do not have the same splits or have none, and,
    ///   within a split, `differentSampleCounts`, `differentLabels` or `differentParameters`.
    public init(first: [Trial], second: [Trial]) throws(FeatureSpaceError) {
        let splits = Self.splits(of: first)
        let others = Self.splits(of: second)
        if splits.isEmpty || Set(splits) != Set(others) { throw .differentSplits(first: splits, second: others) }
        let kinds = [first, second].map { trials in
            splits.map { split in trials.filter { $0.split == split }.map(\.space) }
        }
        for index in splits.indices {
            let model = kinds[0][index][0]
            for space in kinds[0][index] + kinds[1][index] {
                try model.space.checkSameSamples(as: space.space)
                if space.parameters != model.parameters { throw .differentParameters }
            }
        }
        let yardstick: Yardstick = kinds.joined().contains { $0.count > 1 } ? .seeds : .samples
        self.yardstick = yardstick
        evidence = SpaceMeasure.decisive.flatMap { measure in
            let seedGap = yardstick == .seeds ? Self.seedGap(measure, kinds) : nil
            return splits.indices.map { index in
                Self.evidence(measure, splits[index], kinds[0][index], kinds[1][index], seedGap: seedGap)
            }
        }
        let outcome = evidence[0].outcome
        self.outcome = evidence.allSatisfy { $0.outcome == outcome } ? outcome : .notDistinguishable
    }

    /// The splits in the order in which they first come.
    private static func splits(of trials: [Trial]) -> [String] {
        trials.indices.filter { index in !trials[..<index].contains { $0.split == trials[index].split } }
            .map { trials[$0].split }
    }

    /// The largest gap between two seeds; nil where no two seeds have a value.
    private static func seedGap(_ measure: SpaceMeasure, _ kinds: [[[MeasuredSpace]]]) -> Double? {
        kinds.joined().compactMap { seeds in
            let values = seeds.compactMap { $0.measures[measure]?.value }
            return values.count > 1 ? values.max()! - values.min()! : nil
        }.max()
    }

    private static func evidence(
        _ measure: SpaceMeasure, _ split: String, _ first: [MeasuredSpace], _ second: [MeasuredSpace],
        seedGap: Double?
    ) -> Evidence {
        let gap = mean(measure, of: first).flatMap { one in
            mean(measure, of: second).map { measure.oriented(one) - measure.oriented($0) }
        }
        let confidence = first[0].parameters.confidence
        let interval =
            gap == nil
            ? nil
            : ConfidenceInterval(
                zip(meanReplicates(measure, of: first), meanReplicates(measure, of: second)).map {
                    measure.oriented($0) - measure.oriented($1)
                }, confidence: confidence)
        let exceeds = seedGap.map { abs(gap ?? 0) > $0 } ?? interval?.excludesZero ?? false
        var outcome = Outcome.notDistinguishable
        if let gap, gap != 0, exceeds { outcome = gap > 0 ? .firstBetterOrdered : .secondBetterOrdered }
        return Evidence(
            measure: measure, split: split, gap: gap, interval: interval, seedGap: seedGap, outcome: outcome)
    }

    /// The mean over seeds; nil where one says nothing.
    private static func mean(_ measure: SpaceMeasure, of seeds: [MeasuredSpace]) -> Double? {
        let values = seeds.compactMap { $0.measures[measure]?.value }
        return values.count == seeds.count ? values.reduce(0, +) / Double(seeds.count) : nil
    }

    /// The mean over seeds in each replicate.
    private static func meanReplicates(_ measure: SpaceMeasure, of seeds: [MeasuredSpace]) -> [Double] {
        let replicates = seeds.map { $0.replicates[measure]! }
        return replicates[0].indices.map { index in
            replicates.reduce(0) { $0 + $1[index] } / Double(seeds.count)
        }
    }
}
