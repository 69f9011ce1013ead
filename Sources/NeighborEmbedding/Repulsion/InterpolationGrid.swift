/// The grid of the interpolation method, in the terms of FIt-SNE: intervals of an axis that hold the same number of
/// equispaced nodes. Between nodes the forces are interpolated by splines, so that the density of the nodes alone counts,
/// not how many of them an interval holds.
public struct InterpolationGrid: Sendable, Codable, Equatable {
    /// Nodes of an interval, 2 to 6. Twice as many make the forces of a sparse layout 50 times as exact.
    public var nodesPerInterval: Int
    /// Intervals of an axis in a unit of the layout, from a millionth to 100, once the layout is wide enough for more than the least.
    public var intervalsPerUnit: Double
    /// The least number of intervals of an axis, at least 2.
    public var leastIntervals: Int

    /// The defaults are those of FIt-SNE.
    public init(nodesPerInterval: Int = 3, intervalsPerUnit: Double = 1, leastIntervals: Int = 50) {
        self.nodesPerInterval = nodesPerInterval
        self.intervalsPerUnit = intervalsPerUnit
        self.leastIntervals = leastIntervals
    }

    var mesh: InterpolationParameters {
        InterpolationParameters(
            nodesPerUnit: Double(nodesPerInterval) * intervalsPerUnit,
            leastNodes: max(8, min(4_096, nodesPerInterval * leastIntervals)))
    }

    func validate() throws(TSNEError) {
        guard (2...6).contains(nodesPerInterval) else { throw .nodesPerIntervalOutOfRange(found: nodesPerInterval) }
        // Fewer would make the cells of the mesh wider than numbers can say.
        guard intervalsPerUnit >= 1e-6, intervalsPerUnit <= 100 else {
            throw .intervalsPerUnitOutOfRange(found: "\(intervalsPerUnit)")
        }
        guard (2...1_000).contains(leastIntervals) else { throw .leastIntervalsOutOfRange(found: leastIntervals) }
    }
}
