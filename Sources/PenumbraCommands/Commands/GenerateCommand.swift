import PenumbraRuns
import ArgumentParser
import Foundation
import ImageDatasets

/// Makes data sets.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Make a synthetic data set, or an ambiguous one from another.",
        discussion: "A typical call: penumbra generate shapes --out data --count 15000 --size 64",
        subcommands: [Shapes.self, Fibres.self, Mixtures.self])

    /// Makes the shapes set.
    struct Shapes: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "shapes",
            abstract: "Make red, green and blue circles and ellipses, and everything between them.",
            discussion: """
                A typical call: penumbra generate shapes --out data --count 15000 --size 64

                Writes OUT/Shapes with the images in fold1 to fold5, their exact label distributions as DCIC JSON \
                (Shapes.json), and samples.csv with the hue, ellipse share, position and label of each image.
                """)

        @Option(help: "Folder to write Shapes to.", transform: URL.init(fileURLWithPath:))
        var out: URL

        @Option(in: .within(ShapesParameters.counts), help: "Number of images.")
        var count = 15_000

        @Option(in: .within(ShapesParameters.sizes), help: "Side of each image in pixels.")
        var size = 224

        @Option(in: .from(0, to: 1), help: "Share of images that are exactly one of the six classes, from 0 to 1.")
        var pure = 0.4

        @OptionGroup var seeds: SeedOptions
        @OptionGroup var threads: ThreadOptions
        @OptionGroup var reporting: ReportingOptions

        func run() throws {
            let parameters = try ShapesParameters(count: count, size: size, pureShare: pure, seed: seeds.seed)
            let set = try GeneratedSet.shapes(parameters)
                .make(in: out, threads: threads.count, title: "generate", progress: reporting.progress)
            try reporting.report(
                Result(folder: set.path, count: count, size: size),
                ["\(count) images of \(size) x \(size) pixels in \(set.path)"])
        }

        private struct Result: Encodable {
            var folder: String
            var count: Int
            var size: Int
        }
    }
}

extension GenerateCommand {
    /// Makes the set of simulated fibres.
    struct Fibres: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fibres",
            abstract: "Make simulated images of fibres with simulated annotators, a substitute for MiceBone.",
            discussion: """
                A typical call: penumbra generate fibres --out fibres

                Writes OUT/Fibres-simulated with the folder structure of DCIC's raw data: grey images of directed fibres (g), \
                undirected ones (ug) and none (nr) in fold1 to fold5; annotations.json with the labels, from annotators with \
                thresholds and error rates of their own; and samples.csv with what was simulated. Majorities are about 15 % g, 70 % nr \
                and 15 % ug. Then prints the macro accuracy and KL of a predictor that knows the true label distribution of \
                each image: the best that any network can reach, within .002.
                """)

        @Option(help: "Folder to write Fibres-simulated to.", transform: URL.init(fileURLWithPath:))
        var out: URL

        @Option(in: .within(FibresParameters.counts), help: "Number of images.")
        var count = 7_240

        @Option(in: .within(FibresParameters.sizes), help: "Side of each image in pixels.")
        var size = 224

        @Option(in: .within(FibresParameters.annotations), help: "Mean number of annotations per image.")
        var annotators = 15

        @OptionGroup var seeds: SeedOptions
        @OptionGroup var threads: ThreadOptions
        @OptionGroup var reporting: ReportingOptions

        func run() throws {
            let parameters = try FibresParameters(count: count, size: size, annotators: annotators, seed: seeds.seed)
            let set = try GeneratedSet.fibres(parameters)
                .make(in: out, threads: threads.count, title: "generate", progress: reporting.progress)
            let ceiling = FibresOracle(FibresGenerator(parameters), threads: threads.count).ceiling()!
            try reporting.report(
                Result(
                    name: FibresGenerator.name, folder: set.path, count: count, size: size, ceiling: ceiling),
                [
                    "\(FibresGenerator.name): \(count) images of \(size) x \(size) pixels in \(set.path)",
                    "best attainable on all images, knowing the simulated annotators: \(ceiling.text)",
                ])
        }

        private struct Result: Encodable {
            var name: String
            var folder: String
            var count: Int
            var size: Int
            var ceiling: FibresOracle.Ceiling
        }
    }
}
