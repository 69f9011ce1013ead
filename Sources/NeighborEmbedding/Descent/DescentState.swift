/// The state of a descent between two iterations: everything, except the affinities, that its remaining iterations
/// depend on. A run resumed from it ends with the same bytes as one that was never interrupted.
///
/// It is valid for the same features, parameters and kernel path (see `TSNE.fit`). The fields are public so that a caller can
/// write them to a file of its choice.
public struct DescentState: Sendable, Equatable {
    /// The number of iterations done.
    public var iteration: Int
    /// N indices: the points in the descent's own order.
    public var order: [Int32]
    /// 2 N coordinates in that order, all of the first axis before those of the second. The other arrays have the same layout.
    public var points: [Float]
    /// The last step of every point.
    public var velocity: [Float]
    /// The factor on every point's learning rate.
    public var gain: [Float]
    /// The repulsive forces when they were last computed.
    public var repulsion: [Float]
    /// The sum of similarities over all pairs, computed together with the forces.
    public var normalization: Double
    /// How far the points have moved since then, as a root mean square.
    public var drift: Double
    /// The number of times the repulsion has been computed.
    public var repulsionEvaluations: Int
    /// Sums over the points: x, y, squared distances from the origin, squared last steps.
    public var sums: [Double]
    /// The divergence at every 50th iteration so far.
    public var klTrace: [Layout.TracePoint]
    /// The memory of the automatic stopping rule.
    public var convergence: Convergence

    /// The memory of `TSNEParameters.Stopping.automatic`.
    public struct Convergence: Sendable, Equatable, Codable {
        /// The iteration at which the early exaggeration ended; nil before that.
        public var earlyEnd: Int?
        /// The divergence when it was last checked.
        public var divergence: Double?
        /// The largest relative drop of the divergence from one check to the next, in this phase.
        public var largestDrop = 0.0
        /// The number of consecutive checks at which the drop was below the largest.
        public var looksBelow = 0
        /// Whether the run has converged.
        public var isConverged = false

        /// The state before the first check.
        public init() {}
    }

    /// N × 2 coordinates, row by row, in the order of the features, with a mean of about zero on both axes.
    public var coordinates: [Float] {
        let count = order.count
        var values = [Double](repeating: 0, count: 2 * count)
        for (position, point) in order.enumerated() {
            values[2 * Int(point)] = Double(points[position])
            values[2 * Int(point) + 1] = Double(points[count + position])
        }
        return LayoutInitialization.centered(values)
    }

    /// A state from its parts, as read from a file.
    public init(
        iteration: Int, order: [Int32], points: [Float], velocity: [Float], gain: [Float], repulsion: [Float],
        normalization: Double, drift: Double, repulsionEvaluations: Int, sums: [Double],
        klTrace: [Layout.TracePoint], convergence: Convergence
    ) {
        self.iteration = iteration
        self.order = order
        self.points = points
        self.velocity = velocity
        self.gain = gain
        self.repulsion = repulsion
        self.normalization = normalization
        self.drift = drift
        self.repulsionEvaluations = repulsionEvaluations
        self.sums = sums
        self.klTrace = klTrace
        self.convergence = convergence
    }

    /// Whether the arrays fit `count` points, the order names each point once, and all numbers are finite.
    public func isValid(count: Int) -> Bool { problem(count: count) == nil }

    /// What is impossible in the state of a descent of `count` points: the field, what was found and what was expected;
    /// otherwise nil.
    public func problem(count: Int) -> String? {
        // The repulsion is computed at most once before the first iteration, at each, and after the last.
        let most = min(iteration, Int(Int32.max))
        for (name, found, range) in [
            ("iteration", iteration, 0...Int(Int32.max)),
            ("repulsionEvaluations", repulsionEvaluations, 0...max(0, most) + 2),
            ("convergence.looksBelow", convergence.looksBelow, 0...max(0, most)),
            ("convergence.earlyEnd", convergence.earlyEnd ?? 0, 0...max(0, most)),
            ("the number of sums", sums.count, 4...4), ("the length of order", order.count, count...count),
        ] where !range.contains(found) {
            return "\(name) is \(found); expected \(range.lowerBound) to \(range.upperBound)"
        }
        var seen = [Bool](repeating: false, count: count)
        for (place, point) in order.enumerated() {
            guard point >= 0, Int(point) < count, !seen[Int(point)] else {
                return "order[\(place)] is \(point); expected each of 0 to \(count - 1) once"
            }
            seen[Int(point)] = true
        }
        for (name, values) in [("points", points), ("velocity", velocity), ("gain", gain), ("repulsion", repulsion)] {
            if values.count != 2 * count { return "\(name) has \(values.count) numbers; expected \(2 * count)" }
            if let bad = values.firstIndex(where: { !(abs($0) < TSNEParameters.largestCoordinate) }) {
                return "\(name)[\(bad)] is \(values[bad]); expected less than \(TSNEParameters.largestCoordinate)"
            }
        }
        if let bad = klTrace.first(where: { !(0...most).contains($0.iteration) || !$0.klDivergence.isFinite }) {
            return "klTrace has \(bad.klDivergence) at iteration \(bad.iteration); expected 0 to \(most)"
        }
        let (divergence, drop) = (convergence.divergence ?? 0, convergence.largestDrop)
        for (name, found) in [("convergence.divergence", divergence), ("convergence.largestDrop", drop)]
        where !found.isFinite {
            return "\(name) is \(found); expected a finite number"
        }
        if !(normalization > 0 && normalization.isFinite) {
            return "normalization is \(normalization); expected a number above 0"
        }
        if !(drift >= 0 && drift.isFinite) { return "drift is \(drift); expected at least 0" }
        return sums.allSatisfy(\.isFinite) ? nil : "sums are \(sums); expected finite numbers"
    }
}
