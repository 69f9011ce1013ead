import Numerics
import Foundation
import NeighborEmbedding
import TensorFiles
import TerminalProgress

/// The mapping of a file of features to the plane, alone or as part of a run.
package struct Projection {
    let features: URL
    /// How they are to be read.
    let reading: FeatureReading
    /// The file with the ids, if they are not beside the features.
    let idsFile: URL?
    let parameters: ProjectionParameters
    /// The CSV to write; the report goes beside it.
    let out: URL

    /// Where features and map are also written.
    let projector: ProjectorFolder?
    /// The number of intermediate maps to write.
    var snapshots = 0
    /// Whether what was read is reported; otherwise the caller has done that.
    var reportsReading = true
    /// The seconds between two saved states, from which an interrupted run can resume.
    var saveInterval = 30.0

    package init(
        features: URL, reading: FeatureReading = FeatureReading(), idsFile: URL?, parameters: ProjectionParameters,
        out: URL, projector: ProjectorFolder? = nil, snapshots: Int = 0, saveInterval: Double = 30.0
    ) {
        self.features = features
        self.reading = reading
        self.projector = projector
        self.idsFile = idsFile
        self.parameters = parameters
        self.out = out
        self.snapshots = snapshots
        self.saveInterval = saveInterval
    }

    /// Computes and writes the layout and its report, starting from the state of an interrupted run if there is one. Throws
    /// `Interruption` after writing the layout so far, and what the readers and t-SNE throw.
    package func run(threads: ThreadCount, title: String, progress: ProgressOutput) throws -> LayoutReport {
        let table = try FeatureTable.read(
            features, reading, idsFile: idsFile, for: FeatureTable.Purpose(metric: parameters.tsne.metric))
        let lock = try OutputLock(file: out)
        defer { lock.release() }
        let tsne = TSNE(try parameters.tsne(for: table.ids), threads: threads)
        let identity = try identity(of: table)
        let state = state(of: identity, count: table.matrix.count, title: title, progress: progress)
        progress.print("\(title): \(Self.plan(tsne.parameters, table.matrix))")
        let facts = FeatureFacts(table, for: parameters.tsne)
        for line in reportsReading ? facts.lines : [] { progress.print("\(title): \(line)") }
        let layout = try fit(tsne, table, resuming: state, identity, title: title, progress: progress)
        for line in facts.warnings(of: layout.perplexities, asked: parameters.perplexity.values) {
            progress.print("\(title): \(line)")
        }
        let report = LayoutReport(
            of: features, digest: identity.featuresDigest, table, facts, parameters: parameters,
            method: Self.name(of: layout.gradientMethod),
            learningRate: layout.learningRate, earlyLearningRate: layout.earlyLearningRate,
            perplexity: layout.perplexities, neighborRecall: layout.neighborRecall, resumedAt: state?.iteration,
            iterations: layout.iterations, isComplete: layout.isComplete,
            repulsionEvaluations: layout.repulsionEvaluations,
            klDivergence: layout.klDivergence, klTrace: layout.klTrace, seconds: layout.seconds)
        try LayoutFile.write(ids: table.ids.ids, coordinates: layout.coordinates, to: out)
        try JSONText.write(report, as: .layoutReport, to: LayoutFile.report(of: out))
        if !layout.isComplete {
            throw Interruption(
                kept:
                    "the layout after \(layout.iterations) of \(parameters.tsne.iterations) iterations is in \(out.path); "
                    + "run the same command again to resume")
        }
        try? FileManager.default.removeItem(at: ProjectionState.url(of: out))
        try projector?.write(table, map: layout.coordinates)
        return report
    }

    /// What the layout of `table`, read from the features, depends on. Throws `FileReadError`.
    func identity(of table: FeatureTable) throws -> ProjectionState.Identity {
        ProjectionState.Identity(
            featuresDigest: try SHA256Digest.of(file: features).description, array: table.array, columns: table.choice,
            initializationDigest: try parameters.initializationFile.map { try SHA256Digest.of(file: $0).description },
            instructionSet: TSNE.instructionSet, parameters: parameters)
    }

    /// The state left by an interrupted run with the same features and options, if any.
    private func state(
        of identity: ProjectionState.Identity, count: Int, title: String, progress: ProgressOutput
    ) -> DescentState? {
        let url = ProjectionState.url(of: out)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        switch ProjectionState.read(url, of: identity, count: count) {
        case .success(let found):
            progress.print("\(title): resuming after iteration \(found.descent.iteration)")
            return found.descent
        case .failure(let problem):
            progress.print("\(title): starting over, because \(url.path) \(problem.reason)")
            return nil
        }
    }

    /// What is about to be done, and what `auto` selected.
    private static func plan(_ parameters: TSNEParameters, _ features: FeatureMatrix) -> String {
        let search = parameters.resolvedNeighborSearch(count: features.count)
        let method = name(of: parameters.resolvedGradientMethod(count: features.count))
        return "\(features.count) points of \(features.dimension) features, \(search) neighbours, "
            + "\(method) gradient"
    }

    private func fit(
        _ tsne: TSNE, _ table: FeatureTable, resuming state: DescentState?, _ identity: ProjectionState.Identity,
        title: String, progress: ProgressOutput
    ) throws -> Layout {
        let films = LayoutSnapshots(
            beside: out, number: snapshots, ofIterations: parameters.tsne.iterations, ids: table.ids.ids)
        var watch = ProjectionWatch(
            title: title, points: table.matrix.count, output: progress, snapshots: snapshots > 0 ? films : nil,
            identity: identity, stateFile: ProjectionState.url(of: out), saveInterval: saveInterval)
        var failure: (any Error)?
        let result = Result { () throws(TSNEError) in
            try tsne.fit(table.matrix, resuming: state) { progress in
                do { try watch.record(progress) } catch { failure = error }
                return failure != nil || Interruption.isRequested ? .stop : .continue
            }
        }
        if let failure { throw failure }
        let layout = try result.mapError(explained).get()
        watch.end(layout)
        return layout
    }

    /// The error with the name of the file.
    func explained(_ error: TSNEError) -> any Error {
        switch error {
        case .stoppedBeforeLayout: Interruption(kept: "there was no layout yet")
        case .tooFewPoints, .noFeatures, .tooManyPoints, .perplexityTooLarge:
            InputError.unusable(path: features.path, problem: "\(error)")
        case .notEnoughMemory(let needed, let available, let remedies):
            InputError.notEnoughMemory(
                path: features.path, needed: needed, available: available, options: remedies.map(\.option))
        case .wrongInitializationCount, .nonFiniteInitialization:
            InputError.unusable(path: parameters.initialization, problem: "\(error)")
        default: error
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
}
