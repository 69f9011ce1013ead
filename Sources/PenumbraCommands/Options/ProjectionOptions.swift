import ArgumentParser
import NeighborEmbedding

/// What decides which samples are near each other.
struct AffinityOptions: ParsableArguments {
    @Option(help: "Effective number of neighbours of a point, below N - 1; several, separated by commas, are averaged.")
    var perplexity: ProjectionParameters.Perplexities = 30.0

    @Option(help: "Distance between samples: euclidean or cosine.")
    var metric = DistanceMetric.euclidean

    @Option(help: "Replace the features by this number of principal components first.")
    var pca: Int?

    @Option(help: "Search for neighbours: exact, approximate or automatic (exact up to 100,000 points).")
    var neighbors = TSNEParameters.NeighborSearch.automatic
}

/// How the forces between points of the map are computed.
struct ForceOptions: ParsableArguments {
    @Option(
        help: "auto, exact, barnes-hut or interpolation; auto is exact up to 4,000 points, interpolation beyond.")
    var method = ProjectionParameters.Method.automatic

    @Option(help: "Angle of Barnes-Hut, from 0 (exact) to 1.")
    var theta = 0.5

    @OptionGroup var grid: InterpolationOptions

    @Option(
        help: """
            How far the map may move (root mean square) before repulsion is recomputed; 0 for every iteration (default: 0 \
            for the method exact, else N / 300,000, at most .02).
            """)
    var repulsionTolerance: Double?

    @Option(help: "Degrees of freedom of the similarity in the map; below 1 its tails are heavier.")
    var degreesOfFreedom = 1.0
}

/// The grid of the method interpolation.
struct InterpolationOptions: ParsableArguments {
    @Option(help: "Intervals of the interpolation grid per unit of the map.")
    var intervalsPerUnit = 1.0

    @Option(help: "Nodes per interval, 2 to 6.")
    var nodesPerInterval = 3

    @Option(help: "Minimum number of intervals per axis.")
    var leastIntervals = 50

    /// As t-SNE takes it.
    var grid: InterpolationGrid {
        InterpolationGrid(
            nodesPerInterval: nodesPerInterval, intervalsPerUnit: intervalsPerUnit, leastIntervals: leastIntervals)
    }
}

/// How the map descends to a low divergence.
struct DescentOptions: ParsableArguments {
    @Option(help: "Number of iterations, including those with early exaggeration.")
    var maxIter = 5_000

    @Option(help: "max-iter, or auto to end each phase and the run on convergence.")
    var stop = ProjectionParameters.Stop.iterations

    @Option(help: "auto (N / exaggeration) or a number, for the gradient without its factor 4.")
    var learningRate = ProjectionParameters.LearningRate.automatic

    @Option(help: "Factor on the affinities in the first iterations.")
    var earlyExaggeration = 12.0

    @Option(help: "Number of iterations with early exaggeration.")
    var earlyExaggerationIter = 250

    @Option(help: "Factor on the affinities in the last iterations; above 1 clusters stay denser.")
    var lateExaggeration = 1.0

    @Option(help: "Iteration at which late exaggeration begins (default: when the early one ends).")
    var lateExaggerationStart: Int?

    @Option(help: "Longest step of a point per iteration (default: no limit).")
    var maxStepNorm: Double?

    @Option(help: "Axes of the map, 1 or 2.")
    var dimensions = 2

    @Option(help: "Start: pca, random, or a file with a layout (.csv) of the same ids or an N x 2 array (.npy).")
    var `init` = "pca"

    func validate() throws {
        try Self.validate("max-iter", maxIter)
        try Self.validate("early-exaggeration-iter", earlyExaggerationIter)
        try Self.validate("late-exaggeration-start", lateExaggerationStart ?? 0)
    }

    /// Throws `ValidationError` for a number of iterations that no computation with it can hold.
    static func validate(_ option: String, _ iterations: Int) throws {
        let most = Int(Int32.max)
        if !(0...most).contains(iterations) {
            throw ValidationError("--\(option) is \(iterations); expected 0 to \(most).")
        }
    }
}

/// What a projection leaves along its way.
struct WayOptions: ParsableArguments {
    @Option(
        help: """
            Number of intermediate layouts to write, at equal intervals, to a folder beside LAYOUT.csv \
            (LAYOUT.snapshots/0250.csv ...).
            """)
    var snapshots = 0

    @Option(help: "Seconds between saved states, from which a killed run resumes.")
    var saveInterval = 30.0

    mutating func validate() throws {
        if !(0...100_000).contains(snapshots) {
            throw ValidationError("--snapshots is \(snapshots); expected 0 to 100000.")
        }
        if !(saveInterval >= 0) {
            throw ValidationError("--save-interval is \(saveInterval); expected 0 seconds or more.")
        }
    }
}
