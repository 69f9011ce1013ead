import PenumbraRuns
import ArgumentParser
import NeighborEmbedding
import Parameters

/// All options of t-SNE except the seed.
struct TSNEOptions: ParsableArguments {
    @OptionGroup(title: "Affinities") var affinities: AffinityOptions
    @OptionGroup(title: "Forces") var forces: ForceOptions
    @OptionGroup(title: "Descent") var descent: DescentOptions

    /// The parameters given by the options.
    func parameters(_ seeds: SeedOptions) -> ProjectionParameters {
        var parameters = ProjectionParameters.defaults.with(settings(of: ProjectionParameters.self))
        parameters.tsne.seed = seeds.seed
        return parameters
    }
}

/// What determines which samples are near each other.
struct AffinityOptions: ParsableArguments {
    typealias Setting = ParameterSetting<ProjectionParameters>

    @Option(
        \.perplexity,
        help: "Effective number of neighbours of a point, below N - 1; several, separated by commas, are averaged.")
    var perplexity: Setting?

    @Option(\.tsne.metric, help: "Distance between samples: euclidean or cosine.")
    var metric: Setting?

    @Option(\.tsne.components, help: "Replace the features with this number of principal components first.")
    var pca: Setting?

    @Option(
        \.tsne.neighborSearch,
        help: "Search for neighbours: exact, approximate or automatic (exact up to 100,000 points).")
    var neighbors: Setting?
}

/// How the forces between points of the map are computed.
struct ForceOptions: ParsableArguments {
    typealias Setting = ParameterSetting<ProjectionParameters>

    @Option(
        \.method,
        help: "auto, exact, barnes-hut or interpolation; auto is exact up to 4,000 points, interpolation beyond.")
    var method: Setting?

    @Option(\.theta, help: "Angle of Barnes-Hut, from 0 (exact) to 1.")
    var theta: Setting?

    @OptionGroup var grid: GridOptions<ProjectionParameters>

    @Option(
        \.tsne.repulsionTolerance,
        help: """
            How far the map may move (root mean square) before repulsion is recomputed; 0 for every iteration.
            """, default: "0 for the exact method, otherwise N / 300,000, at most .02")
    var repulsionTolerance: Setting?

    @Option(
        \.tsne.degreesOfFreedom,
        help: "Degrees of freedom of the similarity in the map; below 1 its tails are heavier.")
    var degreesOfFreedom: Setting?
}

/// The grid for the interpolation method.
struct GridOptions<Root: GriddedParameterSet>: ParsableArguments {
    typealias Setting = ParameterSetting<Root>

    @Option(\Root.grid.intervalsPerUnit, help: "Intervals of the interpolation grid per unit of the map.")
    var intervalsPerUnit: Setting?

    @Option(\Root.grid.nodesPerInterval, help: "Nodes per interval, 2 to 6.")
    var nodesPerInterval: Setting?

    @Option(\Root.grid.leastIntervals, help: "Minimum number of intervals per axis.")
    var leastIntervals: Setting?
}

/// How the divergence of the map is minimised.
struct DescentOptions: ParsableArguments {
    typealias Setting = ParameterSetting<ProjectionParameters>

    @Option(\.tsne.iterations, help: "Number of iterations, including those with early exaggeration.")
    var maxIter: Setting?

    @Option(\.tsne.stopping, help: "max-iter, or auto to end each phase and the run on convergence.")
    var stop: Setting?

    @Option(
        \.tsne.learningRate,
        help: "auto (N / exaggeration, at least 50) or a number, for the gradient without its factor 4.")
    var learningRate: Setting?

    @Option(\.tsne.earlyExaggeration, help: "Factor on the affinities in the first iterations.")
    var earlyExaggeration: Setting?

    @Option(\.tsne.earlyExaggerationIterations, help: "Number of iterations with early exaggeration.")
    var earlyExaggerationIter: Setting?

    @Option(
        \.tsne.lateExaggeration,
        help: "Factor on the affinities in the last iterations; above 1 clusters stay denser.")
    var lateExaggeration: Setting?

    @Option(
        \.tsne.lateExaggerationStart, help: "Iteration at which late exaggeration begins.",
        default: "when the early one ends")
    var lateExaggerationStart: Setting?

    @Option(\.tsne.maxStepNorm, help: "Longest step of a point per iteration.", default: "no limit")
    var maxStepNorm: Setting?

    @Option(\.tsne.dimensions, help: "Axes of the map, 1 or 2.")
    var dimensions: Setting?

    @Option(
        \.initialization,
        help: "Start: pca, random, or a file with a layout (.csv) of the same ids or an N x 2 array (.npy).")
    var `init`: Setting?
}

/// What a projection saves while it runs.
struct SnapshotOptions: ParsableArguments {
    @Option(
        in: .from(0, to: 100_000),
        help: """
            Number of intermediate maps to write, at equal intervals, to a folder next to LAYOUT.csv \
            (LAYOUT.snapshots/0250.csv ...).
            """)
    var snapshots = 0

    @Option(in: .from(0, to: 1e9), help: "Seconds between saved states, from which a killed run resumes.")
    var saveInterval = 30.0
}
