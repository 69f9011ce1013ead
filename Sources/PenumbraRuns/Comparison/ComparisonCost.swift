/// What a comparison took, for `--json`; no part of `report.json`, which is the same whenever it is made.
package struct ComparisonCost: Codable, Equatable, Sendable {
    /// Seconds for all maps; next to nothing where they were there already.
    package var projectSeconds: Double
    /// Seconds for all measures and what is said of pairs.
    package var measureSeconds: Double
    /// The most memory that the process has held, in bytes.
    package var peakMemory: Int
}
