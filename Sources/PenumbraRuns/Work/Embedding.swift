import Backbones
import Numerics
import Foundation
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import RasterImages
import TensorFiles
import TerminalProgress
import Training

/// The features and predictions that a checkpoint gives for some samples of a data set, alone or as part of a run.
package struct Embedding {
    let weights: WeightSource
    let source: DatasetSource
    let choice: ExtractionChoice
    /// Receives what was read from a checkpoint of another program.
    var note: (String) -> Void = { _ in }
    /// Set if several jobs divide the images.
    package var partial: PartialWork?
    /// Receives the profile of the chunks, if one is requested and a thread had more than one.
    package var profiled: ((NetworkProfile) throws -> Void)?

    package init(
        weights: WeightSource, source: DatasetSource, choice: ExtractionChoice,
        note: @escaping (String) -> Void = { _ in }
    ) {
        self.weights = weights
        self.source = source
        self.choice = choice
        self.note = note
    }

    /// One row of numbers for each sample.
    package struct Output {
        /// The stage's name, `features` or `logits`.
        package let name: String
        package let array: NumericArray

        /// The input of the head.
        package static let features = "features"
        /// Its output.
        package static let logits = "logits"
    }

    /// The results, with rows in the order of the data set.
    package struct Result {
        let checkpoint: Checkpoint
        /// Whether the predictions are meaningful.
        let hasClassifier: Bool
        let dataset: Dataset
        package let samples: [Sample]
        /// The subset of each sample.
        let subsets: [Subset]
        package let extraction: FeatureExtractor.Extraction
        /// In the order in which they were requested.
        package let outputs: [Output]
        /// Layers after the features that are not understood.
        let otherHead: [String]?
    }

    /// Extracts. Throws `Interruption`, `InputError.emptySubset` and what the readers and the network throw.
    package func run(threads: ThreadCount, title: String, progress: ProgressOutput) throws -> Result {
        let opened = try OpenedCheckpoint(weights)
        if let match = opened.match {
            note("\(weights.url.relativePath): \(match.summary)")
            for line in match.details(limit: 5) { note("  " + line) }
        }
        let normalization = choice.normalization ?? opened.normalization
        if let naming = opened.naming {
            note(
                "\(weights.url.relativePath): \(naming.title)\(weights.part.map { " under \($0)" } ?? ""); pixel values scaled by "
                    + normalization.words)
            if let assumption = naming.assumption { note("  " + assumption) }
        }
        let dataset = try source.dataset(for: choice.split)
        let checkpoint = opened.named(as: dataset.classes)
        if opened.match != nil, opened.hasClassifier, checkpoint.classes == dataset.classes {
            let outputs = dataset.classes.enumerated().prefix(12).map { "\($0) \($1)" }.joined(separator: ", ")
            note(
                "\(weights.url.relativePath): outputs read as the classes, in order: \(outputs)"
                    + (dataset.classes.count > 12 ? " …" : ""))
        }
        let all = choice.subset.map { choice.split.indices(of: $0, in: dataset) } ?? Array(dataset.samples.indices)
        if all.isEmpty {
            throw InputError.emptySubset(
                path: source.url.path, subset: choice.subset?.rawValue ?? "all", split: choice.split)
        }
        let stages = try stages(of: opened)
        let indices = try own(all)
        let extraction =
            if case .merged(let parts) = partial {
                try merged(parts, total: all.count, stages: stages)
            } else {
                try extract(
                    indices, of: dataset, opened, checkpoint, normalization, stages: stages, threads: threads,
                    title: title, progress: progress)
            }
        try writeShare(extraction, total: all.count, stages: stages)
        let samples = indices.map { dataset.samples[$0] }
        return Result(
            checkpoint: checkpoint, hasClassifier: opened.hasClassifier, dataset: dataset, samples: samples,
            subsets: samples.map { choice.split.subset(of: $0) }, extraction: extraction,
            outputs: choice.layers.map { name in
                let array =
                    switch name {
                    case Output.features: extraction.features
                    case Output.logits: extraction.logits
                    default: extraction.stages[stages.firstIndex(of: name)!]
                    }
                return Output(name: name, array: array)
            }, otherHead: opened.otherHead)
    }

    /// The network's outputs for the images `indices`.
    private func extract(
        _ indices: [Int], of dataset: Dataset, _ opened: OpenedCheckpoint, _ checkpoint: Checkpoint,
        _ normalization: ChannelNormalization, stages: [String], threads: ThreadCount, title: String,
        progress: ProgressOutput
    ) throws -> FeatureExtractor.Extraction {
        let extractor = try FeatureExtractor(
            checkpoint, path: weights.url.path, imageSize: choice.imageSize, threads: threads,
            precision: choice.precision,
            stages: stages)
        if let head = opened.hiddenHead {
            extractor.use(head)
            note(
                "\(weights.url.relativePath): head of two dense layers, \(head.names.joined(separator: " and ")), with ReLU between "
                    + "them")
        }
        let loader = try ImageBatchLoader(
            dataset: dataset, indices: indices,
            options: ImageBatchLoader.Options(
                imageSize: choice.imageSize ?? checkpoint.imageSize,
                filter: try choice.resize ?? filter(of: checkpoint),
                upsampling: choice.upsample ?? checkpoint.upsample, exif: choice.exif,
                normalization: normalization, augmentation: .none,
                seed: 0, memoryBudget: 0),
            threads: threads)
        extractor.profiles = profiled != nil
        let display = ProgressDisplay(title, total: indices.count, unit: "images", to: progress)
        let extraction = try extractor.extract(
            count: indices.count, images: { range in try loader.batch(Array(indices[range])).values },
            progress: { done in
                display.update(done)
                return !Interruption.isRequested
            })
        guard let extraction else { throw Interruption(kept: "no features were written") }
        display.end()
        if let profiled, let profile = try extractor.takeProfile() { try profiled(profile) }
        return extraction
    }

    /// The stages among the requested layers. Throws `InputError`.
    private func stages(of opened: OpenedCheckpoint) throws(InputError) -> [String] {
        let path = weights.url.path
        let known = Architecture(rawValue: opened.checkpoint.architecture)!.stages(
            imageSize: Architecture.imageSizes.lowerBound
        )
        .map(\.name)
        if choice.layers.contains(Output.logits), !opened.hasClassifier {
            throw .noLogits(path: path, head: opened.otherHead)
        }
        let stages = choice.layers.filter { $0 != Output.features && $0 != Output.logits }
        if let unknown = stages.first(where: { !known.contains($0) }) {
            throw .unknownLayer(path: path, found: unknown, known: known + [Output.features, Output.logits])
        }
        return stages
    }

    private func filter(of checkpoint: Checkpoint) throws(CheckpointError) -> ResizeFilter {
        guard let filter = ResizeFilter(rawValue: checkpoint.resize) else {
            throw .badMetadata(
                path: weights.url.path, key: "penumbra.resize", found: checkpoint.resize,
                expected: ResizeFilter.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return filter
    }
}

extension Embedding.Result {
    /// Writes the features as N × D and the table of samples. Throws `FileWriteError`.
    package func writeArray(to url: URL, samples table: URL) throws {
        try NPYFile.write(extraction.features, to: url)
        try writeSamples(to: table)
    }

    /// Writes the table of samples. Throws `FileWriteError`.
    package func writeSamples(to table: URL) throws {
        try SampleTable.write(samples, of: dataset, subsets: subsets, to: table)
    }

    /// Writes one CSV: id, split, one column per class with its probability, f0, f1 … Throws `FileWriteError`.
    package func writeTable(_ output: Embedding.Output, to url: URL) throws {
        let dimension = output.array.shape[1]
        let header = ["id", "split"] + dataset.classes + (0..<dimension).map { "f\($0)" }
        try CSVWriter.write(to: url, header: header) { table in
            for (row, sample) in samples.enumerated() {
                let features = output.array.values[(row * dimension)..<((row + 1) * dimension)]
                try table.append(
                    [.text(sample.id), .text(subsets[row].rawValue)] + sample.label.probabilities.map { .double($0) }
                        + features.map { .float($0) })
            }
        }
    }

    /// What TensorBoard's projector shows for the samples.
    package var projectorMetadata: ProjectorFolder.Metadata {
        ProjectorFolder.Metadata(
            ids: samples.map(\.id), subsets: subsets.map(\.rawValue), classes: dataset.classes,
            labels: samples.map(\.label))
    }

    /// The predictions with the labels. Throws `InputError` if the checkpoint has no classifier, or one for classes other than
    /// the data set's.
    package func predictions(checkpointPath path: String) throws -> PredictionTable {
        try requireClasses(checkpointPath: path)
        let count = dataset.classes.count
        return PredictionTable(
            ids: try SampleIDs(path: path, samples.map(\.id)), classes: dataset.classes, labels: samples.map(\.label),
            predictions: samples.indices.map { row in
                extraction.probabilities.values[(row * count)..<((row + 1) * count)].map(Double.init)
            })
    }

    /// Whether the checkpoint predicts the classes of the data set.
    var hasClasses: Bool { hasClassifier && checkpoint.classes == dataset.classes }

    /// Throws `InputError` unless the checkpoint predicts the classes of the data set.
    func requireClasses(checkpointPath path: String) throws(InputError) {
        if !hasClassifier { throw .noClassifier(path: path, head: otherHead) }
        if checkpoint.classes != dataset.classes {
            throw .otherClasses(path: path, found: checkpoint.classes, expected: dataset.classes)
        }
    }

    /// Writes the predictions. Throws as `predictions` does, and `FileWriteError`.
    func writePredictions(to url: URL, checkpointPath: String) throws {
        try requireClasses(checkpointPath: checkpointPath)
        try PredictionTable.write(
            ids: samples.map(\.id), splits: subsets.map(\.rawValue), classes: dataset.classes,
            labels: samples.map(\.label), predictions: extraction.probabilities.values, to: url)
    }
}

extension OpenedCheckpoint {
    /// How images are scaled for its network.
    var normalization: ChannelNormalization {
        naming?.normalization ?? Architecture(rawValue: checkpoint.architecture)!.normalization
    }

    /// The checkpoint with the class names of a data set, if it has none of its own and their number is the same.
    func named(as classes: [String]) -> Checkpoint {
        var checkpoint = checkpoint
        if match != nil && hasClassifier && checkpoint.classes.count == classes.count { checkpoint.classes = classes }
        return checkpoint
    }
}
