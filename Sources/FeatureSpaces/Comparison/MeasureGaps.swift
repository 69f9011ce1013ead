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
