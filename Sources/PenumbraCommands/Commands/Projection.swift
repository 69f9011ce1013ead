import Determinism
import Foundation
import NeighborEmbedding
import TensorFiles
import TerminalProgress

/// The mapping of a file of features into the plane, alone or as a part of a run.
struct Projection {
    let features: URL
    /// Which array of an `.npz`; where nil, its only one of two dimensions and of numbers.
    var array: String?
    /// Where the ids stand, where they do not stand beside the features.
    let idsFile: URL?
    let parameters: ProjectionParameters
    /// The CSV to be written; the report goes beside it.
    let out: URL

    /// Computes and writes the layout and its report. Throws `Interruption` after writing what there is so far, and what
    /// the readers and t-SNE throw.
    func run(threads: ThreadCount, title: String, progress: ProgressOutput) throws -> LayoutReport {
        let table = try FeatureTable.read(features, array: array, idsFile: idsFile)
        let tsne = TSNE(try parameters.tsne(for: table.ids), threads: threads)
        let layout = try fit(tsne, table, title: title, progress: progress)
        let report = LayoutReport(
            features: features.relativePath, featuresDigest: try SHA256Digest.of(file: features).description,
            array: table.array, points: table.matrix.count, dimension: table.matrix.dimension,
            parameters: parameters, method: Self.name(of: layout.gradientMethod),
            learningRate: layout.learningRate, earlyLearningRate: layout.earlyLearningRate,
            perplexity: layout.perplexities, neighborRecall: layout.neighborRecall, iterations: layout.iterations,
            isComplete: layout.isComplete,
            repulsionEvaluations: layout.repulsionEvaluations,
            klDivergence: layout.klDivergence, klTrace: layout.klTrace, seconds: layout.seconds)
        try LayoutFile.write(ids: table.ids.ids, coordinates: layout.coordinates, to: out)
        try JSONText.write(report, to: LayoutFile.report(of: out))
        if !layout.isComplete {
            throw Interruption(
                kept: "the layout after \(layout.iterations) of \(parameters.maxIter) iterations is in \(out.path)")
        }
        return report
    }

    private func fit(
        _ tsne: TSNE, _ table: FeatureTable, title: String, progress: ProgressOutput
    ) throws -> Layout {
        let display = ProgressDisplay(title, total: parameters.maxIter, unit: "iterations", to: progress)
        do throws(TSNEError) {
            let layout = try tsne.fit(table.matrix) { state in
                let note: String? =
                    switch state.phase {
                    case .neighbors: "nearest neighbours"
                    case .perplexity: "bandwidths"
                    case .earlyExaggeration, .main: state.klDivergence.map { "KL \(Self.short($0))" }
                    }
                display.update(state.iteration, note: note)
                return Interruption.isRequested ? .stop : .continue
            }
            display.update(layout.iterations, note: "KL \(Self.short(layout.klDivergence))")
            display.end(layout.isComplete ? nil : "interrupted")
            return layout
        } catch {
            switch error {
            case .stoppedBeforeLayout: throw Interruption(kept: "there was no layout yet")
            case .wrongFeatureCount, .nonFiniteFeature, .tooFewPoints, .noFeatures, .tooManyPoints, .perplexityTooLarge:
                throw InputError.unusable(path: features.path, problem: "\(error)")
            case .wrongInitializationCount, .nonFiniteInitialization:
                throw InputError.unusable(path: parameters.initialization, problem: "\(error)")
            default: throw error
            }
        }
    }

    private static func name(of method: TSNEParameters.GradientMethod) -> String {
        switch method {
        case .automatic: "auto"
        case .exact: "exact"
        case .barnesHut: "barnes-hut"
        case .interpolation: "interpolation"
        }
    }

    private static func short(_ value: Double) -> String { "\((value * 1e4).rounded() / 1e4)" }
}
