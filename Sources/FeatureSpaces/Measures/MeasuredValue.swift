/// The range of a measure at some confidence, from the percentiles of the bootstrap's replicates or from their variance.
public struct ConfidenceInterval: Sendable, Codable, Equatable {
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double

    /// The percentiles (1 ∓ `confidence`) / 2 of the replicates that are not NaN, with linear interpolation as in numpy's
    /// `quantile`; nil if there are none.
    init?(_ replicates: [Double], confidence: Double) {
        let sorted = replicates.filter { !$0.isNaN }.sorted()
        if sorted.isEmpty { return nil }
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let lower = Int(place)
            let upper = min(lower + 1, sorted.count - 1)
            return sorted[lower] + (sorted[upper] - sorted[lower]) * (place - Double(lower))
        }
        low = quantile((1 - confidence) / 2)
        high = quantile((1 + confidence) / 2)
    }

    init(low: Double, high: Double) { (self.low, self.high) = (low, high) }

    /// Whether 0 lies outside the interval.
    public var excludesZero: Bool { low > 0 || high < 0 }
}

/// What a measure would be if the labels were unrelated to the space: its distribution under permuted labels.
public struct PermutationNull: Sendable, Codable, Equatable {
    /// The mean under permuted labels.
    public let mean: Double
    /// The interval that contains the same share of the permutations as a confidence interval does of the replicates.
    public let span: ConfidenceInterval
    /// The share of permutations, counting the true labels as one, that are at least as well ordered: never below 1 /
    /// (permutations + 1).
    public let pValue: Double

    /// Nil if no permutation has a value.
    init?(_ permuted: [Double], observed: Double, of measure: SpaceMeasure, confidence: Double) {
        let values = permuted.filter { !$0.isNaN }
        guard let span = ConfidenceInterval(values, confidence: confidence) else { return nil }
        self.span = span
        mean = values.reduce(0, +) / Double(values.count)
        let asGood = values.count { measure.oriented($0) >= measure.oriented(observed) }
        pValue = Double(asGood + 1) / Double(values.count + 1)
    }
}

/// A number with its uncertainty, as far as it is known.
public struct MeasuredValue: Sendable, Codable, Equatable {
    /// The measure on all samples.
    public let value: Double
    /// From the bootstrap over samples; nil if none was requested.
    public let interval: ConfidenceInterval?
    /// Nil if none was requested or none applies.
    public let null: PermutationNull?

    init(value: Double, interval: ConfidenceInterval?, null: PermutationNull? = nil) {
        self.value = value
        self.interval = interval
        self.null = null
    }

    /// Nil if `value` is NaN, that is, if the measure is undefined for this space.
    init?(_ value: Double, replicates: [Double], confidence: Double) {
        if value.isNaN { return nil }
        self.init(value: value, interval: ConfidenceInterval(replicates, confidence: confidence))
    }
}
