import Foundation
import TensorFiles

/// CIFAR-10's own files, which accompany the label files of other projects.
enum CIFAR10Images {
    /// In the order of CIFAR-10's labels.
    static let classes = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]

    /// The folders that CIFAR-10's archives unpack to, and those in which repositories of labels keep them.
    static let folders = [
        "", "cifar-10-batches-bin/", "cifar-10-batches-py/", "data/", "data/cifar-10-batches-bin/",
        "data/cifar-10-batches-py/",
    ]

    /// The test batch, binary or as a pickle; nil if it does not exist.
    static func testBatch(in root: URL) -> URL? { batch("test_batch", in: root) }

    /// The five training batches in order; nil if one is missing.
    static func trainingBatches(in root: URL) -> [URL]? {
        let batches = (1...5).compactMap { batch("data_batch_\($0)", in: root) }
        return batches.count == 5 ? batches : nil
    }

    private static func batch(_ name: String, in root: URL) -> URL? {
        first(folders.flatMap { ["\($0)\(name).bin", "\($0)\(name)"] }, in: root)
    }

    /// The first of `names` that is a file in `root`.
    static func first(_ names: [String], in root: URL) -> URL? {
        all(names, in: root).first
    }

    /// Those of `names` that are files in `root`.
    static func all(_ names: [String], in root: URL) -> [URL] {
        names.map { root.appendingPathComponent($0) }.filter(FolderContents.isFile)
    }

    /// The id of image `index` among the images of this `kind` ("test", "train").
    static func id(_ kind: String, _ index: Int) -> String {
        kind + String(repeating: "0", count: max(0, 5 - "\(index)".count)) + "\(index)"
    }
}
