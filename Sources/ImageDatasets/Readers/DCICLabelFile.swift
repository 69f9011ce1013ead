import Foundation

/// The file that holds a set's labels, and its folder `<Name>`.
struct LabelFile {
    let url: URL
    let folder: URL

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
        guard let file = found.first else { throw .noDataset(path: root.path) }
        return file
    }

    /// A set's folder contains at least one fold. Among its files, `<Name>.json` takes precedence, then the only other JSON
    /// file, then the raw votes.
    private static func labelFile(directlyIn folder: URL) throws(DatasetError) -> LabelFile? {
        let names = FolderContents.names(in: folder)
        if !(1...5).contains(where: { names.contains("fold\($0)") }) { return nil }
        let files = names.filter { $0.hasSuffix(".json") }
        let derived = files.filter { $0 != rawName }
        let own = "\(folder.lastPathComponent).json"
        let name: String
        if derived.contains(own) {
            name = own
        } else if derived.count > 1 {
            throw .severalLabelFiles(path: folder.path, names: derived)
        } else if let only = derived.first ?? files.first {
            name = only
        } else {
            return nil
        }
        return LabelFile(url: folder.appendingPathComponent(name), folder: folder)
    }
}
