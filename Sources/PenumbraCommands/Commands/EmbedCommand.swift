import PenumbraRuns
import ArgumentParser
import Backbones
import Foundation
import ImageDatasets
import NeuralNetwork
import RasterImages
import Training

extension ResizeFilter: ExpressibleByArgument {}

/// Writes the features of images.
struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Extract the global-average-pool features of images from a checkpoint.",
        discussion: """
            A typical call: penumbra embed model.pth data --subset test --out features.npy

            Reads checkpoints of 'penumbra train' and of other programs (safetensors, PyTorch's .pt and .pth, Keras' .h5 and \
            .keras), if 'penumbra inspect' recognises their network. Pixel values are scaled as the network expects: with \
            ImageNet's means and deviations for DenseNet-121, to -1 ... 1 for ResNet-50 V2.

            Writes an N x D array (.npy), with the samples' ids, splits and labels in a table beside it (samples.csv beside \
            embeddings.npy, x-samples.csv beside x.npy), or one table (.csv) with id, split, one column per class, and f0, \
            f1 ... --projector also writes what TensorBoard's embedding projector opens ('tensorboard --logdir FOLDER'): \
            tensors.tsv, metadata.tsv, sprite.png with the images, and projector_config.pbtxt.
            """)

    /// Which samples are taken.
    enum Choice: String, ExpressibleByArgument, CaseIterable {
        case test, val, train, all

        var subset: Subset? { Subset(rawValue: rawValue) }
    }

    /// In which form the features are written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case npy, csv
    }

    @Argument(help: "Checkpoint (.safetensors, .pt, .pth, .h5, .keras).", transform: URL.init(fileURLWithPath:))
    var checkpoint: URL

    @Argument(help: "Folder of labelled images.", transform: URL.init(fileURLWithPath:))
    var data: URL

    @Option(help: "The file to write.", transform: URL.init(fileURLWithPath:))
    var out: URL

    @Option(help: "npy or csv (default: by the extension of --out).")
    var format: Format?

    @Option(
        help: "Also write features, labels and images to this folder, for TensorBoard's embedding projector.",
        transform: URL.init(fileURLWithPath:))
    var projector: URL?

    @Option(help: "Samples to extract.")
    var subset = Choice.test

    @Option(in: TrainingParameters.splits, help: "Split of the folds into training, validation and test, 1 to 5.")
    var split = 1

    @Option(
        in: TrainingParameters.imageSizes,
        help: "Side in pixels to scale images to (default: as in training, else 224).")
    var imageSize: Int?

    @Option(help: "How to resize images: antialias or bilinear (default: as in training).")
    var resize: ResizeFilter?

    @Option(
        in: TrainingParameters.upsamplings,
        help: "Enlarge images by this factor first, bilinearly (default: as in training).")
    var upsample: Int?

    @Flag(
        help: """
            Report at the end where the time went, from each thread's second batch on: each block's GFLOP/s beside the \
            machine's peak, and how long its convolutions and passes take alone (per layer in x-profile.csv beside x.npy).
            """)
    var profile = false

    @Option(help: ArgumentHelp(DatasetFormatOptions.help))
    var dataFormat: DatasetFormat?

    @OptionGroup(title: "Data set options") var reading: DatasetOptions
    @OptionGroup var foreign: ForeignCheckpointOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func run() throws {
        guard let format = format ?? Format(rawValue: out.pathExtension.lowercased()) else {
            throw InputError.unknownFormat(path: out.path, known: [".npy", ".csv"])
        }
        try OutputFile.check(out)
        let samples = format == .npy ? [SampleTable.url(besideFeatures: out)] : []
        let projector = projector.map(ProjectorFolder.init)
        let profileTable = out.deletingLastPathComponent()
            .appendingPathComponent(out.deletingPathExtension().lastPathComponent + "-profile.csv")
        try OutputFile.check(
            [out] + samples + (projector?.files ?? []) + (profile ? [profileTable] : []),
            apartFrom: [checkpoint] + [reading.votes].compactMap(\.self))
        try projector?.check()
        var embedding = Embedding(
            weights: foreign.source(checkpoint),
            source: DatasetSource(data, as: reading.reading(dataFormat), note: reporting.note),
            split: try Split(slice: split),
            subset: subset.subset, imageSize: imageSize, resize: resize, upsample: upsample,
            precision: try precision.checked(), note: reporting.note)
        var measured: ProfileReport?
        var files = [out]
        if profile {
            embedding.profiled = {
                let report = ProfileReport($0, peak: try Network.measurePeakSpeed(threads: threads.count))
                try report.writeTable(to: profileTable)
                measured = report
            }
        }
        let result = try embedding.run(threads: threads.count, title: "embed", progress: reporting.progress)
        if profile && measured == nil { reporting.note("no profile: profiling needs at least two batches per thread") }
        switch format {
        case .csv: try result.writeTable(to: out)
        case .npy:
            files.append(SampleTable.url(besideFeatures: out))
            try result.writeArray(to: out, samples: files[1])
        }
        let shape = result.extraction.features.shape
        if let projector {
            let sprite = try SampleThumbnails.sheet(
                of: result.samples, for: .projector, progress: reporting.progress,
                kept: "the features are in \(out.path)")
            try projector.write(
                [.features(result.extraction.features.values, dimension: shape[1])], result.projectorMetadata,
                sprite: sprite)
            files.append(projector.url)
        }
        try reporting.report(
            Report(files: files.map(\.path), samples: shape[0], features: shape[1], profile: measured),
            (measured?.lines ?? []) + [
                "\(shape[0]) samples of \(shape[1]) features in \(files.map(\.path).joined(separator: ", "))"
            ])
    }

    private struct Report: Encodable {
        var files: [String]
        var samples: Int
        var features: Int
        var profile: ProfileReport?
    }
}
