/// A trained space of one kind, on one split.
public struct Trial: Sendable {
    /// The split's name; both kinds have the same splits.
    public let split: String
    /// The features, or the map, of that split's test samples.
    public let space: MeasuredSpace

    /// Several trials of one kind on the same split are its seeds.
    public init(split: String, space: MeasuredSpace) {
        self.split = split
        self.space = space
    }
}

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
        case firstBetterOrdered
        /// The second kind is better ordered.
        case secondBetterOrdered
        /// Some measures speak for the first kind and some for the second.
        case mixed
        /// Neither kind is better ordered.
        case notDistinguishable
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

/// Both kinds' seeds on one split.
struct SeedPair {
    let split: String
    let first: [MeasuredSpace]
    let second: [MeasuredSpace]
}

/// The gaps of one measure on every split, and their uncertainty.
struct MeasureGaps {
    struct Split {
        let name: String
        let first: Double
        let second: Double
        let gap: Double
        /// Nil without replicates.
        let variance: NestedVariance?
        /// Two-sided.
        var pValue: Double? { variance.map { $0.pValue(of: gap) } }
    }

    let measure: SpaceMeasure
    let splits: [Split]

    /// Nil if the measure is undefined in one of the spaces.
    init?(_ measure: SpaceMeasure, _ pairs: [SeedPair]) {
        self.measure = measure
        func values(_ spaces: [MeasuredSpace]) -> [Double] { spaces.compactMap { $0.measures[measure]?.value } }
        if pairs.contains(where: { ($0.first + $0.second).contains { $0.measures[measure] == nil } }) { return nil }
        // Between seeds of one kind on one split.
        var (squares, degrees) = (0.0, 0)
        for seeds in pairs.flatMap({ [values($0.first), values($0.second)] }) {
            let mean = Self.mean(seeds)
            squares += seeds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            degrees += seeds.count - 1
        }
        splits = pairs.map { pair in
            let (first, second) = (Self.mean(values(pair.first)), Self.mean(values(pair.second)))
            let means = [pair.first, pair.second].map { seeds in
                let replicates = seeds.map { $0.replicates[measure]! }
                return replicates[0].indices.map { index in Self.mean(replicates.map { $0[index] }) }
            }
            let gaps = zip(means[0], means[1]).map { $0 - $1 }.filter { !$0.isNaN }
            let mean = Self.mean(gaps)
            let images = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, gaps.count - 1))
            let shares = 1 / Double(pair.first.count) + 1 / Double(pair.second.count)
            return Split(
                name: pair.split, first: first, second: second,
                gap: measure.oriented(first) - measure.oriented(second),
                variance: gaps.count < 2
                    ? nil
                    : NestedVariance(
                        images: images, count: min(pair.first[0].space.count, gaps.count),
                        training: degrees == 0 ? 0 : squares / Double(degrees) * shares, degrees: degrees))
        }
    }

    func evidence(adjusted: [Double?], confidence: Double) -> Verdict.Evidence {
        let found = zip(splits, adjusted).map { split, adjusted in
            let isClear = abs(split.gap) > Verdict.rounding && adjusted.map { $0 < 1 - confidence } ?? false
            return Verdict.SplitEvidence(
                split: split.name, first: split.first, second: split.second, gap: split.gap,
                interval: split.variance.map { $0.interval(of: split.gap, confidence: confidence) },
                pValue: split.pValue, adjustedPValue: adjusted,
                speaksFor: isClear ? (split.gap > 0 ? .first : .second) : .neither)
        }
        let side = found[0].speaksFor
        let gap = Self.mean(splits.map(\.gap))
        let variances = splits.compactMap(\.variance)
        return Verdict.Evidence(
            measure: measure, first: Self.mean(splits.map(\.first)), second: Self.mean(splits.map(\.second)), gap: gap,
            interval: variances.count == splits.count
                ? NestedVariance(meanOf: variances).interval(of: gap, confidence: confidence) : nil,
            speaksFor: found.allSatisfy { $0.speaksFor == side } ? side : .neither, splits: found)
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

/// The variance of a gap, in its parts.
struct NestedVariance {
    /// Over images.
    let images: Double
    /// An upper bound on the number of values behind it: images, or draws of them if these are fewer.
    let count: Int
    /// That of training; 0 if unknown.
    let training: Double
    /// The degrees of freedom of `training`.
    let degrees: Int

    init(images: Double, count: Int, training: Double, degrees: Int) {
        (self.images, self.count, self.training, self.degrees) = (images, count, training, degrees)
    }

    /// The variance of the mean over splits. Their images are treated as independent; the variance of training is a single
    /// estimate for all splits.
    init(meanOf parts: [NestedVariance]) {
        let number = Double(parts.count * parts.count)
        images = parts.reduce(0) { $0 + $1.images } / number
        count = parts.reduce(0) { $0 + $1.count }
        training = parts.reduce(0) { $0 + $1.training } / number
        degrees = parts[0].degrees
    }

    /// Satterthwaite's degrees of freedom ("An approximate distribution of estimates of variance components", 1946).
    private var freedom: Double {
        let total = images + training
        let spread =
            images * images / Double(max(1, count - 1)) + (degrees == 0 ? 0 : training * training / Double(degrees))
        return spread > 0 ? total * total / spread : 1
    }

    func pValue(of gap: Double) -> Double {
        let error = (images + training).squareRoot()
        return gap == 0 ? 1 : StudentT.twoSided(gap / error, degrees: freedom)
    }

    func interval(of gap: Double, confidence: Double) -> ConfidenceInterval {
        let reach = StudentT.quantile(confidence: confidence, degrees: freedom) * (images + training).squareRoot()
        return ConfidenceInterval(low: gap - reach, high: gap + reach)
    }
}
