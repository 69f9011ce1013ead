import Foundation
import LabelDistributions
import TensorFiles

/// The reader of a folder of images a class (`cat/1.png`, `dog/1.png`), also below `train`, `val` and `test`, as
/// torchvision and Keras take them.
public enum ClassFolders {
    static func isHeld(by root: URL) -> Bool { !classes(in: groups(in: root).map(\.folder)).isEmpty }

    /// Reads the set. The classes are the names of the folders that hold images, sorted; each image has one vote. A
    /// sample's id is its path in `root` without its extension, since names repeat between classes. Folds are dealt by
    /// seed (`Folds`). Throws `DatasetError`.
    static func read(_ root: URL, foldSeed: UInt64) throws(DatasetError) -> Dataset {
        let groups = groups(in: root)
        let classes = classes(in: groups.map(\.folder))
        if classes.isEmpty {
            throw .notOfFormat(path: root.path, format: .folders, expected: "a folder of images a class")
        }
        var images: [(path: String, hardClass: Int, subset: Subset?)] = []
        for group in groups {
            for (index, name) in classes.enumerated() {
                let folder = group.folder.appendingPathComponent(name)
                images += FolderContents.images(in: folder).map {
                    ("\(group.prefix)\(name)/\($0)", index, group.subset)
                }
            }
        }
        let ids = images.map { FolderContents.withoutImageExtension($0.path) }
        var pathByID: [ExactText: String] = [:]
        for (id, image) in zip(ids, images) {
            if let first = pathByID.updateValue(image.path, forKey: ExactText(id)) {
                throw .duplicateID(path: root.path, id: id, places: [first, image.path])
            }
        }
        let folds = Folds.deal(ids, classes: images.map(\.hardClass), seed: foldSeed)
        let samples = images.indices.map { position in
            let label = LabelDistribution(oneHot: images[position].hardClass, of: classes.count)
            return Sample(
                id: ids[position], imageURL: root.appendingPathComponent(images[position].path), fold: folds[position],
                subset: images[position].subset, label: label, votes: label.probabilities.map { Int($0) })
        }
        let loose = FolderContents.names(in: root).filter {
            FolderContents.isImageName($0) && FolderContents.isFile(root.appendingPathComponent($0))
        }
        return Dataset(
            name: root.lastPathComponent, classes: classes, samples: samples, unlabelled: loose, format: .folders)
    }

    private struct Group {
        let folder: URL
        let prefix: String
        let subset: Subset?
    }

    /// The folders whose folders are classes: those called like subsets where there are no others, or `root` itself.
    private static func groups(in root: URL) -> [Group] {
        let folders = FolderContents.names(in: root).filter {
            FolderContents.isFolder(root.appendingPathComponent($0))
        }
        let subsets = folders.map { Subset(word: $0) }
        if folders.isEmpty || subsets.contains(nil) { return [Group(folder: root, prefix: "", subset: nil)] }
        return zip(folders, subsets).map { name, subset in
            Group(folder: root.appendingPathComponent(name), prefix: "\(name)/", subset: subset)
        }
    }

    private static func classes(in folders: [URL]) -> [String] {
        let names = folders.flatMap { folder in
            FolderContents.names(in: folder).filter { name in
                let url = folder.appendingPathComponent(name)
                return FolderContents.isFolder(url) && !FolderContents.images(in: url).isEmpty
            }
        }
        return Set(names).sorted { $0.precedesByScalars($1) }
    }
}
