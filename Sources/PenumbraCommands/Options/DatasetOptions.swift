import PenumbraRuns
import ArgumentParser
import Foundation
import ImageDatasets

extension DatasetFormat: ExpressibleByArgument {}

/// What a folder of labelled images holds, for the commands in which `--format` is not that of their output.
struct DatasetFormatOptions: ParsableArguments {
    static let help = """
        Format of the data set: dcic (fold1 to fold5 with annotations.json or a DCIC JSON), cifar10h (test_batch.bin or \
        test_batch with cifar10h-counts.npy or -probs.npy), cifar10n (data_batch_1 to 5 with CIFAR-10_human.pt), cifar10s \
        (test_batch with cifar10s_t2clamp_redist10.json), ferplus (FER2013Train, FER2013Valid and FER2013Test with label.csv), \
        lewidi (images with JSON annotations), table (images with labels.csv) or folders (one folder per class) (default: by \
        what is found).
        """

    @Option(help: ArgumentHelp(DatasetFormatOptions.help))
    var format: DatasetFormat?
}

/// How a folder of labelled images is read, for the commands that take one.
struct DatasetOptions: ParsableArguments {
    @Option(
        help: """
            Table of labels (.csv or .tsv): one row per image, with its id and one column per class (votes or shares), or one \
            row per annotation (id, annotator, label).
            """, transform: URL.init(fileURLWithPath:))
    var votes: URL?

    @Option(
        help: """
            Columns or labels of that table to skip, separated by commas (default: unknown, NF, not a face and similar; '' \
            for none).
            """)
    var ignoreColumns: String?

    @Option(
        help: """
            Folders to leave out, separated by commas, as paths within the data set (formats table, lewidi and folders).
            """)
    var ignoreFolders: String?

    @Option(help: "Seed for dealing images to five folds, if the data set has none.")
    var foldSeed: UInt64 = 0

    /// As the readers take it.
    func reading(_ format: DatasetFormat?) -> DatasetReading {
        DatasetReading(
            format: format, votes: votes,
            ignoredColumns: ignoreColumns.map { $0.split(separator: ",").map(String.init) },
            ignoredFolders: ignoreFolders.map { $0.split(separator: ",").map(String.init) }, foldSeed: foldSeed)
    }
}
