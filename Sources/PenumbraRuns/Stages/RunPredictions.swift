import Numerics
import Foundation
import ImageDatasets
import NeuralNetwork
import TerminalProgress

/// Features and predictions of a run's trainings, made if they are missing or older than the checkpoint.
package struct RunPredictions {
    /// The images; nil for those of the training.
    var data: URL?
    /// How `data` is read.
    var reading: DatasetReading
    var precision: Precision
    var threads: ThreadCount
    var progress: ProgressOutput
    /// Receives what is about to be done, and notes on the images.
    var note: (String) -> Void
    private let sources = Sources()

    package init(
        data: URL? = nil, reading: DatasetReading, precision: Precision, threads: ThreadCount, progress: ProgressOutput,
        note: @escaping (String) -> Void
    ) {
        self.data = data
        self.reading = reading
        self.precision = precision
        self.threads = threads
        self.progress = progress
        self.note = note
    }

    /// Makes what is missing for `member`, the features only if they are needed, and replaces what belongs to images other than
    /// the requested ones. Throws `InputError.nothingInRun` if its images are unknown, `InputError.trainedOnAll` if it left
    /// none for testing, and what extracting throws.
    package func make(_ member: RunMember, needsFeatures: Bool = false) throws {
        if data == nil && member.split == .all { throw InputError.trainedOnAll(path: member.url.path) }
        let stages = try member.run.readManifest().stages
        let training = stages[member.stage("train")], record = stages[member.stage("embed")]
        if data == nil && Self.exists(member.predictions) && (!needsFeatures || Self.exists(member.embeddings)) {
            let name = member.run.name(of: member.checkpoint)
            let isOfOthers = record?.inputs["dataset"].map { $0 != training?.inputs["dataset"] } ?? false
            // Without a record, beside one of the training, they may be left from another checkpoint.
            let isCurrent = try record.map { record in
                try !Self.exists(member.checkpoint)
                    || record.inputs[name] == Stage.digests(of: [member.checkpoint], in: member.run)[name]
            }
            if isCurrent ?? (training == nil || !Self.exists(member.checkpoint)), training == nil || !isOfOthers {
                return noteChange(of: member, training)
            }
        }
        guard let source = try source(of: member) else {
            if let recorded = training?.data {
                throw InputError.dataSetMoved(path: member.url.path, recorded: member.run.file(named: recorded).path)
            }
            throw InputError.nothingInRun(
                path: member.url.path, needed: "record of the data set it was trained on (name it with --data)")
        }
        if data == nil, let expected = training?.inputs["dataset"] {
            let found = try source.fingerprint
            if found != expected {
                throw InputError.otherDataSet(
                    path: member.url.path, data: source.url.path, found: found, expected: expected)
            }
        }
        if let data, member.split == .all {
            if try source.fingerprint == training?.inputs["dataset"] {
                note("\(member.name) was trained on these images: its measures say nothing about new ones")
            }
            note("\(member.name) is measured on the test images of \(data.relativePath) (split 1)")
        }
        let stage = try RunStages(run: member.run, source: source).embed(member, precision: precision)
        try StageRunner(run: member.run, threads: threads, progress: progress, note: note).perform([stage])
    }

    /// Notes if the data set of `member` is no longer the one that it was trained on, or can no longer be read.
    private func noteChange(of member: RunMember, _ training: RunManifest.Stage?) {
        guard let expected = training?.inputs["dataset"] else { return }
        do {
            guard let source = try source(of: member), try source.fingerprint != expected else { return }
            note(
                "\(source.url.path) has changed since \(member.name) was trained (images, labels or folds): what follows is "
                    + "of the images and labels of then (see --data)")
        } catch { note("\(error)") }
    }

    /// The images that `member` was trained on, or those that were named; nil if there is no record of them or they are no
    /// longer where it says, which is noted. Throws what reading the record throws.
    package func source(of member: RunMember) throws -> DatasetSource? {
        if let data { return sources.source(data, as: reading, note: note) }
        let run = member.run
        guard let training = try run.readManifest().stages[member.stage("train")],
            let folder = training.data.map(run.file(named:))
        else { return nil }
        if !Self.exists(folder) {
            if sources.isFirst(member) {
                note(
                    "the images of \(member.name) are not at \(folder.path), where run.json says they are (see --data)")
            }
            return nil
        }
        let reading = training.reading?.mappingVotes { run.file(recordedAs: $0) }
        return sources.source(folder, as: reading ?? DatasetReading(), note: note)
    }

    /// The data sets of the trainings, each read once.
    private final class Sources {
        private var known: [(url: URL, reading: DatasetReading, source: DatasetSource)] = []
        private var moved: Set<String> = []

        func source(_ url: URL, as reading: DatasetReading, note: @escaping (String) -> Void) -> DatasetSource {
            if let one = known.first(where: { $0.url == url && $0.reading == reading }) { return one.source }
            let source = DatasetSource(url, as: reading, note: note)
            known.append((url, reading, source))
            return source
        }

        /// Whether `member` has not been asked about before.
        func isFirst(_ member: RunMember) -> Bool { moved.insert(member.url.path).inserted }
    }

    private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}
