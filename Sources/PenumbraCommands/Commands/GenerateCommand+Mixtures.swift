import ArgumentParser
import Foundation
import ImageDatasets
import PenumbraRuns
import TensorFiles
import Training

extension MixturesParameters.Mode: ExpressibleByArgument {}

extension GenerateCommand {
    /// Makes an ambiguous set from a set with one class per image.
    struct Mixtures: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mixtures",
            abstract: "Make an ambiguous data set with exact soft labels from any set with one class per image.",
            discussion: """
                A typical call: penumbra generate mixtures cifar10 --out cifar10q

                Replaces each training image by a mixture of itself and other training images, as in CIFAR-10Q (Xie et al. \
                2025), and keeps the other images as they are. The label of a mixture is the weighted sum of the classes; \
                train with --labels quantized to see one class drawn from it.

                Writes OUT with the images in train, val and test, labels.csv, and mixtures.csv with the images and weights \
                of each mixture. Mixtures never combine images of different subsets.
                """)

        @Argument(help: "Folder of images with one class each.", transform: URL.init(fileURLWithPath:))
        var source: URL

        @Option(help: "Folder of the new data set, which must be new or empty.", transform: URL.init(fileURLWithPath:))
        var out: URL

        @Option(
            help: """
                mixup (weighted mean of the pixels) or patchmix (four quadrants around a random point, weighted by their \
                areas).
                """)
        var mode = MixturesParameters.Mode.mixup

        @Option(
            in: .within(MixturesParameters.imageCounts),
            help: "Images per mixture, 2 to 16 for mixup (default: 2 for mixup, always 4 for patchmix).")
        var images: Int?

        @Option(
            in: .within(MixturesParameters.trialCounts),
            help: "For mixup: weights are the shares of this many draws, each image equally likely (default: 100).")
        var trials: Int?

        @Option(
            in: .within(MixturesParameters.concentrations),
            help: """
                For mixup, instead of --trials: weights from Beta(a, a), or with more than two images from the symmetric \
                Dirichlet distribution of that concentration.
                """)
        var beta: Double?

        @Option(help: "Subsets to mix, separated by commas: train, val, test.")
        var subsets = Subset.train.rawValue

        @Option(
            in: TrainingParameters.splits,
            help: "Split of the source's folds into training, validation and test, 1 to 5.")
        var split = 1

        @Option(
            in: .within(MixturesParameters.sizes),
            help:
                "Side in pixels to scale images to (default: their own size, which must be the same for all).")
        var size: Int?

        @OptionGroup(title: "Data set options") var format: DatasetFormatOptions
        @OptionGroup(title: "Data set options") var reading: DatasetOptions
        @OptionGroup var seeds: SeedOptions
        @OptionGroup var threads: ThreadOptions
        @OptionGroup var reporting: ReportingOptions

        func run() throws {
            let parameters = try MixturesParameters(
                mode: mode, images: images, trials: trials, beta: beta, subsets: try mixedSubsets(), split: split,
                size: size, seed: seeds.seed)
            let dataset = DatasetSource(source, as: reading.reading(format.format), note: reporting.note)
            let generator = try MixturesGenerator(
                parameters, of: dataset.dataset, path: source.path, fingerprint: dataset.fingerprint)
            let out = out.standardizedFileURL
            try OutputFolder.create(out.deletingLastPathComponent())
            let lock = try OutputLock(file: out)
            defer { lock.release() }
            if generator.destination(at: out) != .complete {
                try GeneratedSet.watch(generator.count, "generate", reporting.progress) {
                    try generator.generate(at: out, threads: threads.count, progress: $0)
                }
            }
            try reporting.report(
                Result(folder: out.path, count: generator.count, mixtures: generator.mixtureCount),
                [
                    "\(generator.count) images, \(generator.mixtureCount) of them mixtures of \(parameters.images), in \(out.path)"
                ])
        }

        private func mixedSubsets() throws -> [Subset] {
            try subsets.split(separator: ",").map { word in
                guard let subset = Subset(rawValue: word.trimmingCharacters(in: .whitespaces)) else {
                    throw ValidationError("--subsets has '\(word)'; expected train, val or test, separated by commas.")
                }
                return subset
            }
        }

        private struct Result: Encodable {
            var folder: String
            var count: Int
            var mixtures: Int
        }
    }
}
