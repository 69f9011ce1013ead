import Foundation
import LabelDistributions

/// The reader for CIFAR-10S: 1,000 test images of CIFAR-10, each with the probabilities given by at least six annotators
/// (Collins, Bhatt and Weller, "Eliciting and Learning with Soft Labels from Every Annotator", 2022).
///
/// The labels are `cifar10s_t2clamp_redist10.json` (or another `cifar10s_….json` of that form) in the folder, in
/// `cifar10s_data` or in `data`; the images are CIFAR-10's test batch.
enum CIFAR10SFolder {
    private static let folders = ["", "cifar10s_data", "data"]

    static func isHeld(by root: URL) -> Bool { !files(in: root).isEmpty }

    private static func files(in root: URL) -> [String] {
        folders.flatMap { folder in
            FolderContents.names(in: folder.isEmpty ? root : root.appendingPathComponent(folder))
                .filter { $0.hasPrefix("cifar10s") && $0.hasSuffix(".json") }
                .map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
        }
    }

    /// Reads the set. A sample's id is `test` followed by its number in the batch, from 0, in five digits; the label is the
    /// mean over annotators. Images without a label are in `Dataset.unlabelled`. Folds are dealt according to the seed
    /// (`Folds`). Throws `DatasetError`, also if the labels' majority disagrees with the labels beside the images so often that
    /// they must belong to other images.
    static func read(_ root: URL, foldSeed: UInt64) throws(DatasetError) -> Dataset {
        let files = files(in: root)
        if files.count > 1 { throw .severalLabelFiles(path: root.path, names: files) }
        guard let file = files.first, let images = CIFAR10Images.testBatch(in: root) else {
            throw .notOfFormat(
                path: root.path, format: .cifar10s,
                expected: "cifar10s_t2clamp_redist10.json, and test_batch or test_batch.bin")
        }
        let url = root.appendingPathComponent(file)
        let batch = try CIFARBatch.read(images)
        let document = try CIFAR10SDocument(contentsOf: url, classCount: CIFAR10Images.classes.count)
        if document.images.isEmpty { throw .noImages(path: url.path) }
        var entries: [(index: Int, label: LabelDistribution)] = []
        for image in document.images {
            let place = "\"\(image.index)\""
            if !batch.labels.indices.contains(image.index) {
                throw .imageMissing(path: url.path, place: place, image: "\(image.index) of \(images.path)")
            }
            do throws(LabelDistributionError) {
                entries.append((image.index, try LabelDistribution(image.shares)))
            } catch {
                throw .label(path: url.path, place: place, error)
            }
        }
        let agreeing = entries.count { $0.label.hardClass == batch.labels[$0.index] }
        if 2 * agreeing < entries.count,
            let first = entries.first(where: { $0.label.hardClass != batch.labels[$0.index] })
        {
            throw .otherImages(
                path: url.path, imageFile: images.path, agreeing: agreeing, of: entries.count, first: first.index)
        }
        let ids = entries.map { CIFAR10Images.id("test", $0.index) }
        let folds = Folds.deal(ids, classes: entries.map(\.label.hardClass), seed: foldSeed)
        let samples = entries.indices.map { position in
            Sample(
                id: ids[position], imageURL: images, record: batch.record(entries[position].index),
                fold: folds[position], label: entries[position].label)
        }
        let labelled = Set(entries.map(\.index))
        let unlabelled = batch.labels.indices.filter { !labelled.contains($0) }.map { CIFAR10Images.id("test", $0) }
        return Dataset(
            name: "CIFAR-10S", classes: CIFAR10Images.classes, samples: samples, unlabelled: unlabelled,
            format: .cifar10s, splitOrigin: .dealt(seed: foldSeed),
            notes: ["\(url.path): each label is the mean of its annotators' shares"])
    }
}
