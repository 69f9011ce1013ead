import Foundation
import ImageDatasets
import TensorFiles

/// A folder of labelled images that is read when it is first needed.
final class DatasetSource {
    /// The folder as the user named it.
    let url: URL
    private var read: (dataset: Dataset, fingerprint: String)?

    init(_ url: URL) { self.url = url }

    /// The set. Throws `DatasetError` or `FileReadError`.
    var dataset: Dataset {
        get throws { try content.dataset }
    }

    /// The SHA-256 of classes, ids, folds, labels and the images' sizes in bytes: what a record keeps of the folder, since
    /// reading every image takes long. Throws as `dataset` does.
    var fingerprint: String {
        get throws { try content.fingerprint }
    }

    private var content: (dataset: Dataset, fingerprint: String) {
        get throws {
            if let read { return read }
            let dataset = try DCICFolder.read(url)
            var text = dataset.classes.description
            for sample in dataset.samples {
                var status = stat()
                if stat(sample.imageURL.path, &status) != 0 { throw FileReadError.missing(path: sample.imageURL.path) }
                text += "\n\(sample.id)\t\(sample.fold)\t\(sample.label.probabilities)\t\(status.st_size)"
            }
            let content = (dataset, SHA256Digest.of(Data(text.utf8)).description)
            read = content
            return content
        }
    }
}
