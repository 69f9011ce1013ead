import PenumbraRuns
import ArgumentParser
import Backbones
import Foundation
import ImageDatasets
import NeuralNetwork
import RasterImages
import TensorFiles
import Training

/// Writes the features of images.
struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Extract the global-average-pool features of images from a checkpoint.",
        discussion: """
            A typical call: penumbra embed model.pth data --subset test --out features.npy

            Reads checkpoints of 'penumbra train' and of other programs (safetensors, PyTorch's .pt and .pth, Keras' .h5 and \
            .keras), if 'penumbra inspect' recognises their network. Pixel values are scaled as the network's published weights \
            expect (ImageNet's or CIFAR-10's means and deviations, or to -1 ... 1), unless --mean and --std say otherwise.

            Writes an N x D array (.npy), with the samples' ids, splits and labels in a table next to it (samples.csv next to \
            embeddings.npy, x-samples.csv next to x.npy), or one table (.csv) with id, split, one column per class, and f0, \
            f1 ... --projector also writes what TensorBoard's embedding projector opens ('tensorboard --logdir FOLDER'): \
            tensors.tsv, metadata.tsv, sprite.png with the images, and projector_config.pbtxt.
            """)

    /// The format in which the features are written.
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

    @Option(
        name: .customLong("layer"),
        help: """
            The layer whose outputs to write: a stage's, averaged over all positions ('penumbra inspect --layers' lists them), \
            or 'features', the input of the head (the default). May be repeated; each layer then gets its own file.
            """)
    var layers: [String] = []

    @Flag(help: "Also write the logits; without --layer, write only the logits.")
    var logits = false

    @OptionGroup var extraction: ExtractionOptions

    @Flag(
        help: """
            Report at the end where the time went, from each thread's second batch on: each block's GFLOP/s compared with the \
            machine's peak, and how long its convolutions and passes take alone (per layer in x-profile.csv next to x.npy).
            """)
    var profile = false

    @Option(help: ArgumentHelp(DatasetFormatOptions.help))
    var dataFormat: DatasetFormat?

    @OptionGroup(title: "Data set options") var reading: DatasetOptions
    @OptionGroup var foreign: ForeignCheckpointOptions
    @OptionGroup var pixels: PixelOptions
    @OptionGroup(title: "Several jobs") var shares: ShareOptions
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        if profile && shares.share != nil { throw ValidationError("--profile and --share cannot be combined.") }
    }

    func run() throws {
        guard let format = format ?? Format(rawValue: out.pathExtension.lowercased()) else {
            throw InputError.unknownFormat(path: out.path, known: [".npy", ".csv"])
        }
        try OutputFile.check(out)
        let names = layers + (logits ? [Embedding.Output.logits] : [])
        let wanted =
            names.isEmpty
            ? [Embedding.Output.features]
            : names.reduce(into: []) { names, name in
                if !names.contains(name) { names.append(name) }
            }
        let targets = wanted.count == 1 ? [out] : wanted.map(file(of:))
        let samples = format == .npy ? [SampleTable.url(besideFeatures: out)] : []
        let projector = projector.map(ProjectorFolder.init)
        let profileTable = out.deletingLastPathComponent()
            .appendingPathComponent(out.deletingPathExtension().lastPathComponent + "-profile.csv")
        try OutputFile.check(
            targets + samples + (projector?.files ?? []) + (profile ? [profileTable] : []),
            apartFrom: [checkpoint] + [reading.votes].compactMap(\.self))
        try projector?.check()
        var embedding = Embedding(
            weights: foreign.source(checkpoint),
            source: DatasetSource(data, as: reading.reading(dataFormat), note: reporting.note),
            choice: try extraction.choice(pixels, precision, layers: wanted), note: reporting.note)
        embedding.partial = shares.partial
        var measured: ProfileReport?
        var files = targets
        if profile {
            embedding.profiled = {
                let report = ProfileReport($0, peak: try Network.measurePeakSpeed(threads: threads.count))
                try OutputFile.makeFolders(of: [profileTable])
                try report.writeTable(to: profileTable)
                measured = report
            }
        }
        let result = try embedding.run(threads: threads.count, title: "embed", progress: reporting.progress)
        if case .share = embedding.partial { return try shares.report(reporting) }
        if profile && measured == nil { reporting.note("no profile: profiling needs at least two batches per thread") }
        try OutputFile.makeFolders(of: targets)
        switch format {
        case .csv:
            for (output, url) in zip(result.outputs, targets) { try result.writeTable(output, to: url) }
        case .npy:
            files += samples
            for (output, url) in zip(result.outputs, targets) { try NPYFile.write(output.array, to: url) }
            try result.writeSamples(to: samples[0])
        }
        let shape = result.outputs[0].array.shape
        if let projector {
            let sprite = try SampleThumbnails.sheet(
                of: result.samples, for: .projector, progress: reporting.progress,
                kept: "the features are in \(out.path)")
            try projector.write(
                [.features(result.outputs[0].array.values, dimension: shape[1])], result.projectorMetadata,
                sprite: sprite)
            files.append(projector.url)
        }
        try reporting.report(
            Report(files: files.map(\.path), samples: shape[0], features: shape[1], profile: measured),
            (measured?.lines ?? []) + [
                "\(shape[0]) samples of \(result.outputs.map { $0.array.shape[1].description }.joined(separator: ", ")) features in \(files.map(\.path).joined(separator: ", "))"
            ])
    }

    /// With several layers, the file for one of them: `x-layer3.npy` for `x.npy`.
    private func file(of layer: String) -> URL {
        out.deletingLastPathComponent()
            .appendingPathComponent("\(out.deletingPathExtension().lastPathComponent)-\(layer).\(out.pathExtension)")
    }

    private struct Report: Encodable {
        var files: [String]
        var samples: Int
        var features: Int
        var profile: ProfileReport?
    }
}
