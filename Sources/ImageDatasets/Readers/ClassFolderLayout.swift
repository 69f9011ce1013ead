import Foundation

/// Which folders of a set are classes, and which are subsets that contain classes.
struct ClassFolderLayout {
    /// A folder whose subfolders are classes.
    struct Group {
        /// The prefix of the classes' names; empty for the set's folder itself.
        let prefix: String
        let subset: Subset?
        /// The images in it, by folder.
        let folders: [String?: FoundImages]

        /// The folders that contain images, sorted.
        var classes: [String] { folders.folders }
    }

    /// The set's folder, or the only folder inside it.
    let root: URL
    let groups: [Group]
    /// The names of the folders of subsets.
    let subsets: [String]
    /// Paths of images that are not in a class's folder.
    let loose: [String]
    /// Notes on how the folders were interpreted.
    let notes: [String]

    /// Finds the layout of `root`, without the folders with the paths `except`. Throws `DatasetError` if it is unclear whether
    /// a folder is a class or a copy; `areNamed` says that the user has named the format, so that the outermost are classes.
    init(_ root: URL, except: Set<String>, areNamed: Bool = false) throws(DatasetError) {
        var notes: [String] = []
        var (root, except) = (root, except)
        var folders = Folders(root, except: except)
        if let only = folders.wrapper {
            notes.append("\(root.path): the only folder in it, \(only), is read as the data set")
            root.appendPathComponent(only)
            except = Set(except.compactMap { $0.hasPrefix(only + "/") ? String($0.dropFirst(only.count + 1)) : nil })
            folders = Folders(root, except: except)
        }
        let subsets = folders.withImages.compactMap { name in Subset(word: name).map { (name: name, subset: $0) } }
        let trees = Dictionary(uniqueKeysWithValues: subsets.map { ($0.name, folders.tree[$0.name]!.byFolder()) })
        // A class may be called "test", but a subset contains folders of images.
        if trees.values.contains(where: { !$0.folders.isEmpty }) {
            let others = folders.withImages.filter { name in !subsets.contains { $0.name == name } }
            if !others.isEmpty {
                throw .foldersBesideSubsets(path: root.path, subsets: subsets.map(\.name), others: others)
            }
            self.subsets = subsets.map(\.name)
            groups = Self.withoutDoubledFolders(
                subsets.map { Group(prefix: "\($0.name)/", subset: $0.subset, folders: trees[$0.name]!) })
            if !areNamed {
                for group in groups { try Self.checkNames(group.classes, in: "\(root.path)/\(group.prefix)") }
            }
            notes.append(
                "\(root.path): "
                    + zip(subsets, groups).map { subset, group in
                        "\(group.prefix.dropLast()) is read as \(subset.subset.words) images"
                    }.joined(separator: ", "))
            loose =
                folders.tree.direct.images
                + subsets.flatMap { subset in
                    trees[subset.name]!.direct.images.map { "\(subset.name)/\($0)" }
                }
        } else if !subsets.isEmpty && subsets.count == folders.withImages.count {
            // Subsets without classes.
            self.subsets = []
            groups = []
            loose = folders.found.images
        } else {
            try folders.checkClasses(path: root.path)
            if !areNamed {
                try folders.checkDepth(path: root.path)
                try Self.checkNames(folders.withImages, in: root.path)
            }
            self.subsets = []
            groups = [Group(prefix: "", subset: nil, folders: folders.tree)]
            loose = folders.tree.direct.images
        }
        if !folders.withoutImages.isEmpty {
            notes.append("\(root.path): folders without images are ignored (\(Self.list(folders.withoutImages)))")
        }
        let leftovers = folders.found.leftovers
        if !leftovers.isEmpty {
            notes.append("\(root.path): folders made by other programs are ignored (\(Self.list(leftovers)))")
        }
        if let note = folders.found.unread.note(path: root.path) { notes.append(note) }
        self.root = root
        self.notes = notes
    }

    /// The groups of subsets that each hold nothing but one folder with the classes in it: `train/train/cat`.
    private static func withoutDoubledFolders(_ groups: [Group]) -> [Group] {
        let inner = groups.map { group -> Group? in
            guard group.classes.count == 1, let name = group.classes.first, group.folders.direct.isEmpty,
                let inside = group.folders[name]?.byFolder(), inside.direct.isEmpty, !inside.folders.isEmpty
            else { return nil }
            return Group(prefix: "\(group.prefix)\(name)/", subset: group.subset, folders: inside)
        }
        return inner.allSatisfy { $0 != nil } ? withoutDoubledFolders(inner.compactMap(\.self)) : groups
    }

    /// Throws `DatasetError.noClassName` for folders that are not named after a class.
    private static func checkNames(_ folders: [String], in path: String) throws(DatasetError) {
        let others: Set = [
            "images", "image", "imgs", "img", "pictures", "photos", "jpegimages", "masks", "mask", "labels",
            "annotations",
        ]
        if let name = folders.first(where: { others.contains($0.lowercased()) }) {
            throw .noClassName(path: path, folder: name)
        }
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " …" : "")
    }

    /// The folders of a set.
    private struct Folders {
        let found: FoundImages
        /// The images by folder.
        let tree: [String?: FoundImages]
        let withoutImages: [String]

        var withImages: [String] { tree.folders }

        init(_ root: URL, except: Set<String>) {
            var found = FolderContents.images(in: root, except: except)
            let names = FolderContents.names(in: root).filter {
                !except.contains($0) && !FolderContents.leftovers.contains($0)
                    && FolderContents.isFolder(root.appendingPathComponent($0))
            }
            // The walk does not follow links, which may be classes.
            let links = names.filter { FolderContents.isLink(root.appendingPathComponent($0)) }
            for name in links {
                let linked = FolderContents.images(in: root.appendingPathComponent(name))
                found.images += linked.images.map { "\(name)/\($0)" }
                found.unread += linked.unread.map { UnreadImage(path: "\(name)/\($0.path)", format: $0.format) }
            }
            if !links.isEmpty { found.sort() }
            self.found = found
            let tree = found.byFolder()
            self.tree = tree
            withoutImages = names.filter { tree[$0] == nil }
        }

        /// The folder that contains all images, if they are all in subfolders that look like classes or subsets.
        var wrapper: String? {
            guard withImages.count == 1, let name = withImages.first, tree.direct.isEmpty, Subset(word: name) == nil,
                let inner = tree[name]?.byFolder(), inner.direct.isEmpty
            else { return nil }
            let isWrapper = inner.folders.count > 1 || inner.folders.contains { Subset(word: $0) != nil }
            return isWrapper ? name : nil
        }

        /// Throws `DatasetError.classesInside` if no folder holds images itself, and one has several folders or folders of
        /// folders, which may be the classes.
        func checkDepth(path: String) throws(DatasetError) {
            if withImages.count < 2 { return }
            let inner = withImages.map { tree[$0]!.byFolder() }
            guard inner.allSatisfy({ $0.direct.isEmpty }) else { return }
            let index = inner.indices.first { index in
                inner[index].folders.count > 1
                    || inner[index].folders.contains { inner[index][$0]!.byFolder().direct.isEmpty }
            }
            if let index {
                throw .classesInside(
                    path: path, folders: withImages, name: withImages[index], names: inner[index].folders)
            }
        }

        /// Throws `DatasetError` if the folders that contain images cannot all be classes.
        func checkClasses(path: String) throws(DatasetError) {
            // Only for folders without images of their own.
            let inner = withImages.map { name in
                let inside = tree[name]!.byFolder()
                return (name: name, folders: inside.direct.isEmpty ? inside.folders : [])
            }
            let deep = inner.filter { !$0.folders.isEmpty }
            let copy = deep.first { copy in
                copy.folders.allSatisfy { $0 != copy.name && (tree[$0] != nil || Subset(word: $0) != nil) }
            }
            if let copy { throw .nestedCopy(path: path, folder: copy.name, names: copy.folders) }
            if deep.count == inner.count, deep.count > 1, deep[0].folders.count > 1,
                deep.allSatisfy({ $0.folders == deep[0].folders })
            {
                throw .sameFoldersInside(path: path, folders: withImages, names: deep[0].folders)
            }
        }
    }
}

extension Subset {
    /// The word used in "training images".
    var words: String {
        switch self {
        case .train: "training"
        case .validation: "validation"
        case .test: "test"
        }
    }
}
