import PenumbraRuns
import ArgumentParser
import Foundation
import ImageDatasets
import LabelFiles

extension DatasetFormat: ExpressibleByArgument {}

/// The format of a folder of labelled images, for commands in which `--format` is not the format of their output.
struct DatasetFormatOptions: ParsableArguments {
    static let help = """
        Format of the data set: dcic (fold1 to fold5 with annotations.json or a DCIC JSON), cifar10h (test_batch.bin or \
        test_batch with cifar10h-counts.npy or -probs.npy), cifar10n (data_batch_1 to 5 with CIFAR-10_human.pt), cifar10s \
        (test_batch with cifar10s_t2clamp_redist10.json), ferplus (FER2013Train, FER2013Valid and FER2013Test with label.csv), \
        lewidi (images with JSON annotations), table (images with labels.csv) or folders (one folder per class) (default: \
        detected).
        """

    @Option(help: ArgumentHelp(DatasetFormatOptions.help))
    var format: DatasetFormat?
}

/// How to read a folder of labelled images, for the commands that take one.
struct DatasetOptions: ParsableArguments {
    @Option(
        help: """
            File of labels (.csv, .tsv, .json, .jsonl), in any form of 'Label files' in Documentation/formats.md (default: \
            labels.csv in the folder).
            """, transform: URL.init(fileURLWithPath:))
    var votes: URL?

    @OptionGroup var labels: LabelFileOptions

    @Option(
        help: """
            Folders to leave out, separated by commas, as paths within the data set (formats table, lewidi and folders).
            """)
    var ignoreFolders: String?

    @Option(help: "Seed for dealing the images into five folds, if the data set has no folds.")
    var foldSeed: UInt64 = 0

    /// Throws `ValidationError` if options describe a data set where none is named. Those of labels may be for another file.
    func refuse(withoutData data: URL?, _ format: DatasetFormat?) throws {
        let given =
            (format == nil ? [] : ["--format"]) + (votes == nil ? [] : ["--votes"])
            + (ignoreFolders == nil ? [] : ["--ignore-folders"]) + (foldSeed == 0 ? [] : ["--fold-seed"])
        if data != nil || given.isEmpty { return }
        throw ValidationError(
            "\(given.joined(separator: ", ")): for a data set, but none is named; name it with --data, or leave the "
                + "\(given.count == 1 ? "option" : "options") out.")
    }

    /// In the form that the readers take.
    func reading(_ format: DatasetFormat?) -> DatasetReading {
        DatasetReading(
            format: format, votes: votes, labels: labels.reading,
            ignoredFolders: ignoreFolders.map { $0.split(separator: ",").map(String.init) }, foldSeed: foldSeed)
    }
}
