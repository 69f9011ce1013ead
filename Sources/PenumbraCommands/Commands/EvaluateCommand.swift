import PenumbraRuns
import ArgumentParser
import Foundation
import ImageDatasets
import TensorFiles
import Training

/// Measures predictions against label distributions.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure predictions: accuracy, KL, F1, calibration, soft metrics.",
        discussion: """
            A typical call: penumbra evaluate runs/shapes --table table.md

            Takes runs, tables of predictions or checkpoints. For a run it measures every training on its test subset; \
            where predictions.csv is missing or of another checkpoint, it first writes predictions.csv, embeddings.npy \
            and samples.csv. A table of predictions (.csv) has id, true_<class> and predicted_<class>; if it has \
            split, only rows of 'test' are used. A checkpoint, even of another program, is measured on the test subset \
            of --data. The classes of another program's checkpoint are assumed to be those of the data set if their \
            number is the same.

            Predictions from other programs need no network: a table (.csv, .tsv) with id and one column of probabilities per \
            class, or an array (.npy, .npz) with one row per image, one column per class in the data set's order, and the \
            ids in --ids. Their true labels come from --data, joined by id.

            ACC is the mean recall over classes, of the predicted class against the majority class. KL is KL(human || model) \
            in nats, with probabilities clipped to 1e-5. F1 is the macro mean. ECE has 10 bins. CE is the cross-entropy \
            against the label distribution in nats, 1-JSD one minus the Jensen-Shannon divergence in bits, soft ACC the \
            probability that label and prediction share, L1 their Manhattan distance, r(H) the correlation of their \
            entropies (– if it is not defined), top-1 the share of images whose predicted class is the majority class. Runs of \
            several splits or seeds get a line of means ± standard deviations.
            """)

    @Argument(
        help: "Runs, their trainings, predictions (.csv, .tsv, .npy, .npz) or checkpoints.",
        transform: URL.init(fileURLWithPath:))
    var runs: [URL]

    @Option(
        help: """
            Also write a table of results to this file (.md, .csv or .tex; may be repeated): one line per kind of label, \
            means ± standard deviations over splits and seeds, the best of each run in bold. The .csv also has every \
            training.
            """, transform: URL.init(fileURLWithPath:))
    var table: [URL] = []

    @Option(
        help: """
            Data set to predict on, for checkpoints and runs (default for runs: the training's), or to take the true labels \
            from, for predictions without them.
            """,
        transform: URL.init(fileURLWithPath:))
    var data: URL?

    @Option(
        help: "For predictions without ids: table (.csv) with the column id, one row per row of the predictions.",
        transform: URL.init(fileURLWithPath:))
    var ids: URL?

    @Option(help: "Array with the predictions, if an .npz holds several two-dimensional arrays.")
    var array: String?

    @Option(
        in: TrainingParameters.splits,
        help: "With --data: the split of the folds into training, validation and test, 1 to 5.")
    var split = 1

    @Option(help: "For predictions without labels: samples of the data set to measure on.")
    var subset = ExtractionOptions.Choice.test

    @Option(
        in: TrainingParameters.imageSizes,
        help: """
            For checkpoints: side in pixels to scale images to (default: as in training, otherwise 224, or 32 with a CIFAR stem).
            """)
    var imageSize: Int?

    @OptionGroup(title: "Data set options") var format: DatasetFormatOptions
    @OptionGroup(title: "Data set options") var reading: DatasetOptions
    @OptionGroup var foreign: ForeignCheckpointOptions
    @OptionGroup var pixels: PixelOptions
    @OptionGroup(title: "Several jobs") var shares: ShareOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws { try reading.refuse(withoutData: data, format.format) }

    func run() throws {
        for url in table {
            _ = try ResultsTable.Format(of: url)
            try OutputFile.check(url)
        }
        try OutputFile.check(table, apartFrom: runs + [reading.votes, ids].compactMap(\.self))
        _ = try precision.checked()
        try refuseUnusedOptions()
        let ceilings = FibresCeilings(threads: threads.count)
        if shares.share != nil {
            guard runs.count == 1, try Self.content(of: runs[0]) == .checkpoint else {
                throw ValidationError("--share takes one checkpoint; in a run, each training is a job of its own.")
            }
            _ = try extraction(ofCheckpoint: runs[0])
            return try shares.report(reporting)
        }
        let evaluations = EvaluationTable(try runs.flatMap { try self.evaluations(of: $0, ceilings) })
        try OutputFile.makeFolders(of: table)
        for url in table { try ResultsTable(evaluations).write(to: url) }
        try reporting.report(VersionedContent(evaluations, .evaluation), evaluations.lines)
    }

    private func evaluations(of url: URL, _ ceilings: FibresCeilings) throws -> [Evaluation] {
        let content = try Self.content(of: url)
        if content == .checkpoint { return [try evaluation(ofCheckpoint: url, ceilings)] }
        try refuseCheckpointOptions(for: url)
        if content != .run {
            let table =
                try content == .labelled ? PredictionTable.read(url, note: reporting.note) : foreignPredictions(url)
            return [Evaluation(table, name: url.relativePath, folder: data, ceilings: ceilings)]
        }
        let members = try RunMember.finished(
            RunFolder.members(at: url).filter { Self.exists($0.predictions) || Self.exists($0.checkpoint) }, of: url,
            note: reporting.note)
        if members.isEmpty { throw InputError.nothingInRun(path: url.path, needed: "predictions and no checkpoint") }
        if data == nil { try RunMember.requireOneDataSet(members, of: url) }
        let predictor = RunPredictions(
            data: data, reading: reading.reading(format.format), precision: precision.precision, threads: threads.count,
            progress: reporting.progress, note: reporting.note)
        for member in members { try predictor.make(member) }
        return try members.map { member in
            var evaluation = try RunStages.evaluation(
                of: member, folder: predictor.source(of: member)?.url, ceilings: ceilings)
            let isItself = member.url.standardizedFileURL == url.standardizedFileURL
            evaluation.name = isItself ? url.relativePath : "\(url.relativePath)/\(member.name)"
            return evaluation
        }
    }

    /// Throws `InputError.optionsOfCheckpoints` if options were given that apply only to checkpoints.
    private func refuseCheckpointOptions(for url: URL) throws {
        let given = (imageSize == nil ? [] : ["--image-size"]) + foreign.given + pixels.given
        if !given.isEmpty { throw InputError.optionsOfCheckpoints(path: url.path, options: given) }
    }

    /// Throws `InputError` if options were given that none of the arguments uses. Labelled predictions use the data set only if
    /// it is one of simulated fibres, whose best attainable result is known.
    private func refuseUnusedOptions() throws {
        var given = [
            ("--ids", ids != nil), ("--array", array != nil), ("--subset", subset != .test), ("--split", split != 1),
            ("--data", data != nil),
        ]
        .filter(\.1).map(\.0)
        if given.isEmpty { return }
        let contents = try runs.map(Self.content)
        if contents.contains(.unlabelled) { return }
        if contents.contains(.checkpoint) { given.removeAll { $0 == "--split" } }
        // A folder that cannot be read is no set of fibres.
        let fibres = data.flatMap { (try? FibresGenerator.ofSet(in: $0)) ?? nil }
        if fibres != nil || contents.contains(where: { $0 != .labelled }) { given.removeAll { $0 == "--data" } }
        if given.isEmpty { return }
        throw InputError.unusable(
            path: runs[0].path,
            problem: "found \(contents[0].rawValue), for which \(given.joined(separator: ", ")) "
                + (given.count == 1 ? "is not used; leave it out" : "are not used; leave them out"))
    }

    private func evaluation(ofCheckpoint url: URL, _ ceilings: FibresCeilings) throws -> Evaluation {
        let split = try Split(slice: split)
        return Evaluation(
            try extraction(ofCheckpoint: url).predictions(checkpointPath: url.path), name: url.relativePath,
            repetition: Repetition(split: split),
            folder: data, ceilings: ceilings)
    }

    private func extraction(ofCheckpoint url: URL) throws -> Embedding.Result {
        guard let data else { throw InputError.noData(path: url.path) }
        var embedding = Embedding(
            weights: foreign.source(url),
            source: DatasetSource(data, as: reading.reading(format.format), note: reporting.note),
            choice: ExtractionChoice(
                split: try Split(slice: split), subset: .test, imageSize: imageSize,
                normalization: try pixels.normalization(), exif: pixels.exif, precision: precision.precision),
            note: reporting.note)
        embedding.partial = shares.partial
        return try embedding.run(threads: threads.count, title: "evaluate", progress: reporting.progress)
    }

    /// Predictions with the labels of `data`.
    private func foreignPredictions(_ url: URL) throws -> PredictionTable {
        guard let data else { throw InputError.noData(path: url.path) }
        let split = try Split(slice: split)
        let dataset = try DatasetSource(data, as: reading.reading(format.format), note: reporting.note).dataset(
            for: split)
        return try ForeignPredictions(url, array: array, idsFile: ids, classes: dataset.classes, note: reporting.note)
            .table(dataset, folder: data.path, split: split, subset: subset.subset, note: reporting.note)
    }

    /// What an argument is, in words.
    private enum Content: String {
        case run = "a run"
        case checkpoint = "a checkpoint"
        case labelled = "predictions with true labels"
        case unlabelled = "predictions without true labels"
    }

    /// Throws what reading the file throws.
    private static func content(of url: URL) throws -> Content {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue { return .run }
        if ForeignPredictions.isArray(url) { return .unlabelled }
        if try TensorFile.Format(of: url) != nil { return .checkpoint }
        return try PredictionTable.hasLabels(url) ? .labelled : .unlabelled
    }

    private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}
