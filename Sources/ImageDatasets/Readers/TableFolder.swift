import Foundation
import LabelDistributions
import LabelFiles
import TensorFiles

/// The reader for images in a folder, with or without subfolders, with a label file (`LabelTable`): `labels.csv`, `.tsv`,
/// `.json` or `.jsonl` in the folder, or a file that the user names.
public enum TableFolder {
    private static let names = ["labels.csv", "labels.tsv", "labels.json", "labels.jsonl"]

    /// Whether `root` contains a label file other than those named in `except`.
    static func isHeld(by root: URL, except: [String] = []) -> Bool {
        !tables(in: root).allSatisfy(except.contains)
    }

    /// The names of the label files in `root` that are read without being named.
    static func tables(in root: URL) -> [String] {
        names.filter { FolderContents.isFile(root.appendingPathComponent($0)) }
    }

    /// Reads the set. A sample's id is the one in the table, without an image's extension; samples are in the order of the
    /// table. Rows without an image are counted and named; they are an error if there are no other rows, or under
    /// `LabelReading.isStrict`. Images that the table does not name, or that have no label, are in `Dataset.unlabelled`. Folds
    /// are those of the table, or otherwise dealt according to the seed (`Folds`). Throws `DatasetError`.
    static func read(_ root: URL, _ reading: DatasetReading) throws(DatasetError) -> Dataset {
        let table = try labels(in: root, reading)
        let columns = try SplitColumns(table, ignored: reading.labels.ignored)
        let index = ImageIndex(root, except: try IgnoredFolders(reading, in: root).paths)
        var unread: [(image: UnreadImage, label: LabelDistribution?)] = []
        let isStrict = reading.labels.isStrict == true
        var unlabelled: [String] = []
        var missing: [LabelTable.Row] = []
        var rows:
            [(row: LabelTable.Row, id: String, image: Int, label: LabelDistribution, assignment: SplitAssignment?)] = []
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
                missing.append(row)
                continue
            }
            let id = FolderContents.withoutImageExtension(spelling)
            if let first = placeByImage.updateValue(place, forKey: image) {
                throw .twoRows(path: table.path, image: index.paths[image], places: [first, place])
            }
            if let first = placeByID.updateValue(place, forKey: ExactText(id)) {
                throw .duplicateID(path: table.path, id: id, places: [first, place])
            }
            let assignment = try columns.assignment(row, of: table)
            if let other = index.unread(image) {
                unread.append((other, row.label))
            } else if let label = row.label {
                rows.append((row, id, image, label, assignment))
            } else {
                unlabelled.append(row.id)
            }
        }
        if let first = missing.first, isStrict || placeByImage.isEmpty {
            throw .imageMissing(
                path: table.path, place: "row \(first.number)", image: root.appendingPathComponent(first.id).path,
                found: placeByImage.isEmpty ? index.paths.first : nil)
        }
        try checkFormats(unread, besides: rows.map(\.label), classes: table.classes, path: root.path)
        if rows.isEmpty { throw .noImages(path: table.path) }
        let unnamed = index.paths.indices.filter { placeByImage[$0] == nil }
        unlabelled += unnamed.filter { index.unread($0) == nil }.map { index.paths[$0] }
        let skipped = unread.map(\.image) + unnamed.compactMap(index.unread)
        if let first = unlabelled.first, isStrict {
            throw .unlabelled(path: table.path, image: first, count: unlabelled.count)
        }
        let dealt = Folds.deal(rows.map(\.id), classes: rows.map(\.label.hardClass), seed: reading.foldSeed)
        let samples = rows.enumerated().map { position, entry in
            var (fold, subset): (Int, Subset?) = (dealt[position], nil)
            switch entry.assignment {
            case .fold(let said): fold = said
            case .subset(let said): subset = said
            case nil: break
            }
            return Sample(
                id: entry.id, imageURL: index.url(of: entry.image), fold: fold, subset: subset, label: entry.label,
                votes: entry.row.votes)
        }
        return Dataset(
            name: root.lastPathComponent, classes: table.classes, samples: samples, unlabelled: unlabelled,
            format: .table,
            splitOrigin: columns.deciding.map { .column($0.name) } ?? .dealt(seed: reading.foldSeed),
            notes: notes(on: table, missing: missing)
                + [columns.note(path: table.path), skipped.note(path: root.path)].compactMap(\.self),
            labels: table.interpretation)
    }

    /// Throws `DatasetError.unreadMajority` if all images of a majority class are in unsupported formats.
    private static func checkFormats(
        _ unread: [(image: UnreadImage, label: LabelDistribution?)], besides labels: [LabelDistribution],
        classes: [String], path: String
    ) throws(DatasetError) {
        let read = Set(labels.map(\.hardClass))
        let lost = unread.filter { image in image.label.map { !read.contains($0.hardClass) } ?? false }
        if lost.isEmpty { return }
        let names = ClassOrder.sorted(Set(lost.map { classes[$0.label!.hardClass] }))
        throw .unreadMajority(path: path, classes: names, formats: lost.map(\.image).counts)
    }

    private static func labels(in root: URL, _ reading: DatasetReading) throws(DatasetError) -> LabelTable {
        let file = try file(in: root, reading)
        let table: LabelTable
        do {
            table = try LabelTable.read(file, as: reading.labels)
        } catch {
            throw DatasetError(error, path: file.path)
        }
        if table.idsAreRows { throw .labels(.noIDs(path: table.path, header: table.columnNames)) }
        return table
    }

    private static func file(in root: URL, _ reading: DatasetReading) throws(DatasetError) -> URL {
        if let votes = reading.votes { return votes }
        let found = tables(in: root)
        if found.count > 1 {
            throw .severalLabelFiles(path: root.path, names: found, remedy: "choose one with --votes")
        }
        guard let name = found.first else {
            throw .notOfFormat(path: root.path, format: .table, expected: "labels.csv or labels.tsv (or --votes)")
        }
        return root.appendingPathComponent(name)
    }

    private static func notes(on table: LabelTable, missing: [LabelTable.Row]) -> [String] {
        let notes = table.isOwn ? [] : table.interpretation.lines
        if missing.isEmpty { return notes }
        let names = missing.prefix(3).map { "'\($0.id)'" }.joined(separator: ", ") + (missing.count > 3 ? " …" : "")
        let rows = missing.count == 1 ? "1 row without an image is" : "\(missing.count) rows without an image are"
        return notes + ["\(table.path): \(rows) skipped (\(names))"]
    }
}
