import NeighborEmbedding
import Parameters

/// How new points are placed in a map, with the parameters named as on the command line.
package struct PlacementParameters: GriddedParameterSet {
    /// How the repulsion by the map is computed.
    package enum Method: String, ParameterValue, CaseIterable {
        case automatic = "auto"
        case exact
        case interpolation
    }

    /// All parameters except how the repulsion is computed.
    package var transform = TransformParameters()
    package var method = Method.automatic
    /// The grid for the interpolation method.
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

    /// As t-SNE expects them.
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

    /// The placement in a map of `spaces`, in the form used by reports of maps: with an exact neighbour search and a repulsion
    /// computed in each iteration.
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

/// Parameters that include the grid for the interpolation method.
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
