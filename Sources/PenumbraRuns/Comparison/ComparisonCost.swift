/// What a comparison took, for `--json`. It is not part of `report.json`, which is the same in every run.
package struct ComparisonCost: Codable, Equatable, Sendable {
    /// Seconds for all maps; almost none if they already existed.
    package var projectSeconds: Double
    /// Seconds for all measures and for the comparison of pairs.
    package var measureSeconds: Double
    /// The peak memory of the process, in bytes.
    package var peakMemory: Int
}
