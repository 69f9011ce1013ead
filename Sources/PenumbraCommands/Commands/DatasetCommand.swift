import PenumbraRuns
import ArgumentParser
import Figures
import Foundation
import ImageDatasets
import LabelDistributions

/// Describes the content of a folder of labelled images.
struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Describe a folder of labelled images and how far its annotators agree.",
        discussion: """
            A typical call: penumbra dataset cifar10h --contact-sheet ambiguous.png

            Prints classes, images, votes per image, majorities, ties, the entropy of the labels, the splits, Fleiss' kappa \
            and Krippendorff's alpha (nominal). Both are 1 if all annotators agree and about 0 if they agree only as often as by \
            chance; both need two votes per image. If images have different numbers of votes, kappa follows Gwet. A tie \
            counts for the first class.

            The contact sheet shows the images whose labels have the largest entropy, each with a bar of its label.
            """)

    @Argument(help: "Folder of labelled images.", transform: URL.init(fileURLWithPath:))
    var data: URL

    @OptionGroup(title: "Data set options") var format: DatasetFormatOptions
    @OptionGroup(title: "Data set options") var reading: DatasetOptions

    @Option(help: "Draw the most ambiguous images to this .png.", transform: URL.init(fileURLWithPath:))
    var contactSheet: URL?

    @Option(in: .from(1, to: 400), help: "Number of images on the contact sheet.")
    var images = 40

    @Flag(help: "Also look for identical images, comparing files byte by byte.")
    var duplicates = false

    @Option(
        help: "Also look for images with the same pixels in this other data set, such as the one to pre-train on.",
        transform: URL.init(fileURLWithPath:))
    var duplicatesIn: URL?

    @OptionGroup(title: "Several jobs") var shares: ShareOptions
    @OptionGroup var files: FileOptions
    @OptionGroup var reporting: ReportingOptions

    func validate() throws {
        if shares.share == nil { return }
        if !duplicates { throw ValidationError("--share divides the images that --duplicates looks at.") }
    }

    func run() throws {
        if let contactSheet {
            if (try? FigureFormat(of: contactSheet)) != .png {
                throw InputError.unknownFormat(path: contactSheet.path, known: [".png"])
            }
            try OutputFile.check(contactSheet)
        }
        let source = DatasetSource(data, as: reading.reading(format.format), note: reporting.note)
        let dataset = try source.dataset
        let identical =
            duplicates ? try DuplicateSearch(source: source, partial: shares.partial).groups() : nil
        if shares.share != nil { return try shares.report(reporting) }
        let ceilings = FibresCeilings(threads: .available)
        let report = try DatasetReport(
            dataset, folder: data.path, identical: identical,
            shared: try duplicatesIn.map { url in
                let other = try DatasetSource(url, note: reporting.note).dataset
                return DatasetReport.Shared(
                    try dataset.imagesShared(with: other), of: dataset, in: other, folder: url.path)
            },
            ceiling: { ceilings.ceiling(of: $0, in: data) })
        if let contactSheet {
            let sheet = try Self.sheet(of: dataset, images: images)
            try OutputFile.makeFolders(of: [contactSheet])
            try sheet.write(to: contactSheet)
        }
        try reporting.report(report, report.lines(width: Console.current.columns))
    }

    /// The most ambiguous images of a set, at most `images`. Throws what reading them throws.
    static func sheet(of dataset: Dataset, images: Int) throws -> ContactSheet {
        let chosen = DatasetReport.byEntropy(dataset).prefix(images).map { dataset.samples[$0] }
        let tiles = try chosen.map { sample in
            let image = try sample.image()
            return ContactSheet.Tile(
                name: sample.id, detail: label(of: sample, dataset.classes), pixelWidth: image.width,
                pixelHeight: image.height, pixels: image.pixels, distribution: sample.label.probabilities)
        }
        return ContactSheet(
            title: "\(dataset.name): the most ambiguous images",
            subtitle:
                "\(chosen.count) of \(Decimals.grouped(dataset.samples.count)) images, in the order of their labels' "
                + "entropy. The bar under each image shows its \(chosen.allSatisfy { $0.votes != nil } ? "votes" : "label").",
            classes: dataset.classes, tiles: tiles)
    }

    /// The longest name of a class that fits on a line with its number.
    private static let longestName = 13

    /// "cat 26, dog 25, owl 3, …": the three largest, as votes or otherwise as shares; a number is never separated from its class
    /// by a line break. Long names are cut, so that the numbers are not.
    static func label(of sample: Sample, _ classes: [String]) -> String {
        let shares = sample.label.probabilities
        let order = shares.indices.filter { shares[$0] > 0 }.sorted { (shares[$1], $0) < (shares[$0], $1) }
        let listed = order.prefix(3).map { index in
            let name = classes[index], isLong = name.count > longestName
            let shown = isLong ? name.prefix(longestName - 1) + "…" : name[...]
            return "\(shown)\u{A0}\(sample.votes.map { "\($0[index])" } ?? Decimals.fixed(shares[index], 2))"
        }
        return (listed + (order.count > 3 ? ["…"] : [])).joined(separator: ", ")
    }
}
