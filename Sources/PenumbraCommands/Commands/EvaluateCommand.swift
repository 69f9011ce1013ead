import PenumbraRuns
import ArgumentParser
import Foundation
import ImageDatasets
import TensorFiles

/// Measures predictions against label distributions.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure predictions: macro accuracy, KL, macro F1, calibration.",
        discussion: """
            A typical call: penumbra evaluate runs/shapes --table table.md

            Takes runs, tables of predictions or checkpoints. For a run it measures every training on its test split, and \
            writes predictions.csv if it is missing. A table of predictions (.csv) has id, true_<class> and \
            predicted_<class>; if it has split, only rows of 'test' count. A checkpoint, also one of another program, is \
            measured on the test split of --data. The classes of another program's checkpoint are assumed to be those of \
            the data set if their number is the same.

            ACC is the mean recall over classes, of the predicted class against the majority's. KL is KL(human || model) \
            in nats, with probabilities clipped to 1e-5. F1 is the macro mean. ECE has 10 bins. Runs of several splits get \
            a line of means ± standard deviations.
            """)

    @Argument(help: "Runs, predictions (.csv) or checkpoints.", transform: URL.init(fileURLWithPath:))
    var runs: [URL]

    @Option(
        help: """
            Also write a table of results to this file (.md, .csv or .tex; may be repeated): one line per kind of label, \
            means ± standard deviations over splits, the best of each run in bold. The .csv also has every split.
            """, transform: URL.init(fileURLWithPath:))
    var table: [URL] = []

    @Option(
        help: "Data set to predict on, for checkpoints and runs (default for runs: the training's).",
        transform: URL.init(fileURLWithPath:))
    var data: URL?

    @Option(help: "For checkpoints: the split of the folds into training, validation and test, 1 to 5.")
    var split = 1

    @Option(help: "For checkpoints: side in pixels to scale images to (default: as in training, else 224).")
    var imageSize: Int?

    @OptionGroup(title: "Data set options") var format: DatasetFormatOptions
    @OptionGroup(title: "Data set options") var reading: DatasetOptions
    @OptionGroup var foreign: ForeignCheckpointOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var speech: SpeechOptions

    func validate() throws { try EmbedCommand.validate(imageSize: imageSize) }

    func run() throws {
        for url in table {
            _ = try ResultsTable.Format(of: url)
            try OutputFile.check(url)
        }
        try OutputFile.check(table, apartFrom: runs + [reading.votes].compactMap(\.self))
        _ = try precision.checked()
        let evaluations = EvaluationTable(try runs.flatMap(evaluations(of:)))
        for url in table { try ResultsTable(evaluations).write(to: url) }
        try speech.report(evaluations, evaluations.lines)
    }

    private func evaluations(of url: URL) throws -> [Evaluation] {
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) || !isFolder.boolValue {
            if try TensorFile.Format(of: url) != nil { return [try evaluation(ofCheckpoint: url)] }
            return [Evaluation(try PredictionTable.read(url), name: url.relativePath)]
        }
        let run = RunFolder(url: url)
        let members = run.members.filter { Self.exists($0.predictions) || Self.exists($0.checkpoint) }
        if members.isEmpty { throw InputError.nothingInRun(path: url.path, needed: "predictions and no checkpoint") }
        let predictor = RunPredictions(
            data: data, reading: reading.reading(format.format), precision: precision.precision, threads: threads.count,
            progress: speech.progress, note: speech.note)
        for member in members { try predictor.make(member) }
        return try members.map { member in
            var evaluation = try RunStages.evaluation(of: member)
            evaluation.name = "\(url.relativePath)/\(member.name)"
            return evaluation
        }
    }

    private func evaluation(ofCheckpoint url: URL) throws -> Evaluation {
        guard let data else { throw InputError.noData(path: url.path) }
        let result = try Embedding(
            weights: foreign.source(url),
            source: DatasetSource(data, as: reading.reading(format.format), note: speech.note),
            split: try Split(slice: split), subset: .test, imageSize: imageSize,
            precision: precision.precision, note: speech.note
        ).run(threads: threads.count, title: "evaluate", progress: speech.progress)
        return Evaluation(
            try result.predictions(checkpointPath: url.path), name: url.relativePath, split: split)
    }

    private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}
