/// A descent in the middle of its way: all that its remaining iterations depend on beside the affinities, so that a run
/// that is given it ends with the same bytes as one that was never interrupted.
///
/// It holds for the same features, parameters and kernel path (see `TSNE.fit`). The fields are open so that a caller can
/// write them to a file of its choice.
public struct DescentState: Sendable, Equatable {
    /// The number of iterations done.
    public var iteration: Int
    /// N indices: the points in the order in which the descent keeps them.
    public var order: [Int32]
    /// 2 N coordinates in that order, all of the first axis before those of the second. The other arrays lie alike.
    public var points: [Float]
    /// The last step of every point.
    public var velocity: [Float]
    /// The factor on every point's learning rate.
    public var gain: [Float]
    /// The repulsive forces when they were last computed.
    public var repulsion: [Float]
    /// The sum of similarities over all pairs, computed with them.
    public var normalization: Double
    /// How far the points have moved since, in the root mean square.
    public var drift: Double
    /// How often the repulsion was computed.
    public var repulsionEvaluations: Int
    /// Sums over the points: x, y, squared distances from the origin, squared last steps.
    public var sums: [Double]
    /// The divergence at every 50th iteration so far.
    public var klTrace: [Layout.TracePoint]
    /// What the automatic end of the phases remembers.
    public var convergence: Convergence

    /// The memory of `TSNEParameters.Stopping.automatic`.
    public struct Convergence: Sendable, Equatable, Codable {
        /// The iteration at which the early exaggeration ended; nil before.
        public var earlyEnd: Int?
        /// The divergence when it was last looked at.
        public var divergence: Double?
        /// The largest relative drop of the divergence from one look to the next, in this phase.
        public var largestDrop = 0.0
        /// How many looks in a row the drop has been below the largest.
        public var looksBelow = 0
        /// Whether the run has converged.
        public var isConverged = false

        /// Nothing seen yet.
        public init() {}
    }

    /// N × 2 coordinates, row after row, in the order of the features, with a mean of about zero on both axes.
    public var coordinates: [Float] {
        let count = order.count
        var values = [Double](repeating: 0, count: 2 * count)
        for (position, point) in order.enumerated() {
            values[2 * Int(point)] = Double(points[position])
            values[2 * Int(point) + 1] = Double(points[count + position])
        }
        return LayoutInitialization.centered(values)
    }

    /// A state from its parts, as they were read from a file.
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

    /// Whether the arrays are those of `count` points, the order names each once, and all numbers are finite.
    public func isValid(count: Int) -> Bool {
        // The repulsion is computed at most once before the first iteration, at each, and after the last.
        guard (0...Int(Int32.max)).contains(iteration), (0...iteration + 2).contains(repulsionEvaluations),
            (0...iteration).contains(convergence.looksBelow), (0...iteration).contains(convergence.earlyEnd ?? 0),
            order.count == count, sums.count == 4
        else { return false }
        var seen = [Bool](repeating: false, count: count)
        for point in order {
            guard point >= 0, Int(point) < count, !seen[Int(point)] else { return false }
            seen[Int(point)] = true
        }
        return [points, velocity, gain, repulsion].allSatisfy {
            $0.count == 2 * count && $0.allSatisfy { abs($0) < TSNEParameters.largestCoordinate }
        } && normalization > 0 && normalization.isFinite && drift >= 0 && sums.allSatisfy(\.isFinite)
    }
}
