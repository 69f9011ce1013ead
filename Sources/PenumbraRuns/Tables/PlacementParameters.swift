import NeighborEmbedding
import Parameters

/// How new points find their places in a map, as the command line names it.
package struct PlacementParameters: GriddedParameterSet {
    /// How the repulsion by the map is computed.
    package enum Method: String, ParameterValue, CaseIterable {
        case automatic = "auto"
        case exact
        case interpolation
    }

    /// All but how the repulsion is computed.
    package var transform = TransformParameters()
    package var method = Method.automatic
    /// The grid of the method interpolation.
    package var grid = InterpolationGrid()

    package static let defaults = PlacementParameters()

    package static let parameters: [Parameter<PlacementParameters>] =
        [
            Parameter("perplexity", \.perplexity, "perplexity"),
            Parameter("initialization", \.transform.initialization, "init"),
            Parameter("maxIter", \.transform.iterations, "max-iter", in: ProjectionParameters.iterations),
            Parameter("learningRate", \.transform.learningRate, "learning-rate"),
            Parameter("earlyExaggeration", \.transform.earlyExaggeration, "early-exaggeration"),
            Parameter(
                "earlyExaggerationIter", \.transform.earlyExaggerationIterations, "early-exaggeration-iter",
                in: ProjectionParameters.iterations),
            Parameter("lateExaggeration", \.transform.exaggeration, "late-exaggeration"),
            Parameter("maxStepNorm", \.transform.maxStepNorm, "max-step-norm"),
            Parameter("method", \.method, "method"),
        ] + gridParameters

    package var perplexity: Perplexities {
        get { Perplexities(transform.perplexities) }
        set { transform.perplexities = newValue.values }
    }

    /// As t-SNE takes them.
    var resolved: TransformParameters {
        var parameters = transform
        parameters.repulsion =
            switch method {
            case .automatic: .automatic
            case .exact: .exact
            case .interpolation: .interpolation(grid)
            }
        return parameters
    }

    /// The placement in a map of `spaces` as reports of maps hold it: an exact search for neighbours, and a repulsion that
    /// each iteration computes.
    func projection(in spaces: TSNEParameters) -> ProjectionParameters {
        var projection = ProjectionParameters()
        projection.tsne = spaces
        projection.tsne.neighborSearch = .exact
        projection.tsne.repulsionTolerance = 0
        for parameter in Self.parameters {
            guard let word = parameter.word(in: self),
                let same = ProjectionParameters.parameters.first(where: { $0.name == parameter.name })
            else { continue }
            let isValue = same.set(word, in: &projection)
            precondition(isValue, "\(parameter.option) is a different parameter in a projection")
        }
        return projection
    }
}

extension TransformParameters.Initialization: ParameterValue {}

/// Parameters with the grid of the method interpolation.
package protocol GriddedParameterSet: ParameterSet {
    var grid: InterpolationGrid { get set }
}

extension GriddedParameterSet {
    /// The grid's part of the table.
    static var gridParameters: [Parameter<Self>] {
        [
            Parameter("intervalsPerUnit", \.grid.intervalsPerUnit, "intervals-per-unit"),
            Parameter("nodesPerInterval", \.grid.nodesPerInterval, "nodes-per-interval"),
            Parameter("leastIntervals", \.grid.leastIntervals, "least-intervals"),
        ]
    }
}
