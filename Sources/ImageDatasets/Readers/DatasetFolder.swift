import Foundation
import LabelFiles

/// The single entry point to all readers of labelled images.
public enum DatasetFolder {
    /// Reads the labels of the images in `root`. The images' existence is checked, but only a few are decoded, for a note.
    ///
    /// The format is the one that `reading` names. Otherwise it is a table if `reading` names one, then the first of these
    /// that the folder holds: DCIC, CIFAR-10H, CIFAR-10N, CIFAR-10S, FER+, images with `labels.csv`, LeWiDi, one folder per
    /// class. Throws `DatasetError`; nothing is half-read.
    /// - Complexity: O(size of the labels), plus one file lookup per image.
    public static func read(
        _ root: URL, as reading: DatasetReading = DatasetReading()
    ) throws(DatasetError) -> Dataset {
        let root = root.standardizedFileURL
        if !FolderContents.isFolder(root) { throw .folderMissing(path: root.path) }
        let format: DatasetFormat
        if let named = reading.format { format = named } else { format = try self.format(of: root, reading) }
        var others = reading.labels
        if format == .ferplus { others.ignored = nil }
        if format != .table, reading.votes != nil || others != LabelReading() {
            throw .notATable(path: root.path, format: format)
        }
        if reading.ignoredFolders != nil && !format.looksIntoFolders {
            throw .noFoldersToIgnore(path: root.path, format: format)
        }
        var dataset =
            switch format {
            case .dcic: try DCICFolder.read(root)
            case .cifar10h: try CIFAR10HFolder.read(root, foldSeed: reading.foldSeed)
            case .cifar10n: try CIFAR10NFolder.read(root, foldSeed: reading.foldSeed)
            case .cifar10s: try CIFAR10SFolder.read(root, foldSeed: reading.foldSeed)
            case .ferplus: try FERPlusFolder.read(root, reading)
            case .lewidi: try LeWiDiFolder.read(root, reading)
            case .folders: try ClassFolders.read(root, reading)
            case .table: try TableFolder.read(root, reading)
            }
        if let remark = dataset.remarkOnDepth { dataset.notes.append("\(root.path): \(remark)") }
        return dataset
    }

    /// The format of `root`. Throws `DatasetError`, also if the DCIC layout is ambiguous.
    private static func format(of root: URL, _ reading: DatasetReading) throws(DatasetError) -> DatasetFormat {
        if reading.votes != nil { return .table }
        do {
            _ = try LabelFile.find(in: root)
            return .dcic
        } catch {
            guard case .noDataset = error else { throw error }
        }
        let labelled = [
            (DatasetFormat.cifar10h, CIFAR10HFolder.isHeld(by: root)), (.cifar10n, CIFAR10NFolder.isHeld(by: root)),
            (.cifar10s, CIFAR10SFolder.isHeld(by: root)), (.ferplus, FERPlusFolder.isHeld(by: root)),
            (.lewidi, LeWiDiFolder.isHeld(by: root)),
            (.table, TableFolder.isHeld(by: root, except: LeWiDiFolder.names(in: root))),
        ].filter(\.1).map(\.0)
        if labelled.count > 1 { throw .severalFormats(path: root.path, formats: labelled) }
        if let format = labelled.first { return format }
        if ClassFolders.isHeld(by: root) { return .folders }
        let tables = FolderContents.names(in: root).filter {
            ["csv", "tsv", "json", "jsonl"].contains(root.appendingPathComponent($0).pathExtension.lowercased())
        }
        throw .noKnownDataset(path: root.path, tables: tables)
    }
}
