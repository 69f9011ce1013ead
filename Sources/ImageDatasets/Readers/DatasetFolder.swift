import Foundation
import LabelFiles

/// The one door to all readers of labelled images.
public enum DatasetFolder {
    /// Reads the images' labels in `root`, in the format that `reading` names or else that the folder holds: a table where
    /// `reading` names one; the DCIC layout; CIFAR-10H; images with `labels.csv`; a folder a class. Images are looked up
    /// but not decoded. Throws `DatasetError`; nothing is half-read.
    /// - Complexity: O(size of the labels), and one look-up an image.
    public static func read(
        _ root: URL, as reading: DatasetReading = DatasetReading()
    ) throws(DatasetError) -> Dataset {
        let root = root.standardizedFileURL
        if !FolderContents.isFolder(root) { throw .folderMissing(path: root.path) }
        let format: DatasetFormat
        if let named = reading.format { format = named } else { format = try self.format(of: root, reading) }
        if format != .table, reading.votes != nil || reading.labels != LabelReading() {
            throw .notATable(path: root.path, format: format)
        }
        return switch format {
        case .dcic: try DCICFolder.read(root)
        case .cifar10h: try CIFAR10HFolder.read(root, foldSeed: reading.foldSeed)
        case .folders: try ClassFolders.read(root, foldSeed: reading.foldSeed)
        case .table: try TableFolder.read(root, reading)
        }
    }

    /// What `root` holds. Throws `DatasetError`, also where the DCIC layout is ambiguous.
    private static func format(of root: URL, _ reading: DatasetReading) throws(DatasetError) -> DatasetFormat {
        if reading.votes != nil { return .table }
        do {
            _ = try LabelFile.find(in: root)
            return .dcic
        } catch {
            guard case .noDataset = error else { throw error }
        }
        if CIFAR10HFolder.isHeld(by: root) { return .cifar10h }
        if TableFolder.isHeld(by: root) { return .table }
        if ClassFolders.isHeld(by: root) { return .folders }
        throw .noKnownDataset(path: root.path)
    }
}
