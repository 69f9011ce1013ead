/// The grid of the interpolation method: every interval of an axis holds the same number of equispaced nodes.
public struct InterpolationGrid: Sendable, Codable, Equatable {
    /// Nodes of an interval, 2 to 6. Three interpolate by parabolas.
    public var nodesPerInterval: Int
    /// Intervals of an axis in a unit of the layout, above 0, once the layout is wide enough for more than the least.
    public var intervalsPerUnit: Double
    /// The least number of intervals of an axis, at least 2.
    public var leastIntervals: Int

    /// The defaults are those of FIt-SNE.
    public init(nodesPerInterval: Int = 3, intervalsPerUnit: Double = 1, leastIntervals: Int = 50) {
        self.nodesPerInterval = nodesPerInterval
        self.intervalsPerUnit = intervalsPerUnit
        self.leastIntervals = leastIntervals
    }

    func validate() throws(TSNEError) {
        guard (2...6).contains(nodesPerInterval) else { throw .nodesPerIntervalOutOfRange(found: nodesPerInterval) }
        guard intervalsPerUnit > 0, intervalsPerUnit <= 100 else {
            throw .intervalsPerUnitOutOfRange(found: "\(intervalsPerUnit)")
        }
        guard (2...1_000).contains(leastIntervals) else { throw .leastIntervalsOutOfRange(found: leastIntervals) }
    }
}
