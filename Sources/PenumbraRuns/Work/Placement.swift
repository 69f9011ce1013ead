import Numerics
import Foundation
import NeighborEmbedding
import Parameters
import TensorFiles
import TerminalProgress

/// The placement of a file of features in an existing map.
package struct Placement {
    let features: URL
    /// How they are to be read.
    let reading: FeatureReading
    /// The file with the ids, if they are not beside the features.
    let idsFile: URL?
    let map: Map
    let parameters: PlacementParameters
    /// The user's settings for how the map was made; these are checked against the map's report, if it has one.
    let spaces: [ParameterSetting<ProjectionParameters>]
    /// The CSV to write; the report goes beside it.
    let out: URL
    /// Where features and positions are also written.
    let projector: ProjectorFolder?

    package init(
        features: URL, reading: FeatureReading = FeatureReading(), idsFile: URL?, map: Map,
        parameters: PlacementParameters, spaces: [ParameterSetting<ProjectionParameters>], out: URL,
        projector: ProjectorFolder? = nil
    ) {
        self.features = features
        self.reading = reading
        self.idsFile = idsFile
        self.projector = projector
        self.map = map
        self.parameters = parameters
        self.spaces = spaces
        self.out = out
    }

    /// The files of a map.
    package struct Map {
        let layout: URL
        let features: URL
        let idsFile: URL?
        /// The name of the features' array in an `.npz`.
        let array: String?

        package init(
            layout: URL, features: URL, idsFile: URL?, array: String?
        ) {
            self.layout = layout
            self.features = features
            self.idsFile = idsFile
            self.array = array
        }
    }

    /// Computes and writes the positions and their report. Throws `Interruption` after writing the positions so far,
    /// `InputError` if the map's layout, report and features do not belong together, and what the readers and t-SNE throw.
    package func run(
        threads: ThreadCount, title: String, progress: ProgressOutput, note: (String) -> Void
    ) throws -> PlacementReport {
        let layout = try LayoutFile.read(map.layout)
        let referenceDigest = try SHA256Digest.of(file: map.features).description
        let mapReport = try mapReport(of: layout)
        let spaces = try spaces(of: mapReport)
        if let report = mapReport {
            let path = LayoutFile.report(of: map.layout).path
            if report.featuresDigest != referenceDigest {
                note(
                    "\(path): made from a different file than \(map.features.path), though the features may be the same"
                )
            }
        }
        let reference = try FeatureTable.read(
            map.features, referenceReading(mapReport, digest: referenceDigest), idsFile: map.idsFile,
            for: FeatureTable.Purpose(metric: spaces.metric))
        try reference.ids.requireSame(as: layout.ids)
        let table = try FeatureTable.read(
            features, reading, idsFile: idsFile,
            for: FeatureTable.Purpose(metric: spaces.metric, reference: reference))
        let lock = try OutputLock(file: out)
        defer { lock.release() }
        let facts = FeatureFacts(table, for: spaces)
        for line in facts.lines { progress.print("\(title): \(line)") }
        let tsne = TSNE(spaces, threads: threads)
        let points = try transform(table, into: reference, layout, tsne: tsne, title: title, progress: progress)
        let report = PlacementReport(
            layout: LayoutReport(
                of: features, digest: try SHA256Digest.of(file: features).description, table, facts,
                parameters: parameters.projection(in: spaces), method: Self.name(of: points.repulsion),
                learningRate: parameters.transform.learningRate, earlyLearningRate: parameters.transform.learningRate,
                perplexity: points.perplexities, neighborRecall: 1, resumedAt: nil, iterations: points.iterations,
                isComplete: points.isComplete, repulsionEvaluations: points.iterations + 1,
                klDivergence: points.klDivergence, klTrace: points.klTrace, seconds: points.seconds),
            into: map.layout.relativePath, intoDigest: try SHA256Digest.of(file: map.layout).description,
            reference: map.features.relativePath, referenceDigest: referenceDigest)
        try LayoutFile.write(ids: table.ids.ids, coordinates: points.coordinates, to: out)
        try JSONText.write(report, as: .layoutReport, to: LayoutFile.report(of: out))
        if !points.isComplete {
            throw Interruption(
                kept:
                    "the positions after \(points.iterations) of \(parameters.transform.iterations) iterations are in \(out.path)"
            )
        }
        try projector?.write(table, map: points.coordinates)
        return report
    }

    /// Reads the reference as when the map was made, if its features are in the same file; otherwise as the new features are
    /// read.
    private func referenceReading(_ report: LayoutReport?, digest: String) -> FeatureReading {
        var reading = self.reading
        let isGiven = !reading.columns.isEmpty || !reading.skipColumns.isEmpty
        if !isGiven, let made = report?.columns?.reading, report?.featuresDigest == digest { reading = made }
        reading.array = map.array ?? (report?.featuresDigest == digest ? report?.array : nil)
        return reading
    }

    /// The parameters of the map's two spaces: from its report if there is one, otherwise from the user. Throws
    /// `InputError.unusable` if the two differ.
    private func spaces(of report: LayoutReport?) throws(InputError) -> TSNEParameters {
        let made = report?.parameters ?? .defaults
        let asked = made.with(spaces)
        var compared = asked
        // The seed does not move the map, so a different one is no contradiction.
        compared.tsne.seed = made.tsne.seed
        if report != nil, let (parameter, word, other) = made.difference(from: compared) {
            throw .unusable(
                path: LayoutFile.report(of: map.layout).path,
                problem: "the map was made with \(parameter.option) \(word ?? "none"), not \(other ?? "none")")
        }
        var parameters = TSNEParameters()
        parameters.metric = asked.tsne.metric
        parameters.reduction = asked.tsne.reduction
        parameters.degreesOfFreedom = asked.tsne.degreesOfFreedom
        parameters.dimensions = asked.tsne.dimensions
        parameters.seed = asked.tsne.seed
        return parameters
    }

    /// The report beside the map's layout, if there is one.
    private func mapReport(of layout: LayoutFile) throws -> LayoutReport? {
        let file = LayoutFile.report(of: map.layout)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let report = try LayoutReport.read(file)
        guard report.points == layout.ids.ids.count else {
            throw InputError.rowCount(
                path: map.layout.path, found: layout.ids.ids.count, expected: report.points, of: file.path)
        }
        return report
    }

    private func transform(
        _ table: FeatureTable, into reference: FeatureTable, _ layout: LayoutFile, tsne: TSNE,
        title: String, progress: ProgressOutput
    ) throws -> TransformedPoints {
        let display = ProgressDisplay(title, total: parameters.transform.iterations, unit: "iterations", to: progress)
        do throws(TSNEError) {
            let known = try ReferenceMap(features: reference.matrix, coordinates: layout.coordinates)
            let points = try tsne.transform(table.matrix, into: known, parameters: parameters.resolved) { state in
                let note: String? =
                    switch state.phase {
                    case .neighbors: "nearest neighbours"
                    case .perplexity: "bandwidths"
                    case .earlyExaggeration, .main: state.klDivergence.map { "KL \(Decimals.fixed($0, 4))" }
                    }
                display.update(state.iteration, note: note)
                return Interruption.isRequested ? .stop : .continue
            }
            display.update(points.iterations, note: "KL \(Decimals.fixed(points.klDivergence, 4))")
            display.end(points.isComplete ? nil : "interrupted")
            return points
        } catch {
            switch error {
            case .stoppedBeforeLayout: throw Interruption(kept: "no point was placed yet")
            case .noNewPoints, .differentDimensions, .noFeatures, .tooManyPoints:
                throw InputError.unusable(path: features.path, problem: "\(error)")
            case .noReferencePoints, .wrongReferenceLayoutCount, .nonFiniteReferenceLayout, .referenceLayoutTooLarge,
                .perplexityBeyondReference:
                throw InputError.unusable(path: map.layout.path, problem: "\(error)")
            default: throw error
            }
        }
    }

    private static func name(of repulsion: TransformParameters.Repulsion) -> String {
        switch repulsion {
        case .automatic: "auto"
        case .exact: "exact"
        case .interpolation: "interpolation"
        }
    }
}
