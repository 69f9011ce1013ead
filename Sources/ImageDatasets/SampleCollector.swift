import Foundation
import LabelDistributions

/// Turns a label file's image paths into samples, each checked.
struct SampleCollector {
    private let file: LabelFile
    private(set) var samples: [Sample] = []
    private var placeByID: [String: String] = [:]

    init(file: LabelFile) { self.file = file }

    /// Takes the image that `path` names at `place`. Throws `DatasetError` where the path leaves the folder or has no
    /// fold, no file is there, or the id has been seen before.
    mutating func append(
        _ path: String, place: String, label: LabelDistribution, votes: [Int]?
    ) throws(DatasetError) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        // A NUL would end the path early in the system's eyes.
        if path.hasPrefix("/") || parts.contains("..") || path.utf8.contains(0) {
            throw .pathLeavesRoot(path: file.path, place: place, image: path)
        }
        if parts.count == 3 { parts.removeFirst() }
        let folds = (1...5).map { "fold\($0)" }
        guard parts.count == 2, let fold = folds.firstIndex(of: parts[0]), !parts[1].isEmpty, parts[1] != "." else {
            throw .pathWithoutFold(path: file.path, place: place, image: path)
        }
        let url = file.folder.appendingPathComponent(parts[0]).appendingPathComponent(parts[1])
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) || isFolder.boolValue {
            throw .imageMissing(path: file.path, place: place, image: url.path)
        }
        let id = (parts[1] as NSString).deletingPathExtension
        if let first = placeByID.updateValue(place, forKey: id) {
            throw .duplicateID(path: file.path, id: id, places: [first, place])
        }
        samples.append(Sample(id: id, imageURL: url, fold: fold + 1, label: label, votes: votes))
    }
}
