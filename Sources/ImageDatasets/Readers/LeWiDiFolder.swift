import Foundation
import LabelDistributions
import LabelFiles
import TensorFiles

/// The reader for images whose labels are in JSON files in the format of "Learning with Disagreements" (`LeWiDiDocument`).
enum LeWiDiFolder {
    /// The tolerance for the sum of shares, which are rounded to two digits; they are then divided by their sum.
    private static let shareTolerance = 0.015

    static func isHeld(by root: URL) -> Bool { !files(in: root).isEmpty }

    /// The names of the files.
    static func names(in root: URL) -> [String] { files(in: root).map(\.lastPathComponent) }

    private static func files(in root: URL) -> [URL] {
        FolderContents.names(in: root).filter { $0.hasSuffix(".json") }.map { root.appendingPathComponent($0) }.filter {
            guard let file = try? InputFile($0) else { return false }
            let start = try? file.bytes(at: 0, count: min(file.size, 1 << 16))
            return LeWiDiDocument.isHeld(in: start ?? [])
        }
    }

    /// Reads the set: all such files in `root`. The image of an item is the one that its id names, else the one that its `text`
    /// names (`ImageIndex`). A sample's id is the item's. Items without annotations, and images without an item, are in
    /// `Dataset.unlabelled`. The file says what is for training, validation and testing; if it does not, folds are dealt
    /// according to the seed. Throws `DatasetError`.
    static func read(_ root: URL, _ reading: DatasetReading) throws(DatasetError) -> Dataset {
        let files = files(in: root)
        if files.isEmpty {
            throw .notOfFormat(
                path: root.path, format: .lewidi, expected: "a JSON file with \"annotations\" and \"annotation task\"")
        }
        var documents: [(path: String, document: LeWiDiDocument)] = []
        for file in files { documents.append((file.path, try LeWiDiDocument(contentsOf: file))) }
        let classes = ClassOrder.sorted(Set(documents.flatMap(\.document.classes)))
        let index = ImageIndex(root, except: try IgnoredFolders(reading, in: root).paths)
        var entries: [Entry] = []
        var unlabelled: [String] = []
        var skipped: [UnreadImage] = []
        var placeByImage: [Int: String] = [:]
        for (path, document) in documents {
            for item in document.items {
                let place = "\"\(item.id)\""
                let image = try image(of: item, in: index, path: path, place: place, root: root)
                if let first = placeByImage.updateValue("\(path) \(place)", forKey: image) {
                    throw .twoRows(path: path, image: index.paths[image], places: [first, place])
                }
                let subset = try subset(of: item, path: path, place: place)
                if let other = index.unread(image) {
                    skipped.append(other)
                } else if let (label, votes) = try label(of: item, classes: classes, path: path, place: place) {
                    entries.append(Entry(id: item.id, image: image, subset: subset, label: label, votes: votes))
                } else {
                    unlabelled.append(index.paths[image])
                }
            }
        }
        if entries.isEmpty { throw .noImages(path: files[0].path) }
        var places: [String: String] = [:]
        for entry in entries {
            let path = index.paths[entry.image]
            if let first = places.updateValue(path, forKey: entry.id) {
                throw .duplicateID(path: root.path, id: entry.id, places: [first, path])
            }
        }
        let folds = Folds.deal(entries.map(\.id), classes: entries.map(\.label.hardClass), seed: reading.foldSeed)
        let samples = entries.indices.map { position in
            let entry = entries[position]
            return Sample(
                id: entry.id, imageURL: index.url(of: entry.image), fold: folds[position], subset: entry.subset,
                label: entry.label, votes: entry.votes)
        }
        let unnamed = index.paths.indices.filter { placeByImage[$0] == nil }
        unlabelled += unnamed.filter { index.unread($0) == nil }.map { index.paths[$0] }
        skipped += unnamed.compactMap(index.unread)
        let names = files.map(\.lastPathComponent).joined(separator: ", ")
        let dealt = entries.filter { $0.subset == nil }
        let isDealt = dealt.count == entries.count
        return Dataset(
            name: root.lastPathComponent, classes: classes, samples: samples, unlabelled: unlabelled, format: .lewidi,
            splitOrigin: isDealt ? .dealt(seed: reading.foldSeed) : .key("split"),
            notes: [
                "\(root.path): \(names) \(files.count == 1 ? "is" : "are") read as annotations in the LeWiDi format",
                note(onSharesIn: documents.map(\.document), path: root.path),
                dealt.isEmpty || isDealt
                    ? nil
                    : "\(root.path): \(dealt.count) of \(entries.count) items name no split (the first is "
                        + "\"\(dealt[0].id)\"); they are dealt into five folds by seed \(reading.foldSeed)",
                skipped.note(path: root.path),
            ].compactMap(\.self))
    }

    private struct Entry {
        let id: String
        let image: Int
        let subset: Subset?
        let label: LabelDistribution
        let votes: [Int]?
    }

    /// For the user, on items whose `soft_label` contradicts their annotations; nil if there are none.
    private static func note(onSharesIn documents: [LeWiDiDocument], path: String) -> String? {
        let items = documents.flatMap(\.items).filter { $0.sharesContradictAnnotations(tolerance: shareTolerance) }
        guard let first = items.first else { return nil }
        return "\(path): \(items.count) \(items.count == 1 ? "item has" : "items have") a soft_label that contradicts "
            + "the annotations (the first is \"\(first.id)\"); the annotations are read"
    }

    private static func image(
        of item: LeWiDiDocument.Item, in index: ImageIndex, path: String, place: String, root: URL
    ) throws(DatasetError) -> Int {
        for name in [item.id, item.text].compactMap(\.self) {
            let found = index.images(called: name).images
            if found.count > 1 {
                throw .severalImages(path: path, place: place, id: name, images: found.map { index.paths[$0] })
            }
            if let image = found.first { return image }
        }
        throw .imageMissing(path: path, place: place, image: root.appendingPathComponent(item.id).path)
    }

    private static func subset(
        of item: LeWiDiDocument.Item, path: String, place: String
    ) throws(DatasetError) -> Subset? {
        guard let split = item.split else { return nil }
        guard let subset = Subset(word: split) else {
            throw .malformed(
                path: path, place: place, problem: "the split is \"\(split)\"; expected train, dev or test")
        }
        return subset
    }

    /// Nil if the item has no annotations.
    private static func label(
        of item: LeWiDiDocument.Item, classes: [String], path: String, place: String
    ) throws(DatasetError) -> (label: LabelDistribution, votes: [Int]?)? {
        do throws(LabelDistributionError) {
            if !item.annotations.isEmpty {
                let counts = Dictionary(grouping: item.annotations, by: \.label).mapValues(\.count)
                let votes = classes.map { counts[$0] ?? 0 }
                return (try LabelDistribution(counts: votes), votes)
            }
            if item.shares.isEmpty { return nil }
            let shares = classes.map { item.shares[$0] ?? 0 }
            let sum = shares.reduce(0, +)
            return (try LabelDistribution(abs(sum - 1) <= shareTolerance ? shares.map { $0 / sum } : shares), nil)
        } catch {
            throw .label(path: path, place: place, error)
        }
    }
}
