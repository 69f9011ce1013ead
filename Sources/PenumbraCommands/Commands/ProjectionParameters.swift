import ArgumentParser
import Foundation
import NeighborEmbedding
import TensorFiles

/// What t-SNE is told, as the command line names it and as reports hold it.
struct ProjectionParameters: Codable, Sendable, Equatable {
    var method = Method.automatic
    var theta = 0.5
    var intervalsPerUnit = 1.0
    var nodesPerInterval = 3
    var leastIntervals = 50
    var metric = DistanceMetric.euclidean
    var neighbors = TSNEParameters.NeighborSearch.automatic
    /// The principal components that take the features' place; nil for none.
    var pca: Int?
    var perplexity: Perplexities = 30.0
    var dimensions = 2
    var degreesOfFreedom = 1.0
    var maxIter = 5_000
    var stop = Stop.iterations
    var learningRate = LearningRate.automatic
    var earlyExaggeration = 12.0
    var earlyExaggerationIter = 250
    var lateExaggeration = 1.0
    /// Where the late exaggeration begins; nil for the end of the early one.
    var lateExaggerationStart: Int?
    /// The longest step of a point; nil for no limit.
    var maxStepNorm: Double?
    /// How far the layout may move before the repulsion is computed again; nil for the method's default.
    var repulsionTolerance: Double?
    /// `pca`, `random`, or the path of a layout.
    var initialization = "pca"
    var seed: UInt64 = 0

    /// The parameters for the samples `ids`, whose initial layout is read where there is one. Throws what its reader
    /// throws, and `InputError` where it holds other samples.
    func tsne(for ids: SampleIDs) throws -> TSNEParameters {
        var parameters = TSNEParameters()
        parameters.perplexities = perplexity.values
        parameters.iterations = maxIter
        parameters.earlyExaggeration = earlyExaggeration
        parameters.earlyExaggerationIterations = earlyExaggerationIter
        parameters.metric = metric
        parameters.neighborSearch = neighbors
        parameters.reduction = pca.map { .principalComponents($0) } ?? .none
        parameters.dimensions = dimensions
        parameters.degreesOfFreedom = degreesOfFreedom
        parameters.lateExaggeration = lateExaggeration
        parameters.lateExaggerationStart = lateExaggerationStart
        parameters.stopping = stop == .automatic ? .automatic : .iterations
        parameters.maxStepNorm = maxStepNorm
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
        case .interpolation:
            parameters.gradientMethod = .interpolation(
                InterpolationGrid(
                    nodesPerInterval: nodesPerInterval, intervalsPerUnit: intervalsPerUnit,
                    leastIntervals: leastIntervals))
        }
        switch initialization {
        case "pca": parameters.initialization = .pca
        case "random": parameters.initialization = .random
        default:
            parameters.initialization = .given(
                try Self.initialLayout(initialization, ids: ids, dimensions: dimensions))
        }
        return parameters
    }

    /// The layout to begin with, where it is a file.
    var initializationFile: URL? {
        ["pca", "random"].contains(initialization) ? nil : URL(fileURLWithPath: initialization)
    }

    private static func initialLayout(_ path: String, ids: SampleIDs, dimensions: Int) throws -> [Float] {
        let url = URL(fileURLWithPath: path)
        if url.pathExtension.lowercased() == "npy" {
            let array = try NPYFile.read(url)
            let expected = [ids.ids.count, dimensions]
            // A single axis may also be a plain list.
            guard array.shape == expected || dimensions == 1 && array.shape == [ids.ids.count] else {
                throw InputError.initialShape(path: path, found: array.shape, expected: expected)
            }
            return array.values
        }
        let layout = try LayoutFile.read(url)
        try ids.requireSame(as: layout.ids)
        if dimensions == 2 { return layout.coordinates }
        return stride(from: 0, to: layout.coordinates.count, by: 2).map { layout.coordinates[$0] }
    }
}
