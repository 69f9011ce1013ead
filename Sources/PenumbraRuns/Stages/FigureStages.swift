import Backbones
import Foundation
import ImageDatasets
import NeighborEmbedding
import TensorFiles

/// The maps that `figure` draws: one for the features of each checkpoint and each file of features. All intermediate files are
/// in one folder with a record, so that nothing is made twice:
///
///     run.json
///     NAME/embeddings.npy  samples.csv  predictions.csv     of a checkpoint
///     NAME/start.csv                                        if several maps start alike
///     NAME/map.csv  map.json
package struct FigureStages {
    /// What one map is made of, and where those files are.
    struct Panel {
        let name: String
        let folderName: String
        let folder: URL
        /// Nil for a file of features.
        let checkpoint: WeightSource?
        let features: URL

        /// The files that determine the features and their ids.
        var read: [URL] { [features, SampleTable.url(besideFeatures: features)] }
        var samples: URL { folder.appendingPathComponent("samples.csv") }
        var predictions: URL { folder.appendingPathComponent("predictions.csv") }
        var start: URL { folder.appendingPathComponent("start.csv") }
        var layout: URL { folder.appendingPathComponent("map.csv") }
    }

    package let run: RunFolder
    let panels: [Panel]
    /// The images of checkpoints.
    package let data: DatasetSource?
    /// Whether any panel shows a checkpoint.
    package var hasCheckpoints: Bool { panels.contains { $0.checkpoint != nil } }
    let extraction: ExtractionChoice
    /// How files of features are read.
    let reading: FeatureReading
    let projection: ProjectionParameters
    /// Receives what was read from a checkpoint.
    let note: (String) -> Void
    /// Whether the maps start with the principal components of all spaces together.
    private let sharesStart: Bool

    /// - Parameters:
    ///   - inputs: The checkpoints and files of features, in the order of the panels. A checkpoint's `WeightSource` says how to
    ///     read it.
    ///   - names: One per input, or none.
    ///   - sharesStart: Whether several maps start alike, if they would start with principal components.
    /// - Throws: `InputError` if an input is a folder, if there is a checkpoint but no images, or if there are images but no
    ///   checkpoint, or if `reading` applies to no input.
    package init(
        _ inputs: [WeightSource], names: [String], folder: URL, data: DatasetSource?, extraction: ExtractionChoice,
        reading: FeatureReading, projection: ProjectionParameters, sharesStart: Bool,
        note: @escaping (String) -> Void
    ) throws {
        run = RunFolder(url: folder)
        let files = inputs.map(\.url)
        try FeatureFileFormat.refuse(reading, for: files)
        let names =
            names.isEmpty
            ? files.map { MemberKind(folderOf: $0)?.heading ?? SpaceNames.name(of: $0, among: files) } : names
        let folders = SpaceNames.distinct(names.map(SpaceNames.fileName))
        var panels: [Panel] = []
        for (input, (name, folderName)) in zip(inputs, zip(names, folders)) {
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: input.url.path, isDirectory: &isFolder), isFolder.boolValue {
                throw InputError.unusable(
                    path: input.url.path,
                    problem:
                        "is a folder; expected a checkpoint or a file of features (for a run, use penumbra compare)")
            }
            let own = folder.appendingPathComponent(folderName, isDirectory: true)
            let isCheckpoint = !FeatureFileFormat.areFeatures(input.url, namedArray: reading.array)
            if isCheckpoint, data == nil { throw FeatureFileFormat.noData(for: input.url) }
            panels.append(
                Panel(
                    name: name, folderName: folderName, folder: own, checkpoint: isCheckpoint ? input : nil,
                    features: isCheckpoint ? own.appendingPathComponent("embeddings.npy") : input.url))
        }
        if let data, panels.allSatisfy({ $0.checkpoint == nil }) {
            throw InputError.unusable(
                path: data.url.path,
                problem:
                    "--data names the images of checkpoints, but there is no checkpoint; name the labels of features "
                    + "with --labels")
        }
        self.panels = panels
        self.data = data
        self.extraction = extraction
        self.reading = reading
        self.projection = projection
        self.sharesStart = sharesStart && panels.count > 1 && projection.initialization == "pca"
        self.note = note
    }

    /// Everything that must be done before the figure is drawn.
    package func stages() throws -> [Stage] {
        try panels.compactMap(embed) + (sharesStart ? [start()] : []) + panels.map(project)
    }

    private func embed(_ panel: Panel) throws -> Stage? {
        guard let weights = panel.checkpoint, let data else { return nil }
        var options =
            extraction.words + data.reading.words(in: run, formatOption: "--data-format")
            + (weights.allowsMissing ? ["--allow-missing"] : [])
        if let part = weights.part { options += ["--part", part] }
        let words = ["penumbra", "embed", run.name(of: weights.url), run.name(of: data.url), "--out"]
        return Stage(
            name: "\(panel.folderName)/embed", title: "embed \(panel.name)",
            command: RunStages.line(words + [run.name(of: panel.features)] + options),
            parameters: .array(options.map(JSONValue.string)), isCostly: false, sources: [weights.url],
            optionalOutputs: [panel.predictions], data: data.url,
            inputs: {
                var digests = try Stage.digests(of: [weights.url], in: run)
                digests["dataset"] = try data.fingerprint
                return digests
            }, outputs: [panel.features, panel.samples]
        ) { context in
            try OutputFolder.create(panel.folder)
            let result = try Embedding(weights: weights, source: data, choice: extraction, note: note)
                .run(threads: context.threads, title: context.title, progress: context.progress)
            if FileManager.default.fileExists(atPath: panel.predictions.path) {
                try FileManager.default.removeItem(at: panel.predictions)
            }
            if extraction.subset != .test {
                note(
                    "ACC and KL are measured on test images only, so this figure of other images (--subset) does not show them"
                )
            } else {
                do throws(InputError) { try result.requireClasses(checkpointPath: weights.url.path) } catch {
                    note("\(error): ACC and KL are not shown")
                }
                if result.hasClasses {
                    try result.writePredictions(to: panel.predictions, checkpointPath: weights.url.path)
                }
            }
            try NPYFile.write(result.outputs[0].array, to: panel.features)
            try result.writeSamples(to: panel.samples)
        }
    }

    /// The common start of all maps. Each panel's file has its own rows in their order.
    private func start() throws -> Stage {
        let seed = projection.tsne.seed
        return Stage(
            name: "start", title: "start", command: "",
            parameters: .object(["seed": try JSONValue(encoding: seed), "reading": try JSONValue(encoding: reading)]),
            isCostly: false, inputs: { try digests(of: panels.flatMap(\.read)) },
            outputs: panels.map(\.start)
        ) { context in
            let tables = try panels.map { try FeatureTable.read($0.features, ownReading(of: $0), idsFile: nil) }
            let orders = try tables.map { try tables[0].ids.places(in: $0.ids) }
            let matrices = zip(tables, orders).map { $0.matrix.picking($1) }
            let coordinates = SharedStart.coordinates(of: matrices, seed: seed, threads: context.threads)
            for (panel, (table, order)) in zip(panels, zip(tables, orders)) {
                try OutputFolder.create(panel.folder)
                var own = [Float](repeating: 0, count: coordinates.count)
                for (row, place) in order.enumerated() {
                    (own[2 * place], own[2 * place + 1]) = (coordinates[2 * row], coordinates[2 * row + 1])
                }
                try LayoutFile.write(ids: table.ids.ids, coordinates: own, to: panel.start)
            }
        }
    }

    private func project(_ panel: Panel) throws -> Stage {
        var parameters = projection
        if sharesStart { parameters.initialization = panel.start.path }
        var named = parameters
        if let file = parameters.initializationFile { named.initialization = run.name(of: file) }
        let reading = ownReading(of: panel)
        let words = ["penumbra", "project", run.name(of: panel.features), "--out", run.name(of: panel.layout)]
        let work = Projection(
            features: panel.features, reading: reading, idsFile: nil, parameters: parameters, out: panel.layout)
        return Stage(
            name: "\(panel.folderName)/project", title: "project \(panel.name)",
            command: RunStages.line(words + named.commandLine + reading.words),
            parameters: .object([
                "projection": try JSONValue(encoding: named), "reading": try JSONValue(encoding: reading),
            ]), isCostly: false, sources: panel.checkpoint == nil ? [panel.features] : [],
            furtherOutputs: [ProjectionState.url(of: panel.layout)],
            inputs: {
                try digests(of: panel.read + [parameters.initializationFile].compactMap(\.self))
            }, outputs: [panel.layout, LayoutFile.report(of: panel.layout)]
        ) { context in
            try OutputFolder.create(panel.folder)
            _ = try work.run(threads: context.threads, title: context.title, progress: context.progress)
        }
    }

    /// The digests of those of the files that exist.
    private func digests(of files: [URL]) throws -> [String: String] {
        try Stage.digests(of: files.filter { FileManager.default.fileExists(atPath: $0.path) }, in: run)
    }

    /// The options that apply to this file: an array's name only for files that may hold several, columns only for tables.
    private func ownReading(of panel: Panel) -> FeatureReading {
        panel.checkpoint == nil ? FeatureFileFormat.reading(reading, of: panel.features) : FeatureReading()
    }

    /// The labels of the samples, if a table of them is beside the features of a panel: that of the first panel with one.
    package var labels: URL? {
        panels.map { SampleTable.url(besideFeatures: $0.features) }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }

    /// Throws `InputError` if a feature that a map was made of has the name of a class of these labels.
    package func requireFeatures(of maps: [LayoutFigure.Map], apartFrom samples: SampleTable) throws(InputError) {
        for (map, panel) in zip(maps, panels) {
            try map.report?.columns?.requireApart(
                from: samples.classes, labels: samples.interpretation?.file ?? samples.ids.path,
                features: panel.features.path)
        }
    }

    /// The maps that the stages have made, with the rows of the first. Throws what reading them throws, and `InputError` if
    /// they are of other samples.
    package func maps() throws -> [LayoutFigure.Map] {
        var maps: [LayoutFigure.Map] = []
        for panel in panels {
            maps.append(
                try LayoutFigure.Map(
                    panel.layout, name: panel.name, predictions: nil,
                    beside: panel.features.deletingLastPathComponent(), known: maps.first?.layout.ids, note: note))
        }
        return maps
    }
}
