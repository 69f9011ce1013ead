import Foundation
import LabelFiles

/// How to read a folder: everything that affects the result, apart from the files themselves.
public struct DatasetReading: Sendable, Equatable, Codable {
    /// Nil to detect it from the folder's content.
    public var format: DatasetFormat?
    /// The table of labels (CSV or TSV), unless it is in the folder as `labels.csv`. Only for tables.
    public var votes: URL?
    /// The user's settings for that table. Only for tables; for FER+ only the columns to skip.
    public var labels: LabelReading
    /// Folders, as paths inside the set's folder, whose images are not part of the set. Only if the reader searches folders for
    /// images (`DatasetFormat.looksIntoFolders`).
    public var ignoredFolders: [String]?
    /// Deals the images to five folds if the format has none.
    public var foldSeed: UInt64

    /// By default, the format is detected and everything is read.
    public init(
        format: DatasetFormat? = nil, votes: URL? = nil, labels: LabelReading = LabelReading(),
        ignoredFolders: [String]? = nil, foldSeed: UInt64 = 0
    ) {
        self.format = format
        self.votes = votes
        self.labels = labels
        self.ignoredFolders = ignoredFolders
        self.foldSeed = foldSeed
    }

    private enum CodingKeys: String, CodingKey {
        case format, votes, ignoredFolders, foldSeed
    }

    /// The settings of the table are stored among the other keys.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        format = try container.decodeIfPresent(DatasetFormat.self, forKey: .format)
        votes = try container.decodeIfPresent(URL.self, forKey: .votes)
        ignoredFolders = try container.decodeIfPresent([String].self, forKey: .ignoredFolders)
        foldSeed = try container.decode(UInt64.self, forKey: .foldSeed)
        labels = try LabelReading(from: decoder)
    }

    /// See `init(from:)`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(format, forKey: .format)
        try container.encodeIfPresent(votes, forKey: .votes)
        try container.encodeIfPresent(ignoredFolders, forKey: .ignoredFolders)
        try container.encode(foldSeed, forKey: .foldSeed)
        try labels.encode(to: encoder)
    }
}

/// The known layouts of a folder of labelled images.
public enum DatasetFormat: String, Sendable, CaseIterable, Codable {
    /// The layout of the DCIC benchmark: `fold1` … `fold5` with `annotations.json` or a DCIC JSON (`DCICFolder`).
    case dcic
    /// CIFAR-10's test batch with the votes of Peterson et al., "Human uncertainty makes classification more robust"
    /// (2019) (`CIFAR10HFolder`).
    case cifar10h
    /// CIFAR-10's training batches with labels from three annotators each, by Wei et al., "Learning with Noisy Labels
    /// Revisited" (2022) (`CIFAR10NFolder`).
    case cifar10n
    /// CIFAR-10's test batch with the shares given by each annotator, by Collins et al., "Eliciting and Learning with Soft
    /// Labels from Every Annotator" (2022) (`CIFAR10SFolder`).
    case cifar10s
    /// FER+'s own layout: `FER2013Train`, `FER2013Valid` and `FER2013Test` (`FERPlusFolder`).
    case ferplus
    /// Images with JSON annotation files in the format of "Learning with Disagreements" (`LeWiDiFolder`).
    case lewidi
    /// One folder of images per class (`ClassFolders`).
    case folders
    /// Images and a table of votes, shares or single annotations (`TableFolder`).
    case table

    /// Whether images are searched for in all folders inside the set's.
    var looksIntoFolders: Bool { [.folders, .lewidi, .table].contains(self) }
}
