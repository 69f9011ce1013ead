import Foundation
import LabelDistributions
import TensorFiles

/// The reader of images in a folder, in folders or not, with a table of labels (`LabelTable`), which is `labels.csv` or
/// `labels.tsv` in the folder or a file that the user names.
public enum TableFolder {
    private static let names = ["labels.csv", "labels.tsv"]

    static func isHeld(by root: URL) -> Bool { !tables(in: root).isEmpty }

    private static func tables(in root: URL) -> [String] {
        names.filter { FolderContents.isFile(root.appendingPathComponent($0)) }
    }

    /// Reads the set. A sample's id is that of the table, without the extension of an image; samples stand in the order of
    /// the table. Images that the table does not name or nobody labelled are `Dataset.unlabelled`. Folds are those of the
    /// table, or else dealt by seed (`Folds`). Throws `DatasetError`.
    static func read(_ root: URL, _ reading: DatasetReading) throws(DatasetError) -> Dataset {
        let table = try LabelTable.read(file(in: root, reading), ignoring: reading.ignoredColumns)
        let index = ImageIndex(root, except: try IgnoredFolders(reading, in: root).paths)
        var unread: [(image: UnreadImage, label: LabelDistribution?)] = []
        var unlabelled: [String] = []
        var rows: [(row: LabelTable.Row, id: String, image: Int, label: LabelDistribution)] = []
        var placeByImage: [Int: String] = [:]
        var placeByID: [ExactText: String] = [:]
        for row in table.rows {
            let place = "row \(row.number)"
            let (found, spelling) = index.images(called: row.id)
            if found.count > 1 {
                throw .severalImages(
                    path: table.path, place: place, id: row.id, images: found.map { index.paths[$0] })
            }
            guard let image = found.first else {
                throw .imageMissing(
                    path: table.path, place: place, image: root.appendingPathComponent(row.id).path)
            }
            let id = FolderContents.withoutImageExtension(spelling)
            if let first = placeByImage.updateValue(place, forKey: image) {
                throw .twoRows(path: table.path, image: index.paths[image], places: [first, place])
            }
            if let first = placeByID.updateValue(place, forKey: ExactText(id)) {
                throw .duplicateID(path: table.path, id: id, places: [first, place])
            }
            if let other = index.unread(image) {
                unread.append((other, row.label))
            } else if let label = row.label {
                rows.append((row, id, image, label))
            } else {
                unlabelled.append(row.id)
            }
        }
        try checkFormats(unread, besides: rows.map(\.label), classes: table.classes, path: root.path)
        if rows.isEmpty { throw .noImages(path: table.path) }
        let dealt = Folds.deal(rows.map(\.id), classes: rows.map(\.label.hardClass), seed: reading.foldSeed)
        let samples = rows.enumerated().map { position, entry in
            var (fold, subset): (Int, Subset?) = (dealt[position], nil)
            switch entry.row.placement {
            case .fold(let said): fold = said
            case .subset(let said): subset = said
            case nil: break
            }
            return Sample(
                id: entry.id, imageURL: index.url(of: entry.image), fold: fold, subset: subset, label: entry.label,
                votes: entry.row.votes)
        }
        let unnamed = index.paths.indices.filter { placeByImage[$0] == nil }
        unlabelled += unnamed.filter { index.unread($0) == nil }.map { index.paths[$0] }
        let skipped = unread.map(\.image) + unnamed.compactMap(index.unread)
        return Dataset(
            name: root.lastPathComponent, classes: table.classes, samples: samples, unlabelled: unlabelled,
            format: .table, notes: notes(on: table) + [skipped.note(path: root.path)].compactMap(\.self))
    }

    /// Throws `DatasetError.unreadClasses` where all images of a majority class are of formats that are not read.
    private static func checkFormats(
        _ unread: [(image: UnreadImage, label: LabelDistribution?)], besides labels: [LabelDistribution],
        classes: [String], path: String
    ) throws(DatasetError) {
        let read = Set(labels.map(\.hardClass))
        let lost = unread.filter { image in image.label.map { !read.contains($0.hardClass) } ?? false }
        if lost.isEmpty { return }
        let names = Set(lost.map { classes[$0.label!.hardClass] }).sorted { $0.precedesByScalars($1) }
        throw .unreadMajority(path: path, classes: names, formats: lost.map(\.image).counts)
    }

    private static func file(in root: URL, _ reading: DatasetReading) throws(DatasetError) -> URL {
        if let votes = reading.votes { return votes }
        let found = tables(in: root)
        if found.count > 1 { throw .severalLabelFiles(path: root.path, names: found) }
        guard let name = found.first else {
            throw .notOfFormat(path: root.path, format: .table, expected: "labels.csv or labels.tsv (or --votes)")
        }
        return root.appendingPathComponent(name)
    }

    private static func notes(on table: LabelTable) -> [String] {
        var notes: [String] = []
        if !table.ignored.isEmpty {
            notes.append("\(table.path): votes for \(table.ignored.joined(separator: ", ")) are left out")
        }
        if table.namelessRows > 0 {
            notes.append("\(table.path): \(table.namelessRows) rows without an id and without a vote are left out")
        }
        return notes
    }
}
