/// Which of two kinds of space, such as those from hard and from soft labels, is better ordered. The rule was fixed on planted
/// spaces (`PlantedCase`) before any real space was examined.
///
/// On each split, each measure of `SpaceMeasure.deciding` has a gap: the difference between the kinds' means over their seeds.
/// Its variance is nested. One part is over images (from the bootstrap, with the same drawn images for both kinds). The other,
/// if any kind has several seeds on a split, is that of training (the variance between seeds of one kind on one split, pooled
/// over kinds and splits). A measure *speaks* for a kind on a split if the gap differs from 0 by Student's t with
/// Satterthwaite's degrees of freedom, at the confidence of the parameters, corrected by Holm ("A simple sequentially rejective
/// multiple test procedure", 1979) over the measures of the split. It speaks for a kind as a whole if it does so on every
/// split.
///
/// - *Better ordered*: all measures that speak do so for the same kind, and at least four of the five speak. A measure that is
///   undefined in one of the spaces is left out. If four remain, all must speak; if three, all three; with fewer, nothing is
///   decided.
/// - *Mixed*: measures speak for different kinds.
/// - *Not distinguishable*: everything else.
///
/// With one seed per kind, chance differences between trainings are unknown; `yardstick` says which case applied.
public struct Verdict: Sendable, Codable, Equatable {
    /// The outcome.
    public enum Outcome: String, Sendable, Codable {
        /// The first kind is better ordered.
        case firstBetterOrdered = "first_better_ordered"
        /// The second kind is better ordered.
        case secondBetterOrdered = "second_better_ordered"
        /// Some measures speak for the first kind and some for the second.
        case mixed
        /// Neither kind is better ordered.
        case notDistinguishable = "not_distinguishable"
    }

    /// One of the kinds, or none.
    public enum Side: String, Sendable, Codable {
        case first
        case second
        case neither
    }

    /// What a gap was compared with.
    public enum Yardstick: String, Sendable, Codable {
        /// Images, and seeds of one kind.
        case seeds
        /// Images only; the variation due to training is unknown.
        case samples
    }

    /// One measure on one split.
    public struct SplitEvidence: Sendable, Codable, Equatable {
        /// The name of the split.
        public let split: String
        /// The first kind's mean over its seeds.
        public let first: Double
        /// The second kind's.
        public let second: Double
        /// Their difference, signed so that a positive value means that the first is better ordered.
        public let gap: Double
        /// The interval of the gap at the uncorrected confidence level; nil without replicates.
        public let interval: ConfidenceInterval?
        /// Two-sided; nil without replicates.
        public let pValue: Double?
        /// The same, corrected by Holm over the measures of this split.
        public let adjustedPValue: Double?
        /// The kind for which the measure speaks on this split alone.
        public let speaksFor: Side
    }

    /// One measure over all splits.
    public struct Evidence: Sendable, Codable, Equatable {
        /// What was measured.
        public let measure: SpaceMeasure
        /// The first kind's mean over splits; nil if the measure is undefined in a space of either kind.
        public let first: Double?
        /// The second kind's.
        public let second: Double?
        /// The mean gap; positive if the first is better ordered.
        public let gap: Double?
        /// The interval of the mean gap over these splits.
        public let interval: ConfidenceInterval?
        /// The kind for which it speaks on every split.
        public let speaksFor: Side
        /// In the order of the first kind's trials; empty if the measure is undefined.
        public let splits: [SplitEvidence]
    }

    /// The conclusion from all the evidence.
    public let outcome: Outcome
    /// What the gaps were compared with.
    public let yardstick: Yardstick
    /// The largest number of seeds of a kind on a split.
    public let seeds: Int
    /// By measure.
    public let evidence: [Evidence]

    /// Gaps up to this size are rounding: rotating or scaling features of single precision changes a measure by less.
    static let rounding = 1e-5

    /// Judges two kinds by their trials: one or more seeds on each of one or more splits.
    ///
    /// - Throws: `FeatureSpaceError.differentSplits` if the kinds do not have the same splits or have none, and, within a
    ///   split, `differentSampleCounts`, `differentLabels` or `differentParameters`.
    public init(first: [Trial], second: [Trial]) throws(FeatureSpaceError) {
        let splits = Self.splits(of: first)
        let others = Self.splits(of: second)
        if splits.isEmpty || Set(splits) != Set(others) { throw .differentSplits(first: splits, second: others) }
        let pairs = splits.map { split in
            SeedPair(
                split: split, first: first.filter { $0.split == split }.map(\.space),
                second: second.filter { $0.split == split }.map(\.space))
        }
        for pair in pairs {
            let model = pair.first[0]
            for space in pair.first + pair.second {
                try model.space.checkSameSamples(as: space.space)
                if space.parameters != model.parameters { throw .differentParameters }
            }
        }
        seeds = pairs.map { max($0.first.count, $0.second.count) }.max()!
        yardstick = seeds > 1 ? .seeds : .samples
        let confidence = pairs[0].first[0].parameters.confidence
        let gaps = SpaceMeasure.deciding.map { MeasureGaps($0, pairs) }
        let adjusted = pairs.indices.map { split in Self.holm(gaps.map { $0?.splits[split].pValue }) }
        evidence = zip(SpaceMeasure.deciding, gaps).enumerated().map { place, found in
            found.1?.evidence(adjusted: adjusted.map { $0[place] }, confidence: confidence)
                ?? Evidence(
                    measure: found.0, first: nil, second: nil, gap: nil, interval: nil, speaksFor: .neither, splits: [])
        }
        outcome = Self.outcome(evidence)
    }

    /// The splits in order of first appearance.
    private static func splits(of trials: [Trial]) -> [String] {
        trials.indices.filter { index in !trials[..<index].contains { $0.split == trials[index].split } }
            .map { trials[$0].split }
    }

    static func outcome(_ evidence: [Evidence]) -> Outcome {
        let defined = evidence.count { $0.gap != nil }
        let (first, second) = (
            evidence.count { $0.speaksFor == .first }, evidence.count { $0.speaksFor == .second }
        )
        if first > 0 && second > 0 { return .mixed }
        let needed = needed(of: defined)
        if first >= needed { return .firstBetterOrdered }
        return second >= needed ? .secondBetterOrdered : .notDistinguishable
    }

    /// How many of the defined measures must speak.
    package static func needed(of defined: Int) -> Int { max(3, min(4, defined)) }

    /// Holm's adjusted p-values, in the same order; nil stays nil and is not counted.
    static func holm(_ values: [Double?]) -> [Double?] {
        let order = values.indices.filter { values[$0] != nil }.sorted { values[$0]! < values[$1]! }
        var adjusted = [Double?](repeating: nil, count: values.count)
        var largest = 0.0
        for (place, index) in order.enumerated() {
            largest = max(largest, min(1, values[index]! * Double(order.count - place)))
            adjusted[index] = largest
        }
        return adjusted
    }
}
