import ArgumentParser
import Foundation
import NeighborEmbedding
import TensorFiles

/// What t-SNE is told, as the command line names it and as reports hold it.
struct ProjectionParameters: Codable, Sendable, Equatable {
    /// How the repulsive forces are computed.
    enum Method: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
        case automatic = "auto"
        case exact
        case barnesHut = "barnes-hut"
    }

    /// The step of gradient descent: `auto` or a number.
    enum LearningRate: Codable, Sendable, Equatable, ExpressibleByArgument {
        case automatic
        case value(Double)

        init?(argument: String) {
            if argument == "auto" {
                self = .automatic
            } else if let value = Double(argument) {
                self = .value(value)
            } else {
                return nil
            }
        }

        var defaultValueDescription: String {
            switch self {
            case .automatic: "auto"
            case .value(let value): "\(value)"
            }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = (try? container.decode(Double.self)).map { .value($0) } ?? .automatic
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .automatic: try container.encode("auto")
            case .value(let value): try container.encode(value)
            }
        }
    }

    var method = Method.automatic
    var theta = 0.5
    var perplexity = 30.0
    var maxIter = 5_000
    var learningRate = LearningRate.automatic
    var earlyExaggeration = 12.0
    var earlyExaggerationIter = 250
    /// How far the layout may move before the repulsion is computed again; nil for the method's default.
    var repulsionTolerance: Double?
    /// `pca`, `random`, or the path of a layout.
    var initialization = "pca"
    var seed: UInt64 = 0

    /// The parameters for the samples `ids`, whose initial layout is read where there is one. Throws what its reader
    /// throws, and `InputError` where it holds other samples.
    func tsne(for ids: SampleIDs) throws -> TSNEParameters {
        var parameters = TSNEParameters()
        parameters.perplexities = [perplexity]
        parameters.iterations = maxIter
        parameters.earlyExaggeration = earlyExaggeration
        parameters.earlyExaggerationIterations = earlyExaggerationIter
        parameters.repulsionTolerance = repulsionTolerance
        parameters.seed = seed
        switch learningRate {
        case .automatic: parameters.learningRate = .automatic
        case .value(let rate): parameters.learningRate = .value(rate)
        }
        switch method {
        case .automatic: parameters.gradientMethod = .automatic
        case .exact: parameters.gradientMethod = .exact
        case .barnesHut: parameters.gradientMethod = .barnesHut(theta: theta)
        }
        switch initialization {
        case "pca": parameters.initialization = .pca
        case "random": parameters.initialization = .random
        default: parameters.initialization = .given(try Self.initialLayout(initialization, ids: ids))
        }
        return parameters
    }

    private static func initialLayout(_ path: String, ids: SampleIDs) throws -> [Float] {
        let url = URL(fileURLWithPath: path)
        if url.pathExtension.lowercased() == "npy" { return try NPYFile.read(url).values }
        let layout = try LayoutFile.read(url)
        try ids.requireSame(as: layout.ids)
        return layout.coordinates
    }
}
