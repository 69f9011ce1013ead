import PenumbraRuns
import ArgumentParser
import Foundation
import NeighborEmbedding
import Parameters

/// The map in which new points are placed.
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

    @Option(help: "Array of the reference, if its file holds several two-dimensional arrays.")
    var referenceArray: String?

    /// The files of the map.
    var map: Placement.Map {
        Placement.Map(layout: into, features: reference, idsFile: referenceIds, array: referenceArray)
    }
}

/// How new points are placed. Defaults are those of `TransformParameters`.
struct PlacementOptions: ParsableArguments {
    typealias Setting = ParameterSetting<PlacementParameters>

    @Option(
        \.perplexity,
        help: "Effective number of neighbours in the map, below N; several, separated by commas, are averaged.")
    var perplexity: Setting?

    @Option(
        \.transform.initialization,
        help: "Where a new point starts: median or weighted (of its neighbours' positions), or random.")
    var `init`: Setting?

    @Option(\.transform.iterations, help: "Number of iterations, including those with early exaggeration.")
    var maxIter: Setting?

    @Option(\.transform.learningRate, help: "Step of gradient descent.")
    var learningRate: Setting?

    @Option(\.transform.earlyExaggeration, help: "Factor on the affinities in the first iterations.")
    var earlyExaggeration: Setting?

    @Option(\.transform.earlyExaggerationIterations, help: "Number of iterations with early exaggeration.")
    var earlyExaggerationIter: Setting?

    @Option(\.transform.exaggeration, help: "Factor on the affinities in the other iterations.")
    var lateExaggeration: Setting?

    @Option(\.transform.maxStepNorm, help: "Longest step of a point per iteration.", default: "no limit")
    var maxStepNorm: Setting?

    @Option(\.method, help: "auto, exact or interpolation; auto is exact in maps of up to 1,000 points.")
    var method: Setting?

    @OptionGroup var grid: GridOptions<PlacementParameters>
}

/// The parameters that the map was made with, for maps without a .json. If there is a .json, an option that differs from it is
/// an error.
struct MapSpaceOptions: ParsableArguments {
    typealias Setting = ParameterSetting<ProjectionParameters>

    @Option(
        \.tsne.metric, help: "Distance between samples: euclidean or cosine.",
        default: "the map's, otherwise euclidean")
    var metric: Setting?

    @Option(
        \.tsne.components, help: "Number of principal components that replaced the features.",
        default: "the map's, otherwise none")
    var pca: Setting?

    @Option(
        \.tsne.degreesOfFreedom, help: "Degrees of freedom of the similarity in the map.",
        default: "the map's, otherwise 1")
    var degreesOfFreedom: Setting?

    @Option(\.tsne.dimensions, help: "Axes of the map, 1 or 2.", default: "the map's, otherwise 2")
    var dimensions: Setting?

    @Option(\.tsne.seed, help: "Seed for all random numbers.", default: "the map's, otherwise 0")
    var seed: Setting?
}
