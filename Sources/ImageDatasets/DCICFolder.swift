import Foundation
import LabelDistributions

/// The reader of data sets in the DCIC benchmark's layout: images in `<Name>/fold1` … `<Name>/fold5` and a label file in
/// `<Name>`, which is either DCIC JSON (exact shares) or, where there is none, the raw `annotations.json` (single votes).
public enum DCICFolder {
    /// Reads the set in `root`, which is the folder `<Name>` itself or the folder that holds it. Images are looked up but
    /// not decoded.
    ///
    /// - DCIC JSON: `soft_gt` is the label, an empty one means unknown (`Dataset.unlabelled`); samples stand in the order
    ///   of the file. `split` is ignored: folds and `Split` decide.
    /// - `annotations.json`: the votes of all annotation sets are counted by image, `null` is skipped; the classes are the
    ///   sorted set of labels; samples are sorted by path.
    /// - `samples.csv`, where it has the columns `id`, `hue` and `ellipse_share`, gives each sample its `Appearance`.
    ///
    /// The first part of an image path is taken to be `<Name>`, whatever the folder is called by now. Throws `DatasetError`.
    /// - Complexity: O(size of the label file), and one look-up an image.
    public static func read(_ root: URL) throws(DatasetError) -> Dataset {
        let labels = try LabelFile.find(in: root)
        let read = labels.isRaw ? try readAnnotations(labels) : try readDocument(labels)
        return try addingAppearances(to: read, from: labels)
    }

    private static func readDocument(_ file: LabelFile) throws(DatasetError) -> Dataset {
        let document = try DCICDocument(contentsOf: file.url)
        let classes = document.classes
        if classes.isEmpty || Set(classes).count != classes.count {
            throw .classes(path: file.path, found: classes)
        }
        var samples = SampleCollector(file: file)
        var unlabelled: [String] = []
        for (index, image) in document.images.enumerated() {
            let place = "images[\(index)]"
            if let found = image.hardClassName, found != "unknown", !classes.contains(found) {
                throw .unknownClass(path: file.path, place: place, found: found, expected: classes)
            }
            if let found = image.hardClass, !(-1..<classes.count).contains(found) {
                throw .unknownClass(path: file.path, place: place, found: "\(found)", expected: classes)
            }
            if image.softLabel.isEmpty {
                unlabelled.append(image.path)
                continue
            }
            if image.softLabel.count != classes.count {
                throw .labelSize(
                    path: file.path, place: place, found: image.softLabel.count, expected: classes.count)
            }
            let label: LabelDistribution
            do throws(LabelDistributionError) {
                label = try LabelDistribution(image.softLabel)
            } catch {
                throw .label(path: file.path, place: place, error)
            }
            try samples.append(image.path, place: place, label: label, votes: nil)
        }
        if samples.samples.isEmpty { throw .noImages(path: file.path) }
        return Dataset(name: document.name, classes: classes, samples: samples.samples, unlabelled: unlabelled)
    }

    private struct AnnotationSet: Decodable {
        let annotations: [Annotation]
    }

    private struct Annotation: Decodable {
        let image_path: String
        let class_label: String?
    }

    private static func readAnnotations(_ file: LabelFile) throws(DatasetError) -> Dataset {
        let sets = try JSONFile.decode([AnnotationSet].self, from: file.url)
        var names: Set<String> = []
        var votesByPath: [String: (place: String, votes: [String: Int])] = [:]
        for (setIndex, set) in sets.enumerated() {
            for (index, annotation) in set.annotations.enumerated() {
                let place = "[\(setIndex)].annotations[\(index)]"
                var entry = votesByPath[annotation.image_path] ?? (place, [:])
                if let name = annotation.class_label {
                    if name.isEmpty {
                        throw .malformed(path: file.path, place: place, problem: "class_label is an empty text")
                    }
                    names.insert(name)
                    entry.votes[name, default: 0] += 1
                }
                votesByPath[annotation.image_path] = entry
            }
        }
        let classes = names.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        var samples = SampleCollector(file: file)
        var unlabelled: [String] = []
        for (path, entry) in votesByPath.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            if entry.votes.isEmpty {
                unlabelled.append(path)
                continue
            }
            let votes = classes.map { entry.votes[$0] ?? 0 }
            guard let label = try? LabelDistribution(counts: votes) else {
                preconditionFailure("an image with a vote has a label")
            }
            try samples.append(path, place: entry.place, label: label, votes: votes)
        }
        if samples.samples.isEmpty { throw .noImages(path: file.path) }
        return Dataset(
            name: file.folder.lastPathComponent, classes: classes, samples: samples.samples, unlabelled: unlabelled)
    }
}
