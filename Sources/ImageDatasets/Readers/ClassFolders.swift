import Foundation
import LabelDistributions
import LabelFiles
import TensorFiles

/// The reader for one folder of images per class (`cat/1.png`, `dog/1.png`), also inside `train`, `val` (`valid`, `dev`) and
/// `test`, as torchvision and Keras expect.
public enum ClassFolders {
    /// Whether a folder in `root` contains an image.
    static func isHeld(by root: URL) -> Bool {
        FolderContents.names(in: root).contains { name in
            let url = root.appendingPathComponent(name)
            return !FolderContents.leftovers.contains(name) && FolderContents.isFolder(url)
                && !FolderContents.images(in: url).isEmpty
        }
    }

    /// Reads the set. The classes are the names of the folders that contain images, in `ClassOrder`; each image has one vote. A
    /// sample's id is its path in `root` without the extension, since names recur between classes. Folds are dealt according to
    /// the seed (`Folds`). Folders without images are skipped; the notes say how each folder was read. Throws `DatasetError`,
    /// also if it is unclear whether a folder is a class or a copy, and if all images of a class are in unsupported formats.
    /// - Complexity: O(number of files · log).
    static func read(_ root: URL, _ reading: DatasetReading) throws(DatasetError) -> Dataset {
        let layout = try ClassFolderLayout(
            root, except: IgnoredFolders(reading, in: root).paths, areNamed: reading.format == .folders)
        let classes = ClassOrder.sorted(Set(layout.groups.flatMap(\.classes)))
        if classes.isEmpty {
            throw .notOfFormat(
                path: root.path, format: .folders,
                expected: "one folder of images per class" + adviceOnTables(in: root))
        }
        let alike = Dictionary(grouping: classes) { $0.trimmingCharacters(in: .whitespaces) }.values
        if let names = alike.first(where: { $0.count > 1 }) { throw .classes(path: root.path, found: names) }
        try checkFormats(of: layout)
        var images: [(path: String, hardClass: Int, subset: Subset?)] = []
        for group in layout.groups {
            for (index, name) in classes.enumerated() {
                let found = group.folders[name]?.images ?? []
                images += found.map { ("\(group.prefix)\(name)/\($0)", index, group.subset) }
            }
        }
        let base = layout.root
        let ids = images.map { FolderContents.withoutImageExtension($0.path) }
        var pathByID: [ExactText: String] = [:]
        for (id, image) in zip(ids, images) {
            if let first = pathByID.updateValue(image.path, forKey: ExactText(id)) {
                throw .duplicateID(path: base.path, id: id, places: [first, image.path])
            }
        }
        let folds = Folds.deal(ids, classes: images.map(\.hardClass), seed: reading.foldSeed)
        let samples = images.indices.map { position in
            let label = LabelDistribution(oneHot: images[position].hardClass, of: classes.count)
            return Sample(
                id: ids[position], imageURL: base.appendingPathComponent(images[position].path), fold: folds[position],
                subset: images[position].subset, label: label, votes: label.probabilities.map { Int($0) })
        }
        return Dataset(
            name: root.lastPathComponent, classes: classes, samples: samples, unlabelled: layout.loose,
            format: .folders,
            splitOrigin: layout.subsets.isEmpty ? .dealt(seed: reading.foldSeed) : .folders(layout.subsets),
            notes: layout.notes + ClassOrder.remarksOnCase(classes).map { "\(base.path): \($0)" }
                + [noteOnTables(in: [root, base])].compactMap(\.self))
    }

    /// For the user, on files beside the folders that may be label files; nil if there are none.
    private static func noteOnTables(in folders: [URL]) -> String? {
        var files: [String] = []
        for folder in folders {
            files += FolderContents.names(in: folder).map { folder.appendingPathComponent($0) }
                .filter { tableExtensions.contains($0.pathExtension.lowercased()) && FolderContents.isFile($0) }
                .map(\.path).filter { !files.contains($0) }
        }
        if files.isEmpty { return nil }
        let names = files.prefix(3).joined(separator: ", ") + (files.count > 3 ? " …" : "")
        return "\(folders[0].path): the folders are read as classes; \(names) "
            + "\(files.count == 1 ? "is" : "are") not read (--votes names a label file)"
    }

    /// For an error about folders without classes: the tables in them, or in `root`, that may hold the labels.
    private static func adviceOnTables(in root: URL) -> String {
        let folders = FolderContents.names(in: root).filter { FolderContents.isFolder(root.appendingPathComponent($0)) }
        let tables =
            (FolderContents.names(in: root)
            + folders.flatMap { folder in
                FolderContents.names(in: root.appendingPathComponent(folder)).map { "\(folder)/\($0)" }
            }).filter { path in
                let file = root.appendingPathComponent(path)
                return tableExtensions.contains(file.pathExtension.lowercased()) && FolderContents.isFile(file)
            }
        if tables.isEmpty { return "" }
        let names = tables.prefix(3).joined(separator: ", ") + (tables.count > 3 ? " …" : "")
        return "; \(names) may hold the labels: name \(tables.count == 1 ? "it" : "one") with --votes"
    }

    private static let tableExtensions: Set = ["csv", "tsv", "json", "jsonl"]

    /// Throws `DatasetError.unreadClasses` if a class has images but all of them are in unsupported formats.
    private static func checkFormats(of layout: ClassFolderLayout) throws(DatasetError) {
        var folders: [String] = []
        var unread: [UnreadImage] = []
        for group in layout.groups {
            for name in group.classes {
                guard let found = group.folders[name], found.images.isEmpty else { continue }
                folders.append(group.prefix + name)
                unread += found.unread
            }
        }
        if !folders.isEmpty {
            throw .unreadClasses(path: layout.root.path, folders: folders, formats: unread.counts)
        }
    }
}

/// The folders that the user excluded.
struct IgnoredFolders {
    /// Paths relative to the set's folder.
    let paths: Set<String>

    /// Throws `DatasetError.unknownFolder` if one does not exist.
    init(_ reading: DatasetReading, in root: URL) throws(DatasetError) {
        var paths: Set<String> = []
        for name in reading.ignoredFolders ?? [] {
            guard let path = ImagePath.relative(name, to: root),
                FolderContents.isFolder(root.appendingPathComponent(path))
            else {
                let known = FolderContents.names(in: root).filter {
                    FolderContents.isFolder(root.appendingPathComponent($0))
                }
                throw .unknownFolder(path: root.path, name: name, known: known)
            }
            paths.insert(path)
        }
        self.paths = paths
    }
}
