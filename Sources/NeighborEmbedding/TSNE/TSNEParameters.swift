/// The parameters of a t-SNE run. The defaults are those of the field.
public struct TSNEParameters: Sendable, Codable, Equatable {
    /// The step of gradient descent.
    ///
    /// Convention: the gradient is 4 Σ (p − q) q (yᵢ − yⱼ) divided by 4, as in openTSNE. scikit-learn keeps the 4, so there the
    /// same learning rate is a step four times as large.
    public enum LearningRate: Sendable, Codable, Equatable {
        /// N / exaggeration, with the exaggeration of the phase: N / 12 in the early phase, N after (Belkina et al., "Automated
        /// optimized parameters for t-distributed stochastic neighbor embedding", 2019; N in the main phase as in openTSNE),
        /// but at least 50 for small sets.
        case automatic
        /// The same rate in both phases, above 0.
        case value(Double)

        /// `auto` or a number.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if (try? container.decode(String.self)) == "auto" {
                self = .automatic
            } else {
                self = .value(try container.decode(Double.self))
            }
        }

        /// `auto` or a number.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .automatic: try container.encode("auto")
            case .value(let value): try container.encode(value)
            }
        }
    }

    /// The initial layout.
    public enum Initialization: Sendable, Codable, Equatable {
        /// The first two principal components, scaled so that the first has a standard deviation of 10⁻⁴.
        case pca
        /// Normally distributed numbers with a standard deviation of 10⁻⁴, from the seed.
        case random
        /// N × 2 coordinates, row by row, used unchanged except that their mean is subtracted. A standard deviation of about
        /// 10⁻⁴ leaves the early phase free to arrange them.
        case given([Float])
    }

    /// How the repulsive forces are computed.
    public enum GradientMethod: Sendable, Codable, Equatable {
        /// The fastest for the number of points: exact up to 4,000, interpolation beyond.
        case automatic
        /// All pairs: O(N²) per iteration.
        case exact
        /// A quadtree whose cells stand in for their points if they appear under an angle smaller than `theta` (van der Maaten,
        /// "Accelerating t-SNE using tree-based algorithms", 2014): O(N log N) per iteration. 0 is exact.
        case barnesHut(theta: Double)
        /// A grid on which the forces are sampled and between whose nodes they are interpolated (Linderman et al., "Fast
        /// interpolation-based t-SNE for improved visualization of single-cell RNA-seq data", 2019): O(N) per iteration, plus
        /// the grid's own transforms. If points are sparse on the grid, a coarser grid handles the smooth part of the kernel,
        /// and the rest is summed over near pairs.
        case interpolation(InterpolationGrid)
    }

    /// How the nearest neighbours of every sample are found.
    public enum NeighborSearch: String, Sendable, Codable, Equatable, CaseIterable {
        /// Exact up to 100,000 points, approximate beyond.
        case automatic
        /// All pairs of samples.
        case exact
        /// Within cells of a partition and those around them, as many as the recall requires; see `Layout.neighborRecall`.
        case approximate
    }

    /// Whether the features are replaced by their leading principal components before anything else.
    public enum Reduction: Sendable, Codable, Equatable {
        /// Never: distances are those between the features.
        case none
        /// To this many components, if there are more features.
        case principalComponents(Int)
    }

    /// What ends the run.
    public enum Stopping: String, Sendable, Codable, Equatable, CaseIterable {
        /// The number of iterations.
        case iterations = "max-iter"
        /// Convergence, or the number of iterations if that comes first: the early phase ends when the relative drop of the
        /// divergence has passed its maximum, and the run ends when the drop is below 1/5000 (Belkina et al., 2019).
        case automatic = "auto"
    }

    /// The distance between two samples.
    public var metric = DistanceMetric.euclidean
    /// How the nearest neighbours are found.
    public var neighborSearch = NeighborSearch.automatic
    /// Whether principal components replace the features.
    public var reduction = Reduction.none
    /// The effective numbers of neighbours of a point, each above 0 and below N − 1. With several, the affinities are the mean
    /// over them.
    public var perplexities = [30.0]
    /// The axes of the layout, 1 or 2. A layout of one axis has zeros on the second.
    public var dimensions = 2
    /// The degrees of freedom ν of the similarity (1 + d²/ν)^−ν in the layout, above 0; below 1 its tails are heavier
    /// than those of t-SNE.
    public var degreesOfFreedom = 1.0
    /// The number of iterations of all phases together.
    public var iterations = 5_000
    /// The factor on the affinities in the first phase, at least 1.
    public var earlyExaggeration = 12.0
    /// The number of iterations of the first phase; a maximum if its end is automatic.
    public var earlyExaggerationIterations = 250
    /// The factor on the affinities from `lateExaggerationStart` on, at least 1; above 1, clusters stay denser.
    public var lateExaggeration = 1.0
    /// The iteration from which `lateExaggeration` applies; nil for the end of the first phase.
    public var lateExaggerationStart: Int?
    /// What ends the run.
    public var stopping = Stopping.iterations
    /// The step of gradient descent.
    public var learningRate = LearningRate.automatic
    /// The initial layout.
    public var initialization = Initialization.pca
    /// The longest step of a point in one iteration, above 0; nil for no limit.
    public var maxStepNorm: Double?
    /// How far the layout may move, as a root mean square over its points, before the repulsion is computed again: in units of
    /// the layout, or of its radius while that is below 1. The repulsion is a smooth field that changes slowly, so most of its
    /// computations can be saved; 0 computes it at every iteration. nil means 0 with the method `exact`, and the default of
    /// `resolvedRepulsionTolerance(count:)` with the others.
    public var repulsionTolerance: Double?
    /// How the repulsive forces are computed.
    public var gradientMethod = GradientMethod.automatic
    /// The seed of everything random.
    public var seed: UInt64 = 0

    /// The default parameters.
    public init() {}

    /// The most points that 32-bit neighbour indices can represent.
    static let mostPoints = Int(Int32.max)

    /// Coordinates below this have squared distances and bounding squares within single precision.
    static let largestCoordinate: Float = 1e18

    /// The rate of a phase with this exaggeration, in the convention of `LearningRate`.
    func learningRate(count: Int, exaggeration: Double) -> Double {
        switch learningRate {
        case .automatic: max(Double(count) / exaggeration, 50)
        case .value(let rate): rate
        }
    }

    /// Measured: all pairs of 3,000 points take .75 of interpolation's time, those of 5,000 points 1.7 times.
    private static let mostPointsForExactGradient = 4_000

    /// The method that `automatic` chooses for this number of points.
    public func resolvedGradientMethod(count: Int) -> GradientMethod {
        if gradientMethod != .automatic { return gradientMethod }
        return count <= Self.mostPointsForExactGradient ? .exact : .interpolation(InterpolationGrid())
    }

    /// The search that `automatic` chooses for this number of points.
    public func resolvedNeighborSearch(count: Int) -> NeighborSearch {
        if neighborSearch != .automatic { return neighborSearch }
        return count <= 100_000 ? .exact : .approximate
    }

    /// The number of neighbours whose affinity is kept, as a multiple of the perplexity.
    static let neighborsPerPerplexity = 3.0

    /// The number of neighbours per point whose affinities are kept: three times the largest perplexity, or all other points if
    /// there are no more.
    func neighborsPerPoint(count: Int) -> Int {
        min(count - 1, max(1, Int((Self.neighborsPerPerplexity * perplexities.max()!).rounded(.up))))
    }

    /// The tolerance that nil means for this number of points: 0 if `exact` was requested explicitly, otherwise N / 300,000, at
    /// most .02. Small sets cost little and are sensitive; large ones gain most.
    ///
    /// Measured over 5,000 iterations on features of a network: with 3,000 points, .01 saves a quarter of the time and raises
    /// the divergence by .4 %; with 15,000, .02 saves a third and raises it by 1.3 %. Another seed of a random start changes it
    /// by as much.
    public func resolvedRepulsionTolerance(count: Int) -> Double {
        if let repulsionTolerance { return repulsionTolerance }
        if gradientMethod == .exact { return 0 }
        return min(0.02, Double(count) / 300_000)
    }
}
