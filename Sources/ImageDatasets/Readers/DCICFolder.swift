import Foundation
import LabelDistributions
import LabelFiles

/// The reader for data sets in the DCIC benchmark's layout: images in `<Name>/fold1` … `<Name>/fold5` and a label file in
/// `<Name>`, which is either DCIC JSON (exact shares) or, if there is none, the raw `annotations.json` (single votes).
public enum DCICFolder {
    /// Reads the set in `root`, which is the folder `<Name>` itself or its parent. The images' existence is checked, but they
    /// are not decoded.
    ///
    /// - DCIC JSON: `soft_gt` is the label, an empty one means unknown (`Dataset.unlabelled`); samples are in the order of the
    ///   file. Folds and `Split` decide what is training and test; if the file names its slice (`v_fold`), a `split` that turns
    ///   a test image into a training image, or vice versa, is an error.
    /// - `annotations.json`: the votes of all annotation sets are counted per image, and `null` is skipped; the classes are the
    ///   set of labels in `ClassOrder`; samples are sorted by path, and different spellings of a path are the same image.
    /// - `samples.csv`, if it has the columns `id`, `hue` and `ellipse_share`, gives each sample its `Appearance`.
    ///
    /// Images in the folds that the label file does not name are also `Dataset.unlabelled`. The first part of an image path is
    /// taken to be `<Name>`, whatever the folder is called now. Throws `DatasetError`.
    /// - Complexity: O(size of the label file), plus one file lookup per image.
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
            try checkSubset(of: image, place: place, in: document, file)
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
        unlabelled += samples.unnamedImages(besides: unlabelled)
        return Dataset(
            name: document.name, classes: classes, samples: samples.samples, unlabelled: unlabelled,
            notes: [file.note].compactMap(\.self))
    }

    /// Throws `DatasetError.subset` if the file's own `split` and the folds disagree about what is for testing.
    private static func checkSubset(
        of image: DCICDocument.Image, place: String, in document: DCICDocument, _ file: LabelFile
    ) throws(DatasetError) {
        guard let slice = document.slice, let split = try? Split(slice: slice),
            let said = image.split.flatMap(Subset.init(rawValue:)), let fold = SampleCollector.fold(of: image.path)
        else { return }
        let expected = split.subset(ofFold: fold)
        if (said == .test) != (expected == .test) {
            throw .subset(
                path: file.path, place: place, found: said.rawValue,
                expected: "\(expected.rawValue) (fold \(fold) in slice \(slice))")
        }
    }

    private static func readAnnotations(_ file: LabelFile) throws(DatasetError) -> Dataset {
        let sets = try JSONFile.decode([AnnotationSet].self, from: file.url)
        var names: Set<String> = []
        var votesByImage: [String: (path: String, place: String, votes: [String: Int])] = [:]
        for (setIndex, set) in sets.enumerated() {
            for (index, annotation) in set.annotations.enumerated() {
                let place = "[\(setIndex)].annotations[\(index)]"
                let image = SampleCollector.image(of: annotation.imagePath, in: file)
                var entry = votesByImage[image] ?? (annotation.imagePath, place, [:])
                if let name = annotation.classLabel {
                    if name.isEmpty {
                        throw .malformed(path: file.path, place: place, problem: "class_label is empty")
                    }
                    names.insert(name)
                    entry.votes[name, default: 0] += 1
                }
                votesByImage[image] = entry
            }
        }
        let classes = ClassOrder.sorted(names)
        var samples = SampleCollector(file: file)
        var unlabelled: [String] = []
        for (_, entry) in votesByImage.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            let path = entry.path
            if entry.votes.isEmpty {
                unlabelled.append(path)
                continue
            }
            let votes = classes.map { entry.votes[$0] ?? 0 }
            let label: LabelDistribution
            do throws(LabelDistributionError) {
                label = try LabelDistribution(counts: votes)
            } catch {
                throw .label(path: file.path, place: entry.place, error)
            }
            try samples.append(path, place: entry.place, label: label, votes: votes)
        }
        if samples.samples.isEmpty { throw .noImages(path: file.path) }
        unlabelled += samples.unnamedImages(besides: unlabelled)
        return Dataset(
            name: name(of: sets) ?? file.folder.lastPathComponent, classes: classes, samples: samples.samples,
            unlabelled: unlabelled, notes: [file.note].compactMap(\.self))
    }

    /// The name that all sets with a name give to their data set.
    private static func name(of sets: [AnnotationSet]) -> String? {
        let names = Set(sets.compactMap(\.datasetName))
        return names.count == 1 ? names.first : nil
    }
}
