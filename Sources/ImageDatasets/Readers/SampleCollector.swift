import Foundation
import LabelDistributions
import TensorFiles

/// Converts a label file's image paths to samples, checking each.
struct SampleCollector {
    private let file: LabelFile
    private(set) var samples: [Sample] = []
    private var placeByID: [ExactText: String] = [:]
    /// The names of the images seen in each fold.
    private var names: [Set<String>] = Self.folds.map { _ in [] }

    private static let folds = (1...5).map { "fold\($0)" }

    init(file: LabelFile) { self.file = file }

    /// Adds the image that `path` names at `place`. Throws `DatasetError` if the path leaves the folder or has no fold, if the
    /// file does not exist, or if the id has been seen before.
    mutating func append(
        _ path: String, place: String, label: LabelDistribution, votes: [Int]?
    ) throws(DatasetError) {
        guard let plain = ImagePath.relative(path, to: file.folder) else {
            throw .pathLeavesRoot(path: file.path, place: place, image: path)
        }
        var parts = plain.split(separator: "/").map(String.init)
        if parts.count == 3 { parts.removeFirst() }
        guard parts.count == 2, let fold = Self.folds.firstIndex(of: parts[0]) else {
            throw .pathWithoutFold(path: file.path, place: place, image: path)
        }
        let url = file.folder.appendingPathComponent(parts[0]).appendingPathComponent(parts[1])
        if !FolderContents.isFile(url) {
            throw .imageMissing(path: file.path, place: place, image: url.path)
        }
        if case .unread(let format) = FolderContents.kind(of: url) {
            throw .imageFormat(path: file.path, place: place, image: url.path, format: format.rawValue)
        }
        names[fold].insert(parts[1])
        let id = PathText.withoutExtension(parts[1])
        if let first = placeByID.updateValue(place, forKey: ExactText(id)) {
            throw .duplicateID(path: file.path, id: id, places: [first, place])
        }
        samples.append(Sample(id: id, imageURL: url, fold: fold + 1, label: label, votes: votes))
    }

    /// What all spellings of an image's path have in common: the fold and the name, or otherwise the path.
    static func image(of path: String, in file: LabelFile) -> String {
        let plain = ImagePath.relative(path, to: file.folder) ?? path
        let parts = plain.split(separator: "/")
        return parts.count == 3 ? parts.dropFirst().joined(separator: "/") : plain
    }

    /// The fold, 1…5, given by an image path; nil if it gives none.
    static func fold(of path: String) -> Int? {
        let parts = path.split { $0 == "/" || $0 == "\\" }.map(String.init)
        return parts.dropLast().last.flatMap(folds.firstIndex(of:)).map { $0 + 1 }
    }

    /// The images in the folds that were neither added nor are among `others` (paths as spelled in the label file), as paths
    /// inside the set's folder, sorted.
    func unnamedImages(besides others: [String]) -> [String] {
        let known = Set(others.map { Self.image(of: $0, in: file) })
        return zip(Self.folds, names).flatMap { fold, seen in
            let folder = file.folder.appendingPathComponent(fold)
            return FolderContents.names(in: folder)
                .filter { !seen.contains($0) && FolderContents.kind(of: folder.appendingPathComponent($0)) != .other }
                .map { "\(fold)/\($0)" }
        }.filter { !known.contains($0) }
    }
}
