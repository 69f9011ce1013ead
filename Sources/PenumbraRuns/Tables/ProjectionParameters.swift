import Foundation
import NeighborEmbedding
import Parameters
import TensorFiles

/// The parameters of t-SNE, as named on the command line and in reports.
package struct ProjectionParameters: GriddedParameterSet {
    /// How the repulsive forces are computed.
    package enum Method: String, ParameterValue, CaseIterable {
        case automatic = "auto"
        case exact
        case barnesHut = "barnes-hut"
        case interpolation
    }

    /// All parameters except how the forces are computed and where the map starts.
    package var tsne = TSNEParameters()
    package var method = Method.automatic
    /// The angle of Barnes-Hut.
    package var theta = 0.5
    /// The grid for the interpolation method.
    package var grid = InterpolationGrid()
    /// `pca`, `random`, or the path of a layout.
    package var initialization = "pca"

    package static let defaults = ProjectionParameters()

    package static let parameters = neighborParameters + gridParameters + descentParameters

    private static let neighborParameters: [Parameter<ProjectionParameters>] =
        [
            Parameter("perplexity", \.perplexity, "perplexity"),
            Parameter("metric", \.tsne.metric, "metric"),
            Parameter("pca", \.tsne.components, "pca"),
            Parameter("neighbors", \.tsne.neighborSearch, "neighbors"),
            Parameter("method", \.method, "method"),
            Parameter("theta", \.theta, "theta"),
        ]

    private static let descentParameters: [Parameter<ProjectionParameters>] =
        [
            Parameter("repulsionTolerance", \.tsne.repulsionTolerance, "repulsion-tolerance"),
            Parameter("degreesOfFreedom", \.tsne.degreesOfFreedom, "degrees-of-freedom"),
            Parameter("maxIter", \.tsne.iterations, "max-iter", in: iterations),
            Parameter("stop", \.tsne.stopping, "stop"),
            Parameter("learningRate", \.tsne.learningRate, "learning-rate"),
            Parameter("earlyExaggeration", \.tsne.earlyExaggeration, "early-exaggeration"),
            Parameter(
                "earlyExaggerationIter", \.tsne.earlyExaggerationIterations, "early-exaggeration-iter", in: iterations),
            Parameter("lateExaggeration", \.tsne.lateExaggeration, "late-exaggeration"),
            Parameter("lateExaggerationStart", \.tsne.lateExaggerationStart, "late-exaggeration-start", in: iterations),
            Parameter("maxStepNorm", \.tsne.maxStepNorm, "max-step-norm"),
            Parameter("dimensions", \.tsne.dimensions, "dimensions"),
            Parameter("initialization", \.initialization, "init"),
            Parameter("seed", \.tsne.seed, "seed"),
        ]

    /// What 32-bit counters can hold.
    static let iterations = ParameterRange<Int>.from(0, to: Int(Int32.max))

    package var perplexity: Perplexities {
        get { Perplexities(tsne.perplexities) }
        set { tsne.perplexities = newValue.values }
    }

    /// The parameters for the samples `ids`; reads their initial layout if there is one. Throws what its reader throws, and
    /// `InputError` if it holds other samples.
    func tsne(for ids: SampleIDs) throws -> TSNEParameters {
        var parameters = tsne
        parameters.gradientMethod =
            switch method {
            case .automatic: .automatic
            case .exact: .exact
            case .barnesHut: .barnesHut(theta: theta)
            case .interpolation: .interpolation(grid)
            }
        parameters.initialization =
            switch initialization {
            case "pca": .pca
            case "random": .random
            default: .given(try initialLayout(of: ids))
            }
        return parameters
    }

    /// Checks the ranges of all parameters, including those that the chosen method does not use: a wrong number is a mistake in
    /// either case. Throws `ParameterError` or `TSNEError`.
    package func checkAll() throws {
        try checkRanges()
        var parameters = TSNEParameters()
        for method in [TSNEParameters.GradientMethod.barnesHut(theta: theta), .interpolation(grid)] {
            parameters.gradientMethod = method
            try parameters.validate(count: 1_000)
        }
    }

    /// The initial layout, if it is a file.
    package var initializationFile: URL? {
        ["pca", "random"].contains(initialization) ? nil : URL(fileURLWithPath: initialization)
    }

    private func initialLayout(of ids: SampleIDs) throws -> [Float] {
        let (url, dimensions) = (URL(fileURLWithPath: initialization), tsne.dimensions)
        if url.pathExtension.lowercased() == "npy" {
            let array = try NPYFile.read(url)
            let expected = [ids.ids.count, dimensions]
            // A single axis may also be a plain list.
            guard array.shape == expected || dimensions == 1 && array.shape == [ids.ids.count] else {
                throw InputError.initialShape(path: initialization, found: array.shape, expected: expected)
            }
            return array.values
        }
        let layout = try LayoutFile.read(url)
        try ids.requireSame(as: layout.ids)
        if dimensions == 2 { return layout.coordinates }
        return stride(from: 0, to: layout.coordinates.count, by: 2).map { layout.coordinates[$0] }
    }
}

/// The effective numbers of neighbours: one, or several separated by commas. In JSON a single one is a number.
package struct Perplexities: ParameterValue {
    let values: [Double]

    package init(_ values: [Double]) { self.values = values }

    package init?(word: String) {
        guard let values = [Double](word: word) else { return nil }
        self.values = values
    }

    /// The number, if there is only one.
    var single: Double? { values.count == 1 ? values[0] : nil }

    package var word: String { values.word }
    package static var expectation: String { [Double].expectation }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        values = try (try? container.decode(Double.self)).map { [$0] } ?? container.decode([Double].self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if values.count == 1 { try container.encode(values[0]) } else { try container.encode(values) }
    }
}

extension DistanceMetric: ParameterValue {}
extension TSNEParameters.NeighborSearch: ParameterValue {}
extension TSNEParameters.Stopping: ParameterValue {}

extension TSNEParameters.LearningRate: ParameterValue {
    /// `auto` or a number.
    public init?(word: String) {
        if word == "auto" {
            self = .automatic
        } else if let value = Double(word: word) {
            self = .value(value)
        } else {
            return nil
        }
    }

    /// `auto` or the number.
    public var word: String {
        switch self {
        case .automatic: "auto"
        case .value(let value): value.word
        }
    }

    /// What a word is expected to be.
    public static var expectation: String { "auto or a number" }
}

extension TSNEParameters {
    /// The number of principal components that replace the features; nil for none.
    package var components: Int? {
        get {
            switch reduction {
            case .none: nil
            case .principalComponents(let number): number
            }
        }
        set { reduction = newValue.map { .principalComponents($0) } ?? .none }
    }
}
