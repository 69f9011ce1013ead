import Foundation
import ImageDatasets
import LabelFiles
import TensorFiles

/// A folder of labelled images that is read when it is first needed.
package final class DatasetSource {
    /// The folder as the user named it.
    package let url: URL
    /// How it is read.
    let reading: DatasetReading
    /// Receives what is left out of the set, and what else its user should know.
    let note: (String) -> Void
    private var read: (dataset: Dataset, fingerprint: String)?

    /// `note` receives what is left out of the set when it is read.
    package init(_ url: URL, as reading: DatasetReading = DatasetReading(), note: @escaping (String) -> Void = { _ in })
    {
        self.url = url
        self.reading = reading
        self.note = note
    }

    /// The set. Throws `DatasetError` or `FileReadError`.
    package var dataset: Dataset {
        get throws { try content.dataset }
    }

    /// The set, if it has this `split`. Throws as `dataset` does.
    package func dataset(for split: Split) throws -> Dataset {
        let dataset = try dataset
        try split.check(dataset, path: url.path)
        return dataset
    }

    /// The SHA-256 of classes, ids, folds, labels and the images' sizes in bytes. A record stores this instead of a digest of
    /// the images, since reading every image takes long. Throws as `dataset` does.
    package var fingerprint: String {
        get throws { try content.fingerprint }
    }

    private var content: (dataset: Dataset, fingerprint: String) {
        get throws {
            if let read { return read }
            let dataset = try DatasetFolder.read(url, as: reading)
            for line in Self.notes(on: dataset) { note(line) }
            var text = dataset.classes.description
            for sample in dataset.samples {
                var status = stat()
                if stat(sample.imageURL.path, &status) != 0 { throw FileReadError.missing(path: sample.imageURL.path) }
                text += "\n\(sample.id)\t\(sample.fold)\t\(sample.label.probabilities)\t\(status.st_size)"
                if let subset = sample.subset { text += "\t\(subset.rawValue)" }
            }
            let content = (dataset, SHA256Digest.of(Data(text.utf8)).description)
            read = content
            return content
        }
    }

    private static func notes(on dataset: Dataset) -> [String] {
        if dataset.unlabelled.isEmpty { return dataset.notes }
        let names = dataset.unlabelled.prefix(3).joined(separator: ", ") + (dataset.unlabelled.count > 3 ? " …" : "")
        return dataset.notes + ["\(dataset.unlabelled.count) images without a label are left out (\(names))"]
    }
}

extension RunFolder {
    /// A file as `DatasetReading` stores it in the record: relative to the run's folder.
    func recordedURL(of file: URL) -> URL {
        let name = name(of: file)
        return URL(string: name.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? name) ?? file
    }

    /// The file that the record stores as `url`.
    func file(recordedAs url: URL) -> URL { url.isFileURL ? url : file(named: url.path) }
}

extension DatasetReading {
    /// The same reading with another path of the table of labels.
    func mappingVotes(_ change: (URL) -> URL) -> DatasetReading {
        var reading = self
        reading.votes = votes.map(change)
        return reading
    }

    /// The equivalent options, for a command line in the folder of `run`. `formatOption` is `--format`, unless that is the
    /// option for the output's format.
    func words(in run: RunFolder, formatOption: String = "--format") -> [String] {
        var words: [String] = []
        if let format { words += [formatOption, format.rawValue] }
        if let votes { words += ["--votes", run.name(of: votes)] }
        words += labels.words
        if let ignoredFolders { words += ["--ignore-folders", ignoredFolders.joined(separator: ",")] }
        if foldSeed != 0 { words += ["--fold-seed", "\(foldSeed)"] }
        return words
    }
}
