import Foundation

/// What a comparison took, for `--json`; no part of `report.json`, which is the same whenever it is made.
package struct ComparisonCost: Encodable, Equatable, Sendable {
    /// Seconds for all maps; next to nothing where they were there already.
    package var projectSeconds: Double
    /// Seconds for all measures and what is said of pairs.
    package var measureSeconds: Double
    /// The most memory that the process has held, in bytes.
    package var peakMemory: Int
}

/// What `compare --json` prints: the report with its cost.
package struct CostedComparison: Encodable {
    let report: ComparisonReport
    let cost: ComparisonCost

    package init(_ report: ComparisonReport, _ cost: ComparisonCost) { (self.report, self.cost) = (report, cost) }

    private enum CodingKeys: CodingKey {
        case cost
    }

    package func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(cost, forKey: .cost)
    }
}
