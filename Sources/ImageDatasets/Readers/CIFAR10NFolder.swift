import Foundation
import LabelDistributions
import TensorFiles

/// The reader for CIFAR-10N: the 50,000 training images of CIFAR-10 with three votes each (Wei, Zhu, Cheng, Liu, Niu and Liu,
/// "Learning with Noisy Labels Revisited", 2022).
///
/// The labels are `CIFAR-10_human.pt`: a dict saved with `torch.save`, with the NumPy arrays `random_label1` to
/// `random_label3`, one per annotator, and `clean_label`, CIFAR-10's own. The images are CIFAR-10's five training batches,
/// binary or pickles. Both may be in the folder, in `data` or in the folder that CIFAR-10's archives unpack to.
enum CIFAR10NFolder {
    private static let names = CIFAR10Images.folders.map { $0 + "CIFAR-10_human.pt" }
    private static let annotators = ["random_label1", "random_label2", "random_label3"]

    static func isHeld(by root: URL) -> Bool { CIFAR10Images.first(names, in: root) != nil }

    /// Reads the set. A sample's id is `train` followed by its number over all batches, from 0, in five digits. Folds are dealt
    /// according to the seed (`Folds`). Throws `DatasetError`, also if CIFAR-10's labels in the label file are not those of the
    /// batches.
    /// - Complexity: O(number of images); the images stay in their files.
    static func read(_ root: URL, foldSeed: UInt64) throws(DatasetError) -> Dataset {
        guard let url = CIFAR10Images.first(names, in: root), let files = CIFAR10Images.trainingBatches(in: root) else {
            throw .notOfFormat(
                path: root.path, format: .cifar10n,
                expected: "CIFAR-10_human.pt, and data_batch_1 to data_batch_5 (or with .bin)")
        }
        var images: [(url: URL, record: ImageRecord)] = []
        var own: [Int] = []
        for file in files {
            let batch = try CIFARBatch.read(file)
            images += batch.labels.indices.map { (file, batch.record($0)) }
            own += batch.labels
        }
        let labels = try labels(in: url)
        if labels.votes.count != own.count {
            throw .rowCount(path: url.path, found: labels.votes.count, imageFile: files[0].path, expected: own.count)
        }
        if let clean = labels.clean, let first = clean.indices.first(where: { clean[$0] != own[$0] }) {
            let agreeing = zip(clean, own).count { $0 == $1 }
            throw .otherImages(
                path: url.path, imageFile: files[0].path, agreeing: agreeing, of: own.count, first: first)
        }
        let ids = own.indices.map { CIFAR10Images.id("train", $0) }
        var distributions: [LabelDistribution] = []
        for (index, votes) in labels.votes.enumerated() {
            do throws(LabelDistributionError) {
                distributions.append(try LabelDistribution(counts: votes))
            } catch {
                throw .label(path: url.path, place: "row \(index)", error)
            }
        }
        let folds = Folds.deal(ids, classes: distributions.map(\.hardClass), seed: foldSeed)
        let samples = ids.indices.map { index in
            Sample(
                id: ids[index], imageURL: images[index].url, record: images[index].record, fold: folds[index],
                label: distributions[index], votes: labels.votes[index])
        }
        let note =
            "\(url.path): \(annotators.joined(separator: ", ")) are read as three annotators; worse_label and aggre_label, "
            + "which follow from them, are not used"
        return Dataset(
            name: "CIFAR-10N", classes: CIFAR10Images.classes, samples: samples, format: .cifar10n,
            splitOrigin: .dealt(seed: foldSeed), notes: [note])
    }

    private static func labels(in url: URL) throws(DatasetError) -> (votes: [[Int]], clean: [Int]?) {
        let arrays: [String: [Int]]
        do {
            arrays = try PickledArrays.labels(in: url, named: annotators + ["clean_label"])
        } catch {
            throw DatasetError(error, path: url.path)
        }
        var columns: [[Int]] = []
        for name in annotators {
            guard let labels = arrays[name], labels.count == columns.first?.count ?? labels.count else {
                throw .malformed(
                    path: url.path, place: name,
                    problem: "expected an array of one label per image, as long as the others")
            }
            for (record, label) in labels.enumerated() where !CIFAR10Images.classes.indices.contains(label) {
                throw .recordLabel(path: "\(url.path): \(name)", record: record, found: label)
            }
            columns.append(labels)
        }
        let clean = arrays["clean_label"].flatMap { $0.count == columns[0].count ? $0 : nil }
        let votes = columns[0].indices.map { index in
            var votes = CIFAR10Images.classes.map { _ in 0 }
            for column in columns { votes[column[index]] += 1 }
            return votes
        }
        return (votes, clean)
    }
}
