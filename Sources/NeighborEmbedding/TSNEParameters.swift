/// What a run of t-SNE can be told. The defaults are those of the field.
public struct TSNEParameters: Sendable, Codable, Equatable {
    /// The step of gradient descent.
    ///
    /// The convention: the gradient is 4 Σ (p − q) q (yᵢ − yⱼ) divided by 4, as in openTSNE. scikit-learn keeps the 4,
    /// so a learning rate there is four times as large a step as the same number here.
    public enum LearningRate: Sendable, Codable, Equatable {
        /// N / exaggeration, with the exaggeration of the phase: N / 12 while it is early, N after (Belkina et al.,
        /// "Automated optimized parameters for t-distributed stochastic neighbor embedding", 2019; N in the main phase
        /// as in openTSNE), but at least 50 for small sets.
        case automatic
        /// The same rate in both phases, above 0.
        case value(Double)
    }

    /// Where the layout begins.
    public enum Initialization: Sendable, Codable, Equatable {
        /// The first two principal components, scaled so that the first has a standard deviation of 10⁻⁴.
        case pca
        /// Normal numbers with a standard deviation of 10⁻⁴, by the seed.
        case random
        /// N × 2 coordinates, row after row, taken as they are but for their mean. A standard deviation of about 10⁻⁴
        /// leaves the early phase free to arrange them.
        case given([Float])
    }

    /// How the repulsive forces are computed.
    public enum GradientMethod: Sendable, Codable, Equatable {
        /// Exact up to 10,000 points, Barnes-Hut with an angle of .5 beyond.
        case automatic
        /// All pairs: O(N²) an iteration.
        case exact
        /// A quadtree whose cells stand for their points where they are seen under less than the angle `theta`
        /// (van der Maaten, "Accelerating t-SNE using tree-based algorithms", 2014): O(N log N) an iteration. 0 is
        /// exact.
        case barnesHut(theta: Double)
    }

    /// The effective number of neighbours of a point, above 0 and below N − 1.
    public var perplexity = 30.0
    /// The number of iterations of both phases together.
    public var iterations = 5_000
    /// The factor on the affinities in the first phase, at least 1.
    public var earlyExaggeration = 12.0
    /// The number of iterations of the first phase.
    public var earlyExaggerationIterations = 250
    /// The step of gradient descent.
    public var learningRate = LearningRate.automatic
    /// Where the layout begins.
    public var initialization = Initialization.pca
    /// How the repulsive forces are computed.
    public var gradientMethod = GradientMethod.automatic
    /// The seed of everything random.
    public var seed: UInt64 = 0

    /// The defaults; change what should differ.
    public init() {}

    /// The most points that the 32-bit indices of neighbours name.
    static let mostPoints = Int(Int32.max)

    /// Coordinates below this have squared distances and bounding squares within single precision.
    static let largestCoordinate: Float = 1e18

    /// Checks these parameters against the number of points, before any work is done.
    ///
    /// - Throws: one case of `TSNEError` for each way in which they can be wrong.
    public func validate(count: Int) throws(TSNEError) {
        guard count >= 4 else { throw .tooFewPoints(found: count) }
        guard count <= Self.mostPoints else { throw .tooManyPoints(found: count, most: Self.mostPoints) }
        guard perplexity > 0 else { throw .perplexityNotPositive(found: "\(perplexity)") }
        guard perplexity < Double(count - 1) else { throw .perplexityTooLarge(found: perplexity, points: count) }
        guard iterations >= 0 else { throw .negativeIterations(found: iterations) }
        guard earlyExaggerationIterations >= 0 else {
            throw .negativeEarlyExaggerationIterations(found: earlyExaggerationIterations)
        }
        guard earlyExaggeration >= 1, earlyExaggeration.isFinite else {
            throw .earlyExaggerationBelowOne(found: "\(earlyExaggeration)")
        }
        if case .value(let rate) = learningRate, !(rate > 0 && rate.isFinite) {
            throw .learningRateNotPositive(found: "\(rate)")
        }
        if case .barnesHut(let theta) = gradientMethod, !(theta >= 0 && theta <= 1) {
            throw .thetaOutOfRange(found: "\(theta)")
        }
        if case .given(let coordinates) = initialization {
            guard coordinates.count == 2 * count else {
                throw .wrongInitializationCount(found: coordinates.count, expected: 2 * count)
            }
            if let bad = coordinates.firstIndex(where: { !$0.isFinite }) {
                throw .nonFiniteInitialization(row: bad / 2, axis: bad % 2, value: "\(coordinates[bad])")
            }
            if let bad = coordinates.firstIndex(where: { abs($0) >= Self.largestCoordinate }) {
                throw .initializationTooLarge(row: bad / 2, axis: bad % 2, value: coordinates[bad])
            }
        }
    }

    /// The rate of a phase with this exaggeration, in the convention of `LearningRate`.
    func learningRate(count: Int, exaggeration: Double) -> Double {
        switch learningRate {
        case .automatic: max(Double(count) / exaggeration, 50)
        case .value(let rate): rate
        }
    }

    /// The method that `automatic` stands for with this number of points.
    func resolvedGradientMethod(count: Int) -> GradientMethod {
        if gradientMethod != .automatic { return gradientMethod }
        return count <= 10_000 ? .exact : .barnesHut(theta: 0.5)
    }
}
