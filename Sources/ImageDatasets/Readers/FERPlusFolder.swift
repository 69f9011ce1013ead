import Foundation
import LabelDistributions
import LabelFiles
import TensorFiles

/// The reader for FER+'s own layout (Barsoum, Zhang, Canton Ferrer and Zhang, "Training Deep Networks for Facial Expression
/// Recognition with Crowd-Sourced Label Distribution", 2016): the folders `FER2013Train`, `FER2013Valid` and `FER2013Test`,
/// each with images and a `label.csv` without a header, in the folder or in `data`.
///
/// A row holds the image's name, the bounding box of the face (unused, since all images are faces) and the votes for eight
/// emotions, "unknown" and "NF" (no face).
enum FERPlusFolder {
    private static let folders: [(name: String, subset: Subset)] = [
        ("FER2013Train", .train), ("FER2013Valid", .validation), ("FER2013Test", .test),
    ]
    private static let tableName = "label.csv"
    private static let columns = [
        "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF",
    ]
    /// Votes that are not for an emotion.
    private static let nonClasses = ["unknown", "NF"]

    static func isHeld(by root: URL) -> Bool { !tables(in: root).isEmpty }

    private struct Table {
        let folder: URL
        let subset: Subset
        var url: URL { folder.appendingPathComponent(tableName) }
    }

    private static func tables(in root: URL) -> [Table] {
        for base in [root, root.appendingPathComponent("data")] {
            let names = FolderContents.names(in: base)
            let tables = folders.compactMap { folder -> Table? in
                guard let name = names.first(where: { $0.lowercased() == folder.name.lowercased() }) else { return nil }
                return Table(folder: base.appendingPathComponent(name), subset: folder.subset)
            }.filter { FolderContents.isFile($0.url) }
            if !tables.isEmpty { return tables }
        }
        return []
    }

    /// Reads the set. A sample's id is the image's name without its extension; the folder decides what it is used for. Images
    /// without a vote for a class are in `Dataset.unlabelled`. Throws `DatasetError`.
    static func read(_ root: URL, _ reading: DatasetReading) throws(DatasetError) -> Dataset {
        let tables = tables(in: root)
        if tables.isEmpty {
            throw .notOfFormat(
                path: root.path, format: .ferplus,
                expected: "FER2013Train, FER2013Valid and FER2013Test with label.csv")
        }
        let ignored = reading.labels.ignored ?? nonClasses
        for name in ignored where !columns.contains(name) {
            throw .unknownClass(path: root.path, place: "--ignore-columns", found: name, expected: columns)
        }
        let kept = columns.indices.filter { !ignored.contains(columns[$0]) }
        var samples: [Sample] = []
        var unlabelled: [String] = []
        var placeByID: [String: String] = [:]
        for table in tables {
            for row in try rows(of: table.url) {
                let place = "\(table.folder.lastPathComponent)/\(tableName) row \(row.number)"
                guard let name = ImagePath.relative(row.name, to: table.folder) else {
                    throw .pathLeavesRoot(path: table.url.path, place: "row \(row.number)", image: row.name)
                }
                let image = table.folder.appendingPathComponent(name)
                if !FolderContents.isFile(image) {
                    throw .imageMissing(path: table.url.path, place: "row \(row.number)", image: image.path)
                }
                let id = FolderContents.withoutImageExtension(name)
                if let first = placeByID.updateValue(place, forKey: id) {
                    throw .duplicateID(path: root.path, id: id, places: [first, place])
                }
                let votes = kept.map { row.votes[$0] }
                guard let label = try? LabelDistribution(counts: votes) else {
                    unlabelled.append("\(table.folder.lastPathComponent)/\(name)")
                    continue
                }
                samples.append(
                    Sample(id: id, imageURL: image, fold: 1, subset: table.subset, label: label, votes: votes))
            }
        }
        if samples.isEmpty { throw .noImages(path: tables[0].url.path) }
        var notes = [
            "\(root.path): "
                + tables.map { "\($0.folder.lastPathComponent) is read as \($0.subset.words) images" }
                .joined(separator: ", ")
        ]
        if !ignored.isEmpty { notes.append("\(root.path): votes for \(ignored.joined(separator: ", ")) are left out") }
        return Dataset(
            name: "FER+", classes: kept.map { columns[$0] }, samples: samples, unlabelled: unlabelled, format: .ferplus,
            splitOrigin: .folders(tables.map(\.folder.lastPathComponent)), notes: notes)
    }

    private struct Row {
        let number: Int
        let name: String
        let votes: [Int]
    }

    private static func rows(of url: URL) throws(DatasetError) -> [Row] {
        let table: CSVTable
        do {
            table = try CSVTable.read(url, hints: TableDialect.Hints(separator: .comma, header: .no))
        } catch {
            throw DatasetError(error, path: url.path)
        }
        if table.header.count != columns.count + 2 {
            throw .malformed(
                path: url.path, place: "row 1",
                problem: "found \(table.header.count) fields; expected \(columns.count + 2): name, box and votes for "
                    + columns.joined(separator: ", "))
        }
        var rows: [Row] = []
        for row in 0..<table.rowCount {
            var votes: [Int] = []
            for (position, name) in columns.enumerated() {
                let text = table[row, position + 2]
                guard let count = Int(text), (0...VoteCounts.largest).contains(count) else {
                    throw .voteCount(path: url.path, place: "row \(row + 1)", column: name, found: text)
                }
                votes.append(count)
            }
            rows.append(Row(number: row + 1, name: table[row, 0], votes: votes))
        }
        return rows
    }
}
