import Foundation

/// The file that holds a set's labels, and its folder `<Name>`.
struct LabelFile {
    let url: URL
    let folder: URL
    /// Further label files in the folder, which are not read: their names, or their paths if they are beside the folder.
    var others: [String] = []

    /// Whether it is the raw `annotations.json`.
    var isRaw: Bool { url.lastPathComponent == Self.rawName }
    var path: String { url.path }

    static let rawName = "annotations.json"

    /// The only label file in `root`, or in the only subfolder of `root` that has one. Throws `DatasetError`.
    static func find(in root: URL) throws(DatasetError) -> LabelFile {
        let root = root.standardizedFileURL
        if !FolderContents.isFolder(root) { throw .folderMissing(path: root.path) }
        if let file = try labelFile(directlyIn: root) { return file }
        var found: [LabelFile] = []
        for name in FolderContents.names(in: root) {
            let folder = root.appendingPathComponent(name, isDirectory: true)
            if let file = try labelFile(directlyIn: folder) { found.append(file) }
        }
        if found.count > 1 {
            throw .severalDatasets(path: root.path, names: found.map(\.folder.lastPathComponent))
        }
        guard var file = found.first else { throw .noDataset(path: root.path) }
        file.others += TableFolder.tables(in: root).map { root.appendingPathComponent($0).path }
        return file
    }

    /// A set's folder contains at least one fold. Among its files, `<Name>.json` takes precedence, then the only other JSON
    /// file, then the raw votes. Throws `DatasetError.severalLabelFiles` if the choice among derived files matters.
    private static func labelFile(directlyIn folder: URL) throws(DatasetError) -> LabelFile? {
        let names = FolderContents.names(in: folder)
        if !(1...5).contains(where: { names.contains("fold\($0)") }) { return nil }
        let files = names.filter { $0.hasSuffix(".json") }
        let derived = files.filter { $0 != rawName }
        let own = "\(folder.lastPathComponent).json"
        let name: String
        var others: [String] = []
        if derived.contains(own) {
            name = own
            others = try derivedFiles(derived.filter { $0 != own }, beside: own, in: folder)
        } else if derived.count > 1 {
            throw .severalLabelFiles(path: folder.path, names: derived)
        } else if let only = derived.first ?? files.first {
            name = only
        } else {
            return nil
        }
        others += ([rawName] + TableFolder.tables(in: folder)).filter { $0 != name && names.contains($0) }
        var known: Set<String> = []
        others = others.filter { known.insert($0).inserted }
        return LabelFile(url: folder.appendingPathComponent(name), folder: folder, others: others)
    }

    /// Those of the files `names` that hold labels too. Throws `DatasetError.severalLabelFiles` if these are not the labels in
    /// the set's `own` file.
    private static func derivedFiles(
        _ names: [String], beside own: String, in folder: URL
    ) throws(DatasetError) -> [String] {
        let documents = names.compactMap { name in
            (try? DCICDocument(contentsOf: folder.appendingPathComponent(name))).map { (name: name, labels: $0.labels) }
        }
        if documents.isEmpty { return [] }
        let labels = try DCICDocument(contentsOf: folder.appendingPathComponent(own)).labels
        let differing = documents.filter { $0.labels != labels }.map(\.name)
        if !differing.isEmpty { throw .severalLabelFiles(path: folder.path, names: [own] + differing) }
        return documents.map(\.name)
    }

    /// A note for the user on label files that are not read; nil if there are none.
    var note: String? {
        if others.isEmpty { return nil }
        return "\(folder.path): the labels are read from \(url.lastPathComponent); \(others.joined(separator: ", ")) "
            + "\(others.count == 1 ? "is" : "are") not read"
    }
}

extension DCICDocument {
    /// What two files with the same labels have in common.
    fileprivate struct Labels: Equatable {
        let classes: [String]
        /// By the image's path.
        let distributions: [String: [Double]]
    }

    fileprivate var labels: Labels {
        let distributions = images.map { ($0.path, $0.softLabel) }
        return Labels(classes: classes, distributions: Dictionary(distributions) { first, _ in first })
    }
}
