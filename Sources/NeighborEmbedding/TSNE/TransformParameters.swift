/// Parameters for placing new points in a map, beyond those that `TSNEParameters` sets for the map. The defaults are those of
/// openTSNE's `transform`.
public struct TransformParameters: Sendable, Codable, Equatable {
    /// The initial position of a new point.
    public enum Initialization: String, Sendable, Codable, Equatable, CaseIterable {
        /// The median of the positions of its nearest neighbours, at most 25, separately on each axis.
        case median
        /// The mean of its neighbours' positions, weighted by their affinities. (openTSNE weights by the distances, so the
        /// farthest count most.)
        case weightedMean = "weighted"
        /// The middle of the map, plus noise with a standard deviation of 10⁻⁴ that depends on the seed and the point's own
        /// features.
        case random
    }

    /// How the repulsion by the fixed layout is computed.
    public enum Repulsion: Sendable, Codable, Equatable {
        /// Exact for small maps, by interpolation for others; see `resolvedRepulsion(reference:)`.
        case automatic
        /// All points of the map act on every new point: O(M N) per iteration.
        case exact
        /// A grid that holds the potential of the map, computed once, from which every new point reads its force: O(M) per
        /// iteration. As accurate as the forces of `TSNEParameters.GradientMethod.interpolation`.
        case interpolation(InterpolationGrid)
    }

    /// The effective numbers of neighbours of a new point among the N of the map, each above 0 and below N. With several, the
    /// affinities are the mean over them. The number of neighbours is three times the largest.
    public var perplexities = [5.0]
    /// The initial positions of the new points.
    public var initialization = Initialization.median
    /// The number of iterations of both phases together.
    public var iterations = 250
    /// The factor on the affinities after the first phase, at least 1.
    public var exaggeration = 1.5
    /// The factor on the affinities in the first phase, at least 1.
    public var earlyExaggeration = 4.0
    /// The number of iterations of the first phase.
    public var earlyExaggerationIterations = 0
    /// The step of gradient descent, above 0, in the convention of `TSNEParameters.LearningRate`. A point's affinities sum to
    /// 1, while those in a fitted map sum to about 1 / N, so this rate does not grow with the map.
    public var learningRate = 0.1
    /// The share of the last step that is kept in the next, from 0 up to, but excluding, 1.
    public var momentum = 0.8
    /// The longest gradient of a point, above 0; nil for no limit. Without it, a new point that begins on a point of the map
    /// would be thrown far away.
    public var maxGradientNorm: Double? = 0.25
    /// The longest step of a point in one iteration, above 0; nil for no limit.
    public var maxStepNorm: Double?
    /// How the repulsion is computed.
    public var repulsion = Repulsion.automatic

    /// The default parameters.
    public init() {}

    /// Up to this many points of the map, all of them act on every new point by default. With 1,000, a point's repulsion took
    /// .17 µs per iteration, compared with .03 µs from a grid whose preparation took 37 ms: as long as the 250 iterations of
    /// 850 new points (one thread, AVX-512).
    private static let mostPointsOfExactRepulsion = 1_000

    /// The method that `automatic` chooses in a map with this number of points. It does not depend on the number of new
    /// points, so a point is placed the same way alone or among others.
    public func resolvedRepulsion(reference count: Int) -> Repulsion {
        if repulsion != .automatic { return repulsion }
        return count <= Self.mostPointsOfExactRepulsion ? .exact : .interpolation(InterpolationGrid())
    }

    func isEarly(_ iteration: Int) -> Bool { iteration < earlyExaggerationIterations }

    func exaggeration(at iteration: Int) -> Double { isEarly(iteration) ? earlyExaggeration : exaggeration }

    /// Checks these parameters against the number of points of the map, before any work is done.
    ///
    /// - Throws: a separate case of `TSNEError` for each possible fault.
    public func validate(reference count: Int) throws(TSNEError) {
        guard !perplexities.isEmpty else { throw .noPerplexity }
        for perplexity in perplexities {
            guard perplexity > 0 else { throw .perplexityNotPositive(found: "\(perplexity)") }
            guard perplexity < Double(count) else {
                throw .perplexityBeyondReference(found: perplexity, points: count)
            }
        }
        guard iterations >= 0 else { throw .negativeIterations(found: iterations) }
        guard exaggeration >= 1, exaggeration.isFinite else { throw .exaggerationBelowOne(found: "\(exaggeration)") }
        guard earlyExaggeration >= 1, earlyExaggeration.isFinite else {
            throw .earlyExaggerationBelowOne(found: "\(earlyExaggeration)")
        }
        guard earlyExaggerationIterations >= 0 else {
            throw .negativeEarlyExaggerationIterations(found: earlyExaggerationIterations)
        }
        guard learningRate > 0, learningRate.isFinite else { throw .learningRateNotPositive(found: "\(learningRate)") }
        guard momentum >= 0, momentum < 1 else { throw .momentumOutOfRange(found: "\(momentum)") }
        if let most = maxGradientNorm, !(most > 0) { throw .maxGradientNormNotPositive(found: "\(most)") }
        if let most = maxStepNorm, !(most > 0) { throw .maxStepNormNotPositive(found: "\(most)") }
        if case .interpolation(let grid) = repulsion { try grid.validate() }
    }
}
