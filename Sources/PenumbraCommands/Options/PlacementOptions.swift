import ArgumentParser
import Foundation
import NeighborEmbedding

/// The map that new points are placed in.
struct MapOptions: ParsableArguments {
    @Option(
        help: """
            The map: a layout (.csv) that 'penumbra project' wrote. Metric, components, axes, degrees of freedom and \
            seed are those of its .json.
            """,
        transform: URL.init(fileURLWithPath:))
    var into: URL

    @Option(
        help: "The features that the map was made from.",
        transform: URL.init(fileURLWithPath:))
    var reference: URL

    @Option(
        help: "A CSV or TSV with the column id, one row per sample of the reference.",
        transform: URL.init(fileURLWithPath:))
    var referenceIds: URL?

    @Option(help: "Array of the reference, if its file holds several two-dimensional ones.")
    var referenceArray: String?

    /// Its files.
    var map: Placement.Map {
        Placement.Map(layout: into, features: reference, idsFile: referenceIds, array: referenceArray)
    }
}

/// How new points find their places. What is not given is as in `TransformParameters`.
struct PlacementOptions: ParsableArguments {
    private static let defaults = TransformParameters()

    @Option(help: "Effective number of neighbours in the map, below N; several, separated by commas, are averaged.")
    var perplexity = ProjectionParameters.Perplexities(defaults.perplexities)

    @Option(help: "Where a new point begins: median or weighted (of its neighbours' places), or random.")
    var `init` = defaults.initialization

    @Option(help: "Number of iterations, including those with early exaggeration.")
    var maxIter = defaults.iterations

    @Option(help: "Step of gradient descent.")
    var learningRate = defaults.learningRate

    @Option(help: "Factor on the affinities in the first iterations.")
    var earlyExaggeration = defaults.earlyExaggeration

    @Option(help: "Number of iterations with early exaggeration.")
    var earlyExaggerationIter = defaults.earlyExaggerationIterations

    @Option(help: "Factor on the affinities in the other iterations.")
    var lateExaggeration = defaults.exaggeration

    @Option(help: "Longest step of a point per iteration (default: no limit).")
    var maxStepNorm: Double?

    @Option(help: "auto, exact or interpolation; auto is exact in maps of up to 1,000 points.")
    var method = RepulsionMethod.automatic

    @OptionGroup var grid: InterpolationOptions

    /// How the repulsion by the map is computed.
    enum RepulsionMethod: String, CaseIterable, ExpressibleByArgument {
        case automatic = "auto"
        case exact
        case interpolation
    }

    /// As t-SNE takes them.
    var parameters: TransformParameters {
        var parameters = Self.defaults
        parameters.perplexities = perplexity.values
        parameters.initialization = `init`
        parameters.iterations = maxIter
        parameters.learningRate = learningRate
        parameters.earlyExaggeration = earlyExaggeration
        parameters.earlyExaggerationIterations = earlyExaggerationIter
        parameters.exaggeration = lateExaggeration
        parameters.maxStepNorm = maxStepNorm
        parameters.repulsion =
            switch method {
            case .automatic: .automatic
            case .exact: .exact
            case .interpolation: .interpolation(grid.grid)
            }
        return parameters
    }
}

extension TransformParameters.Initialization: ExpressibleByArgument {}

/// What the map was made with, for maps without a .json. Beside a .json, an option that differs from it is an error.
struct MapSpaceOptions: ParsableArguments {
    @Option(help: "Distance between samples: euclidean or cosine (default: the map's, else euclidean).")
    var metric: DistanceMetric?

    @Option(help: "Number of principal components that replaced the features (default: the map's, else none).")
    var pca: Int?

    @Option(help: "Degrees of freedom of the similarity in the map (default: the map's, else 1).")
    var degreesOfFreedom: Double?

    @Option(help: "Axes of the map, 1 or 2 (default: the map's, else 2).")
    var dimensions: Int?

    @Option(help: "Seed for everything random (default: the map's, else 0).")
    var seed: UInt64?
}
