/// The grid of the interpolation method, in the terms of FIt-SNE: intervals of an axis with the same number of equispaced nodes
/// each. Forces between nodes are interpolated by splines, so only the density of the nodes matters, not how many an interval
/// holds.
public struct InterpolationGrid: Sendable, Codable, Equatable {
    /// Nodes per interval, 2 to 6. Doubling them makes the forces of a sparse layout 50 times as accurate.
    public var nodesPerInterval: Int
    /// Intervals per unit of the layout along an axis, from a millionth to 100, once the layout is wide enough for more than
    /// the minimum number.
    public var intervalsPerUnit: Double
    /// The minimum number of intervals along an axis, at least 2.
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
        // With fewer, the cells of the mesh would be wider than numbers can represent.
        guard intervalsPerUnit >= 1e-6, intervalsPerUnit <= 100 else {
            throw .intervalsPerUnitOutOfRange(found: "\(intervalsPerUnit)")
        }
        guard (2...1_000).contains(leastIntervals) else { throw .leastIntervalsOutOfRange(found: leastIntervals) }
    }
}
