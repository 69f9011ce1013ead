import Foundation
import LabelDistributions
import LabelFiles
import TensorFiles

/// The reader for CIFAR-10H: the 10,000 test images of CIFAR-10 with about 51 votes each (Peterson, Battleday, Griffiths and
/// Russakovsky, "Human uncertainty makes classification more robust", 2019).
///
/// The images are `test_batch.bin` (CIFAR-10's binary format) or `test_batch` (its Python pickle, from which nothing is
/// executed), in the folder itself or in a subfolder that CIFAR-10's archives unpack to. The votes are `cifar10h-counts.npy`
/// or, if that is missing, the shares in `cifar10h-probs.npy`, in the folder or in `data`.
public enum CIFAR10HFolder {
    /// In the order of CIFAR-10's labels.
    public static let classes = CIFAR10Images.classes

    private static let countNames = ["cifar10h-counts.npy", "data/cifar10h-counts.npy"]
    private static let shareNames = ["cifar10h-probs.npy", "data/cifar10h-probs.npy"]

    static func isHeld(by root: URL) -> Bool {
        CIFAR10Images.testBatch(in: root) != nil && CIFAR10Images.first(countNames + shareNames, in: root) != nil
    }

    /// Reads the set. A sample's id is `test` followed by its number in the batch, from 0, in five digits. Folds are dealt
    /// according to the seed (`Folds`). Throws `DatasetError`, also if the votes' majority disagrees with the labels beside the
    /// images so often that they must belong to other images.
    /// - Complexity: O(number of images); the images stay in their file.
    static func read(_ root: URL, foldSeed: UInt64) throws(DatasetError) -> Dataset {
        let files = CIFAR10Images.all(countNames + shareNames, in: root)
        guard let images = CIFAR10Images.testBatch(in: root), let votes = files.first else {
            throw .notOfFormat(
                path: root.path, format: .cifar10h,
                expected: "test_batch.bin or test_batch, and cifar10h-counts.npy or cifar10h-probs.npy")
        }
        let batch = try CIFARBatch.read(images)
        let labels = try labels(in: votes, areCounts: CIFAR10Images.first(countNames, in: root) != nil)
        if labels.count != batch.labels.count {
            throw .rowCount(
                path: votes.path, found: labels.count, imageFile: images.path, expected: batch.labels.count)
        }
        let hardClasses = labels.map(\.label.hardClass)
        let agreeing = zip(hardClasses, batch.labels).count { $0 == $1 }
        if 2 * agreeing < labels.count, let first = labels.indices.first(where: { hardClasses[$0] != batch.labels[$0] })
        {
            throw .otherImages(
                path: votes.path, imageFile: images.path, agreeing: agreeing, of: labels.count, first: first)
        }
        let ids = labels.indices.map { CIFAR10Images.id("test", $0) }
        let folds = Folds.deal(ids, classes: hardClasses, seed: foldSeed)
        let samples = labels.indices.map { index in
            Sample(
                id: ids[index], imageURL: images, record: batch.record(index), fold: folds[index],
                label: labels[index].label, votes: labels[index].votes)
        }
        return Dataset(
            name: "CIFAR-10H", classes: classes, samples: samples, format: .cifar10h,
            splitOrigin: .dealt(seed: foldSeed), notes: [note(on: files)].compactMap(\.self))
    }

    /// For the user, if there are several files of votes or shares; the first of `files` is read.
    private static func note(on files: [URL]) -> String? {
        if files.count < 2 { return nil }
        let others = files.dropFirst().map(\.path).joined(separator: ", ")
        return "\(files[0].path): the labels are read from this file; \(others) "
            + "\(files.count == 2 ? "is" : "are") not read"
    }

    private static func labels(
        in url: URL, areCounts: Bool
    ) throws(DatasetError) -> [(label: LabelDistribution, votes: [Int]?)] {
        let array: NumericArray
        do {
            array = try NPYFile.read(url)
        } catch {
            throw DatasetError(error, path: url.path)
        }
        guard array.shape.count == 2, array.shape[1] == classes.count, array.shape[0] > 0 else {
            throw .arrayShape(path: url.path, found: array.shape, expected: "(images, \(classes.count))")
        }
        var labels: [(label: LabelDistribution, votes: [Int]?)] = []
        labels.reserveCapacity(array.shape[0])
        for row in 0..<array.shape[0] {
            let values = array.values[row * classes.count..<(row + 1) * classes.count].map(Double.init)
            var votes: [Int]?
            if areCounts {
                votes = []
                for (value, name) in zip(values, classes) {
                    guard let count = VoteCounts.count(value) else {
                        throw .voteCount(path: url.path, place: "row \(row)", column: name, found: "\(value)")
                    }
                    votes?.append(count)
                }
            }
            do throws(LabelDistributionError) {
                let label = if let votes { try LabelDistribution(counts: votes) } else { try LabelDistribution(values) }
                labels.append((label, votes))
            } catch {
                throw .label(path: url.path, place: "row \(row)", error)
            }
        }
        return labels
    }
}
