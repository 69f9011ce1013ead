import Foundation

/// How a folder is to be read: everything that decides, beside the files themselves, what comes out.
public struct DatasetReading: Sendable, Equatable, Codable {
    /// Nil for what the folder holds.
    public var format: DatasetFormat?
    /// The table of labels (CSV or TSV), where it does not lie in the folder as `labels.csv`. Only for tables.
    public var votes: URL?
    /// Columns of the table, or labels in it, that are no classes; nil for those that are called like "unknown" or "not a
    /// face" (`LabelTable.nonClasses`). Only for tables, and of FER+.
    public var ignoredColumns: [String]?
    /// Folders, as paths within the set's folder, whose images are not part of the set. Only where the reader looks for
    /// images in folders (`DatasetFormat.looksIntoFolders`).
    public var ignoredFolders: [String]?
    /// Deals the images to five folds, where the format has none.
    public var foldSeed: UInt64

    /// By default what the folder holds, as it is.
    public init(
        format: DatasetFormat? = nil, votes: URL? = nil, ignoredColumns: [String]? = nil,
        ignoredFolders: [String]? = nil, foldSeed: UInt64 = 0
    ) {
        self.format = format
        self.votes = votes
        self.ignoredColumns = ignoredColumns
        self.ignoredFolders = ignoredFolders
        self.foldSeed = foldSeed
    }
}

/// What a folder of labelled images can look like.
public enum DatasetFormat: String, Sendable, CaseIterable, Codable {
    /// The layout of the DCIC benchmark: `fold1` … `fold5` with `annotations.json` or a DCIC JSON (`DCICFolder`).
    case dcic
    /// CIFAR-10's test batch with the votes of Peterson et al., "Human uncertainty makes classification more robust"
    /// (2019) (`CIFAR10HFolder`).
    case cifar10h
    /// CIFAR-10's training batches with the labels of three annotators each, of Wei et al., "Learning with Noisy Labels
    /// Revisited" (2022) (`CIFAR10NFolder`).
    case cifar10n
    /// CIFAR-10's test batch with the shares that each annotator gave, of Collins et al., "Eliciting and Learning with Soft
    /// Labels from Every Annotator" (2022) (`CIFAR10SFolder`).
    case cifar10s
    /// FER+'s own layout: `FER2013Train`, `FER2013Valid` and `FER2013Test` (`FERPlusFolder`).
    case ferplus
    /// Images and JSON files of annotations in the form of "Learning with Disagreements" (`LeWiDiFolder`).
    case lewidi
    /// A folder of images a class (`ClassFolders`).
    case folders
    /// Images and a table of votes, shares or single annotations (`TableFolder`).
    case table

    /// Whether images are looked for in all folders below the set's.
    var looksIntoFolders: Bool { [.folders, .lewidi, .table].contains(self) }
}
