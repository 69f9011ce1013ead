/// A map of points in the plane, and how it was made.
public struct Layout: Sendable {
    /// The divergence after an iteration.
    public struct TracePoint: Sendable, Codable, Equatable {
        /// The number of iterations done.
        public let iteration: Int
        /// The Kullback-Leibler divergence without exaggeration, in nats.
        public let klDivergence: Double
    }

    /// Wall-clock seconds by part of the run.
    public struct Seconds: Sendable, Codable, Equatable {
        /// The search for the nearest neighbours.
        public var neighbors = 0.0
        /// The search for the bandwidths, and the symmetric affinities.
        public var perplexity = 0.0
        /// The initial layout.
        public var initialization = 0.0
        /// All iterations.
        public var descent = 0.0
        /// The total.
        public var total: Double { neighbors + perplexity + initialization + descent }
    }

    /// N × 2 coordinates, row by row, with a mean of about zero on both axes.
    public let coordinates: [Float]
    /// The Kullback-Leibler divergence of the layout in nats, without exaggeration, summed in double precision: over all pairs
    /// up to 100,000 points, and with the approximation of the gradient's method beyond.
    public let klDivergence: Double
    /// The divergence at every 50th iteration and at the last.
    public let klTrace: [TracePoint]
    /// The perplexities achieved by the search for bandwidths, one for each requested.
    public let perplexities: [AchievedPerplexity]
    /// The share of true nearest neighbours that were found: 1 for the exact search, otherwise measured on a sample.
    public let neighborRecall: Double
    /// How the repulsive forces were computed: the method that `automatic` selected.
    public let gradientMethod: TSNEParameters.GradientMethod
    /// The learning rate while the affinities were exaggerated, in the convention of `TSNEParameters.LearningRate`.
    public let earlyLearningRate: Double
    /// The learning rate of the main phase, in the same convention.
    public let learningRate: Double
    /// The convention of the learning rates in words.
    public static let learningRateConvention = "step on 4 Σ (p − q) q (y_i − y_j) divided by 4"
    /// The number of iterations of the early phase.
    public let earlyIterations: Int
    /// The number of times the repulsion was computed; see `TSNEParameters.repulsionTolerance`.
    public let repulsionEvaluations: Int
    /// The number of iterations done.
    public let iterations: Int
    /// Whether the run finished: after all requested iterations, or by convergence.
    public let isComplete: Bool
    /// The time taken by each part.
    public let seconds: Seconds

    /// The number of points.
    public var count: Int { coordinates.count / 2 }
}

extension Layout {
    init(
        _ descent: Descent.Result, parameters: TSNEParameters, neighborRecall: Double,
        perplexities: [AchievedPerplexity], seconds: Seconds
    ) {
        coordinates = descent.coordinates
        klDivergence = descent.klDivergence
        klTrace = descent.klTrace
        self.perplexities = perplexities
        self.neighborRecall = neighborRecall
        let count = descent.coordinates.count / 2
        gradientMethod = parameters.resolvedGradientMethod(count: count)
        earlyLearningRate = parameters.learningRate(count: count, exaggeration: parameters.earlyExaggeration)
        learningRate = parameters.learningRate(count: count, exaggeration: 1)
        earlyIterations = descent.earlyIterations
        repulsionEvaluations = descent.repulsionEvaluations
        iterations = descent.iterations
        isComplete = descent.isComplete
        self.seconds = seconds
    }
}
